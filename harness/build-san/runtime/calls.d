/tmp/h/me/harness/build-san/runtime/calls.o: runtime/calls.c \
 runtime/calls.h runtime/rt.h include/control.h include/cryofuzz.h \
 runtime/clock.h
runtime/calls.h:
runtime/rt.h:
include/control.h:
include/cryofuzz.h:
runtime/clock.h:
