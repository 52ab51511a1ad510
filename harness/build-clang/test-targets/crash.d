/tmp/h/me/harness/build-clang/test-targets/crash.o: tests/targets/crash.c \
  include/cryofuzz.h

include/cryofuzz.h:
