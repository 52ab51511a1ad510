/tmp/h/me/harness/build-clang/test-targets/deadlock.o: \
  tests/targets/deadlock.c include/cryofuzz.h

include/cryofuzz.h:
