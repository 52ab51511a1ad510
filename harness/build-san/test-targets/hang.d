/tmp/h/me/harness/build-san/test-targets/hang.o: tests/targets/hang.c \
 include/cryofuzz.h
include/cryofuzz.h:
