/* SPDX-License-Identifier: Apache-2.0
 *
 * deadlock - two roles that each wait for the other to speak first.
 */
#include <sys/socket.h>

#include "cryofuzz.h"

static void listen_on(unsigned index)
{
	char byte;

	(void)index;
	recv(cf_channel_fd(0), &byte, 1, 0);
}

static const struct cf_role roles[] = {
	{ "left", NULL, listen_on },
	{ "right", NULL, listen_on },
	{ 0 },
};

static const struct cf_variant_spec variants[] = {
	{ "only", "both receive", CF_SC, "deadlock in deadlock.left" },
	{ 0 },
};

static int type(void)
{
	return SOCK_SEQPACKET;
}

static const struct cf_channel channels[] = {
	{ "rpc", "left", "right", type },
	{ 0 },
};

CRYOFUZZ_TARGET = {
	.abi = CF_TARGET_ABI,
	.name = "deadlock",
	.summary = "two roles wait for each other",
	.shared_size = sizeof(uint64_t),
	.roles = roles,
	.variants = variants,
	.channels = channels,
};
