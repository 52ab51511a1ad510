/tmp/h/me/harness/build-san/targets/queue.o: targets/queue.c \
 include/cryofuzz.h
include/cryofuzz.h:
