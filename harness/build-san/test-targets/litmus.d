/tmp/h/me/harness/build-san/test-targets/litmus.o: tests/targets/litmus.c \
 include/cryofuzz.h
include/cryofuzz.h:
