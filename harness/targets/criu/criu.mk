# SPDX-License-Identifier: Apache-2.0
#
# The target criu. Nothing of CRIU is linked, so it is always built; whether criu is there is asked
# when it runs. Included by harness/Makefile.

CRIU_B := $(B)/criu
CRIU_HEADERS := $(wildcard freezer/criu/*.h freezer/criu/parts/*.h) $(wildcard freezer/victim/*.h) freezer/home/outlet.h targets/criu/criu.mk
WARD_OBJECTS := $(addprefix $(CRIU_B)/,ward.o keeper.o deadline.o run.o stepper.o dump.o left.o probe.o) $(B)/home/outlet.o
CRIU_TARGET := $(patsubst targets/criu/%.c,$(CRIU_B)/target/%.o,$(wildcard targets/criu/*.c))
TREE_PARTS := $(patsubst freezer/criu/%.c,$(CRIU_B)/%.o,$(wildcard freezer/criu/parts/*.c))
TREE_OBJECTS := $(WARD_OBJECTS) $(CRIU_B)/tree_orders.o $(CRIU_B)/beside.o
CRIU_PATHS := -DCRIU_PROGRAM='"$(CRIU_PREFIX)/bin/criu"' -DCRIU_TREE='"$(CRIU_B)/tree"'

ifeq ($(MACHINE),x86_64)
targets: $(B)/targets/criu.sites $(CRIU_B)/tree
cycles: $(B)/tests/criu_cycle
check: $(B)/tests/criu_cycle.ran $(B)/tests/deadline.ran
else
$(info criu: left out, the spy in its ward knows the registers of x86-64 only)
WARD_OBJECTS :=
endif

$(CRIU_B)/%.o: freezer/criu/%.c $(CRIU_HEADERS)
	@mkdir -p $(@D)
	$(CC) $(FREEZER_CFLAGS) -c -o $@ $<

# Dumped and restored: small, and with none of our own mappings in it.
$(CRIU_B)/tree: $(CRIU_B)/tree.o $(TREE_PARTS) $(VICTIM_OBJECTS)
	$(CC) -static -o $@ $^

$(CRIU_B)/target/%.o: targets/criu/%.c $(CRIU_HEADERS) $(wildcard targets/criu/*.h include/*.h)
	@mkdir -p $(@D)
	$(CC) $(CFLAGS_TARGET) $(CRIU_PATHS) -c -o $@ $<

$(B)/targets/criu.so: $(CRIU_TARGET) $(TREE_OBJECTS) $(RUNTIME)
	@mkdir -p $(@D)
	$(CC) -o $@ $^ $(LDFLAGS_TARGET)

$(B)/tests/criu_cycle: tests/criu/criu_cycle.c $(TREE_OBJECTS) $(CRIU_B)/tree
	@mkdir -p $(@D)
	$(CC) $(FREEZER_CFLAGS) $(CRIU_PATHS) -o $@ $< $(TREE_OBJECTS)

$(B)/tests/deadline: tests/criu/deadline.c $(TREE_OBJECTS)
	@mkdir -p $(@D)
	$(CC) $(FREEZER_CFLAGS) -o $@ $^
