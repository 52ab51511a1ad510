/tmp/h/me/harness/build-clang/runtime/oracle.o: runtime/oracle.c \
  runtime/rt.h include/control.h include/cryofuzz.h

runtime/rt.h:

include/control.h:

include/cryofuzz.h:
