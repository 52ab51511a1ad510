# SPDX-License-Identifier: Apache-2.0
#
# The target perfring: the kernel's own rings. Included by harness/Makefile.

PERFRING := $(patsubst targets/perfring/%.c,$(B)/perfring/%.o,$(wildcard targets/perfring/*.c)) \
	$(B)/perfring/tracefs.o

targets: $(B)/targets/perfring.sites

$(B)/perfring/%.o: targets/perfring/%.c targets/perfring/perfring.h executor/tracefs.h $(wildcard include/*.h)
	@mkdir -p $(@D)
	$(CC) $(CFLAGS_TARGET) -c -o $@ $<

# Its calls are no points.
$(B)/perfring/tracefs.o: executor/tracefs.c executor/tracefs.h executor/text.h $(B)/redefine
	@mkdir -p $(@D)
	$(CC) $(FREEZER_CFLAGS) -c -o $@.tmp $<
	$(OBJCOPY) --redefine-syms=$(B)/redefine $@.tmp $@
	rm $@.tmp

$(B)/targets/perfring.so: $(PERFRING) $(RUNTIME)
	@mkdir -p $(@D)
	$(CC) -o $@ $^ $(LDFLAGS_TARGET)
