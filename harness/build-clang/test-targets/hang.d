/tmp/h/me/harness/build-clang/test-targets/hang.o: tests/targets/hang.c \
  include/cryofuzz.h

include/cryofuzz.h:
