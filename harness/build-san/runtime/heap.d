/tmp/h/me/harness/build-san/runtime/heap.o: runtime/heap.c runtime/rt.h \
 include/control.h include/cryofuzz.h
runtime/rt.h:
include/control.h:
include/cryofuzz.h:
