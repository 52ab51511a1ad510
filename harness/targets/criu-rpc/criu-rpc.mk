# SPDX-License-Identifier: Apache-2.0
#
# The target criu-rpc: a client of the real criu's RPC. Included by harness/Makefile, after
# criu-images.mk, whose cage it shares.

RPC_TARGET := $(patsubst targets/criu-rpc/%.c,$(CAGE_B)/rpc/%.o,$(wildcard targets/criu-rpc/*.c))

ifeq ($(shell uname -m),x86_64)
targets: $(B)/targets/criu-rpc.sites
endif

$(CAGE_B)/rpc/%.o: targets/criu-rpc/%.c $(CAGE_HEADERS) $(wildcard targets/criu-rpc/*.h include/*.h)
	@mkdir -p $(@D)
	$(CC) $(CFLAGS_TARGET) $(CAGE_PATHS) -c -o $@ $<

$(B)/targets/criu-rpc.so: $(RPC_TARGET) $(TALK_OBJECTS) $(RUNTIME)
	@mkdir -p $(@D)
	$(CC) -o $@ $^ $(LDFLAGS_TARGET)
