/* SPDX-License-Identifier: Apache-2.0
 *
 * closes - both roles close their ends of the channel in every run, the next run needs them again.
 */
#include <sys/socket.h>
#include <unistd.h>

#include "cryofuzz.h"

static void hang_up(unsigned index)
{
	(void)index;
	*(volatile uint64_t *)cf_shared() += 1;
	close(cf_channel_fd(0));
}

static void listen_on(unsigned index)
{
	char byte;
	ssize_t n = recv(cf_channel_fd(0), &byte, 1, 0);

	(void)index;
	if (n)
		cf_fail(CF_INVARIANT, "closes.right", "recv gave %zd, not the end", n);
	close(cf_channel_fd(0));
}

static const struct cf_role roles[] = {
	{ "left", NULL, hang_up },
	{ "right", NULL, listen_on },
	{ 0 },
};

static const struct cf_variant_spec variants[] = {
	{ "only", "one closes, the other sees the end and closes", CF_SC, NULL },
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
	.name = "closes",
	.summary = "roles close their sockets",
	.shared_size = sizeof(uint64_t),
	.roles = roles,
	.variants = variants,
	.channels = channels,
};
