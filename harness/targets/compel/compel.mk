# SPDX-License-Identifier: Apache-2.0
#
# The target compel: the real libcompel, linked on the user's machine from CRIU_PREFIX, where
# ci/setup-compel put it. Included by harness/Makefile, which defines
#
#   CC, B            compiler and build folder
#   CFLAGS_TARGET    for code with points: only the target itself has any
#   WRAPS, RUNTIME   the --wrap list for the linker and libruntime.a
#   CRIU_PREFIX      .cryofuzz/criu/<release>
#
# It defines COMPEL_SO (empty without libcompel) and the test compel_cycle (COMPEL_TEST).

COMPEL_ROOT := $(CRIU_PREFIX)/root
COMPEL_LIB := $(firstword $(wildcard $(COMPEL_ROOT)/usr/lib/*/libcompel.a))
COMPEL_SO :=
COMPEL_TEST :=

ifeq ($(COMPEL_LIB),)
$(info compel: left out, no libcompel in $(CRIU_PREFIX) (ci/setup-compel installs it))
else
COMPEL_SO := $(B)/targets/compel.so
COMPEL_TEST := $(B)/tests/compel_cycle
C := $(B)/compel
COMPEL_INCLUDE := $(COMPEL_ROOT)/usr/include
COMPEL_TOOL := $(CRIU_PREFIX)/bin/compel
COMPEL_PLUGIN := $(dir $(COMPEL_LIB))compel

# Neither instrumented nor counted: the spy's own work is no part of the scenario.
COMPEL_CFLAGS := -std=gnu11 -D_GNU_SOURCE -O2 -g -fPIC -fvisibility=hidden -fno-omit-frame-pointer \
	-Wall -Wextra -Werror
COMPEL_CFLAGS += -I$(C) -isystem $(COMPEL_INCLUDE) -isystem $(COMPEL_INCLUDE)/compel
# Since 4.2 compel_prepare asks whether to care for rseq.
COMPEL_RSEQ := $(shell grep -s 'compel_prepare.int pid, bool' $(COMPEL_INCLUDE)/compel/infect.h)
COMPEL_CFLAGS += $(if $(COMPEL_RSEQ),-DCOMPEL_PREPARE_TAKES_RSEQ)

# The calls of libcompel that freezer/compel/wire.c takes over.
COMPEL_CALLS := recv=compel_recv send=compel_send sendmsg=compel_sendmsg accept=compel_accept \
	wait4=compel_wait4 syscall=compel_syscall_call

COMPEL_OBJECTS := $(addprefix $(C)/,spy.o frame.o wire.o isoc23.o victim.o snapshot.o hold.o)
COMPEL_HEADERS := $(wildcard freezer/compel/*.h freezer/victim/*.h)

$(C) $(B)/targets $(B)/tests:
	mkdir -p $@

# A parasite blob works only with the library of its own version.
$(C)/parasite.o: freezer/compel/parasite.c freezer/compel/parasite.h $(COMPEL_TOOL) | $(C)
	$(CC) -std=gnu11 -O2 -Wall -Wextra -Werror $$($(COMPEL_TOOL) cflags) -c -o $@ $<

$(C)/parasite.po: $(C)/parasite.o $(COMPEL_PLUGIN)/std.lib.a
	$(LD) -r -z noexecstack -T $(COMPEL_PLUGIN)/scripts/compel-pack.lds.S -o $@ $^

$(C)/parasite-blob.h: $(C)/parasite.po
	$(COMPEL_TOOL) hgen -f $< -o $@

$(C)/libcompel.a: $(COMPEL_LIB) $(lastword $(MAKEFILE_LIST)) | $(C)
	objcopy $(addprefix --redefine-sym ,$(COMPEL_CALLS)) $< $@

$(C)/spy.o: $(C)/parasite-blob.h

$(C)/%.o: freezer/compel/%.c $(COMPEL_HEADERS) | $(C)
	$(CC) $(COMPEL_CFLAGS) -c -o $@ $<

$(C)/%.o: freezer/victim/%.c $(COMPEL_HEADERS) | $(C)
	$(CC) $(COMPEL_CFLAGS) -c -o $@ $<

$(C)/%.o: freezer/victim/%.S $(COMPEL_HEADERS) | $(C)
	$(CC) $(COMPEL_CFLAGS) -c -o $@ $<

$(C)/target.o: targets/compel/compel.c $(COMPEL_HEADERS) $(wildcard include/*.h) | $(C)
	$(CC) $(CFLAGS_TARGET) -c -o $@ $<

$(COMPEL_SO): $(C)/target.o $(COMPEL_OBJECTS) $(C)/libcompel.a $(RUNTIME) | $(B)/targets
	$(CC) -shared -o $@ $(WRAPS) $(C)/target.o $(COMPEL_OBJECTS) $(C)/libcompel.a $(RUNTIME)

$(COMPEL_TEST): tests/compel_cycle.c $(COMPEL_OBJECTS) $(C)/libcompel.a | $(B)/tests
	$(CC) $(COMPEL_CFLAGS) -o $@ $^
endif
