/tmp/h/me/harness/build-clang/targets/boost-spsc.o: targets/boost_spsc.cc \
  include/cryofuzz.h

include/cryofuzz.h:
