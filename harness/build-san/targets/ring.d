/tmp/h/me/harness/build-san/targets/ring.o: targets/ring.c \
 include/cryofuzz.h
include/cryofuzz.h:
