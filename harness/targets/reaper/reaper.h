/* SPDX-License-Identifier: Apache-2.0 */
#ifndef REAPER_H
#define REAPER_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "cryofuzz.h"

enum reaper_param { CHILDREN, LAST, STOPS, INTERRUPTS, LEAVES, TRACED };

/* What the last child does; the others end by themselves. */
enum { LAST_ENDS, LAST_HEEDS_TERM, LAST_IGNORES_TERM };

enum reaper_variant {
	HANDLER,
	SIGWAITINFO,
	PIDFD,
	WAIT4,
	MERGED,
	PAUSE,
	REARMS,
	PEEKS,
	STOP_IS_END,
	INHERITED_MASK,
	NO_KILL,
	GIVES_UP,
	JUMPS,
	STEALS,
	RESTARTS,
	TRACES,
	TIMES_OUT,
	LOOPS,
	OWN_GROUP,
	PRESUMES,
	SWALLOWS,
	WRONG_PID,
};

extern const struct cf_variant_spec reaper_variants[];

enum {
	MAX_CHILDREN = 3,
	WORK_S = 10, /* after which the parent ends its children */
	GRACE_S = 1, /* between SIGTERM and SIGKILL */
};

/* How the actors wait for each other. */
struct shared {
	_Alignas(8) atomic_uint listens; /* 1: the parent has its handlers */
	_Alignas(8) atomic_uint born;
	_Alignas(8) atomic_uint told; /* 1: the last child was sent SIGTERM, or never will be */
	_Alignas(8) atomic_uint counted; /* children that the parent takes for ended */
	_Alignas(8) atomic_int parent; /* as getpid has it */
	_Alignas(8) atomic_uint traced; /* 1: the second child is, or never will be */
	_Alignas(8) atomic_uint gone; /* 1: it has ended, or never will */
};

/* ---- child.c: real processes, which do what they are told ---- */

enum order { NO_ORDER, HEED, END }; /* HEED: to the signals that it has not blocked */

/* In the ledger: the child sees it, too. */
struct child {
	pid_t pid;
	atomic_uint orders, done; /* an order is number << 8 | enum order */
	bool told, killed; /* by SIGTERM, by SIGKILL */
	bool heeds; /* it was let to heed SIGTERM */
	bool ended; /* it must have: somebody has waited for that */
	bool counted;
	bool stopped; /* it is, or was */
	bool held; /* its parent traces it: what stops it is the parent's to let on */
};

struct ledger {
	pid_t parent;
	unsigned born;
	struct child child[MAX_CHILDREN];
	bool asked, graceless; /* by SIGINT or an alarm, which have come; by an alarm after that */
	bool over;
	bool for_a_signal; /* is what the parent waits for, if it waits */
};

static inline struct shared *the(void)
{
	return cf_shared();
}

static inline struct ledger *the_ledger(void)
{
	return cf_ledger();
}

/* Whoever waits for that. */
void announce(atomic_uint *word, unsigned value);
void await(atomic_uint *word, unsigned least);

/* By the parent: returns once the child is ready. */
void bear(unsigned index);
/* By anybody; each returns once it is so, and the kernel has told the parent. */
void order(struct child *c, enum order what);
void stop(struct child *c);
void go_on(struct child *c);
void kill_for_good(struct child *c);
/* Until it can do nothing by itself any more. */
void settle(struct child *c);

/* The state of a process as /proc has it, 0: there is none. */
char state_of(pid_t pid);

/* ---- parent.c: what all ways of waiting have in common ---- */

extern volatile int asked_to_end; /* by SIGINT, or by the first alarm */
extern volatile int graceless; /* an alarm has come after that */

void bear_all(void);
/* A handler for SIGINT, and one for SIGALRM. */
void on_interrupt(int signo);
void on_alarm(int signo);
/* Does what SIGINT and alarms ask for. */
void tell_all(void);
void kill_all(void);
void act(void);
/* This child has ended so. */
void account(pid_t pid, int status);
bool all_counted(void);
void parent(unsigned index);

/* ---- tracing.c: who traces a child sees its end first, and each signal that it gets ---- */

/* Of the second child, by somebody who keeps its end to himself for a while. */
void tracer(unsigned index);
/* By the parent. */
void trace(struct child *c);
void let_on(struct child *c, int status);

/* ---- ways.c, waiting.c ---- */

struct way {
	void (*listen)(void);
	void (*reap)(void); /* until all have been counted */
};

extern const struct way by_wait4, in_turn, by_group, by_tracing;

void handle(int signo, void (*handler)(int signo), int flags);
const struct way *the_way(void);

/* ---- truth.c ---- */

void judge_counted(const struct child *c, int status);
void watch(unsigned index);
void check(void);

#endif
