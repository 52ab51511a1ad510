/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <fcntl.h>
#include <linux/futex.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/sem.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>

#include "births.h"
#include "calls.h"
#include "raw.h"

uint64_t call_word, call_set[16], call_signals;
struct pollfd call_polled = { .fd = CALL_NEAR, .events = POLLIN };
struct pollfd call_polled_order = { .fd = VICTIM_FD, .events = POLLIN };
struct timespec call_rest, call_long, call_time, call_deadline;
struct timeval call_time_value, call_long_value;
struct epoll_event call_event;
struct msghdr call_message;
struct flock call_lock;
uint8_t call_bytes[64];
uint32_t *call_shared;
struct sembuf call_operation;
int call_status;
siginfo_t call_info;

enum { LONG = 60000 /* milliseconds, of what is always released before */ };

#define SA_RESTORER 0x04000000
#define ADDRESS(x) ((uint64_t)(uintptr_t) & (x))

/* Frozen on the way in and on the way out. */
#define FORK                                                                                   \
	{                                                                                      \
		"fork", SYS_clone, 5, { SIGCHLD, 0, 0, 0, 0 }, 0, CALL_GIVES_ANY | CALL_BEARS, \
			.prepare = birth_prepare_child, .check = birth_check_child             \
	}
#define NEW_THREAD                                                                       \
	{                                                                                \
		"clone3", SYS_clone3, 2, { ADDRESS(birth_args), sizeof(birth_args) }, 0, \
			CALL_GIVES_ANY | CALL_BEARS, .prepare = birth_prepare_thread,    \
						     .check = birth_check_thread         \
	}

/* What ends after CALL_TIME must end then, not when it was frozen, nor so long after it goes on. */
const struct call calls[VICTIM_PLACES] = {
	[VICTIM_ASLEEP] = { "read of a socket",
			    SYS_read,
			    3,
			    { VICTIM_FD, ADDRESS(call_word), 8 },
			    8,
			    CALL_BY_ORDER,
			    .check = call_check_word },
	[VICTIM_POLLS] = { "poll",
			   SYS_poll,
			   3,
			   { ADDRESS(call_polled_order), 1, LONG },
			   1,
			   CALL_BY_ORDER | CALL_RESTART_BLOCK,
			   .check = call_check_order },
	[VICTIM_READ_PIPE] = { "read of a pipe",
			       SYS_read,
			       3,
			       { CALL_NEAR, ADDRESS(call_word), 8 },
			       8,
			       CALL_LATER,
			       .prepare = call_make_pipe,
			       .check = call_check_word },
	[VICTIM_NANOSLEEP] = { "nanosleep",
			       SYS_nanosleep,
			       2,
			       { ADDRESS(call_time), ADDRESS(call_rest) },
			       0,
			       CALL_RESTART_BLOCK,
			       CALL_TIME,
			       .prepare = call_set_deadline },
	[VICTIM_SLEEP_UNTIL] = { "clock_nanosleep until",
				 SYS_clock_nanosleep,
				 4,
				 { CLOCK_MONOTONIC, TIMER_ABSTIME, ADDRESS(call_deadline), 0 },
				 0,
				 0,
				 CALL_TIME,
				 .prepare = call_set_deadline },
	[VICTIM_FUTEX] = { "a futex",
			   SYS_futex,
			   4,
			   { 0, FUTEX_WAIT, 0, 0 },
			   0,
			   CALL_LATER,
			   .prepare = call_set_shared,
			   .act = call_wake },
	[VICTIM_FUTEX_TIMED] = { "a futex with a time-out",
				 SYS_futex,
				 4,
				 { 0, FUTEX_WAIT, 0, ADDRESS(call_time) },
				 -ETIMEDOUT,
				 CALL_RESTART_BLOCK,
				 CALL_TIME,
				 .prepare = call_set_shared },
	[VICTIM_POLL_TIMED] = { "poll with a time-out",
				SYS_poll,
				3,
				{ ADDRESS(call_polled), 1, CALL_TIME },
				0,
				CALL_RESTART_BLOCK,
				CALL_TIME,
				.prepare = call_set_polled },
	[VICTIM_PPOLL] = { "ppoll",
			   SYS_ppoll,
			   5,
			   { ADDRESS(call_polled), 1, ADDRESS(call_long), 0, 8 },
			   1,
			   .prepare = call_set_polled,
			   .check = call_check_polled },
	[VICTIM_PPOLL_TIMED] = { "ppoll with a time-out",
				 SYS_ppoll,
				 5,
				 { ADDRESS(call_polled), 1, ADDRESS(call_rest), 0, 8 },
				 0,
				 CALL_CLOCK_STOPS,
				 CALL_TIME,
				 .prepare = call_set_polled },
	[VICTIM_SELECT] = { "select",
			    SYS_select,
			    5,
			    { CALL_NEAR + 1, ADDRESS(call_set), 0, 0, ADDRESS(call_long_value) },
			    1,
			    .prepare = call_set_selected,
			    .check = call_check_selected },
	[VICTIM_SELECT_TIMED] = { "select with a time-out",
				  SYS_select,
				  5,
				  { CALL_NEAR + 1, ADDRESS(call_set), 0, 0,
				    ADDRESS(call_time_value) },
				  0,
				  CALL_CLOCK_STOPS,
				  CALL_TIME,
				  .prepare = call_set_selected },
	[VICTIM_EPOLL] = { "epoll_wait",
			   SYS_epoll_wait,
			   4,
			   { CALL_SPARE, ADDRESS(call_event), 1, (uint64_t)-1 },
			   -EINTR,
			   CALL_STOP_ENDS,
			   .prepare = call_make_epoll },
	[VICTIM_RECV_ALL] = { "recv of all, with a part there",
			      SYS_recvfrom,
			      6,
			      { CALL_NEAR, ADDRESS(call_bytes), 16, MSG_WAITALL, 0, 0 },
			      5,
			      CALL_STOP_ENDS,
			      .prepare = call_make_partial,
			      .check = call_check_part },
	[VICTIM_RECVMSG] = { "recvmsg",
			     SYS_recvmsg,
			     3,
			     { CALL_NEAR, ADDRESS(call_message), 0 },
			     8,
			     .prepare = call_make_stream,
			     .check = call_check_message },
	[VICTIM_RECV_TIMED] = { "recv with the socket's time-out",
				SYS_recvfrom,
				6,
				{ CALL_NEAR, ADDRESS(call_word), 8, 0, 0, 0 },
				-EINTR,
				CALL_STOP_ENDS,
				.prepare = call_make_impatient },
	[VICTIM_SEND] = { "send on a full socket",
			  SYS_sendto,
			  6,
			  { CALL_NEAR, ADDRESS(call_bytes), 8, MSG_NOSIGNAL, 0, 0 },
			  8,
			  .prepare = call_make_full,
			  .act = call_drain },
	[VICTIM_SIGSUSPEND] = { "sigsuspend",
				SYS_rt_sigsuspend,
				2,
				{ ADDRESS(call_signals), 8 },
				-EINTR,
				CALL_LATER | CALL_HANDLES,
				.prepare = call_block_handled,
				.act = call_signal,
				.check = call_check_handled },
	[VICTIM_PAUSE] = { "pause",
			   SYS_pause,
			   0,
			   { 0 },
			   -EINTR,
			   CALL_LATER | CALL_HANDLES,
			   .prepare = call_set_signal,
			   .act = call_signal,
			   .check = call_check_handled },
	[VICTIM_SIGTIMEDWAIT] = { "rt_sigtimedwait",
				  SYS_rt_sigtimedwait,
				  4,
				  { ADDRESS(call_signals), 0, ADDRESS(call_long), 8 },
				  -EINTR,
				  CALL_STOP_ENDS,
				  .prepare = call_set_deadline },
	[VICTIM_WAIT4] = { "wait4",
			   SYS_wait4,
			   4,
			   { 0, ADDRESS(call_status), __WALL, 0 },
			   0,
			   CALL_GIVES_CHILD | CALL_AWAITS_CHILD,
			   .act = call_end,
			   .check = call_check_status },
	[VICTIM_WAITID] = { "waitid",
			    SYS_waitid,
			    5,
			    { P_PID, 0, ADDRESS(call_info), WEXITED | __WALL, 0 },
			    0,
			    CALL_AWAITS_CHILD,
			    .act = call_end,
			    .check = call_check_info },
	[VICTIM_ACCEPT] = { "accept",
			    SYS_accept4,
			    4,
			    { CALL_NEAR, 0, 0, SOCK_CLOEXEC },
			    0,
			    CALL_GIVES_FILE,
			    .prepare = call_make_listener,
			    .act = call_connect,
			    .check = call_check_file },
	[VICTIM_LOCK] = { "fcntl F_SETLKW",
			  SYS_fcntl,
			  3,
			  { CALL_NEAR, F_SETLKW, ADDRESS(call_lock) },
			  0,
			  .prepare = call_make_lock,
			  .begin = call_lock_it,
			  .act = call_end },
	[VICTIM_FLOCK] = { "flock",
			   SYS_flock,
			   2,
			   { CALL_NEAR, 2 /* LOCK_EX */ },
			   0,
			   .prepare = call_make_flock,
			   .act = call_unflock },
	[VICTIM_SEMOP] = { "semop",
			   SYS_semop,
			   3,
			   { 0, ADDRESS(call_operation), 1 },
			   -EINTR,
			   CALL_STOP_ENDS,
			   .prepare = call_make_semaphore },
	[VICTIM_MSGRCV] = { "msgrcv",
			    SYS_msgrcv,
			    5,
			    { 0, ADDRESS(call_bytes), 16, 0, 0 },
			    8,
			    .prepare = call_make_queue,
			    .act = call_send,
			    .check = call_check_queue },
	[VICTIM_EVENTFD] = { "read of an eventfd",
			     SYS_read,
			     3,
			     { CALL_NEAR, ADDRESS(call_word), 8 },
			     8,
			     .prepare = call_make_eventfd,
			     .check = call_check_word },
	[VICTIM_TIMERFD] = { "read of a timerfd",
			     SYS_read,
			     3,
			     { CALL_NEAR, ADDRESS(call_word), 8 },
			     8,
			     0,
			     CALL_TIME,
			     .prepare = call_make_timerfd,
			     .check = call_check_timer },
	[VICTIM_LOCK_PI] = { "a futex that inherits priority",
			     SYS_futex,
			     4,
			     { 0, FUTEX_LOCK_PI, 0, 0 },
			     0,
			     .prepare = call_set_owned,
			     .begin = call_own,
			     .act = call_give_up,
			     .check = call_check_owned },
	[VICTIM_VFORK] = { "vfork",
			   SYS_clone,
			   5,
			   { CLONE_VM | CLONE_VFORK, 0, 0, 0, 0 },
			   0,
			   CALL_GIVES_ANY,
			   .prepare = call_set_vfork,
			   .check = call_check_vfork },
	[VICTIM_VFORK_BEGINS] = { "vfork",
				  SYS_clone,
				  5,
				  { CLONE_VM | CLONE_VFORK, 0, 0, 0, 0 },
				  0,
				  CALL_GIVES_ANY,
				  .prepare = call_set_vfork,
				  .check = call_check_vfork },
	[VICTIM_EXEC_ENDS] = { "execveat",
			       SYS_execveat,
			       5,
			       { CALL_NEAR, ADDRESS(execute_arguments[1]),
				 ADDRESS(execute_arguments), ADDRESS(execute_arguments[1]),
				 AT_EMPTY_PATH },
			       0,
			       CALL_REPLACES,
			       .prepare = execute_prepare,
			       .check = execute_check },
	[VICTIM_EXITS] = { "exit_group", SYS_exit_group, 1, { VICTIM_CHILD_STATUS }, 0, CALL_ENDS },
	[VICTIM_FIRST_EXITS] = { "exit",
				 SYS_exit,
				 1,
				 { 0 },
				 0,
				 CALL_ENDS,
				 .prepare = ending_prepare },
	[VICTIM_THREAD_EXECS] = { "pause",
				  SYS_pause,
				  0,
				  { 0 },
				  0,
				  CALL_REPLACES,
				  .prepare = execute_prepare_thread,
				  .check = execute_check },
	[VICTIM_FORK_BEGINS] = FORK,
	[VICTIM_FORK_ENDS] = FORK,
	[VICTIM_THREAD_BEGINS] = NEW_THREAD,
	[VICTIM_THREAD_ENDS] = NEW_THREAD,
};

/* ---- what they need --------------------------------------------------------------------------- */

long call_releaser;

/* It ends with its victim, which holds the pipe's other end. */
static _Noreturn void release_once(const struct call *call)
{
	uint64_t word;

	raw1(SYS_close, VICTIM_FD);
	raw1(SYS_close, CALL_FAR);
	if (call->begin) {
		call->begin();
		__atomic_store_n(&call_shared[CALL_BEGUN], 1, __ATOMIC_RELEASE);
	}
	if (raw3(SYS_read, CALL_SPARE, &word, sizeof(word)) > 0)
		call->act();
	for (;;)
		raw1(SYS_exit_group, VICTIM_CHILD_STATUS);
}

/* A child that acts once a word comes to CALL_FAR. */
static int start_releaser(const struct call *call)
{
	int ends[2];
	long ret = raw2(SYS_pipe2, ends, O_CLOEXEC);

	if (ret < 0)
		return (int)ret;
	raw2(SYS_dup2, ends[1], CALL_FAR);
	raw2(SYS_dup2, ends[0], CALL_SPARE);
	raw1(SYS_close, ends[0]);
	raw1(SYS_close, ends[1]);
	/* its end sends no signal */
	call_releaser = raw5(SYS_clone, 0, 0, 0, 0, 0);
	if (call_releaser == 0)
		release_once(call);
	raw1(SYS_close, CALL_SPARE);
	while (call_releaser > 0 && call->begin &&
	       !__atomic_load_n(&call_shared[CALL_BEGUN], __ATOMIC_ACQUIRE))
		raw1(SYS_sched_yield, 0);
	return call_releaser < 0 ? (int)call_releaser : 0;
}

int call_prepare(const struct call *call, struct victim_told *told)
{
	int ret = call->prepare ? call->prepare(told) : 0;

	if (!ret && call->act)
		ret = start_releaser(call);
	if (call->flags & CALL_GIVES_CHILD)
		told->result = call_releaser;
	if (call->flags & CALL_AWAITS_CHILD)
		told->arg[call->number == SYS_waitid] = (uint64_t)call_releaser;
	return ret;
}

void call_enter(const struct call *call, struct victim_told *told)
{
	if (call->flags & CALL_BEARS)
		birth_enter();
	if (call->flags & CALL_REPLACES)
		execute_enter();
	if (call->flags & CALL_HANDLES)
		call_handle(call_count, 0);
	if (!(call->flags & CALL_GIVES_FILE))
		return;
	told->result = raw1(SYS_dup, VICTIM_FD); /* the lowest that is free */
	raw1(SYS_close, told->result);
}

int call_handle(void (*handler)(int), int on_own_stack)
{
	const struct {
		void (*handler)(int);
		uint64_t flags;
		void (*restorer)(void);
		uint64_t mask;
	} action = { handler, SA_RESTORER | (on_own_stack ? SA_ONSTACK : 0), victim_restorer, 0 };

	return (int)raw4(SYS_rt_sigaction, VICTIM_HANDLED_SIGNAL, &action, 0, 8);
}

void call_tidy(void)
{
	raw3(SYS_close_range, CALL_NEAR, CALL_OTHER, 0);
	call_tidy_others();
	if (call_releaser > 0)
		raw4(SYS_wait4, call_releaser, 0, __WALL, 0);
	call_releaser = 0;
}
