/tmp/h/me/harness/build-clang/test-targets/spins.o: tests/targets/spins.c \
  include/cryofuzz.h

include/cryofuzz.h:
