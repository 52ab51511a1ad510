/* SPDX-License-Identifier: Apache-2.0
 *
 * The life of an actor's process: it waits for a run, forgets the one before, plays its role.
 */
#include <errno.h>
#include <linux/futex.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "machine.h"
#include "rt.h"

extern const struct cf_target cryofuzz_target;
static void attach(void)
{
	rt.target = &cryofuzz_target;
	rt.external_ms = 2000;
	for (unsigned i = 0; i <= CF_MAX_ACTORS; i++) {
		rt_become(i);
		rt_take_desk();
		rt_forget_channels();
	}
	rt_number_code();
	rt.site_at = (const uint16_t *)((uintptr_t)rt.site_table - rt.base * 2);
	rt.covered_at = (const uint16_t *)((uintptr_t)rt.covered - rt.base * 2);
	if (!(rt.target->flags & CF_KEEPS_DATA))
		rt_find_data();
}

/* ---- crashes --------------------------------------------------------------------------------- */

static void crashed(int signo, siginfo_t *info, void *context)
{
	uintptr_t pc = machine_pc(context);
	struct cf_result *result = &rt.control->result;
	char detail[CF_DETAIL];

	if (rt_audit_signal(signo, info, context))
		return;
	if ((rt.running || rt.native) && result->outcome == CF_RUNNING) {
		uint32_t site = rt_site((const void *)(pc + 1));

		snprintf(detail, sizeof(detail), "signal %d (%s)", signo, sigabbrev_np(signo));
		result->pc = pc - rt.base < rt.site_table_size ? pc - rt.base : 0;
		result->kind = CF_CRASH;
		result->actor = rt.actor;
		result->site_id = site != 0 ? site : rt.me->site;
		result->site[0] = '\0';
		snprintf(result->detail, sizeof(result->detail), "%s", detail);
		rt.me->state = CF_ACTOR_DEAD;
		result->outcome = CF_VIOLATED;
	}
	if (rt.fibers) {
		rt_fiber_abandon(context);
		return;
	}
	rt.me->doomed = 1;
	signal(signo, SIG_DFL);
	raise(signo); /* the real end; the executor sees it and reports the run */
}

void rt_catch_crashes(void)
{
	static const int fatal[] = { SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT, SIGTRAP, SIGSYS };
	static RT_KEPT char stack[16384];
	stack_t alternate = { .ss_sp = stack, .ss_size = sizeof(stack) };
	struct sigaction action = { .sa_sigaction = crashed,
				    .sa_flags = SA_SIGINFO | SA_ONSTACK | SA_NODEFER };

	sigaltstack(&alternate, NULL);
	for (unsigned i = 0; i < sizeof(fatal) / sizeof(fatal[0]); i++)
		sigaction(fatal[i], &action, NULL);
}

/* ---- channels -------------------------------------------------------------------------------- */

static int receive_handed(struct rt_handed *handed, int *fds, int flags)
{
	char control[CMSG_SPACE(CF_MAX_CHANNELS * sizeof(int))];
	struct iovec iov = { handed, sizeof(*handed) };
	struct msghdr message = { .msg_iov = &iov,
				  .msg_iovlen = 1,
				  .msg_control = control,
				  .msg_controllen = sizeof(control) };
	struct cmsghdr *header;

	if (recvmsg(rt.inbox, &message, flags | MSG_CMSG_CLOEXEC) != sizeof(*handed))
		return -1;
	if (handed->count == 0)
		return 0;
	header = CMSG_FIRSTHDR(&message);
	if (header == NULL)
		return -1;
	memcpy(fds, CMSG_DATA(header), handed->count * sizeof(int));
	return 0;
}

static void receive_channels(int flags)
{
	int fds[CF_MAX_CHANNELS];
	struct rt_handed handed;

	rt_forget_channels();
	/* An earlier run may have ended before we came to life in it: its channels are stale. */
	while (receive_handed(&handed, fds, flags) == 0) {
		for (uint32_t i = 0; i < handed.count; i++) {
			if (handed.run == rt.shared->run)
				rt_take_channel(handed.channel[i], fds[i]);
			else
				close(fds[i]);
		}
		if (handed.run == rt.shared->run)
			break;
	}
}

/* ---- runs ------------------------------------------------------------------------------------ */

static void forget_last_run(void)
{
	if (!(rt.target->flags & CF_KEEPS_DATA)) {
		if (!rt.staged) /* its channels are there already */
			syscall(SYS_close_range, rt.first_fd, ~0u, 0);
		rt_reset_data();
		rt_reset_heap();
	}
	rt_come_home();
	rt_reset_frames();
	rt_reset_own(rt.own);
	errno = 0;
}

static void play(void)
{
	const struct cf_role *role = &rt.target->roles[rt.me->role];

	rt.fresh = rt.run == 0;
	forget_last_run();
	rt.run = rt.shared->run;
	if (rt.target->channels != NULL && rt.target->channels[0].name != NULL && !rt.staged)
		receive_channels(MSG_DONTWAIT);
	rt_set_running(true);
	rt_audit_begin();
	role->run(rt.me->index);
	rt_end_actor();
}

/* Before the run: CRIU may lose the connection between a socket in use and one that is still under way
 * to its owner. */
static void arrive(void)
{
	receive_channels(0);
	__atomic_add_fetch(&rt.shared->arrived, 1, __ATOMIC_RELEASE);
	syscall(SYS_futex, &rt.shared->arrived, FUTEX_WAKE, 1, NULL, NULL, 0);
}

static void actor_main(unsigned actor)
{
	rt_become(actor);
	rt_take_desk();
	rt.fibers = false;
	rt.run = 0;
	rt_catch_crashes();
	if (rt.staged)
		arrive();
	if (sigsetjmp(rt.restart, 0) == 0)
		rt_next_run();
	play();
}

/* ---- in the executor ------------------------------------------------------------------------- */

static void guarded(void (*call)(void))
{
	rt_reset_data();
	rt_become(rt.shared->actors);
	rt.run = rt.shared->run;
	rt_set_running(false);
	if (sigsetjmp(rt.restart, 0) == 0)
		call();
}

extern const struct rt_ops cryofuzz_runtime;
CF_EXPORT const struct rt_ops cryofuzz_runtime = {
	.layout = CF_LAYOUT,
	.shared_size = sizeof(struct rt_shared),
	.self = &rt,
	.attach = attach,
	.guarded = guarded,
	.actor_main = actor_main,
	.play_fibers = rt_play_fibers,
	.play_natively = rt_play_natively,
	.start = rt_start,
	.actor_gone = rt_actor_gone,
	.froze = rt_froze,
	.freeze_name = rt_freeze_name,
	.look_ahead = rt_look_ahead,
	.site = rt_site,
	.begin_races = rt_begin_races,
};
