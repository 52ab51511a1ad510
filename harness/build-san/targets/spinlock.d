/tmp/h/me/harness/build-san/targets/spinlock.o: targets/spinlock.c \
 include/cryofuzz.h
include/cryofuzz.h:
