# SPDX-License-Identifier: Apache-2.0
#
# The victim, its snapshots and the patience with it, for every freezer. Included by harness/Makefile.

VICTIM_B := $(B)/victim
VICTIM_HEADERS := $(wildcard freezer/victim/*.h freezer/home/*.h) freezer/victim/victim.mk
# Neither instrumented nor counted: a freezer's own work is no part of the scenario.
FREEZER_CFLAGS := -std=gnu11 -D_GNU_SOURCE -O2 -g -gdwarf-4 -fPIC -fvisibility=hidden \
	-fno-optimize-sibling-calls $(WARN)
VICTIM_OBJECTS := $(addprefix $(VICTIM_B)/,$(addsuffix .o,$(basename $(notdir \
	$(wildcard freezer/victim/*.c freezer/victim/*.S)))))

$(VICTIM_B)/%.o: freezer/victim/%.c $(VICTIM_HEADERS)
	@mkdir -p $(@D)
	$(CC) $(FREEZER_CFLAGS) -c -o $@ $<

$(VICTIM_B)/%.o: freezer/victim/%.S $(VICTIM_HEADERS)
	@mkdir -p $(@D)
	$(CC) $(FREEZER_CFLAGS) -c -o $@ $<

# Where a victim lives, for targets.
HOME_OBJECTS := $(addprefix $(B)/home/,home.o tenant.o cgroup.o)

$(B)/home/home.o $(B)/home/tenant.o: $(B)/home/%.o: freezer/home/%.c $(VICTIM_HEADERS) $(wildcard include/*.h)
	@mkdir -p $(@D)
	$(CC) $(FREEZER_CFLAGS) -Iinclude -c -o $@ $<

# The cgroup's calls are no points.
$(B)/home/cgroup.o: executor/cgroup.c executor/cgroup.h $(B)/redefine
	@mkdir -p $(@D)
	$(CC) $(FREEZER_CFLAGS) -c -o $@.tmp $<
	$(OBJCOPY) --redefine-syms=$(B)/redefine $@.tmp $@
	rm $@.tmp
