/* SPDX-License-Identifier: Apache-2.0
 *
 * A victim: a process that fills every register, flag and byte of red zone with patterns of the
 * scenario and holds them, asleep in read() or spinning, until it is told to go on. Then it reports
 * what it finds in them. The one who freezes it owns what is in between.
 *
 * Its text is shared with the assembler part, which knows the offsets below.
 */
#ifndef CRYOFUZZ_VICTIM_H
#define CRYOFUZZ_VICTIM_H

#define VICTIM_RAX 0
#define VICTIM_RBX 8
#define VICTIM_RCX 16
#define VICTIM_RDX 24
#define VICTIM_RSI 32
#define VICTIM_RDI 40
#define VICTIM_RBP 48
#define VICTIM_R8 56
#define VICTIM_R9 64
#define VICTIM_R10 72
#define VICTIM_R11 80
#define VICTIM_R12 88
#define VICTIM_R13 96
#define VICTIM_R14 104
#define VICTIM_R15 112
#define VICTIM_FLAGS 120
#define VICTIM_RED 128
#define VICTIM_FX 256
#define VICTIM_HIGH 768
#define VICTIM_REGS_SIZE 1024
#define VICTIM_CHILD_STATUS 7

#ifndef __ASSEMBLER__
#include <stddef.h>
#include <stdint.h>

#include "state.h"

enum { VICTIM_GPRS = 15, VICTIM_RED_WORDS = 16, VICTIM_PAGE = 4096 };

/* What it holds, in the order of the offsets. fx is the image of FXSAVE: x87, MXCSR and the low
 * halves of the vector registers; high are the upper halves of the 256-bit ones. */
struct victim_regs {
	uint64_t gpr[VICTIM_GPRS];
	uint64_t flags;
	uint64_t red[VICTIM_RED_WORDS];
	uint8_t fx[512];
	uint8_t high[16][16];
} __attribute__((aligned(64)));

_Static_assert(offsetof(struct victim_regs, flags) == VICTIM_FLAGS, "flags");
_Static_assert(offsetof(struct victim_regs, red) == VICTIM_RED, "red");
_Static_assert(offsetof(struct victim_regs, fx) == VICTIM_FX, "fx");
_Static_assert(offsetof(struct victim_regs, high) == VICTIM_HIGH, "high");
_Static_assert(sizeof(struct victim_regs) == VICTIM_REGS_SIZE, "victim_regs");

/* Where it is frozen: in a system call (victim/calls.c) or in code of its own. */
enum victim_place {
	VICTIM_ASLEEP = 0, /* in read() of a socket */
	VICTIM_SPINS = 1, /* in three instructions of its own */
	VICTIM_POLLS = 2,
	VICTIM_READ_PIPE,
	VICTIM_NANOSLEEP,
	VICTIM_SLEEP_UNTIL,
	VICTIM_FUTEX,
	VICTIM_FUTEX_TIMED,
	VICTIM_POLL_TIMED,
	VICTIM_PPOLL,
	VICTIM_PPOLL_TIMED,
	VICTIM_SELECT,
	VICTIM_SELECT_TIMED,
	VICTIM_EPOLL,
	VICTIM_RECV_ALL,
	VICTIM_RECVMSG,
	VICTIM_RECV_TIMED,
	VICTIM_SEND,
	VICTIM_SIGSUSPEND,
	VICTIM_PAUSE,
	VICTIM_SIGTIMEDWAIT,
	VICTIM_WAIT4,
	VICTIM_WAITID,
	VICTIM_ACCEPT,
	VICTIM_LOCK,
	VICTIM_FLOCK,
	VICTIM_SEMOP,
	VICTIM_MSGRCV,
	VICTIM_EVENTFD,
	VICTIM_TIMERFD,
	VICTIM_LOCK_PI,
	VICTIM_VFORK, /* on the way out of it: before, nobody can freeze it */
	VICTIM_IN_HANDLER, /* and on its stack for signals */
	VICTIM_AT_HANDLER,
	VICTIM_AT_RETURN,
	VICTIM_BETWEEN_STORES,
	VICTIM_IN_SEQUENCE,
	VICTIM_FORK_BEGINS, /* in the call, which is to be made again */
	VICTIM_FORK_ENDS, /* on the way out of it: the child is there */
	VICTIM_VFORK_BEGINS,
	VICTIM_THREAD_BEGINS,
	VICTIM_THREAD_ENDS,
	VICTIM_EXEC_ENDS, /* the first instruction of the new program */
	VICTIM_EXITS, /* before exit_group */
	VICTIM_FIRST_EXITS, /* before exit of its first thread alone */
	VICTIM_THREADS_BEAR, /* it spins; another thread makes more until it ends */
	VICTIM_THREAD_EXECS, /* before execve of another thread, which takes the first one's place */
	VICTIM_PLACES,
};

/* With the place added: a state that a target tells the explorer, apart from those of its steps. */
enum { VICTIM_STATE = 200 };

/* What the upper halves of its vector registers hold; it checks them in any case. */
enum victim_vectors {
	VICTIM_VECTORS_CLEAN = 0, /* in their initial state: zeros */
	VICTIM_VECTORS_LIVE = 1, /* patterns */
	VICTIM_VECTORS_WIDE = 2, /* and so do mask registers, ZMM and PKRU */
};

/* What it does with SIGTRAP, the signal of tracers. */
enum victim_trap {
	VICTIM_TRAP_DEFAULT = 0,
	VICTIM_TRAP_IGNORED = 1,
	VICTIM_TRAP_HANDLED = 2,
};

/* Where its signals are handled. */
enum victim_stack {
	VICTIM_STACK_NONE = 0, /* where it is */
	VICTIM_STACK_OWN = 1, /* on a stack of their own, */
	VICTIM_STACK_DISARMS = 2, /* which is not there while one is handled */
};

/* How it is to be: the seed of its patterns, and of each other item a default or something else. */
struct victim_setting {
	uint64_t seed;
	uint32_t place; /* enum victim_place */
	uint32_t vectors; /* enum victim_vectors */
	uint32_t trap; /* enum victim_trap */
	uint32_t own_stack; /* enum victim_stack */
	uint32_t threads; /* beside the first, at most THREADS_MOST */
	struct state_wish state;
	uint32_t goes_on; /* it is let go to make its call at any time, and not landed there */
	uint64_t listens; /* mask of the signals that it handles and counts: heard.h */
};

enum {
	VICTIM_SIGNALS = 64,
	VICTIM_HANDLED_SIGNAL = 10, /* SIGUSR1: lets it go on where only a signal can */
	/* Those that it blocks. All but the last may be sent to it at any time; that never comes. */
	VICTIM_BLOCKED_SIGNAL = 12, /* SIGUSR2 */
	VICTIM_QUEUED_SIGNAL = 40,
	VICTIM_QUEUED_TOO = 63,
	VICTIM_AWAITED_SIGNAL = 41,
};

#define VICTIM_BLOCKED                                                              \
	(1ull << (VICTIM_BLOCKED_SIGNAL - 1) | 1ull << (VICTIM_QUEUED_SIGNAL - 1) | \
	 1ull << (VICTIM_QUEUED_TOO - 1) | 1ull << (VICTIM_AWAITED_SIGNAL - 1))

/* What only the victim itself can ask the kernel: as it was before and after. */
struct victim_asked {
	struct {
		uint64_t handler, flags, restorer, mask;
	} action[VICTIM_SIGNALS];
	struct {
		uint64_t address;
		uint32_t flags, pad;
		uint64_t size;
	} stack;
};

/* What it says of its place, before and after. */
struct victim_told {
	int64_t error; /* why it can't go there, or 0 */
	uint64_t arg[6]; /* of its system call */
	int64_t result; /* that this is to have */
	int64_t took; /* nanoseconds, afterwards */
	const char *threads; /* what is wrong with the other threads, in words, or NULL */
	const char *wrong; /* what it finds wrong there afterwards, in words, or NULL */
};

struct victim {
	int pid; /* 0: there is none */
	int fd; /* orders and reports */
	struct victim_setting setting;
	struct victim_asked before, after;
	struct victim_told there, back;
	int stopped; /* SIGSTOP stops it in its place */
	int64_t ordered,
		held; /* when it was told to go there, when it was seen there: nanoseconds */
};

/* The file that a victim executes, which it writes itself; NULL: a memfd. */
extern const char *victim_program_path;

/* Forks a victim with the given fork, which returns as fork() does. 0 or -errno. */
int victim_start(struct victim *v, int (*fork_it)(void));
/* Lets it be so; returns once it is. 0 or -errno. */
int victim_hold(struct victim *v, const struct victim_setting *setting);
/* The same, with another victim if need be. */
int victim_hold_at_last(struct victim *v, const struct victim_setting *setting,
			int (*fork_it)(void));
/* How often that is to be tried, at most. */
unsigned victim_tries(const struct victim *v);
/* Why it can't be held in its place on this machine, or NULL. To be asked after victim_hold failed. */
const char *victim_cannot(const struct victim *v, char *text, size_t size);
/* Once it is held: gives it what only others can, and signals that it blocks: 1 to the process, 2 to
 * its thread, 3 to both in queues. Not 0 if what its setting says can't be had here, with words. */
int victim_complete(const struct victim *v, unsigned pending, char *text, size_t size);
/* To be called while it is stopped: once it runs again it will report. 0 or -errno. */
int victim_release(const struct victim *v);
/* True if it ends instead of reporting; and that it has done so: 0 with its status, which must be
 * VICTIM_CHILD_STATUS, -ETIMEDOUT or -errno. */
int victim_ends(const struct victim *v);
int victim_reap(struct victim *v, int *status);
/* True if it is another program now, which can't be held again. */
int victim_is_spent(const struct victim *v);
/* What it found in its registers. 0, -ETIMEDOUT if it does not say, -ETIME if it still sleeps in its call
 * although that should be over, or -errno. */
int victim_report(struct victim *v, struct victim_regs *seen);
/* What it should find. */
void victim_expect(const struct victim *v, struct victim_regs *want);
/* The first difference in words, or 0. */
int victim_compare(const struct victim_regs *want, const struct victim_regs *seen, char *text,
		   size_t size);
/* What becomes of its call when it is stopped. */
enum victim_kind {
	VICTIM_NO_CALL = 0,
	VICTIM_ENDED = 1, /* it ends, whoever stops it (signal(7)) */
	VICTIM_RESTARTED = 2, /* it is made again */
	VICTIM_RESTARTED_TIMED = 4, /* with a time of which the kernel keeps what is left */
};
enum victim_kind victim_place_kind(enum victim_place place);
/* In which system call it is, in words. */
const char *victim_place_name(const struct victim *v);
/* What is wrong with the call in which it was frozen, in words, or NULL. */
const char *victim_call_wrong(const struct victim *v, const struct victim_regs *seen, char *text,
			      size_t size);
/* The same of its wide registers, if it has some. */
int victim_has_wide(void);
int victim_compare_wide(const struct victim *v, char *text, size_t size);
/* The name of what it was told by the kernel otherwise than before, with words; NULL: nothing. */
const char *victim_changed(const struct victim *v, char *text, size_t size);
/* The victim's own page of data: where it is in it, and its expected contents. */
void *victim_page_address(void);
void victim_page_expect(const struct victim *v, uint8_t page[VICTIM_PAGE]);
/* Returns once a signal has stopped it. 0, or -ETIMEDOUT if it goes on. */
int victim_await_stopped(const struct victim *v);
/* Whether a child of ours may be traced here. */
int victim_may_be_traced(void);
/* Kills and reaps it, whatever state it is in. */
void victim_end(struct victim *v);
#endif
#endif
