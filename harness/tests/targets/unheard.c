/* SPDX-License-Identifier: Apache-2.0
 *
 * unheard - two roles wait for what nobody does, in one call or another.
 */
#include <signal.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "cryofuzz.h"

enum { EPOLL, SUSPEND, PAUSE, KILL, GROUP };

static void receive(void)
{
	char byte;

	recv(cf_channel_fd(0), &byte, 1, 0);
}

static void wait_by_epoll(void)
{
	struct epoll_event event = { .events = EPOLLIN };
	int epoll_fd = epoll_create1(EPOLL_CLOEXEC);

	epoll_ctl(epoll_fd, EPOLL_CTL_ADD, cf_channel_fd(0), &event);
	epoll_wait(epoll_fd, &event, 1, -1);
}

static void wait_for_nobody(unsigned index)
{
	sigset_t none;

	(void)index;
	sigemptyset(&none);
	switch (cf_variant()) {
	case EPOLL:
		wait_by_epoll();
		break;
	case SUSPEND:
		sigsuspend(&none);
		break;
	case PAUSE:
		pause();
		break;
	default:
		receive();
	}
}

static void listen_on(unsigned index)
{
	(void)index;
	if (cf_variant() == KILL)
		kill(getpid() - 1, SIGUSR1);
	if (cf_variant() == GROUP)
		kill(0, SIGCONT);
	receive();
}

static const struct cf_role roles[] = {
	{ "left", NULL, wait_for_nobody },
	{ "right", NULL, listen_on },
	{ 0 },
};

static const struct cf_variant_spec variants[] = {
	[EPOLL] = { "epoll", "in epoll_wait", CF_SC, "deadlock in unheard.left" },
	[SUSPEND] = { "suspend", "in sigsuspend", CF_SC, "deadlock in unheard.left" },
	[PAUSE] = { "pause", "in pause", CF_SC, "deadlock in unheard.left" },
	[KILL] = { "kill", "a signal for one that receives", CF_SC, NULL },
	[GROUP] = { "group", "a signal for everybody", CF_SC, NULL },
	{ 0 },
};

static int type(void)
{
	return SOCK_SEQPACKET;
}

static const struct cf_channel channels[] = {
	{ "line", "left", "right", type },
	{ 0 },
};

CRYOFUZZ_TARGET = {
	.abi = CF_TARGET_ABI,
	.name = "unheard",
	.summary = "two roles wait for nobody",
	.shared_size = sizeof(uint64_t),
	.roles = roles,
	.variants = variants,
	.channels = channels,
};
