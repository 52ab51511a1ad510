/tmp/h/me/harness/build-clang/runtime/frames.o: runtime/frames.c \
  runtime/calls.h runtime/rt.h include/control.h include/cryofuzz.h

runtime/calls.h:

runtime/rt.h:

include/control.h:

include/cryofuzz.h:
