/tmp/h/me/harness/build-clang/test-targets/exits-early.o: \
  tests/targets/exits-early.c include/cryofuzz.h

include/cryofuzz.h:
