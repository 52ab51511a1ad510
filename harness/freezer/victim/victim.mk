# SPDX-License-Identifier: Apache-2.0
#
# The victim, its snapshots and the patience with it, for every freezer. Included by harness/Makefile.

VICTIM_B := $(B)/victim
VICTIM_HEADERS := $(wildcard freezer/victim/*.h freezer/victim/*.inc freezer/victim/*/*.h freezer/home/*.h) freezer/victim/victim.mk
# Neither instrumented nor counted: a freezer's own work is no part of the scenario.
FREEZER_CFLAGS := -std=gnu11 -D_GNU_SOURCE -O2 -g -gdwarf-4 -fPIC -fvisibility=hidden \
	-fno-optimize-sibling-calls $(WARN)
ANEW_CFLAGS := -std=gnu11 -D_GNU_SOURCE -O2 -fno-pie -ffreestanding -fno-builtin -fvisibility=hidden \
	-fno-stack-protector -fcf-protection=none -fno-asynchronous-unwind-tables -mgeneral-regs-only $(WARN)
VICTIM_OBJECTS := $(addprefix $(VICTIM_B)/,$(addsuffix .o,$(basename $(notdir \
	$(wildcard freezer/victim/*.c freezer/victim/*.S)))))

$(VICTIM_B)/%.o: freezer/victim/%.c $(VICTIM_HEADERS)
	@mkdir -p $(@D)
	$(CC) $(FREEZER_CFLAGS) -c -o $@ $<

$(VICTIM_B)/%.o: freezer/victim/%.S $(VICTIM_HEADERS)
	@mkdir -p $(@D)
	$(CC) $(FREEZER_CFLAGS) -c -o $@ $<

# The program that a victim becomes, without libc and data.
ANEW_B := $(VICTIM_B)/anew
$(ANEW_B)/%.o: freezer/victim/anew/%.S $(VICTIM_HEADERS)
	@mkdir -p $(@D)
	$(CC) $(ANEW_CFLAGS) -c -o $@ $<

$(ANEW_B)/%.o: freezer/victim/anew/%.c $(VICTIM_HEADERS)
	@mkdir -p $(@D)
	$(CC) $(ANEW_CFLAGS) -c -o $@ $<

$(ANEW_B)/anew.bin: $(ANEW_B)/start.o $(ANEW_B)/live.o freezer/victim/anew/anew.lds
	$(CC) -E -P -x assembler-with-cpp -Ifreezer/victim/anew freezer/victim/anew/anew.lds -o $(ANEW_B)/anew.lds
	$(LD) -static -z noexecstack --no-warn-rwx-segments -T $(ANEW_B)/anew.lds -o $(ANEW_B)/anew.elf $(ANEW_B)/start.o $(ANEW_B)/live.o
	$(OBJCOPY) -O binary -j .image $(ANEW_B)/anew.elf $@

$(VICTIM_B)/program.o: freezer/victim/program.S $(ANEW_B)/anew.bin
	$(CC) -I$(ANEW_B) -Wa,-I$(ANEW_B) -c -o $@ $<

# Where a victim lives, for targets.
HOME_OBJECTS := $(addprefix $(B)/home/,home.o tenant.o witness.o outlet.o cgroup.o)

$(addprefix $(B)/home/,home.o tenant.o witness.o outlet.o): $(B)/home/%.o: freezer/home/%.c $(VICTIM_HEADERS) $(wildcard include/*.h)
	@mkdir -p $(@D)
	$(CC) $(FREEZER_CFLAGS) -Iinclude -c -o $@ $<

# The cgroup's calls are no points.
$(B)/home/cgroup.o: executor/cgroup.c executor/cgroup.h $(B)/redefine
	@mkdir -p $(@D)
	$(CC) $(FREEZER_CFLAGS) -c -o $@.tmp $<
	$(OBJCOPY) --redefine-syms=$(B)/redefine $@.tmp $@
	rm $@.tmp
