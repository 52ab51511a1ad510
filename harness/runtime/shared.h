/* SPDX-License-Identifier: Apache-2.0
 *
 * shared.h - what all processes of a run know of it: the private area of the control block.
 *
 * Only the token holder writes there, so nothing is locked; but for runs without control (native.c), which
 * write by atomics.
 */
#ifndef CRYOFUZZ_SHARED_H
#define CRYOFUZZ_SHARED_H

#include <stddef.h>
#include <stdint.h>

#include "control.h"
#include "object.h"

enum {
	RT_WORDS = CF_MAX_SHARED / 8,
	RT_SITES = 8192, /* dense ids of file:line; a target has some hundreds */
	RT_COMMITS = 8192, /* history; older versions than that can't be read any more */
	RT_HELD = 16, /* stores in one actor's buffer */
	RT_PROMISES = 8, /* early stores in a run */
	RT_PARTS = 3, /* of a misaligned access of 16 bytes */
	RT_PACKED = 256, /* bytes that are brought to a thread: pthread/cxx.c */
};

/* What the executor alone may put into a plan (executor/experiment.h): a load that gets another value, a
 * stale one or an early store that may not be, and that paths before early stores are noted. */
enum { RT_DO_PERTURB = 0xff, RT_FORBIDDEN = 1, RT_PLAN_PATHS = 0x10000 };
/* Of bursts (executor/explore.c, choose.c). */
enum { RT_OPTIONS = 4096, RT_CHANGES = 10, RT_WEAK_ONES = 256 };

/* A store in an actor's buffer: not yet visible to the others. */
struct rt_held {
	uint32_t word;
	uint32_t until; /* point of the actor at which it commits at the latest */
	uint64_t mask; /* of bits */
	uint64_t value;
	uint32_t site;
	uint16_t release; /* enum rt_release */
	uint16_t with_next; /* 1: the next one is the other half of the same store */
};

/* A commit: the word's value before it, so that older versions can be rebuilt. */
struct rt_commit {
	uint32_t time;
	uint32_t previous; /* commit of the same word before this one, 0 = none */
	uint32_t word;
	uint16_t site;
	uint8_t writer;
	uint8_t second; /* 1: the commit just before this one is the other half of the same store */
	uint64_t mask;
	uint64_t old;
};

/* An early store: see early.c. It outlives the run that has found it out, for the next one of its plan. */
enum rt_promise_state {
	RT_PROMISE_NONE = 0,
	RT_PROMISE_SOUGHT, /* its actor runs alone to see what it will store */
	RT_PROMISE_KNOWN,
	RT_PROMISE_OPEN, /* committed */
	RT_PROMISE_KEPT,
	RT_PROMISE_REFUSED,
};

struct rt_promise {
	uint32_t state; /* enum rt_promise_state */
	uint32_t actor;
	uint32_t point, until; /* of the event and of the store */
	uint32_t word, site;
	uint64_t mask, value;
	uint64_t path; /* hash of the blocks between the two, if the plan wants it */
};

/* Data races: see races.c. */
struct rt_clock {
	uint32_t at[CF_MAX_ACTORS];
};

/* What a store releases to whoever reads from it. */
enum rt_release {
	RT_RELEASES_NOTHING = 0, /* a plain one */
	RT_RELEASES_FENCED = 1, /* what was before the last release fence */
	RT_RELEASES_ALL = 2,
	RT_GOES_ON = 4, /* and what the store before it has released: read-modify-write */
};

/* Bytes of a granule, a bit each. */
struct rt_access {
	uint32_t clock; /* of its actor; 0 = there was none */
	uint16_t site;
	uint8_t plain, atomic;
};

struct rt_accesses {
	uint32_t run;
	uint16_t came; /* a bit for each actor that has accessed it: only of these there is more */
	uint16_t latest; /* the actor of the last of all */
	struct rt_access store[CF_MAX_ACTORS], load[CF_MAX_ACTORS];
};

/* The earlier access first. */
struct rt_race {
	uint32_t found;
	uint32_t offset, bytes;
	uint32_t actor[2], site[2], store[2], plain[2];
};

enum { RT_LOGGED = 1024 };

struct rt_call_clock {
	uint32_t run, time;
	struct rt_clock clock;
};

struct rt_races {
	struct rt_race race;
	struct rt_clock now[CF_MAX_ACTORS];
	struct rt_clock seen[CF_MAX_ACTORS], fenced[CF_MAX_ACTORS];
	struct rt_clock kernel, abroad;
	struct rt_call_clock log[RT_LOGGED];
	struct rt_clock released[RT_COMMITS];
	struct rt_accesses accesses[RT_WORDS];
};

/* State of a granule; valid only if epoch is the run's. */
struct rt_word {
	_Alignas(64) uint32_t epoch;
	/* Its newest commit: when, from where (0: by nobody who has hooks), and which bits. 0, 0 and all of them
	 * for the initial value, and for a commit that the history has forgotten. */
	uint32_t last, site;
	uint64_t mask;
	uint32_t seen[CF_MAX_ACTORS];
};

/* Of a site by an actor, in that run. */
struct rt_visits {
	uint32_t count;
	uint32_t run;
};

enum rt_park {
	RT_PARK_NONE = 0,
	RT_PARK_IPC, /* until something is sent, received or closed */
	RT_PARK_FUTEX, /* until a wake on futex_address */
	RT_PARK_SLEEP, /* until the clock reaches the deadline */
	RT_PARK_OBJECT, /* until an object lets it */
};

#define RT_NEVER UINT64_MAX

struct rt_actor {
	uint32_t go; /* futex: incremented when the actor gets the token */
	uint32_t pid; /* of its process */
	uint32_t state; /* enum cf_actor_state */
	uint32_t role, index;
	uint32_t points;
	uint32_t site; /* of its last point */
	uint32_t doomed; /* its process is about to die or can't be kept */
	uint32_t not_before; /* delay: total points at which it may go on, 0 = no delay */
	/* spinning */
	uint64_t spin_change;
	uint32_t idle_turns;
	uint32_t killed; /* by this signal of an event: of that it may die */
	/* parked */
	uint32_t park; /* enum rt_park */
	uint32_t timed_out;
	uint32_t deaf; /* all its signals are blocked until it has the token again: alarm.c */
	uint64_t park_change;
	uint64_t futex_address;
	uint64_t deadline; /* of the virtual clock, ns */
	uint64_t alarm; /* when it rings, 0 = it is not set */
	uint64_t alarm_every; /* and so long after that again, 0 = it does not */
	uint64_t mask; /* if it is deaf: of signals, its own */
	char waits[CF_WAITS];
	/* at objects (object.h) */
	uint32_t object,
		wish; /* that it waits for, if it is parked there: its place in the table */
	uint32_t with; /* of a condition: the mutex */
	uint32_t woken; /* from it */
	uint32_t ticket; /* its place among those who wait */
	uint32_t holds; /* so many locks */
	/* if it is a thread */
	uint64_t start, argument, result; /* start: 0 = it has not been created */
	uint32_t packed; /* so many bytes of what it is to run have been brought to it */
	uint32_t detached; /* or joined: nobody may join it */
	uint32_t ended_at; /* commit clock */
	uint32_t rung; /* its alarm has, which is told when it goes on */
	/* events of this actor: plan.event[first .. end); nothing is to be done before so many points */
	uint32_t first, end, due, planned;
	/* memory */
	uint32_t floor, lastload, lastaccess;
	uint32_t promised; /* 1 + the index of its promise that is sought or open, 0 = none */
	uint32_t nheld;
	struct rt_held held[RT_HELD];
	uint64_t random;
};

/* Messages under way in one direction of a channel, to carry the sender's clock to the receiver. */
struct rt_pipe {
	uint32_t sent, received;
	uint32_t clock[64];
};

enum rt_item_state { RT_ITEM_NONE = 0, RT_ITEM_MADE, RT_ITEM_HANDED, RT_ITEM_TAKEN, RT_ITEM_FREED };

/* Between the token holder, who asks for a freeze of itself, and the freezer's process. */
struct rt_freeze {
	uint32_t request; /* futex: incremented by the actor */
	uint32_t answered; /* futex: = request once it is traced, and will trap */
	uint32_t freezer; /* pid, 0 = there is none */
	uint32_t armed; /* 1 + the event's index in the plan, until it is done or withdrawn */
	uint32_t actor, pid; /* who asks */
	uint64_t pc; /* it is to be frozen here, in the target's code, */
	uint64_t withdrawn; /* set by the actor before it traps itself: not at all */
	/* or, if pc is 0, inside a system call that nobody but the freezer will end: */
	int64_t call;
	uint64_t argument; /* the call's first */
	uint32_t over; /* set by the actor: it has ended */
	uint32_t again; /* set by the actor: it has made the call again */
	uint32_t nudged; /* set by the freezer: by its signal, RT_NUDGE */
	uint32_t served; /* = request once the freezer has nothing more to do with it */
};

#define RT_NUDGE SIGRTMAX

/* A point at which others could have gone on. */
struct rt_option {
	uint8_t actor;
	uint8_t others; /* a bit each */
	uint16_t point;
	uint32_t steps; /* of the trace so far */
};

struct rt_place {
	uint16_t actor;
	uint16_t point;
};

/* How a run of a burst goes on at each point where another actor could. */
enum rt_way {
	RT_AS_PLANNED = 0, /* and nothing is noted */
	RT_NOTED, /* as planned */
	RT_BY_PRIORITY, /* the actor of the highest one; some points lower it */
	RT_BY_RACES, /* the access of the highest one; who races with what was done is drawn again */
	RT_UNIFORMLY, /* each order of the counted accesses is as likely as any other */
};

struct rt_choices {
	uint32_t way; /* enum rt_way */
	uint32_t most; /* events that the plan may have */
	/* in the order in which they came; more than RT_OPTIONS: not all are there */
	uint32_t options;
	uint32_t priority[CF_MAX_ACTORS];
	uint32_t changes;
	uint32_t change[RT_CHANGES]; /* points of all actors: whoever is there becomes the last */
	uint32_t changed;
	uint64_t random;
	uint32_t access
		[CF_MAX_ACTORS]; /* that its actor is about to make, if it stands at a point */
	uint32_t at; /* a bit for each actor that does */
	uint32_t counted; /* accesses to the word of this one; RT_NO_ACCESS: all points */
	uint32_t counting; /* of those that stand at a point, whose access is one of them */
	uint32_t left[CF_MAX_ACTORS]; /* counted ones that are to be expected */
	uint32_t elected; /* who makes the next one, CF_MAX_ACTORS: not known */
	/* a store or a message that changes something ends what is sure of the points to come (ahead.c) */
	uint32_t heeds_change;
	uint32_t
		weak_ones; /* of a run that is noted: weak compare-exchanges, the first ones only */
	struct rt_option option[RT_OPTIONS];
	struct rt_place weak_one[RT_WEAK_ONES];
};

/* Runs without control: actors meet after each run, and whoever comes last judges it. */
struct rt_native {
	uint64_t seed;
	uint32_t turn; /* the number of the run */
	uint32_t arrived;
	uint32_t asleep; /* of those, who don't look any more */
	uint32_t left; /* runs to come */
	uint32_t failed; /* somebody has said why this run fails */
	uint32_t enough; /* the executor wants no more */
	uint32_t over; /* nobody begins another one; said between two runs only */
	uint32_t by_init; /* init() has filled more than the segment */
	uint64_t initial[RT_WORDS];
};

struct rt_shared {
	uint32_t done; /* futex: number of the run that is over */
	uint32_t run; /* number of the current run */
	uint32_t actors;
	uint32_t token;
	uint32_t total; /* points */
	uint32_t turns; /* of spins and parks, so that the watchdog sees progress */
	uint32_t
		alarm; /* so many points are more than the budget, or enough for an actor's delay */
	uint32_t now; /* commit clock */
	uint64_t change; /* counts value changes in the segment */
	uint64_t ipc; /* counts sends, receives, closes */
	uint64_t clock; /* virtual, ns since the run began */
	uint64_t hash[2]; /* of what was done where, and of the values */
	uint32_t steps, switches, unseen, external;
	uint32_t killed; /* actors that died of events */
	uint32_t broken; /* connections, by events */
	uint32_t untracked; /* a call has written into the segment past the models */
	uint32_t robust; /* an object of this run is */
	uint32_t processors; /* that actors can be moved to; the first one is where all run */
	uint32_t processor[CF_MAX_PROCESSORS];
	uint32_t arrived; /* futex: actors on a stage that have their channels */
	uint32_t asked_for; /* whoever has the token was switched to; else it was just the next */
	uint32_t
		looks_back; /* the plan has a stale load: what each actor has seen is to be known */
	struct rt_freeze freeze;
	struct rt_actor actor[CF_MAX_ACTORS];
	struct rt_pipe pipe[CF_MAX_CHANNELS][2];
	uint32_t items; /* item[] is in use below that */
	uint32_t ledger_used; /* somebody has asked where it is */
	uint32_t heap_used; /* an actor has something on its heap */
	uint8_t item[CF_MAX_ITEMS];
	uint32_t item_site[CF_MAX_ITEMS];
	struct rt_choices choices;
	struct rt_native native;
	struct rt_object object[RT_OBJECTS];
	unsigned char packed[CF_MAX_ACTORS][RT_PACKED];
	uint32_t promises;
	uint32_t void_run; /* a promise was broken, or made out: this run never was */
	uint32_t alone; /* whoever has the token keeps it until its promise is known or kept */
	struct rt_promise promise[RT_PROMISES];
	struct rt_commit commit[RT_COMMITS];
	uint64_t shadow[RT_WORDS]; /* the segment's last committed contents */
	struct rt_word word[RT_WORDS];
	struct rt_visits visit[CF_MAX_ACTORS][RT_SITES];
	struct rt_races races;
};

/* The first actor that plays this role, -1 if there is none. */
static inline int rt_actor_of_role(const struct cf_target *target, const struct rt_shared *s,
				   const char *name)
{
	for (unsigned i = 0; i < s->actors; i++)
		if (__builtin_strcmp(target->roles[s->actor[i].role].name, name) == 0)
			return (int)i;
	return -1;
}

#ifndef __cplusplus
_Static_assert(sizeof(struct rt_shared) <= CF_CONTROL_SIZE - CF_OFF_PRIVATE, "private area");
#endif

#endif
