# SPDX-License-Identifier: Apache-2.0
#
# What the targets share that feed the real criu with damaged input (criu-images, criu-pages and
# criu-rpc): a cage and who attends to it; and the target criu-images. As with the target criu,
# nothing of CRIU is linked. Included by harness/Makefile, before criu.mk, which builds the tree.

CAGE_B := $(B)/cage
CAGE_HEADERS := $(wildcard freezer/criu/*.h) freezer/victim/raw.h freezer/victim/kept.h
CAGE_OBJECTS := $(addprefix $(CAGE_B)/,cage.o attend.o tree_orders.o beside.o keeper.o deadline.o ward.o run.o stepper.o dump.o left.o probe.o) $(B)/home/outlet.o
CAGE_PATHS = -DCRIU_PROGRAM='"$(CRIU_PREFIX)/bin/criu"' -DCRIU_TREE='"$(B)/criu/tree"'
DAMAGE_OBJECTS := $(addprefix $(CAGE_B)/,image.o damage.o damage_ends.o damage_records.o damage_fields.o)
IMAGES_OBJECTS := $(CAGE_OBJECTS) $(DAMAGE_OBJECTS) $(CAGE_B)/image_orders.o
TALK_OBJECTS := $(CAGE_OBJECTS) $(DAMAGE_OBJECTS) $(CAGE_B)/talk.o $(CAGE_B)/talk_orders.o

$(CAGE_B)/%.o: freezer/criu/%.c $(CAGE_HEADERS)
	@mkdir -p $(@D)
	$(CC) $(FREEZER_CFLAGS) -c -o $@ $<

# CAGE_TARGET NAME OBJECTS: the target criu-NAME, of the sources in its folder and these objects.
define CAGE_TARGET
$(CAGE_B)/$(1)/%.o: targets/criu-$(1)/%.c $(CAGE_HEADERS) $$(wildcard targets/criu-$(1)/*.h include/*.h)
	@mkdir -p $$(@D)
	$$(CC) $$(CFLAGS_TARGET) $$(CAGE_PATHS) -c -o $$@ $$<

$(B)/targets/criu-$(1).so: $$(patsubst targets/criu-$(1)/%.c,$(CAGE_B)/$(1)/%.o,$$(wildcard targets/criu-$(1)/*.c)) $(2) $$(RUNTIME)
	@mkdir -p $$(@D)
	$$(CC) -o $$@ $$^ $$(LDFLAGS_TARGET)

ifeq ($(MACHINE),x86_64)
targets: $(B)/targets/criu-$(1).sites
endif
endef

$(eval $(call CAGE_TARGET,images,$(IMAGES_OBJECTS)))

ifeq ($(MACHINE),x86_64)
check: $(B)/tests/image_check.ran
endif

$(B)/tests/image_check: tests/criu/image_check.c $(IMAGES_OBJECTS) $(B)/criu/tree
	@mkdir -p $(@D)
	$(CC) $(FREEZER_CFLAGS) $(CAGE_PATHS) -o $@ $< $(IMAGES_OBJECTS)
