/tmp/h/me/harness/build-san/runtime/schedule.o: runtime/schedule.c \
 runtime/rt.h include/control.h include/cryofuzz.h
runtime/rt.h:
include/control.h:
include/cryofuzz.h:
