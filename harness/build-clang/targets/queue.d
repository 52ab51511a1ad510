/tmp/h/me/harness/build-clang/targets/queue.o: targets/queue.c \
  include/cryofuzz.h

include/cryofuzz.h:
