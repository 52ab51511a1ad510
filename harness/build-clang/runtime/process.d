/tmp/h/me/harness/build-clang/runtime/process.o: runtime/process.c \
  runtime/calls.h runtime/rt.h include/control.h include/cryofuzz.h

runtime/calls.h:

runtime/rt.h:

include/control.h:

include/cryofuzz.h:
