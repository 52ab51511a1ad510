/* SPDX-License-Identifier: Apache-2.0
 *
 * rt.h - what the files of the runtime share with each other and with the executor.
 *
 * The runtime is linked into every target. It runs in the actors' processes and, for init() and
 * check(), in the executor. All state that several processes need lies in the private area of the
 * control block (struct rt_shared); what only this process needs lies in struct rt_self. Only the
 * token holder writes, so nothing here is locked.
 */
#ifndef CRYOFUZZ_RT_H
#define CRYOFUZZ_RT_H

#include <setjmp.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "control.h"
#include "object.h"

enum {
	RT_WORDS = CF_MAX_SHARED / 8,
	RT_SITES = 8192, /* dense ids of file:line; a target has some hundreds */
	RT_COMMITS = 8192, /* history; older versions than that can't be read any more */
	RT_HELD = 16, /* stores in one actor's buffer */
	RT_OBSERVED = 16, /* loads remembered to recognise a spin */
	RT_IDLE_TURNS = 512, /* of a spin, with nobody else to run, before it is a hang */
	RT_DEAL = 4, /* events at one point besides schedule events */
	RT_PROMISES = 8, /* early stores in a run */
	RT_PARTS = 3, /* of a misaligned access of 16 bytes */
	RT_OWNED = 64, /* blocks of the executor's heap that are known to be the target's */
	RT_PACKED = 256, /* bytes that are brought to a thread: pthread/cxx.c */
	RT_PENDING = 1 + RT_PARTS, /* accesses that the target makes after its hook returned */
};

/* What the executor alone may put into a plan (executor/experiment.h): a load that gets another value, a
 * stale one or an early store that may not be, and that paths before early stores are noted. */
enum { RT_DO_PERTURB = 0xff, RT_FORBIDDEN = 1, RT_PLAN_PATHS = 0x10000 };
/* Of bursts (executor/explore.c, choose.c). */
enum { RT_OPTIONS = 4096, RT_CHANGES = 10, RT_WEAK_ONES = 256 };

/* ---- shared by all processes of a run ------------------------------------------------------ */

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
	uint32_t pad3;
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

#ifndef __cplusplus
_Static_assert(sizeof(struct rt_shared) <= CF_CONTROL_SIZE - CF_OFF_PRIVATE, "private area");
#endif

/* ---- of this process ------------------------------------------------------------------------ */

struct rt_observed {
	uint64_t address, value;
	uint32_t site;
	uint32_t stamp; /* how many there were when it was seen last */
};

enum rt_pending_kind { RT_STORE = 1, RT_LOAD };

/* An access that the target makes after its hook returned; finished at its next hook. */
struct rt_pending {
	uint32_t kind; /* enum rt_pending_kind */
	uint32_t size;
	uint64_t offset;
	uint64_t straight; /* a store of these bits of a granule, to be committed now; else 0 */
	uint32_t site;
	uint32_t hold; /* until this point, 0 = no */
	uint32_t late; /* maybe the copy of a struct: settled one hook later */
	uint32_t flags; /* enum cf_step_flag */
};

/* Of one actor, wherever it plays: what nobody else needs to know. Fibers have one each; a process
 * has them all and uses its actor's. */
struct rt_own {
	struct cf_event *expire; /* of this point: the time-out of its call has run out */
	void (*on_failure)(void); /* asked when this actor raises a violation, or NULL */
	void (*on_sent)(const void *message, size_t size); /* shown what has been sent, or NULL */
	struct desk *desk; /* messages that it has in hand: frames.h */
	int channel_fd[CF_MAX_CHANNELS];
	uint8_t channel_side[CF_MAX_CHANNELS]; /* 0: it plays the channel's a, 1: b */
	bool catches; /* it has handlers of its own for signals */
	struct rt_pending pending[RT_PENDING];
	unsigned npending;
	uint32_t release; /* enum rt_release: of the store that is about to be made, for races */
	uint32_t nobserved;
	uint64_t looked; /* a bit for each site in observed[], modulo 64 */
	struct rt_observed observed[RT_OBSERVED];
};

struct rt_self {
	struct cf_control *control;
	struct rt_shared *shared;
	const struct cf_target *target;
	uintptr_t base; /* load address of the target */
	const uint16_t *site_table; /* by offset in the target */
	size_t site_table_size;
	uint16_t *covered; /* by offset in the target: the counter of the code there */
	const uint16_t *site_at, *covered_at; /* the same two by address */
	uint8_t *counters; /* where that is counted, NULL: not now */
	bool notes_paths; /* see rt_note_path() */
	unsigned actor; /* the one whose code runs: see rt_become() */
	struct rt_actor *me;
	struct rt_own *own;
	struct rt_visits *visits; /* its own */
	bool running; /* an actor in a run: hooks count */
	bool straight; /* in one that neither looks for races nor is audited */
	bool audited; /* the target can't reach the segment but where a hook has announced it */
	bool native; /* of actors that nobody controls: see native.c */
	bool fibers; /* the actors of this run are fibers of this process: see fiber.c */
	bool needs_process; /* the run has ended because of what fibers can't have */
	bool fresh;
	bool staged; /* lives for one run only, which may be dumped: see executor/stage.c */
	uint32_t run;
	uint32_t go;
	const void *pc; /* where in the target's code the last hook was called */
	int inbox; /* socket on which the executor hands channels over */
	int first_fd; /* descriptors from here on belong to the run */
	const struct cf_event *inside; /* of this point: a freeze in its call, if that blocks */
	unsigned external_ms;
	unsigned moved_to; /* an event has moved this actor there; 0: it is where all are */
	int (*hopeless)(char *text, unsigned size); /* asked during external waits, or NULL */
	sigjmp_buf restart;
	unsigned
		nowned; /* in the executor: what the target's set-up has allocated there, as far as known */
	struct rt_block {
		uintptr_t at;
		size_t size;
	} owned[RT_OWNED];
};

extern struct rt_self rt;

/* What runs at nearly every point is linked side by side: it shares the processor's cache of code with the
 * target. */
#define RT_OFTEN __attribute__((hot))

/* The runtime's own data must survive the reset of the target's. */
#define RT_KEPT CF_KEPT

/* What a point offers to the operation that follows: its events other than schedule events, which
 * have been done already. */
struct rt_deal {
	unsigned count;
	struct cf_event *event[RT_DEAL];
};

/* From here on what is done is done by this actor; actors.count stands for nobody. */
RT_OFTEN void rt_become(unsigned actor);
/* Its own state is that of the beginning of a run. */
void rt_reset_own(struct rt_own *own);
/* Its code is, or is no more, that of an actor in a run. */
void rt_set_running(bool running);
/* This end of a channel is its. */
void rt_take_channel(unsigned channel, int fd);
/* It has no ends of channels. */
static inline void rt_forget_channels(void)
{
	for (unsigned i = 0; i < CF_MAX_CHANNELS; i++)
		rt.own->channel_fd[i] = -1;
}

/* The dense id of the file:line that called a hook; remembers the place in rt.pc. */
uint32_t rt_site(const void *return_address);

/* What an actor is about to do to which word, for whoever chooses by that. */
enum { RT_NO_ACCESS = 0 };
static inline uint32_t rt_reads(uint32_t word)
{
	return (word + 1) << 1;
}
static inline uint32_t rt_writes(uint32_t word)
{
	return (word + 1) << 1 | 1;
}

/* ---- points and schedule (schedule.c, points.c, spins.c, ending.c) ---- */
/* Counts a point of this actor, does its schedule events, deals the others out. */
RT_OFTEN void rt_point(uint32_t site, struct rt_deal *deal);
/* When something is to be done next: after that many points by the plan and the buffers, or at each point since a
 * burst chooses there. */
void rt_be_due(struct rt_actor *actor, uint32_t planned);
/* The same by the events that are to come. */
void rt_look_ahead(struct rt_actor *actor);
/* The alarm if nobody is delayed. */
static inline uint32_t rt_over_budget(const struct cf_plan *plan)
{
	return plan->budget < UINT32_MAX ? plan->budget + 1 : UINT32_MAX;
}
/* What few points have: events of this actor, held stores, another actor whose delay has run out, the end of
 * the budget. */
