/* SPDX-License-Identifier: Apache-2.0
 *
 * The system calls in which a victim sleeps: calls.c has the table; what they need made before, how
 * they are released and what must be true after them lies in calls_files.c and calls_others.c. All
 * of it runs inside the victim, in raw system calls.
 */
#ifndef CRYOFUZZ_VICTIM_CALLS_H
#define CRYOFUZZ_VICTIM_CALLS_H

#include <poll.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/sem.h>
#include <sys/socket.h>
#include <time.h>
#include <fcntl.h>
#include <sys/time.h>

#include "parts.h"

/* Descriptors in the victim: what it sleeps on, and the other end of it. A word written to the far
 * one lets it go on: at once, or through a releaser, a child that waits for the word. */
enum { CALL_NEAR = 30, CALL_FAR = 31, CALL_SPARE = 32, CALL_OTHER = 33 };

enum call_flag {
	CALL_BY_ORDER = 1, /* it sleeps on the descriptor of its orders */
	CALL_STOP_ENDS = 2, /* any stop ends it, whoever stops it (signal(7)) */
	CALL_RESTART_BLOCK = 4, /* the kernel keeps what is left of its time beside the registers */
	CALL_CLOCK_STOPS = 16, /* what is left of its time is counted anew when it goes on */
	CALL_LATER = 32, /* it is let go only once it is back in it */
	CALL_GIVES_FILE = 64, /* its result is a new descriptor */
	CALL_HANDLES = 128, /* a signal, by which it ends */
	CALL_AWAITS_CHILD = 256, /* the releaser, by its pid */
	CALL_GIVES_ANY = 512, /* its result is known only afterwards */
	CALL_GIVES_CHILD = 8, /* its result is the releaser's pid */
	CALL_BEARS = 1024, /* a child or a thread, which inherits (births.h) */
	CALL_REPLACES = 2048, /* the victim by another program (anew/) */
	CALL_ENDS = 4096, /* the victim, or its first thread */
};

struct call {
	const char *name;
	uint64_t number;
	unsigned count; /* of arguments; other registers keep their patterns */
	uint64_t arg[6];
	int64_t result;
	unsigned flags;
	unsigned milliseconds; /* after which it ends by itself, or 0 */
	/* Inside. Makes what it sleeps on, may change arguments and result. 0 or -errno. */
	int (*prepare)(struct victim_told *told);
	/* Inside the releaser: before the victim sleeps, and once a word has come. */
	void (*begin)(void);
	void (*act)(void);
	/* Inside, afterwards: what is wrong, or NULL. */
	const char *(*check)(int64_t result);
};

extern const struct call calls[VICTIM_PLACES];

static inline const struct call *call_of(const struct victim *v)
{
	return &calls[v->setting.place];
}

extern long call_releaser; /* its pid, inside */

/* Makes all that a call needs. 0 or -errno. */
int call_prepare(const struct call *call, struct victim_told *told);
/* What can be done only when all descriptors and handlers are there. */
void call_enter(const struct call *call, struct victim_told *told);
/* What a victim does with VICTIM_HANDLED_SIGNAL. 0 or -errno. */
int call_handle(void (*handler)(int), int on_own_stack);

/* Closes and reaps all that was made. */
void call_tidy(void);

/* Milliseconds of the sleeps that end by themselves; nanoseconds of one. */
enum { CALL_TIME = 30, CALL_MILLISECOND = 1000000 };

extern uint64_t call_word; /* written to by reads */
extern struct pollfd call_polled, call_polled_order;
extern struct timespec call_rest, call_long, call_time, call_deadline;
extern struct timeval call_time_value, call_long_value;
extern uint64_t call_set[16];
extern struct epoll_event call_event;
extern struct msghdr call_message;
extern struct flock call_lock;
extern uint8_t call_bytes[64];
/* Shared with the releaser: a futex, and whether it has begun. */
enum { CALL_FUTEX, CALL_BEGUN, CALL_SAID /* by a child, of itself: births.c */ };
extern uint32_t *call_shared;
extern uint64_t call_signals;
extern struct sembuf call_operation;
extern int call_status;
extern siginfo_t call_info;

/* calls_files.c */
int call_make_pipe(struct victim_told *told);
int call_make_stream(struct victim_told *told);
int call_make_partial(struct victim_told *told);
int call_make_impatient(struct victim_told *told);
int call_make_full(struct victim_told *told);
int call_make_listener(struct victim_told *told);
int call_make_epoll(struct victim_told *told);
int call_make_eventfd(struct victim_told *told);
int call_make_timerfd(struct victim_told *told);
int call_make_lock(struct victim_told *told);
int call_make_flock(struct victim_told *told);
int call_set_deadline(struct victim_told *told);
int call_set_polled(struct victim_told *told);
int call_set_selected(struct victim_told *told);
void call_drain(void);
void call_connect(void);
void call_lock_it(void);
void call_unflock(void);
int call_set_vfork(struct victim_told *told);
const char *call_check_order(int64_t result);
const char *call_check_file(int64_t result);
const char *call_check_word(int64_t result);
const char *call_check_part(int64_t result);
const char *call_check_message(int64_t result);
const char *call_check_polled(int64_t result);
const char *call_check_selected(int64_t result);
const char *call_check_timer(int64_t result);

/* endings.c */
int ending_prepare(struct victim_told *told);

/* executes.c */
extern const char *execute_arguments[];
int execute_prepare(struct victim_told *told);
int execute_prepare_thread(struct victim_told *told);
void execute_enter(void);
void victim_fresh_regs(struct victim_regs *r);

/* calls_others.c */
int call_share(void);
int call_set_shared(struct victim_told *told);
int call_set_owned(struct victim_told *told);
int call_set_signal(struct victim_told *told);
int call_block_handled(struct victim_told *told);
int call_make_semaphore(struct victim_told *told);
int call_make_queue(struct victim_told *told);
void call_wake(void);
void call_own(void);
void call_give_up(void);
void call_signal(void);
void call_count(int signo); /* a handler */
void call_send(void);
void call_end(void);
const char *call_check_owned(int64_t result);
const char *call_check_handled(int64_t result);
const char *call_check_status(int64_t result);
const char *call_check_info(int64_t result);
const char *call_check_queue(int64_t result);
const char *call_check_child(int64_t result);
void call_tidy_others(void);

#endif
