/tmp/h/me/harness/build-clang/targets/mailbox.o: targets/mailbox.c \
  include/cryofuzz.h

include/cryofuzz.h:
