/tmp/h/me/harness/build-clang/obj/executor/describe.o: \
  executor/describe.c executor/executor.h runtime/rt.h include/control.h \
  include/cryofuzz.h

executor/executor.h:

runtime/rt.h:

include/control.h:

include/cryofuzz.h:
