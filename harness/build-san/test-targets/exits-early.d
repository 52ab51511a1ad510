/tmp/h/me/harness/build-san/test-targets/exits-early.o: \
 tests/targets/exits-early.c include/cryofuzz.h
include/cryofuzz.h:
