/tmp/h/me/harness/build-san/targets/boost-spsc.o: targets/boost_spsc.cc \
 include/cryofuzz.h
include/cryofuzz.h:
