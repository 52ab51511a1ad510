/tmp/h/me/harness/build-clang/runtime/hooks.o: runtime/hooks.c \
  runtime/rt.h include/control.h include/cryofuzz.h

runtime/rt.h:

include/control.h:

include/cryofuzz.h:
