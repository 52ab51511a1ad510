/tmp/h/me/harness/build-clang/test-targets/no-point.o: \
  tests/targets/no-point.c include/cryofuzz.h

include/cryofuzz.h:
