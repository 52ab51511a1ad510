/tmp/h/me/harness/build-clang/test-targets/setup-crash.o: \
  tests/targets/setup-crash.c include/cryofuzz.h

include/cryofuzz.h:
