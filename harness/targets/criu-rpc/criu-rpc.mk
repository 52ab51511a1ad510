# SPDX-License-Identifier: Apache-2.0
#
# The target criu-rpc: a client of the real criu's RPC. Included by harness/Makefile, after
# criu-images.mk, whose cage it shares.

$(eval $(call CAGE_TARGET,rpc,$(TALK_OBJECTS)))
