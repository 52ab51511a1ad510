/tmp/h/me/harness/build-clang/test-targets/forks.o: tests/targets/forks.c \
  include/cryofuzz.h

include/cryofuzz.h:
