/tmp/h/me/harness/build-san/test-targets/deadlock.o: \
 tests/targets/deadlock.c include/cryofuzz.h
include/cryofuzz.h:
