/tmp/h/me/harness/build-san/targets/mailbox.o: targets/mailbox.c \
 include/cryofuzz.h
include/cryofuzz.h:
