/* SPDX-License-Identifier: Apache-2.0
 *
 * What a process is called, may use and is scheduled like. Its name, umask, processors and filters are
 * seen from outside as well (snapshot_status.c); here is what only the process itself is told.
 */
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <signal.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include "raw.h"
#include "state.h"

enum { WITH_FILTER = 2, NICE = 3, FAVOURED = -3, UMASK = 027, PROCESSORS = 128 };

/* Lower ones: nobody has to be permitted that. */
static void set_limits(void)
{
	static const struct rlimit64 queues = { 8192, 65536 }, files = { 777, 999 };

	state_must("prlimit", raw4(SYS_prlimit64, 0, RLIMIT_MSGQUEUE, &queues, 0));
	state_must("prlimit", raw4(SYS_prlimit64, 0, RLIMIT_NOFILE, &files, 0));
}

static void set_scheduling(void)
{
	static const struct sched_param none = { 0 };
	static uint8_t all[PROCESSORS];

	for (unsigned i = 0; i < sizeof(all); i++)
		all[i] = 0xff;
	/* what some flag resets in children is better than the default only, which not all may have */
	if (raw3(SYS_setpriority, PRIO_PROCESS, 0, FAVOURED) < 0)
		state_must("setpriority", raw3(SYS_setpriority, PRIO_PROCESS, 0, NICE));
	state_must("sched_setscheduler", raw3(SYS_sched_setscheduler, 0, SCHED_BATCH, &none));
	state_must("sched_setaffinity", raw3(SYS_sched_setaffinity, 0, sizeof(all), all));
}

static void set_filter(void)
{
	static struct sock_filter allow = { BPF_RET | BPF_K, 0, 0, SECCOMP_RET_ALLOW };
	static const struct sock_fprog all = { 1, &allow };

	state_must("no_new_privs", raw5(SYS_prctl, PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0));
	state_must("seccomp", raw3(SYS_prctl, PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &all));
}

static void set(unsigned wish, uint64_t seed)
{
	static char name[16] = "victim-";

	for (unsigned i = 7; i < 15; i++, seed >>= 4)
		name[i] = (char)('a' + (seed & 15));
	state_must("prctl", raw2(SYS_prctl, PR_SET_NAME, name));
	state_must("prctl", raw2(SYS_prctl, PR_SET_TIMERSLACK, 12345));
	state_must("prctl", raw5(SYS_prctl, PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0));
	state_must("personality", raw1(SYS_personality, ADDR_NO_RANDOMIZE | UNAME26));
	raw1(SYS_umask, UMASK);
	set_limits();
	set_scheduling();
	if (wish == WITH_FILTER)
		set_filter();
}

static void look_at_limits(struct state_view *view)
{
	struct rlimit64 limit[RLIM_NLIMITS];

	for (unsigned i = 0; i < RLIM_NLIMITS; i++)
		state_must("prlimit", raw4(SYS_prlimit64, 0, i, 0, &limit[i]));
	state_see(view, "limits", "the hash of all limits", state_hash(limit, sizeof(limit)));
}

static int policy(void)
{
	return (int)raw1(SYS_sched_getscheduler, 0) & ~SCHED_RESET_ON_FORK;
}

static void look_at_scheduling(struct state_view *view)
{
	state_see(view, "scheduling", "20 - nice", raw2(SYS_getpriority, PRIO_PROCESS, 0));
	state_see(view, "scheduling", "the policy", policy());
}

/* A child tells what it got. */
static void look_at_inheritance(struct state_view *view)
{
	long pid = state_must("fork", raw1(SYS_fork, 0));

	if (pid == 0)
		for (;;)
			raw1(SYS_exit_group, policy() << 6 | raw2(SYS_getpriority, 0, 0));
	if (pid > 0)
		state_see(view, "inheritance", "a new child's scheduling",
			  (uint64_t)state_await_child(pid, 0));
}

static void look(struct state_view *view, unsigned wish)
{
	uint64_t reaper = 0;

	(void)wish;
	look_at_limits(view);
	look_at_scheduling(view);
	look_at_inheritance(view);
	raw5(SYS_prctl, PR_GET_CHILD_SUBREAPER, &reaper, 0, 0, 0);
	state_see(view, "personality", "the personality", raw1(SYS_personality, 0xffffffff));
	state_see(view, "scheduling", "the timer slack", raw2(SYS_prctl, PR_GET_TIMERSLACK, 0));
	state_see(view, "inheritance", "whether orphans become its children", reaper);
}

const struct state_ops state_process = { .set = set, .look = look };
