/tmp/h/me/harness/build-clang/targets/spinlock.o: targets/spinlock.c \
  include/cryofuzz.h

include/cryofuzz.h:
