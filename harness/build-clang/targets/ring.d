/tmp/h/me/harness/build-clang/targets/ring.o: targets/ring.c \
  include/cryofuzz.h

include/cryofuzz.h:
