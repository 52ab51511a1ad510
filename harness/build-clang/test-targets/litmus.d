/tmp/h/me/harness/build-clang/test-targets/litmus.o: \
  tests/targets/litmus.c include/cryofuzz.h

include/cryofuzz.h:
