/tmp/h/me/harness/build-san/runtime/trace.o: runtime/trace.c runtime/rt.h \
 include/control.h include/cryofuzz.h
runtime/rt.h:
include/control.h:
include/cryofuzz.h:
