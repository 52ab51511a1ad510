/* SPDX-License-Identifier: Apache-2.0 */
#include "spy.h"

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
#include "wire.h"

/* libcompel's own arguments at the start of the daemon lie in the same place as ours. */
#define ARGS_SIZE PARASITE_ARG_SIZE_MIN

static struct spy *listener;
/* libcompel takes SIGCHLD over while a parasite runs, and gives it back in a cure that succeeds. */
static struct sigaction child_action;

/* Keeps libcompel's last error. */
static void keep_message(unsigned int level, const char *format, va_list args)
{
	size_t n;

	if (!listener || level > COMPEL_LOG_ERROR)
		return;
	vsnprintf(listener->message, sizeof(listener->message), format, args);
	n = strlen(listener->message);
	if (n && listener->message[n - 1] == '\n')
		listener->message[n - 1] = 0;
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

int spy_stop(struct spy *s, int pid)
{
	memset(s, 0, sizeof(*s));
	s->pid = pid;
	s->socket = s->log = -1;
	listener = s;
	sigaction(SIGCHLD, NULL, &child_action);
	compel_log_init(keep_message, COMPEL_LOG_ERROR);
	name_run();
	s->state = compel_stop_task(pid);
	return stage(s, "compel.stop", s->state < 0);
}

static struct parasite_ctl *prepare(int pid)
{
#ifdef COMPEL_PREPARE_TAKES_RSEQ
	return compel_prepare(pid, true);
#else
	return compel_prepare(pid);
#endif
}

int spy_prepare(struct spy *s, int plain_frame)
{
	struct infect_ctx *context;

	s->ctl = prepare(s->pid);
	if (!s->ctl)
		return stage(s, "compel.prepare", 1);
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

uint64_t spy_patched_code(const struct spy *s)
{
	return compel_infect_ctx(s->ctl)->syscall_ip;
}

int spy_infect(struct spy *s, int trusting)
{
	if (compel_infect(s->ctl, 1, ARGS_SIZE) || (!trusting && wire.last.err))
		return stage(s, "compel.infect", 1);
	s->args = compel_parasite_args(s->ctl, struct parasite_args);
	memset(s->args, 0, sizeof(*s->args));
	return 0;
}

int spy_socket(const struct spy *s)
{
	return compel_rpc_sock(s->ctl);
}

/* An acknowledgement repeats its command; that of a failed one is never a success for the caller. */
int spy_whole_ack(int cmd)
{
	return wire.length == sizeof(wire.last) && (!cmd || wire.last.cmd == (uint32_t)cmd) &&
	       wire.last.ack == wire.last.cmd && wire.last.err == 0;
}

static void set_arguments(struct spy *s, uint64_t operand)
{
	s->args->serial = ++s->serial;
	s->args->operand = operand;
	s->args->result = 0;
}

/* libcompel says that the command has succeeded. Has it? */
static enum spy_answer judge(struct spy *s, int cmd, uint64_t operand, unsigned received)
{
	if (wire.received == received || !spy_whole_ack(cmd))
		return SPY_NO_ACK;
	if (cmd == PARASITE_LEAVE_DESCRIPTOR)
		return SPY_SERVED;
	return s->args->result == parasite_result(cmd, s->serial, operand) ? SPY_SERVED
									   : SPY_NOT_RUN;
}

static enum spy_answer answer(struct spy *s, int cmd, uint64_t operand, unsigned received, int ret)
{
	if (!ret)
		return judge(s, cmd, operand, received);
	stage(s, "compel.command", 1);
	return SPY_REFUSED;
}

enum spy_answer spy_command(struct spy *s, int cmd, uint64_t operand)
{
	unsigned received = wire.received;

	set_arguments(s, operand);
	return answer(s, cmd, operand, received, compel_rpc_call_sync(cmd, s->ctl));
}

int spy_await_ack(struct spy *s, int cmd)
{
	return stage(s, "compel.command", compel_rpc_sync(cmd, s->ctl));
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

int spy_cure(struct spy *s)
{
	if (compel_cure(s->ctl))
		return stage(s, "compel.cure", 1);
	let_go(s);
	return 0;
}

int spy_cure_without_unmap(struct spy *s)
{
	if (compel_stop_daemon(s->ctl) || compel_cure_local(s->ctl))
		return stage(s, "compel.cure", 1);
	let_go(s);
	return 0;
}

int spy_resume(struct spy *s)
{
	return stage(s, "compel.resume", compel_resume_task(s->pid, s->state, s->state));
}

void spy_parasite_log(const struct spy *s, char *text, unsigned size)
{
	long n = s->log < 0 ? 0 : raw4(SYS_pread64, s->log, text, size - 1, 0);

	text[n > 0 ? n : 0] = 0;
	text[strcspn(text, "\n")] = 0;
}

void spy_abandon(struct spy *s)
{
	if (listener)
		sigaction(SIGCHLD, &child_action, NULL);
	listener = NULL;
	if (s->ctl) {
		int control = compel_rpc_sock(s->ctl);

		/* negative: the listening socket, or none */
		if (control > 0)
			raw1(SYS_close, control);
		if (compel_cure_local(s->ctl))
			s->stage = "compel.cure-local";
		let_go(s);
	}
	if (s->log >= 0)
		raw1(SYS_close, s->log);
	s->log = -1;
}
