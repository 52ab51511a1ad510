/tmp/h/me/harness/build-clang/obj/executor/main.o: executor/main.c \
  executor/executor.h runtime/rt.h include/control.h include/cryofuzz.h

executor/executor.h:

runtime/rt.h:

include/control.h:

include/cryofuzz.h:
