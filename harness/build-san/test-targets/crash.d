/tmp/h/me/harness/build-san/test-targets/crash.o: tests/targets/crash.c \
 include/cryofuzz.h
include/cryofuzz.h:
