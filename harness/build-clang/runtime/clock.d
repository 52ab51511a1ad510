/tmp/h/me/harness/build-clang/runtime/clock.o: runtime/clock.c \
  runtime/calls.h runtime/rt.h include/control.h include/cryofuzz.h \
  runtime/clock.h

runtime/calls.h:

runtime/rt.h:

include/control.h:

include/cryofuzz.h:

runtime/clock.h:
