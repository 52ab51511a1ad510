# SPDX-License-Identifier: Apache-2.0
#
# The target shapes. Included by harness/Makefile.

SHAPES_B := $(B)/shapes
SHAPES_TARGET := $(patsubst targets/shapes/%.c,$(SHAPES_B)/%.o,$(wildcard targets/shapes/*.c))

targets: $(B)/targets/shapes.sites

$(SHAPES_B)/%.o: targets/shapes/%.c $(wildcard targets/shapes/*.h include/*.h)
	@mkdir -p $(@D)
	$(CC) $(CFLAGS_TARGET) -c -o $@ $<

$(B)/targets/shapes.so: $(SHAPES_TARGET) $(RUNTIME)
	@mkdir -p $(@D)
	$(CC) -o $@ $^ $(LDFLAGS_TARGET)
