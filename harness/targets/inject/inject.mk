# SPDX-License-Identifier: Apache-2.0
#
# The target inject: our own injector, which needs nothing installed. Included by harness/Makefile.

ifneq ($(MACHINE),x86_64)
$(info inject: left out, it knows the registers of x86-64 only)
else
INJECT_B := $(B)/inject
INJECT_HEADERS := $(wildcard freezer/inject/*.h freezer/inject/*/*.h) $(VICTIM_HEADERS) \
	targets/inject/inject.mk
INJECT_CFLAGS := $(FREEZER_CFLAGS) -I$(INJECT_B)
# Runs in another process, without libc and whatever it would need set up there. What it does to the
# vector registers is in assembler, behind the back of the compiler, which must keep off them.
PARASITE_CFLAGS := -std=gnu11 -D_GNU_SOURCE -O2 -fPIE -ffreestanding -fno-builtin -fvisibility=hidden \
	-fno-stack-protector -fcf-protection=none -fno-asynchronous-unwind-tables -mno-red-zone -mgeneral-regs-only $(WARN)
INJECT_OBJECTS := $(addprefix $(INJECT_B)/,inject.o stop.o threads.o sequence.o call.o cure.o careless.o early.o borrowed.o heir.o channel.o door.o log.o machine.o losses.o image.o) $(VICTIM_OBJECTS)

INJECT_TARGET := $(patsubst targets/inject/%.c,$(INJECT_B)/target/%.o,$(wildcard targets/inject/*.c))

targets: $(B)/targets/inject.sites
cycles: $(B)/tests/inject_cycle
check: $(B)/tests/inject_cycle.ran $(B)/tests/inject_places.ran $(B)/tests/inject_busy.ran \
	$(B)/tests/inject_renamed.ran $(B)/tests/inject_ending.ran $(B)/tests/inject_patience.ran \
	$(B)/tests/inject_log.ran

$(INJECT_B)/parasite.o: freezer/inject/parasite.c $(INJECT_HEADERS)
	@mkdir -p $(@D)
	$(CC) $(PARASITE_CFLAGS) -c -o $@ $<

$(INJECT_B)/parasite.elf: $(INJECT_B)/parasite.o freezer/inject/parasite.lds
	@# it is copied to any address: nothing in it may hold one
	! readelf -rW $< | grep -E 'R_X86_64_(64|32|32S) '
	$(LD) -static -z noexecstack --no-warn-rwx-segments -T freezer/inject/parasite.lds -o $@ $<

$(INJECT_B)/parasite.bin: $(INJECT_B)/parasite.elf
	objcopy -O binary -j .image $< $@

$(INJECT_B)/image.o: freezer/inject/image.S $(INJECT_B)/parasite.bin
	$(CC) -I$(INJECT_B) -Wa,-I$(INJECT_B) -c -o $@ $<

$(INJECT_B)/%.o: freezer/inject/%.c $(INJECT_HEADERS)
	@mkdir -p $(@D)
	$(CC) $(INJECT_CFLAGS) -c -o $@ $<

$(INJECT_B)/%.o: freezer/inject/x86_64/%.c $(INJECT_HEADERS)
	@mkdir -p $(@D)
	$(CC) $(INJECT_CFLAGS) -c -o $@ $<

$(INJECT_B)/target/%.o: targets/inject/%.c $(wildcard targets/inject/*.h) $(INJECT_HEADERS) $(wildcard include/*.h)
	@mkdir -p $(@D)
	$(CC) $(CFLAGS_TARGET) -c -o $@ $<

$(B)/targets/inject.so: $(INJECT_TARGET) $(HOME_OBJECTS) $(INJECT_OBJECTS) $(RUNTIME)
	@mkdir -p $(@D)
	$(CC) -o $@ $^ $(LDFLAGS_TARGET)

$(B)/tests/inject_%: tests/inject/inject_%.c $(INJECT_OBJECTS)
	@mkdir -p $(@D)
	$(CC) $(INJECT_CFLAGS) -o $@ $^
endif
