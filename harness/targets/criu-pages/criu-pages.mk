# SPDX-License-Identifier: Apache-2.0
#
# The target criu-pages: a client of the real criu page-server. Included by harness/Makefile, after
# criu-images.mk, whose cage it shares.

ifeq ($(shell uname -m),x86_64)
targets: $(B)/targets/criu-pages.sites
endif

$(CAGE_B)/pages.o: targets/criu-pages/criu-pages.c $(CAGE_HEADERS) $(wildcard include/*.h)
	@mkdir -p $(@D)
	$(CC) $(CFLAGS_TARGET) $(CAGE_PATHS) -c -o $@ $<

$(B)/targets/criu-pages.so: $(CAGE_B)/pages.o $(TALK_OBJECTS) $(RUNTIME)
	@mkdir -p $(@D)
	$(CC) -o $@ $^ $(LDFLAGS_TARGET)