void rt_be_eventful(uint32_t site, uint32_t access, struct rt_deal *deal);
/* orders.c: enum cf_order of a site, by the plan; the fence that it puts before an access. */
unsigned rt_order_of(uint32_t site);
void rt_fence_before_access(void);
/* choose.c: this actor is about to make that access. */
void rt_come_to(uint32_t access);
/* It comes to nothing more than a choice: the switches that a burst wants there, each of which is in the plan from
 * now on, until this actor is the one to go on. */
void rt_choose(uint32_t site, uint32_t nth);
void rt_come_to_choose(uint32_t access, uint32_t site, uint32_t nth);
/* ahead.c: this actor goes on, as those others could: the next points that are sure to be no choice are not
 * looked at. */
void rt_be_sure(uint8_t able);
/* This access is a weak compare-exchange. */
void rt_note_weak(void);
/* The event of this kind at this point, or NULL; it has fired, unless rt_moot() says otherwise. */
struct cf_event *rt_take(struct rt_deal *deal, enum cf_do op);
void rt_moot(struct cf_event *event);
/* Of a site that may have looked there before: true if that is one more turn of a spin. */
RT_OFTEN bool rt_look_again(uint32_t site, uint64_t address, uint64_t value);
/* True if this load is one more turn of a spin; the others have had the token meanwhile. */
RT_OFTEN bool rt_spin_turn(uint32_t site, uint64_t address, uint64_t value);
/* This actor spins at this site: the others get the token. */
RT_OFTEN void rt_let_spin(uint32_t site);
/* Whatever this actor did was no spin. */
void rt_progress(void);
/* Gives the token to the next runnable actor, if there is one. */
RT_OFTEN void rt_yield(void);
/* Parks until something of that kind happened; false on a time-out of the virtual clock. */
bool rt_park(enum rt_park kind, uint64_t address, uint64_t deadline, const char *waits);
void rt_unpark(struct rt_actor *actor);
RT_OFTEN _Noreturn void rt_end_actor(void);
_Noreturn void rt_finish(enum cf_outcome outcome, enum cf_kind kind, uint32_t site_id,
			 const char *site, const char *detail);
_Noreturn void rt_next_run(void);
void rt_actor_gone(unsigned actor);
void rt_start(void);

/* ---- freezes (freeze.c) ---- */
/* From here on this actor will be frozen as soon as its hook returns to the target's code. */
void rt_freeze_arm(const struct cf_event *event);
/* It gives the token away before that: no freeze meanwhile. Returns the event, or NULL. */
RT_OFTEN const struct cf_event *rt_freeze_suspend(void);
void rt_froze(const struct cf_event *event, unsigned actor);
/* The actor is about to park because this call would block. If it is to be frozen in there it makes
 * the call, and returns once it was frozen. */
void rt_freeze_inside(long call, uint64_t a, uint64_t b, uint64_t c, uint64_t d);
/* The same for a call that can have a time-out. */
void rt_freeze_inside_timed(long call, uint64_t a, uint64_t b, uint64_t c);
/* The same for a call that the kernel never restarts: whatever stops it ends it with EINTR. */
void rt_freeze_inside_once(long call, uint64_t a, uint64_t b, uint64_t c, uint64_t d);
/* The same for a call that waits for more than the part that is there: whatever stops it ends it with that
 * part. True if it was made, and has got it. */
bool rt_freeze_inside_part(long call, uint64_t a, uint64_t b, uint64_t c, long part);

/* What is said of a freeze in titles. */
const char *rt_freeze_name(enum cf_do op);

/* ---- faults (faults.c) ---- */
enum rt_calling {
	RT_SENDS = 1,
	RT_RECEIVES = 2,
	RT_POLLS = 4,
	RT_WAITS = 8, /* on a futex */
	RT_SLEEPS = 16,
	RT_READS = 32,
	RT_WRITES = 64,
	RT_CLOSES = 128,
	RT_EPOLLS = 256,
	RT_REAPS = 512, /* fails as one that does not block with MSG_DONTWAIT */
	RT_CONDITIONS = 1024, /* ends without having been woken */
};
/* If this point has a `fail` that the call can really end with, it ends so: -errno, else 0. fd is -1
 * for a call that has none. */
int rt_fail(struct rt_deal *deal, enum rt_calling calling, int fd, int flags);
/* So many bytes of `size` are to be transferred in this call, which may transfer less. */
size_t rt_short(struct rt_deal *deal, size_t size);
/* An event at this point, whatever it does: the actor is sent a signal, or is killed. */
void rt_strike(struct cf_event *event);
/* The actor's alarm rings at this point: so much time passes at once. */
void rt_ring_here(struct cf_event *event);
/* A handler runs in the target's code and comes back to the middle of a hook: what the runtime has
 * noted about the point itself must be as it was. */
struct rt_noted {
	const struct cf_event *inside;
	struct cf_event *expire;
	const void *pc;
	uint32_t site;
};
struct rt_noted rt_note(void);
void rt_note_again(const struct rt_noted *noted);
void rt_signal_itself(int signo);

/* ---- processors (move.c) ---- */
void rt_move(struct cf_event *event);
/* Back to where all are. */
void rt_come_home(void);

/* ---- signals of others (suspend.c) and alarms (alarm.c) ---- */
/* -errno; ends the run as unsupported if that actor can't be sent one where it is. */
int rt_send_signal(struct rt_actor *actor, int signo);
/* Of an actor with handlers, while others have the token. */
void rt_deafen(void);
void rt_listen(void);
/* Something may have come for it: if it spins or sleeps, a handler may end that. */
void rt_disturb(struct rt_actor *actor);
/* Blocks all signals but those that an instruction raises. */
void rt_block(sigset_t *own);
/* All were blocked: from here on those in this mask are. */
void rt_let_in(const sigset_t *own);
/* Lets in what has come and is not in this mask: true if a handler has run; restarts: the call goes on after it. */
bool rt_hear(const sigset_t *mask, bool *restarts);
/* The actor whose alarm is the next to ring, NULL if none is set. It rings; the actor can go on then. */
struct rt_actor *rt_next_alarm(void);
void rt_ring(struct rt_actor *actor);

/* ---- memory models (memory.h, and the files that it names) ---- */
static inline bool rt_in_segment(const volatile void *address)
{
	return (uintptr_t)address - CF_SEGMENT_ADDRESS < CF_MAX_SHARED;
}
RT_OFTEN void rt_drain(void);
/* Commits the held stores whose time has come; after so many points there may be one more. */
void rt_expire_holds(void);
uint32_t rt_earliest_until(const struct rt_actor *actor);
RT_OFTEN void rt_fence(int order, uint32_t site);
enum rt_rmw { RMW_XCHG, RMW_ADD, RMW_SUB, RMW_AND, RMW_OR, RMW_XOR, RMW_NAND };

/* Each of these exists twice: if the run looks for data races, and if it does not (racing.c). */
static inline bool rt_races(void)
{
	return rt.control->plan.flags & CF_PLAN_RACES;
}
#define RT_TWICE(type, name, parameters, ...)                                               \
	RT_OFTEN type name##_quiet parameters;                                              \
	RT_OFTEN type name##_racing parameters;                                             \
	static inline type name parameters                                                  \
	{                                                                                   \
		return rt_races() ? name##_racing(__VA_ARGS__) : name##_quiet(__VA_ARGS__); \
	}
RT_TWICE(void, rt_settle, (void))
RT_TWICE(void, rt_plain_load, (uintptr_t address, size_t size, unsigned flags, uint32_t site),
	 address, size, flags, site)
RT_TWICE(void, rt_plain_store, (uintptr_t address, size_t size, unsigned flags, uint32_t site),
	 address, size, flags, site)
RT_TWICE(uint64_t, rt_atomic_load, (uintptr_t address, size_t size, int order, uint32_t site),
	 address, size, order, site)
RT_TWICE(void, rt_atomic_store,
	 (uintptr_t address, size_t size, uint64_t value, int order, uint32_t site), address, size,
	 value, order, site)
RT_TWICE(uint64_t, rt_rmw,
	 (uintptr_t address, size_t size, enum rt_rmw op, uint64_t operand, int order,
	  uint32_t site),
	 address, size, op, operand, order, site)
RT_TWICE(bool, rt_cas,
	 (uintptr_t address, size_t size, uint64_t *expected, uint64_t desired, int order,
	  int failure, bool weak, uint32_t site),
	 address, size, expected, desired, order, failure, weak, site)
/* Two granules at once, at an aligned address (wide.c). */
typedef unsigned __int128 rt_wide;
rt_wide rt_wide_load(uintptr_t address, int order, uint32_t site);
void rt_wide_store(uintptr_t address, rt_wide value, int order, uint32_t site);
rt_wide rt_wide_rmw(uintptr_t address, enum rt_rmw op, rt_wide operand, int order, uint32_t site);
bool rt_wide_cas(uintptr_t address, rt_wide *expected, rt_wide desired, int order, int failure,
		 bool weak, uint32_t site);
/* What has no model: an atomic access that is no processor's. Returns if this one is none of those. */
void rt_check_atomic(const volatile void *address, size_t size);
/* Ranges: either side may lie in the segment; each granule there is an access of its own. */
void rt_copy(void *to, const void *from, size_t size, uint32_t site);
void rt_fill(void *to, int byte, size_t size, uint32_t site);
/* A call is about to write there by itself, and that stays unseen until somebody looks. */
static inline void rt_untracked(const void *address)
{
	if (rt_in_segment(address))
		rt.shared->untracked = 1;
}
/* Commits what somebody without hooks (the kernel) wrote into the segment. */
void rt_unannounced(uintptr_t address, size_t size, uint32_t site);
/* The same wherever it was, by whomever. */
void rt_unannounced_anywhere(uint32_t site);
/* A message or wake-up from an actor whose clock was `time` has arrived. */
void rt_acquire_clock(uint32_t time);

/* The same from somebody of whom only that he has done so is known: a child that has ended, a signal, a
 * message that did not come through a channel. */
void rt_acquire_from_anybody(void);

/* Another actor is woken by this one: that is a release and an acquire. */
void rt_wake_clock(struct rt_actor *actor);
/* This actor is about to be frozen by that event; maybe with all others. */
void rt_stand_still(const struct cf_event *freeze);

/* ---- data races (races.c) ---- */
void rt_begin_races(struct rt_shared *s);
/* This actor has called the kernel; that one has been given something with this commit clock. */
void rt_race_call(void);
void rt_race_given(unsigned actor, uint32_t time);
/* This actor has heard of somebody whom nobody controls; all stand still at once. */
void rt_race_from_abroad(void);
void rt_race_all_stopped(void);

/* ---- early stores (early.c) ---- */
/* At a point, before it gives the token away: true if the store has been committed. */
bool rt_early(const struct cf_event *event);
/* For actors with a promise that is sought or open, `promised`: the run ends as none. */
void rt_break_promise(void);
void rt_break_all_promises(void);
/* Such an actor is at another point. */
void rt_pass_promised_point(void);
/* The actor has come to this block of its code. */
void rt_note_path(uint64_t block);
/* Who must go on before a run that has failed may end, NULL if nobody must. */
struct rt_actor *rt_who_has_promised(void);

/* ---- trace and feedback (trace.c) ---- */
RT_OFTEN void rt_step(enum cf_op op, unsigned flags, uint32_t site, size_t size, uint64_t address,
		      uint64_t value, uint64_t extra);
/* Its first 8 characters, as `extra` of a step says what was done. */
uint64_t rt_word(const char *text);
/* A wrapped call that has no operation of its own, `to` a descriptor or an actor, or 0. */
void rt_call_step(uint32_t site, const char *verb, uint64_t to, int64_t result, unsigned flags);
uint64_t rt_mix(uint64_t hash, uint64_t value);
uint64_t rt_hash_bytes(const void *bytes, size_t size);
void rt_feature(uint32_t kind, uint64_t a, uint64_t b);
/* Once: which counter each place of the target's code has. */
void rt_number_code(void);

/* ---- calls (calls.c, send.c, receive.c, opens.c) ---- */
/* Before any wrapped call: settles, drains, counts a point. */
void rt_call(uint32_t site, struct rt_deal *deal);
int rt_channel_of(int fd, unsigned *direction);
void rt_channel_changed(void);
bool rt_pushed_back(int fd);
RT_OFTEN void rt_flush_frames(void);
void rt_reset_frames(void);
/* What this actor has in hand of messages lies where a process has it; or each fiber's by itself. */
void rt_take_desk(void);
void rt_give_desks(void);

/* What the executor sends to an actor's inbox before a run, with as many descriptors. */
struct rt_handed {
	uint32_t run;
	uint32_t count;
	uint32_t channel[CF_MAX_CHANNELS];
};

/* ---- audit (audit.c) ---- */
void rt_audit_begin(void);
/* In an audit: the target is about to access these bytes. */
void rt_note_announced(uintptr_t address, size_t size);
static inline void rt_announce(uintptr_t address, size_t size)
{
	if (rt.audited)
		rt_note_announced(address, size);
}
/* True if the signal was a trap of the audit; the target goes on. */
bool rt_audit_signal(int signo, const siginfo_t *info, void *context);

/* ---- process state (actor.c, data.c, heap.c) ---- */
void rt_find_data(void);
void rt_reset_data(void);
void rt_reset_heap(void);
void rt_catch_crashes(void);
/* Whether this actor has changed static data, but for what each thread has its own of. */
bool rt_statics_changed(void);
/* Whether it lies where only this actor can come to. */
bool rt_is_static(const void *address);
bool rt_is_on_heap(const void *address);
/* Each actor's heap lies there. */
enum { RT_HEAP_SIZE = 8 << 20 };
#define RT_HEAP_ADDRESS 0x210000000000ull
/* Of a block of the actor's heap. */
size_t rt_heap_size(const void *block);
/* Whether it is a function of the target's. */
static inline bool rt_is_code(void (*function)(void))
{
	return (uintptr_t)function - rt.base < rt.site_table_size;
}

/* ---- fibers (fiber.c, data.c) ---- */
/* A loop without a point, wherever the actor plays. */
enum { RT_LOOP_CPU_MS = 100 };
#define RT_LOOP_DETAIL "a loop without a point, for %d ms of CPU time"
RT_OFTEN void rt_play_fibers(void);

/* ---- without control (native.c) ---- */
_Noreturn void rt_play_natively(unsigned actor);
/* Of several that fail at the same time, one says why. */
bool rt_native_fails(void);
/* Goes on with whoever has the token, until it is this actor again; once the run is over, for ever. */
RT_OFTEN void rt_fiber_wait(void);
/* In a signal handler: what was interrupted never goes on, and the run is over. */
void rt_fiber_abandon(void *context);
/* This call can't be had on fibers; a wrap may give its own name. */
_Noreturn void rt_needs_process(const char *function);
/* The first actor that plays this role, -1 if there is none. */
static inline int rt_actor_of_role(const struct cf_target *target, const struct rt_shared *s,
				   const char *name)
{
	for (unsigned i = 0; i < s->actors; i++)
		if (__builtin_strcmp(target->roles[s->actor[i].role].name, name) == 0)
			return (int)i;
	return -1;
}
RT_OFTEN void rt_begin_data(void);
RT_OFTEN void rt_swap_data(unsigned from, unsigned to);

/* ---- what the executor calls: exported by every target as cryofuzz_runtime ---- */
struct rt_ops {
	uint32_t layout; /* CF_LAYOUT */
	uint32_t shared_size; /* sizeof(struct rt_shared): runtime and executor fit together */
	struct rt_self *self; /* control, shared, base and the site table are set before attach() */
	void (*attach)(void);
	/* Runs init() or check() in the executor; a cf_fail() in it lands in the result. */
	void (*guarded)(void (*call)(void));
	void (*actor_main)(unsigned actor); /* does not return */
	void (*play_fibers)(void); /* a whole run; returns when it is over */
	void (*play_natively)(unsigned actor); /* many runs; does not return */
	void (*start)(void);
	void (*actor_gone)(unsigned actor);
	/* In the freezer's process: the actor has been frozen. */
	void (*froze)(const struct cf_event *event, unsigned actor);
	const char *(*freeze_name)(enum cf_do op);
	void (*look_ahead)(struct rt_actor *actor);
	uint32_t (*site)(const void *return_address);
	void (*begin_races)(struct rt_shared *s); /* before a run that looks for them */
};

#endif
