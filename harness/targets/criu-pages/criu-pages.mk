# SPDX-License-Identifier: Apache-2.0
#
# The target criu-pages: a client of the real criu page-server. Included by harness/Makefile, after
# criu-images.mk, whose cage it shares.

$(eval $(call CAGE_TARGET,pages,$(TALK_OBJECTS)))
