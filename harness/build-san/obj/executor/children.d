/tmp/h/me/harness/build-san/obj/executor/children.o: executor/children.c \
 executor/executor.h runtime/rt.h include/control.h include/cryofuzz.h
executor/executor.h:
runtime/rt.h:
include/control.h:
include/cryofuzz.h:
