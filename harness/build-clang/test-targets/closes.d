/tmp/h/me/harness/build-clang/test-targets/closes.o: \
  tests/targets/closes.c include/cryofuzz.h

include/cryofuzz.h:
