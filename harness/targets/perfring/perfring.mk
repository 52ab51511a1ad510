# SPDX-License-Identifier: Apache-2.0
#
# The target perfring: the kernel's own rings. Included by harness/Makefile.

PERFRING := $(patsubst targets/perfring/%.c,$(B)/perfring/%.o,$(wildcard targets/perfring/*.c))

targets: $(B)/targets/perfring.sites

$(B)/perfring/%.o: targets/perfring/%.c targets/perfring/perfring.h $(wildcard include/*.h)
	@mkdir -p $(@D)
	$(CC) $(CFLAGS_TARGET) -c -o $@ $<

$(B)/targets/perfring.so: $(PERFRING) $(RUNTIME)
	@mkdir -p $(@D)
	$(CC) -o $@ $^ $(LDFLAGS_TARGET)
