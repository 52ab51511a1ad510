/* SPDX-License-Identifier: Apache-2.0
 *
 * cryofuzz.h - what the author of a target sees.
 *
 * A target is a shared object compiled with -fsanitize=thread and linked with the cryofuzz runtime
 * instead of libtsan. It exports one descriptor, CRYOFUZZ_TARGET, that says everything about
 * itself: its roles, parameters, variants and messages. Nothing is written twice; the tool reads
 * the descriptor through `executor --describe`.
 *
 * The roles run as real processes that share one segment (cf_shared) and the sockets declared as
 * channels. Exactly one of them runs at a time; the runtime passes control at *points*: an access
 * to the shared segment, an atomic operation, a fence, an IPC call, a cf_mark(). Target code itself
 * stays ordinary C: plain, volatile and atomic accesses, recv, send, poll, nanosleep, futex.
 */
#ifndef CRYOFUZZ_H
#define CRYOFUZZ_H

#include <stddef.h>
#include <stdint.h>

/* gcc says that libtsan can't model fences. The runtime that takes its place does. */
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic ignored "-Wtsan"
#endif
/* Whoever leaves out the last fields of a description means zero. */
#pragma GCC diagnostic ignored "-Wmissing-field-initializers"

#ifdef __cplusplus
extern "C" {
#endif

#define CF_TARGET_ABI 5u

/* Upper bounds that the control block is laid out for. */
enum {
	CF_MAX_ACTORS = 8,
	CF_MAX_PARAMS = 32,
	CF_MAX_CHANNELS = 4,
	CF_MAX_SHARED = 65536, /* bytes of shared segment */
	CF_MAX_ITEMS = 256,
	CF_MAX_FACTS = 16,
	CF_LEDGER_SIZE = 4096,
	CF_MAX_PROCESSORS = 8, /* that actors are moved between */
};

/* The memory models of MEMORY.md; each is weaker than the one before. */
enum cf_memory { CF_SC = 0, CF_X86 = 1, CF_WEAK = 2, CF_WEAK_EARLY = 3 };

/* The closed list of finding kinds. The names of the tool are the same, lower case with dashes. */
enum cf_kind {
	CF_NO_KIND = 0,
	CF_SAVED_DATA_MODIFIED,
	CF_STATE_CHANGED,
	CF_TRIMMED_MESSAGE,
	CF_MISREAD_MESSAGE,
	CF_LOST_MESSAGE,
	CF_DUPLICATE_MESSAGE,
	CF_STALE_READ,
	CF_DOUBLE_FREE,
	CF_INVARIANT,
	CF_DATA_RACE,
	CF_DEADLOCK,
	CF_HANG,
	CF_LOST_WAKEUP,
	CF_LOST_SIGNAL,
	CF_ZOMBIE,
	CF_LEAK,
	CF_CRASH,
	CF_BAD_ACCEPT,
	CF_KERNEL_LOG,
	CF_DIVERGENCE,
	CF_KINDS,
};

/* A parameter of a scenario: an integer with inclusive bounds. */
struct cf_param_spec {
	const char *name;
	int min, max, def;
	const char *what; /* one line for `targets` */
};

/* A role is played by one actor, named `name`; or, if `count` names a parameter, by that many,
 * named name0, name1, … Actors are scheduled in the order in which roles are declared. */
struct cf_role {
	const char *name;
	const char *count;
	void (*run)(unsigned index);
};

/* A variant. A good one has expect == NULL and must never fail. A bad one carries exactly one
 * planted bug, is named after its cause, and must be found with the title `expect`
 * ("kind in site") under the memory model `memory` or any weaker one, and never under a stronger.
 * If its bug is that a freeze does not keep something, `breaks` is the name of that in `keeps`. */
struct cf_variant_spec {
	const char *name;
	const char *what;
	enum cf_memory memory;
	const char *expect;
	const char *breaks;
	int faults; /* 1: it shows with faults only */
};

/* A field of the target's messages; `rewrite` events name it. size is 1, 2, 4 or 8. */
struct cf_field {
	const char *name;
	unsigned offset, size;
};

/* A part of the shared segment that has a name: a data race there is "data-race in TARGET.NAME". If it is
 * racy, it is meant to be raced for, and none is told. */
struct cf_word {
	const char *name;
	unsigned offset, size;
	int racy;
};

/* A connected socket pair between the first actor of two roles, fresh in every run. type() gives
 * SOCK_SEQPACKET, SOCK_STREAM or SOCK_DGRAM and may depend on the parameters. */
struct cf_channel {
	const char *name;
	const char *a, *b; /* role names */
	int (*type)(void);
};

/* What somebody who looks at an outcome thinks of it. A forbidden one is a finding. */
enum cf_grade { CF_ACCEPTABLE, CF_INTERESTING, CF_FORBIDDEN };

/* An outcome of a run, as cf_outcome() records it: `text` is that, each * in it stands for any characters;
 * NULL means that it is the name itself. Of a list the first entry that fits counts. */
struct cf_outcome_spec {
	const char *name;
	const char *text;
	enum cf_grade grade;
	const char *what; /* one line for `outcomes` */
	const char *variant; /* of this one only; NULL: of each */
};

/* What a target may say of a run, beside how it ends: with cf_fact(). Those that are no harm show what was
 * reached; all others are the leaves of its fault tree, of which `explain` says whether they hold. An entry
 * that others are under is a branch, which holds if one of them does. */
struct cf_fact_spec {
	const char *id; /* "X4" */
	const char *under; /* another id, or NULL */
	const char *what;
	int harmless;
};

/* What a target must stand, in a run of its own: `explain` tries it with what cures a failure. */
struct cf_load_spec {
	const char *name;
	const char *params; /* "writers=3 messages=4"; all others have their defaults */
	const char *what;
	const char *reaches; /* a fact that must come in some run, or NULL */
};

enum cf_target_flag {
	/* Static data and heap of the target's processes are kept from run to run, not reset. */
	CF_KEEPS_DATA = 1,
	/* Descriptors that are no channel belong to someone uncontrolled: calls on them are external
	 * waits (real, token kept, bounded by cf_external_deadline) instead of being tried and parked. */
	CF_EXTERNAL_CALLS = 2,
	/* It promises to survive faults: calls that fail or transfer less, signals, time-outs that have
	 * run out, the death of another actor. `fuzz --faults` then has them. */
	CF_SURVIVES_FAULTS = 4,
	/* Its roles can play as fibers in one process, many times faster: of their processes they use
	 * nothing but stack, static data, thread-local storage, virtual time, futexes and what is
	 * modelled of descriptors: ends of channels, socketpair, pipe, eventfd, and send, receive, read,
	 * write, poll, select, shutdown, close and fcntl on them. Should one call anything else in a
	 * run, that run is made again with processes. init() fills the segment by params and variant
	 * alone. */
	CF_FIBERS = 8,
	/* What comes of a run depends on which processor each actor is on: `affinity` events, which others
	 * have on request, belong to it. */
	CF_PER_PROCESSOR = 16,
	/* Children of its actors (cf_fork_uncontrolled) do nothing by themselves: some actor tells them to,
	 * waits until they have, and says cf_obeyed(). So who waits for one of them is parked. */
	CF_CHILDREN_OBEY = 32,
	/* Its actors set alarms (alarm, setitimer), which may ring at any point: `expire` events. */
	CF_ALARMS = 64,
};

struct cf_target {
	uint32_t abi; /* CF_TARGET_ABI */
	const char *name;
	const char *summary;
	uint32_t shared_size; /* bytes of the segment in use, at most CF_MAX_SHARED */
	uint32_t flags; /* enum cf_target_flag */
	const struct cf_role *roles; /* each list ends with an entry whose name is NULL */
	const struct cf_param_spec *params;
	const struct cf_variant_spec *variants; /* the first one is the default */
	const struct cf_field *fields;
	const struct cf_channel *channels;
	/* Fills the (zeroed) segment before each run, outside of any actor. May be NULL. */
	void (*init)(void);
	/* Looks at the final state after every actor has ended by itself; of a target that survives
	 * faults also if one was killed. May be NULL. */
	void (*check)(void);
	/* NULL or a function that returns NULL, or the reason why this target can't run here. */
	const char *(*unsupported)(void);
	/* Of a target that freezes a process: names of all that must be the same before and after,
	 * up to a NULL; else NULL. `selftest` shows which variant breaks which. */
	const char *const *keeps;
	/* All that may come of its runs; another one is forbidden, too, and named "unlisted". NULL: whatever
	 * is recorded is acceptable. */
	const struct cf_outcome_spec *outcomes;
	/* NULL, or words of the segment that have names, up to one whose name is NULL. */
	const struct cf_word *words;
	const struct cf_fact_spec
		*facts; /* NULL, or at most CF_MAX_FACTS, up to one whose id is NULL */
	const struct cf_load_spec *loads; /* NULL, or up to one whose name is NULL */
};

#define CF_EXPORT __attribute__((visibility("default")))
/* Usage: CRYOFUZZ_TARGET = { .abi = CF_TARGET_ABI, .name = "mine", … }; */
#ifdef __cplusplus
#define CRYOFUZZ_TARGET extern "C" CF_EXPORT const struct cf_target cryofuzz_target
#else
#define CRYOFUZZ_TARGET CF_EXPORT const struct cf_target cryofuzz_target
#endif

/* The role of threads: whoever plays it waits until another actor calls pthread_create, and then runs what
 * that says. They share what lies in the segment, and nothing else. Usage:
 * { "thread", "threads", cf_thread } */
void cf_thread(unsigned index);

/* The shared segment: at the same address in every actor, reset before every run. */
void *cf_shared(void);
/* The value of the parameter with this index in the target's params. */
int cf_param(unsigned index);
/* The index of the running variant in the target's variants. Never ask this in an oracle. */
unsigned cf_variant(void);
/* This actor's end of the channel with this index, an open file descriptor. */
int cf_channel_fd(unsigned index);

/* An explicit point, shown in the timeline. */
void cf_mark(const char *what);
/* Tells the explorer that the protocol has reached this state (feedback only, not a point). */
void cf_state(unsigned state);

/* A violation: ends the run at once as a finding titled "kind in site". site is a constant name of
 * the place ("queue.pop"); the rest is the varying detail in printf form. */
void cf_fail(enum cf_kind kind, const char *site, const char *detail, ...)
	__attribute__((noreturn, format(printf, 3, 4)));

/* What has come of this run, in printf form, as in "r0=%d r1=%d": once, by check() or by whoever knows it.
 * `outcomes` counts them. A forbidden one ends the run as the finding "invariant in TARGET.NAME". */
void cf_outcome(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* This is so in this run: one of the target's facts, by its id. It changes nothing. An id
 * that is not declared is an error of the target's. */
void cf_fact(const char *id);

/* Ends the run as one that can't be had here, which is no verdict on the target: reason says what the
 * scenario wants that this machine or user can't give. */
void cf_unsupported(const char *reason, ...) __attribute__((noreturn, format(printf, 1, 2)));

/* Ends the run as one that tells nothing, by a fault of the machine's or of the target's own set-up: what
 * is needed to begin can't be had. */
void cf_broken(const char *reason, ...) __attribute__((noreturn, format(printf, 1, 2)));

/* A text that goes with the finding of this run, if it has one: stacks, logs, whatever explains it. Each
 * call appends. Varying: it is neither in the title nor in the trace. */
void cf_attach(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* Asked once when this actor raises a violation in this run, so that it may attach something. */
void cf_on_failure(void (*attach)(void));
/* Shown, in this run, each message that this actor has really sent to somebody whom the tool does not
 * control, as events have left it. */
void cf_on_sent(void (*look)(const void *message, size_t size));
/* If this actor dies by a signal or loops from here on, the finding's site is this one. */
void cf_name_crash(const char *site);

/* Items whose ownership is tracked from allocation to release. Ids are 0 … CF_MAX_ITEMS-1.
 * Tracking is invisible to the memory models: it sees the truth, whatever an actor reads. */
void cf_item_made(unsigned item, const char *site); /* allocated by this actor */
void cf_item_handed(unsigned item, const char *site); /* handed over, the taker owns it now */
void cf_item_taken(unsigned item, const char *site); /* stale-read unless it was handed over */
void cf_item_freed(unsigned item, const char *site); /* double-free if it was freed before */
/* From check(): lost-message for an item handed over but never taken, leak for one not freed. */
void cf_items_check(const char *site);

/* Oracle memory: CF_LEDGER_SIZE bytes, zeroed before each run, seen by all actors and by check(),
 * outside of the shared segment and of every memory model. */
void *cf_ledger(void);

/* For targets with processes of their own that the runtime does not control (a victim under
 * ptrace): forks one that dies with this actor. It is not an actor and has no points. Returns as
 * fork does. The target reaps it. */
int cf_fork_uncontrolled(void);
/* Of a target whose children obey: one of them has done what this actor has told it to, and the kernel has
 * told its parent. */
void cf_obeyed(void);
/* True if the process of this actor is used for the first time (nothing kept from earlier runs).
 * Static data that must survive from run to run is placed with CF_KEPT. */
int cf_fresh_process(void);
#define CF_KEPT __attribute__((section("cf_kept")))

/* How many processors an actor can be moved to, and which is the n-th of them, counted from the one on which
 * all actors run unless an event has moved them. */
unsigned cf_processors(void);
unsigned cf_processor(unsigned n);

/* What this actor has just done without a call (a page fault) may be what another waits for in poll or
 * epoll_wait. */
void cf_stirred(void);

/* Number of frame events that have taken effect in this run so far: for oracles that judge what an
 * endpoint makes of damaged messages. */
unsigned cf_damaged_frames(void);

/* Number of actors that have died of signal and kill events in this run so far. */
unsigned cf_killed(void);
/* Number of connections that fail events (ECONNRESET, EPIPE) have broken: their other ends see that
 * before the actor can react. */
unsigned cf_broken_connections(void);

/* From here to the end of the role, or to cf_external_end, the target waits for others by itself and
 * holds its own deadlines: a sleep is not taken for one of the tool's own faults. */
void cf_external_begin(void);
void cf_external_end(void);

/* Milliseconds that an external wait (on something uncontrolled) may take before it is a hang. */
void cf_external_deadline(unsigned milliseconds);
/* Asked every few milliseconds of an external wait: returns true once nobody can be left who will
 * answer, and says in text what the other side does instead. Then it is a hang at once. */
void cf_external_hopeless(int (*hopeless)(char *text, unsigned size));

#ifdef __cplusplus
}
#endif
#endif
