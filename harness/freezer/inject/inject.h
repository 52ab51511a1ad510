/* SPDX-License-Identifier: Apache-2.0
 *
 * A small injector: stops a process, puts a parasite into it, has it execute commands, and takes it
 * out again without a trace. Needs nothing but ptrace, memfd and pidfd; the process must be ours to
 * trace. What depends on the processor lies in a folder of its own (x86_64/machine.h).
 *
 *	inject_stop, inject_infect, any number of inject_command, inject_cure, inject_resume
 *
 * Each returns 0 or -errno; `stage` then names the step. After a failure inject_cure still restores
 * the victim, by force if its parasite does not answer: what is left to the caller is to say so.
 *
 * Unlike libcompel, the channel is a socketpair that the parasite makes and of which the injector
 * takes one end by pidfd_getfd: no name that a stranger could connect to, no network namespace to
 * enter.
 */
#ifndef CRYOFUZZ_INJECT_H
#define CRYOFUZZ_INJECT_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "../victim/patience.h"
#include "log.h"
#include "protocol.h"
#include "x86_64/machine.h"

/* What a careless injector or parasite does wrong: one planted bug each, for the oracles to catch.
 * Those of the cure are on the path that is taken only after a failure, which nobody has tested. */
enum inject_slip {
	INJECT_CAREFUL = 0,
	INJECT_SHORT_ACK, /* an ack cut short is taken for a whole one */
	INJECT_LONG_ACK, /* the end of an over-long ack is cut without a word */
	INJECT_EMPTY_ACK, /* an empty ack is taken for the end, and that for a success */
	INJECT_NO_DEADLINE, /* the wait for an ack has none */
	INJECT_ANY_ACK, /* whatever is acknowledged, it is taken for this command */
	INJECT_EARLY_ACK, /* from the fourth command on the parasite acknowledges first */
	INJECT_STALE_ARGS, /* from the fourth command on the parasite has the first one's arguments */
	INJECT_AFTER_FAILURE, /* the parasite executes commands after a failed one */
	INJECT_X87_LOST, /* cure: an x87 register is not put back */
	INJECT_STOP_LOST, /* a victim that a signal had stopped runs on */
	INJECT_REGISTER_LOST, /* cure: r12 is not put back */
	INJECT_FLAGS_LOST, /* cure: the flags are not put back */
	INJECT_RESTART_LOST, /* cure: a system call that was interrupted returns EINTR */
	INJECT_RED_ZONE, /* cure: a word is pushed on the victim's stack */
	INJECT_MASK_LOST, /* cure: the signal mask is not put back */
	INJECT_CODE_LEFT, /* cure: the patched code is not put back */
	INJECT_MAPPING_LEFT, /* cure: the shared memory stays mapped */
	INJECT_FILES_LEFT, /* cure: the parasite's descriptors stay open */
	INJECT_BREAKPOINT_LEFT, /* cure: a hardware breakpoint stays armed */
	INJECT_TRAPS, /* a call in the victim ends with a trap instruction */
	INJECT_STACK_LOST, /* cure: the signals' stack is gone */
	INJECT_SIGNAL_LOST, /* cure: pending signals are gone */
	INJECT_TIME_LOST, /* cure: a sleep that is broken off leaves less time to the victim's */
	INJECT_TIME_ANEW, /* cure: and one that leaves more */
	INJECT_THAWED, /* a victim that a cgroup had frozen runs on */
	INJECT_THREAD_LEFT_STOPPED, /* one of the other threads is not let go */
	INJECT_THREAD_REGISTER_LOST, /* another thread's r12 is changed */
	INJECT_SEQUENCE_LOST, /* cure: the restartable sequence that it was in is forgotten */
	INJECT_STOP_CHANGED, /* a victim that a signal had stopped is stopped by another one */
	/* Of the cure: what is lost or changed. */
	INJECT_VECTORS_LOST,
	INJECT_MXCSR_LOST,
	INJECT_OPMASK_LOST,
	INJECT_FS_LOST,
	INJECT_GS_LOST,
	INJECT_BREAKPOINTS_LOST, /* of an earlier tracer */
	INJECT_SIGNAL_ADDED,
	INJECT_VALUE_LOST,
	INJECT_HANDLER_LOST,
	INJECT_AUTODISARM_LOST,
	INJECT_OFFSET_LOST,
	INJECT_APPEND_LOST,
	INJECT_FILE_SWAPPED,
	INJECT_UNLOCKED,
	INJECT_PAGE_CHANGED,
	INJECT_SHARED_CHANGED,
	INJECT_RSEQ_LOST,
	INJECT_ROBUST_LOST,
	INJECT_TID_ADDRESS_LOST,
	INJECT_CHILD_REAPED,
	INJECT_TIMER_OFF,
	INJECT_TIMER_EARLY,
	INJECT_PRIVILEGES_LOST,
	INJECT_LIMIT_LOST,
	INJECT_UMASK_LOST,
	INJECT_NAME_LOST,
	INJECT_POLICY_LOST,
	INJECT_NOT_INHERITED,
	INJECT_PERSONALITY_LOST,
	INJECT_FILTER_ADDED,
	/* Of what comes in between. */
	INJECT_STOP_SWALLOWED, /* a SIGSTOP that comes in between is kept from the victim */
	INJECT_UNMASKED, /* signals are not blocked while the parasite is there */
	INJECT_RESENT, /* a pending signal is taken and sent again, without its value */
	INJECT_DEAF, /* who waits does not see that the victim has ended */
	INJECT_ERROR_IGNORED, /* cure: that the registers can't be set goes unseen */
	INJECT_LEAKS, /* after an error the injector keeps the descriptor of the memory */
	INJECT_FALLS_BACK, /* what it may not trace it stops by a signal */
	INJECT_HEIRLESS, /* who comes after a tracer that has died lets the victim go as it is */
	/* Of what nobody else would see. */
	INJECT_KILLS, /* cure: the victim is killed once it is as it was */
	INJECT_GIVES_UP, /* cure: what fails once is not tried again */
	INJECT_FUSSY, /* a fourth command is refused, and so is a victim that has had one */
	INJECT_LINGERS, /* after a fourth command the parasite does not leave when it is told to */
	INJECT_NOT_STARTED, /* the parasite of a victim that a signal had stopped is not started */
	INJECT_NOT_INTERRUPTED, /* a victim that has threads is not told to stop */
	INJECT_UNREAPED, /* that the victim has ended is seen, but it stays a zombie */
	INJECT_REGISTER_LATE, /* cure: r12 changes when the victim goes on */
	/* Of what it says, and where that goes. */
	INJECT_LOG_WAITS, /* until somebody takes a line of its log */
	INJECT_LOG_KILLS, /* if nobody ever will, it ends by SIGPIPE */
	INJECT_ZERO_IS_NONE, /* a descriptor 0 is taken for none */
	INJECT_KEEPS_LOW, /* its channel may be a descriptor that others write to */
	/* Of a victim that is not the same all the time. */
	INJECT_LISTS_ONCE, /* threads that are made while others are stopped are overlooked */
	INJECT_AWAITS_DEAD, /* a first thread that has ended is expected to stop */
	INJECT_LOOKS_EARLY, /* where calls are made is looked up before the victim is stopped */
	INJECT_TRACES_CHILDREN, /* children that are made before it is stopped are traced, too */
	INJECT_ONE_LEADER, /* a thread that takes the first one's place is not the victim any more */
	/* Of who is just made, or has just begun. */
	INJECT_CALLS_AGAIN, /* a call that has made a child or a thread is made again */
	INJECT_LEAVES_CHILDREN, /* children that are made before it is stopped stay stopped */
	INJECT_BORROWS_ARGUMENTS, /* the name of its memory is written over the victim's arguments */
	INJECT_RESULT_LATE, /* the number that a call has given it changes when it goes on */
};

/* What lies where the victim makes calls. */
enum inject_code {
	INJECT_OWN_CODE,
	INJECT_HOLDS, /* a jump to itself, or who knows */
	INJECT_CALLS, /* a call, and behind it such a jump */
	INJECT_LETS_OUT, /* the parasite's way out */
};

enum { INJECT_THREADS = 16 /* at most, beside the first */ };

/* Where the injector touches the world, so that steps and frames can be points of a scenario. */
struct inject_port {
	void (*step)(const char *name, unsigned state);
	ssize_t (*send)(int fd, const void *data, size_t size, int flags);
	ssize_t (*recv)(int fd, void *data, size_t size, int flags);
	/* May be NULL: asked before each system call that can fail; if it returns -errno, that is
	 * the call's result. */
	int (*call)(const char *name);
	/* May be NULL. Who is frozen by a cgroup can't stop: called once the victim is to be stopped,
	 * to thaw it; and before it is let go, to freeze it again. */
	void (*thaw)(void);
	void (*freeze)(void);
	struct inject_log *log; /* NULL: nothing is said */
};

struct inject {
	int pid, pidfd, memory, channel; /* -1: none */
	const struct inject_port *port;
	enum inject_slip slip;
	const char *stage; /* the step that failed, or NULL */
	const char *hung; /* the first wait that ended without an answer, or NULL */
	int stopped; /* the signal that had stopped the victim, or 0 */
	int seized, running; /* it is traced; it has not been seen to stop since it went on */
	int thread[INJECT_THREADS]; /* the other threads, stopped too */
	unsigned threads;
	int changed; /* it is not itself: the code is patched, or more */
	enum inject_code patched; /* its code */
	int held; /* it stands behind a call that it has made */
	int infected; /* the parasite runs */
	int broken; /* nobody knows any more what the next frame means */
	int forced; /* the cure had to interrupt it */
	int gone, status; /* the victim has ended, as of wait4 */
	int headless; /* its first thread has ended, it has not: nobody can stop or reap that one */
	int memory_there; /* the victim's descriptor of the memory, -1: none */
	int anew; /* an heir has found the victim with registers of its own */
	int in_call; /* it has been told to make a call, and not been heard of since */
	long calling; /* number of the last call that it was to make */
	uint8_t *local; /* the shared memory here, or NULL */
	struct inject_args *args; /* in it */
	uint64_t remote; /* and there, or 0 */
	uint64_t sequence_word,
		sequence; /* where the kernel looks for the sequence it was in, or 0 */
	uint64_t code_address, code; /* where calls are made, and what was there */
	struct machine_state saved;
	struct inject_message last; /* the beginning of the last ack, and */
	long length; /* its whole length */
	struct patience waiting; /* for it, without a deadline */
	unsigned received; /* number of acks */
	uint32_t serial;
};

enum {
	INJECT_WHOLE = sizeof(struct inject_message),
	INJECT_AGAIN = 3, /* so often a step of the cure is tried again */
	INJECT_LATE =
		3, /* after so many commands the slips of what has not been tested for so long */
};

/* For a static one, so that inject_drop may always be called. */
#define INJECT_NONE                                      \
	{                                                \
		.pidfd = -1, .memory = -1, .channel = -1 \
	}

/* The victim is stopped and its state saved; nothing in it is changed yet. */
int inject_stop(struct inject *in, int pid, const struct inject_port *port, enum inject_slip slip);
/* The same in two steps. */
int inject_seize(struct inject *in, int pid, const struct inject_port *port, enum inject_slip slip);
int inject_save(struct inject *in);
/* The first of them in two, for a caller who stops the victim himself, by a trap that he puts in its way:
 * from when on it is traced, and that he has seen it stop. */
int inject_attach(struct inject *in, int pid, const struct inject_port *port,
		  enum inject_slip slip);
int inject_arrived(struct inject *in);
int inject_infect(struct inject *in);
int inject_command(struct inject *in, enum inject_cmd cmd, uint64_t operand);
/* The parasite is gone, all that was saved is put back; the victim is still stopped. */
int inject_cure(struct inject *in);
int inject_resume(struct inject *in);
/* Lets go of other threads that are still stopped. */
void inject_forget_threads(struct inject *in);
/* Gives up whatever the injector itself holds. Not needed after inject_resume. */
void inject_drop(struct inject *in);
/* After a tracer that has died in the middle: `in` is a copy of its own, which it kept in memory that
 * outlives it. The victim is stopped again; inject_cure and inject_resume do the rest. */
int inject_inherit(struct inject *in, const struct inject_port *port);
/* To be asked while a recv without a deadline goes on: true if nobody will ever answer it. */
int inject_is_hopeless(struct inject *in, char *text, unsigned size);

/* ---- between its files ---- */
int inject_failed(struct inject *in, const char *stage, long error);
void inject_step(struct inject *in, const char *name, unsigned state);
static inline uint64_t inject_args_address(const struct inject *in)
{
	return in->remote + INJECT_PAGE;
}

/* stop.c */
int inject_trace(struct inject *in, long request, uint64_t address, uint64_t data);
int inject_go(struct inject *in, long request, int signal);
int inject_signal_of(const struct inject *in, int status);
int inject_keep_going(struct inject *in);
int inject_interrupt(struct inject *in);
/* Of one whose fields are set already. */
int inject_seize_again(struct inject *in);
/* What the injector holds, and the victim as it is. */
int inject_let_go(struct inject *in);
/* A new descriptor of the injector's, or -errno, at the place where it stays. */
int inject_place(const struct inject *in, long fd);

/* call.c */
/* What it runs into is a jump to itself: before the first call, and after the last one. */
int inject_patch(struct inject *in);
int inject_hold(struct inject *in);
int inject_unpatch(struct inject *in);
/* Instead, for the time when the parasite runs: by which it can leave. */
int inject_let_out(struct inject *in);
/* 1 if it has done so, and its memory with it; 0 if not, or -errno. */
int inject_is_out(struct inject *in);
/* Begins a call that sleeps, and breaks it off. */
int inject_break_call(struct inject *in, long nr, uint64_t a, uint64_t b);
int64_t inject_call(struct inject *in, long nr, uint64_t a, uint64_t b, uint64_t c, uint64_t d,
		    uint64_t e, uint64_t f);
/* If it stands in the code of calls: what came of the last one, as far as the cure must know. 1 if it
 * does, 0 if not, or -errno. */
int inject_learn(struct inject *in);
/* Whatever has failed in the middle of a call: the call ends, and what came of it is known. */
int inject_end_call(struct inject *in);

/* cure.c: true for the slips of the path that is taken only after a failure. */
int inject_slips(const struct inject *in, enum inject_slip slip);
/* careless.c: what a careless cure calls before the parasite's memory goes. */
void inject_call_carelessly(struct inject *in);

/* threads.c */
int inject_has_threads(const struct inject *in);
int inject_seize_threads(struct inject *in);
void inject_let_threads_go(struct inject *in);

/* early.c: what a careless injector does before the victim is stopped, and when it hears of a child. */
int inject_look_early(struct inject *in);
long inject_early_options(const struct inject *in);
void inject_let_child_run(const struct inject *in);

/* borrowed.c: where the name of its memory stands, which one that is careless writes there first. */
uint64_t inject_name_address(const struct inject *in);

/* sequence.c */
int inject_save_sequence(struct inject *in);
int inject_put_back_sequence(struct inject *in);

/* channel.c */
long inject_look_for_stop(struct inject *in, int *status);
/* Waits until the victim stops; its status as of wait4. 0, -ETIMEDOUT, or -ESRCH if it has ended. */
int inject_await_stop(struct inject *in, int *status);
int inject_await_ready(struct inject *in);
int inject_open_channel(struct inject *in);
int inject_ask(struct inject *in, enum inject_cmd cmd);
/* Waits until the parasite has closed its end. */
int inject_await_end(struct inject *in);

#endif
