# SPDX-License-Identifier: Apache-2.0
#
# The target mailbox. Included by harness/Makefile.

MAILBOX_B := $(B)/mailbox
MAILBOX_TARGET := $(patsubst targets/mailbox/%.c,$(MAILBOX_B)/%.o,$(wildcard targets/mailbox/*.c))

targets: $(B)/targets/mailbox.sites

$(MAILBOX_B)/%.o: targets/mailbox/%.c $(wildcard targets/mailbox/*.h include/*.h)
	@mkdir -p $(@D)
	$(CC) $(CFLAGS_TARGET) -c -o $@ $<

$(B)/targets/mailbox.so: $(MAILBOX_TARGET) $(RUNTIME)
	@mkdir -p $(@D)
	$(CC) -o $@ $^ $(LDFLAGS_TARGET)
