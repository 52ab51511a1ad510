/* SPDX-License-Identifier: Apache-2.0 */
#include "driver.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include <compel/infect-rpc.h>
#include <compel/infect-util.h>
#include <compel/infect.h>
#include <compel/log.h>

#include "../victim/raw.h"
#include "frame.h"
#include "parasite-blob.h"

/* libcompel's own arguments at the start of the daemon lie in the same place as ours. */
#define ARGS_SIZE PARASITE_ARG_SIZE_MIN

_Static_assert(SPY_ALIVE == (int)COMPEL_TASK_ALIVE, "driver.h");

static struct spy *listener;
static int verbose;
/* libcompel takes SIGCHLD over while a parasite runs, and gives it back in a cure that succeeds. */
static struct sigaction child_action;

/* Keeps the second half, so that the end is always there. */
static void make_room(struct spy *s)
{
	const size_t half = sizeof(s->log_text) / 2;

	if (s->said < half + half / 2)
		return;
	memmove(s->log_text, s->log_text + s->said - half, half);
	s->said = half;
}

static void keep_error(struct spy *s, const char *text)
{
	snprintf(s->message, sizeof(s->message), "%s", text);
	s->message[strcspn(s->message, "\n")] = 0;
}

/* Keeps libcompel's log, and its last error by itself. */
static void keep_message(unsigned int level, const char *format, va_list args)
{
	struct spy *s = listener;
	size_t left;
	int n;

	if (!s)
		return;
	make_room(s);
	left = sizeof(s->log_text) - s->said;
	n = vsnprintf(s->log_text + s->said, left, format, args);
	if (n <= 0)
		return;
	if (level <= COMPEL_LOG_ERROR)
		keep_error(s, s->log_text + s->said);
	s->said += (size_t)n < left ? (size_t)n : left - 1;
}

static int stage(struct spy *s, const char *name, int failed)
{
	if (failed)
		s->stage = name;
	return failed ? -1 : 0;
}

/* The name of the control socket has the pid and this in it, and is seen in the whole network
 * namespace: two containers may share one and have the same pids. */
static void name_run(void)
{
	uint64_t id[2] = { 0, 0 };

	if (compel_run_id[0])
		return;
	if (getrandom(id, sizeof(id), GRND_NONBLOCK) < 0)
		id[0] = (uintptr_t)id;
	snprintf(compel_run_id, RUN_ID_HASH_LENGTH, "%016llx%016llx", (unsigned long long)id[0],
		 (unsigned long long)id[1]);
}

static int stop(struct spy *s, int pid)
{
	memset(s, 0, sizeof(*s));
	s->pid = pid;
	s->socket = s->log = -1;
	listener = s;
	sigaction(SIGCHLD, NULL, &child_action);
	compel_log_init(keep_message, verbose ? COMPEL_LOG_DEBUG : COMPEL_LOG_ERROR);
	name_run();
	s->state = compel_stop_task(pid);
	return stage(s, "compel.stop", s->state < 0);
}

static struct parasite_ctl *prepare_task(int pid)
{
#ifdef COMPEL_PREPARE_TAKES_RSEQ
	return compel_prepare(pid, true);
#else
	return compel_prepare(pid);
#endif
}

static int prepare(struct spy *s, int plain_frame, int log)
{
	struct infect_ctx *context;

	s->log = log;
	s->ctl = prepare_task(s->pid);
	if (!s->ctl)
		return stage(s, "compel.prepare", 1);
	if (s->log < 0)
		s->log = (int)raw2(SYS_memfd_create, "parasite-log", 1 /* MFD_CLOEXEC */);
	context = compel_infect_ctx(s->ctl);
	context->log_fd = s->log;
	/* compel_cure frees and closes neither of them */
	s->socket = context->sock;
	s->registers = context->regs_arg;
	if (!plain_frame)
		complete_frames(context);
	parasite_setup_c_header(s->ctl);
	return stage(s, "compel.prepare", s->log < 0);
}

static uint64_t patched_code(const struct spy *s)
{
	return compel_infect_ctx(s->ctl)->syscall_ip;
}

static int infect(struct spy *s)
{
	if (compel_infect(s->ctl, 1, ARGS_SIZE))
		return stage(s, "compel.infect", 1);
	s->args = compel_parasite_args(s->ctl, struct parasite_args);
	memset(s->args, 0, sizeof(*s->args));
	return 0;
}

static int control(const struct spy *s)
{
	return compel_rpc_sock(s->ctl);
}

static int command(struct spy *s, int cmd)
{
	return stage(s, "compel.command", compel_rpc_call_sync(cmd, s->ctl));
}

static int begin(struct spy *s, int cmd)
{
	return stage(s, "compel.command", compel_rpc_call(cmd, s->ctl));
}

static int end(struct spy *s, int cmd)
{
	return stage(s, "compel.command", compel_rpc_sync(cmd, s->ctl));
}

static int give(struct spy *s, int fd)
{
	return stage(s, "compel.give", compel_util_send_fd(s->ctl, fd));
}

static int take(struct spy *s, int *fd)
{
	return stage(s, "compel.take", compel_util_recv_fd(s->ctl, fd));
}

static void let_go(struct spy *s)
{
	if (s->socket >= 0)
		raw1(SYS_close, s->socket);
	free(s->registers);
	s->socket = -1;
	s->registers = NULL;
	s->ctl = NULL;
	s->args = NULL;
}

/* As compel_cure, from whose error nobody could know whether libcompel has freed its own part, as it
 * does even if it could not unmap it. */
static int cure(struct spy *s)
{
	int ret;

	if (compel_cure_remote(s->ctl))
		return stage(s, "compel.cure", 1);
	ret = compel_cure_local(s->ctl);
	let_go(s);
	return stage(s, "compel.cure", ret);
}

static int cure_without_unmap(struct spy *s)
{
	if (compel_stop_daemon(s->ctl))
		return stage(s, "compel.cure", 1);
	(void)!compel_cure_local(s->ctl);
	let_go(s);
	return 0;
}

static int resume(struct spy *s)
{
	return stage(s, "compel.resume", compel_resume_task(s->pid, s->state, s->state));
}

static void abandon(struct spy *s)
{
	if (listener)
		sigaction(SIGCHLD, &child_action, NULL);
	listener = NULL;
	if (s->ctl) {
		int fd = compel_rpc_sock(s->ctl);

		/* negative: the listening socket, or none */
		if (fd >= 0)
			raw1(SYS_close, fd);
		if (compel_cure_local(s->ctl))
			s->stage = "compel.cure-local";
		let_go(s);
	}
	if (s->log >= 0)
		raw1(SYS_close, s->log);
	s->log = -1;
}

static void use(const struct compel_doors *doors, int log_all)
{
	driver_doors = doors;
	verbose = log_all;
}

__attribute__((visibility("default"))) const struct driver compel_driver = {
	.size = sizeof(struct driver),
	.version = COMPEL_VERSION,
	.parasite = COMPEL_PARASITE,
	.use = use,
	.stop = stop,
	.prepare = prepare,
	.patched_code = patched_code,
	.infect = infect,
	.control = control,
	.command = command,
	.begin = begin,
	.end = end,
	.give = give,
	.take = take,
	.cure = cure,
	.cure_without_unmap = cure_without_unmap,
	.resume = resume,
	.abandon = abandon,
};
