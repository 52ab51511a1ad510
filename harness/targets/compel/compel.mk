# SPDX-License-Identifier: Apache-2.0
#
# The target compel: the real libcompel, linked on the user's machine from CRIU_PREFIX, where
# ci/setup-compel put it. Included by harness/Makefile. Without libcompel the target is left out.

COMPEL_ROOT := $(CRIU_PREFIX)/root
COMPEL_LIB := $(firstword $(wildcard $(COMPEL_ROOT)/usr/lib/*/libcompel.a))

ifneq ($(shell uname -m),x86_64)
$(info compel: left out, its victim knows the registers of x86-64 only)
else ifeq ($(COMPEL_LIB),)
$(info compel: left out, no libcompel in $(CRIU_PREFIX) (ci/setup-compel installs it))
else
COMPEL_B := $(B)/compel
COMPEL_INCLUDE := $(COMPEL_ROOT)/usr/include
COMPEL_TOOL := $(CRIU_PREFIX)/bin/compel
COMPEL_PLUGIN := $(dir $(COMPEL_LIB))compel

# Changes when another libcompel is used. A parasite blob works only with the library of its own
# version, so everything depends on it.
COMPEL_VERSION := $(COMPEL_B)/version
$(shell mkdir -p $(COMPEL_B); echo $(CRIU_PREFIX) | cat - $(CRIU_PREFIX)/packages >$(COMPEL_VERSION).new; \
	cmp -s $(COMPEL_VERSION).new $(COMPEL_VERSION) || cp $(COMPEL_VERSION).new $(COMPEL_VERSION))

targets: $(B)/targets/compel.sites
cycles: $(B)/tests/compel_cycle
check: $(B)/tests/compel_cycle.ran $(B)/tests/compel_target.ran

COMPEL_CFLAGS := $(FREEZER_CFLAGS)
COMPEL_CFLAGS += -I$(COMPEL_B) -isystem $(COMPEL_INCLUDE) -isystem $(COMPEL_INCLUDE)/compel
# Since 4.2 compel_prepare asks whether to care for rseq.
COMPEL_RSEQ := $(shell grep -s 'compel_prepare.int pid, bool' $(COMPEL_INCLUDE)/compel/infect.h)
COMPEL_CFLAGS += $(if $(COMPEL_RSEQ),-DCOMPEL_PREPARE_TAKES_RSEQ)

# The calls of libcompel that freezer/compel/wire.c takes over.
COMPEL_CALLS := recv=compel_recv send=compel_send sendmsg=compel_sendmsg accept=compel_accept \
	wait4=compel_wait4 syscall=compel_syscall_call

COMPEL_OBJECTS := $(addprefix $(COMPEL_B)/,spy.o frame.o wire.o isoc23.o) $(VICTIM_OBJECTS)
COMPEL_HEADERS := $(wildcard freezer/compel/*.h) $(VICTIM_HEADERS) $(COMPEL_VERSION)

$(COMPEL_B)/parasite.o: freezer/compel/parasite.c freezer/compel/parasite.h $(COMPEL_VERSION)
	$(CC) -std=gnu11 -O2 $(WARN) $$($(COMPEL_TOOL) cflags) -c -o $@ $<

$(COMPEL_B)/parasite.po: $(COMPEL_B)/parasite.o $(COMPEL_PLUGIN)/std.lib.a
	$(LD) -r -z noexecstack -T $(COMPEL_PLUGIN)/scripts/compel-pack.lds.S -o $@ $^

$(COMPEL_B)/parasite-blob.h: $(COMPEL_B)/parasite.po
	$(COMPEL_TOOL) hgen -f $< -o $@

$(COMPEL_B)/libcompel.a: $(COMPEL_LIB) $(COMPEL_VERSION) $(lastword $(MAKEFILE_LIST))
	objcopy $(addprefix --redefine-sym ,$(COMPEL_CALLS)) $< $@

$(COMPEL_B)/spy.o: $(COMPEL_B)/parasite-blob.h

$(COMPEL_B)/%.o: freezer/compel/%.c $(COMPEL_HEADERS)
	$(CC) $(COMPEL_CFLAGS) -c -o $@ $<

COMPEL_TARGET := $(patsubst targets/compel/%.c,$(COMPEL_B)/target/%.o,$(wildcard targets/compel/*.c))

$(COMPEL_B)/target/%.o: targets/compel/%.c targets/compel/compel.h $(COMPEL_HEADERS) $(wildcard include/*.h)
	@mkdir -p $(@D)
	$(CC) $(CFLAGS_TARGET) -c -o $@ $<

$(B)/targets/compel.so: $(COMPEL_TARGET) $(COMPEL_OBJECTS) $(COMPEL_B)/libcompel.a $(RUNTIME)
	@mkdir -p $(@D)
	$(CC) -o $@ $^ $(LDFLAGS_TARGET)

$(B)/tests/compel_cycle: tests/compel/compel_cycle.c $(COMPEL_OBJECTS) $(COMPEL_B)/libcompel.a
	@mkdir -p $(@D)
	$(CC) $(COMPEL_CFLAGS) -o $@ $^

$(B)/tests/compel_target: tests/compel/compel_target.c $(B)/targets/compel.sites | $(B)/executor
	@mkdir -p $(@D)
	$(CC) $(CFLAGS_OWN) -o $@ $<
endif
