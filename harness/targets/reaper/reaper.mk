# SPDX-License-Identifier: Apache-2.0
#
# The target reaper. Included by harness/Makefile.

REAPER_B := $(B)/reaper
REAPER_TARGET := $(patsubst targets/reaper/%.c,$(REAPER_B)/%.o,$(wildcard targets/reaper/*.c))

targets: $(B)/targets/reaper.sites

$(REAPER_B)/%.o: targets/reaper/%.c $(wildcard targets/reaper/*.h include/*.h)
	@mkdir -p $(@D)
	$(CC) $(CFLAGS_TARGET) -c -o $@ $<

$(B)/targets/reaper.so: $(REAPER_TARGET) $(RUNTIME)
	@mkdir -p $(@D)
	$(CC) -o $@ $^ $(LDFLAGS_TARGET)
