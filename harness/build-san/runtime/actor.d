/tmp/h/me/harness/build-san/runtime/actor.o: runtime/actor.c runtime/rt.h \
 include/control.h include/cryofuzz.h
runtime/rt.h:
include/control.h:
include/cryofuzz.h:
