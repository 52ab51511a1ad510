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

#include "shared.h"

enum {
	RT_OBSERVED = 16, /* loads remembered to recognise a spin */
	RT_IDLE_TURNS = 512, /* of a spin, with nobody else to run, before it is a hang */
	RT_DEAL = 4, /* events at one point besides schedule events */
	RT_OWNED = 64, /* blocks of the executor's heap that are known to be the target's */
	RT_PENDING = 1 + RT_PARTS, /* accesses that the target makes after its hook returned */
};

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
void rt_tell_alarm(void);

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
/* Goes on with whoever has the token, until it is this actor again; once the run is over, for ever. */
RT_OFTEN void rt_fiber_wait(void);
/* In a signal handler: what was interrupted never goes on, and the run is over. */
void rt_fiber_abandon(void *context);
/* This call can't be had on fibers; a wrap may give its own name. */
_Noreturn void rt_needs_process(const char *function);
RT_OFTEN void rt_begin_data(void);
RT_OFTEN void rt_swap_data(unsigned from, unsigned to);

/* ---- without control (native.c) ---- */
_Noreturn void rt_play_natively(unsigned actor);
/* Of several that fail at the same time, one says why. */
bool rt_native_fails(void);

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
