# SPDX-License-Identifier: Apache-2.0
#
# The target compel, and a driver (freezer/compel/driver.h) for each libcompel: those that
# ci/setup-compel has installed, and COMPEL_PREFIX, if it names one of the user's own. It is linked on
# the user's machine. Included by harness/Makefile.

ifneq ($(MACHINE),x86_64)
$(info compel: left out, its victim knows the registers of x86-64 only)
else
COMPEL_B := $(B)/compel
COMPEL_HOME := $(abspath ..)/.cryofuzz/criu
COMPEL_INSTALLED := $(patsubst %/bin/compel,%,$(wildcard $(COMPEL_HOME)/*/bin/compel))
COMPEL_PREFIXES := $(sort $(COMPEL_INSTALLED) $(CRIU_PREFIX) $(COMPEL_PREFIX))
# Folders of their own: that of a release, or the whole path of any other one (cli/Compel.java).
compel_folder = $(COMPEL_B)/$(if $(filter $(COMPEL_HOME)/%,$1),$(notdir $1),$(subst /,-,$1))

COMPEL_CFLAGS := $(FREEZER_CFLAGS)
COMPEL_DRIVER := $(call compel_folder,$(CRIU_PREFIX))/driver.so
COMPEL_HEADERS := $(wildcard freezer/compel/*.h) $(VICTIM_HEADERS)
COMPEL_DRIVER_SOURCES := driver doors frame isoc23
# The calls of libcompel that go through doors.
COMPEL_CALLS := $(shell sed -n 's/^\tDOOR.[^,]*, \([a-z0-9]*\),.*/\1/p' freezer/compel/doors.h)

# compel_driver FOLDER,PREFIX,LIBRARY: below the prefix of a package or of `make install`
define compel_driver
targets: $1/driver.so
$1/driver.so: INCLUDE := $(firstword $(wildcard $2/root/usr/include $2/include))
$1/driver.so: PLUGINS := $(firstword $(wildcard $(dir $3)compel $2/libexec/compel $2/lib/compel))

# Changes when there is another libcompel. A parasite works only with the library of its own version,
# so everything depends on it.
$$(shell mkdir -p $1; { echo $2; cat $2/packages 2>/dev/null || cksum <$3; } >$1/version.new; \
	cmp -s $1/version.new $1/version || cp $1/version.new $1/version)

$1/parasite.o: freezer/compel/parasite.c freezer/compel/parasite.h $1/version
	$(CC) -std=gnu11 -O2 $(WARN) $$$$($2/bin/compel cflags) -c -o $$@ $$<

$1/parasite-blob.h: $1/parasite.o
	$(LD) -r -z noexecstack -T $$(PLUGINS)/scripts/compel-pack.lds.S -o $1/parasite.po $$< \
		$$(PLUGINS)/fds.lib.a $$(PLUGINS)/std.lib.a
	$2/bin/compel hgen -f $1/parasite.po -o $$@

$1/libcompel.a: $3 $1/version freezer/compel/doors.h
	objcopy $$(foreach call,$$(COMPEL_CALLS),--redefine-sym $$(call)=driver_$$(call)) $$< $$@

# Since 4.2 compel_prepare asks whether to care for rseq.
$1/%.o: freezer/compel/%.c $1/parasite-blob.h $$(COMPEL_HEADERS)
	$(CC) $$(COMPEL_CFLAGS) -I$1 -isystem $$(INCLUDE) -isystem $$(INCLUDE)/compel \
		-DCOMPEL_VERSION='"$(call compel_version,$2)"' \
		-DCOMPEL_PARASITE='"$1/parasite.po"' \
		$$$$(grep -q 'compel_prepare.int pid, bool' $$(INCLUDE)/compel/infect.h && \
		echo -DCOMPEL_PREPARE_TAKES_RSEQ) -c -o $$@ $$<

$1/driver.so: $(COMPEL_DRIVER_SOURCES:%=$1/%.o) $1/libcompel.a
	$(CC) -shared -o $$@.new $$^ -Wl,-z,now -Wl,-Bsymbolic -Wl,--no-undefined
	mv $$@.new $$@
endef
compel_version = $(or $(shell sed -n 's/^libcompel-dev //p' $1/packages 2>/dev/null),$(shell \
	$1/bin/criu --version 2>/dev/null | sed -n 's/^Version: //p'),of $1)
compel_library = $(firstword $(wildcard $1/root/usr/lib/*/libcompel.a $1/lib/libcompel.a \
	$1/lib/*/libcompel.a $1/lib64/libcompel.a))

$(foreach prefix,$(COMPEL_PREFIXES),$(if $(call compel_library,$(prefix)),$(eval $(call \
	compel_driver,$(call compel_folder,$(prefix)),$(prefix),$(call compel_library,$(prefix))))))

targets: $(B)/targets/compel.sites
ifneq ($(call compel_library,$(CRIU_PREFIX)),)
cycles: $(B)/tests/compel_cycle
check: $(B)/tests/compel_cycle.ran $(B)/tests/compel_target.ran $(B)/tests/compel_disturbed.ran
endif

# What runs on the user's side of the doors.
COMPEL_USER := $(addprefix $(COMPEL_B)/user/,load.o wire.o waits.o messages.o stranger.o ask.o stacks.o \
	symbols.o)
COMPEL_TARGET := $(patsubst targets/compel/%.c,$(COMPEL_B)/target/%.o,$(wildcard targets/compel/*.c))
COMPEL_PATHS := -DCOMPEL_DRIVER='"$(COMPEL_DRIVER)"'

$(COMPEL_B)/user/%.o: freezer/compel/%.c $(COMPEL_HEADERS)
	@mkdir -p $(@D)
	$(CC) $(COMPEL_CFLAGS) -c -o $@ $<

$(COMPEL_B)/target/%.o: targets/compel/%.c $(wildcard targets/compel/*.h) $(COMPEL_HEADERS) $(wildcard include/*.h)
	@mkdir -p $(@D)
	$(CC) $(CFLAGS_TARGET) $(COMPEL_PATHS) -c -o $@ $<

$(B)/targets/compel.so: $(COMPEL_TARGET) $(HOME_OBJECTS) $(COMPEL_USER) $(VICTIM_OBJECTS) $(RUNTIME)
	@mkdir -p $(@D)
	$(CC) -o $@ $^ $(LDFLAGS_TARGET)

$(B)/tests/compel_cycle: tests/compel/compel_cycle.c $(COMPEL_USER) $(VICTIM_OBJECTS) | $(COMPEL_DRIVER)
	@mkdir -p $(@D)
	$(CC) $(COMPEL_CFLAGS) $(COMPEL_PATHS) -o $@ $^ -ldl

$(B)/tests/compel_target $(B)/tests/compel_disturbed: $(B)/tests/%: tests/compel/%.c $(B)/targets/compel.sites | $(B)/executor
	@mkdir -p $(@D)
	$(CC) $(CFLAGS_OWN) -o $@ $<
endif
