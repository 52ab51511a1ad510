/tmp/h/me/harness/build-clang/runtime/memory.o: runtime/memory.c \
  runtime/rt.h include/control.h include/cryofuzz.h

runtime/rt.h:

include/control.h:

include/cryofuzz.h:
