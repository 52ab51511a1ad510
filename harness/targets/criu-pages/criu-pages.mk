# SPDX-License-Identifier: Apache-2.0
#
# The target criu-pages: a client of the real criu page-server. Included by harness/Makefile, after
# criu-images.mk, whose cage it shares.

PAGES_TARGET := $(patsubst targets/criu-pages/%.c,$(CAGE_B)/pages/%.o,$(wildcard targets/criu-pages/*.c))

ifeq ($(shell uname -m),x86_64)
targets: $(B)/targets/criu-pages.sites
endif

$(CAGE_B)/pages/%.o: targets/criu-pages/%.c $(CAGE_HEADERS) $(wildcard targets/criu-pages/*.h include/*.h)
	@mkdir -p $(@D)
	$(CC) $(CFLAGS_TARGET) $(CAGE_PATHS) -c -o $@ $<

$(B)/targets/criu-pages.so: $(PAGES_TARGET) $(TALK_OBJECTS) $(RUNTIME)
	@mkdir -p $(@D)
	$(CC) -o $@ $^ $(LDFLAGS_TARGET)
