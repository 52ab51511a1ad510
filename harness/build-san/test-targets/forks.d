/tmp/h/me/harness/build-san/test-targets/forks.o: tests/targets/forks.c \
 include/cryofuzz.h
include/cryofuzz.h:
