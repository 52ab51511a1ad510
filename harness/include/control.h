/* SPDX-License-Identifier: Apache-2.0
 *
 * control.h - the control block: one file in memory, mapped by the supervisor (Java), the executor
 * and every actor. This header owns every offset. Little endian, natural alignment, no pointers.
 *
 *   0x0000  header      magic, layout version, size
 *   0x0040  mailbox     request and reply words (futexes), state of the executor
 *   0x0080  plan        what to run: written by the supervisor before a request
 *   0x1000  result      what happened: written by executor and actors before the reply
 *   0x2000  feedback    8-bit counters, cleared by the fuzzer, only ever incremented here
 *   0x3000  ledger      oracle memory of the target
 *   0x4000  trace       ring of steps
 *   0x84000 text        what a target has to say about its finding (cf_attach)
 *   0x88000 outcomes    what has come of many runs
 *   0xb0000 scheduling  what the kernel's scheduler did to the actors
 *   0xb6000 private     of executor and actors: schedule, clocks, buffers (runtime/rt.h)
 *
 * One writer at a time: the supervisor between reply and next request, else the token holder.
 */
#ifndef CRYOFUZZ_CONTROL_H
#define CRYOFUZZ_CONTROL_H

#include <stddef.h>
#include <stdint.h>

#include "cryofuzz.h"

#define CF_MAGIC 0x7a66796f72796301ull
#define CF_LAYOUT 11u

enum {
	CF_MAX_EVENTS = 64,
	CF_FEEDBACK_SIZE = 4096,
	CF_TRACE_STEPS = 16384,
	CF_TEXT_SIZE = 16384,
	CF_SITE_NAME = 64,
	CF_DETAIL = 256,
	CF_WAITS = 96, /* bytes of the text that says what an actor waits for */
	CF_OUTCOME_TEXT = 96,
	CF_SEEN = 64, /* different outcomes that are told apart */
	CF_OUTCOMES_SIZE = 0x28000,
	CF_PERIODS = 512,
	CF_SCHEDULING_SIZE = 0x6000,
};

/* ---- operations in trace steps ---------------------------------------------------------- */
enum cf_op {
	CF_OP_NONE = 0,
	CF_OP_LOAD,
	CF_OP_STORE,
	CF_OP_RMW,
	CF_OP_CAS_FAIL,
	CF_OP_FENCE,
	CF_OP_COMMIT, /* a held store becomes visible */
	CF_OP_UNSEEN, /* a write that no hook announced */
	CF_OP_SEND,
	CF_OP_RECV,
	CF_OP_POLL,
	CF_OP_FUTEX_WAIT,
	CF_OP_FUTEX_WAKE,
	CF_OP_SLEEP,
	CF_OP_YIELD,
	CF_OP_CLOSE,
	CF_OP_CALL, /* any other wrapped call: value = result, extra = 8 characters that say which */
	CF_OP_MARK, /* address and value = the first 16 bytes of its name */
	CF_OP_SWITCH, /* the token goes to the actor in `value` */
	CF_OP_SPIN,
	CF_OP_PARK,
	CF_OP_END,
	CF_OP_FAIL,
	CF_OP_FREEZE, /* the freezer has stopped, infected and cured the actor: value = commands */
	CF_OP_CHECKPOINT, /* all actors were dumped, killed and restored, this one stopped */
	CF_OP_STOP, /* the actor was stopped and let go on: value = enum cf_stop */
	CF_OP_SIGNAL, /* the signal in `value` was delivered; extra = 1: it is blocked */
	CF_OP_KILL, /* the actor was killed */
	CF_OP_OBJECT, /* a mutex or the like: value = result, extra = 8 characters that say what was done */
	CF_OP_MOVE, /* the actor goes on on the processor in `value`, as the event counts them */
	CF_OPS,
};

/* The call "wait": address = the child that it is for by number, counted from 1 in the order of birth, 0 = any. If
 * actors decide what children do, value = the number of who has changed and the code of waitid. */
enum cf_wait {
	CF_WAIT_OTHER = 255, /* a child without number, a group, a descriptor */
	CF_WAIT_CODE_SHIFT = 8,
	CF_WAIT_NOBODY = 1 << 16,
};

/* Flags of a step. */
enum cf_step_flag {
	CF_STEP_EVENT = 1, /* an event of the scenario took effect here */
	CF_STEP_STALE = 2, /* the load got an older version */
	CF_STEP_HELD = 4, /* the store stays in the buffer */
	CF_STEP_FORWARD = 8, /* the load got the actor's own held bytes */
	CF_STEP_ATOMIC = 16,
	CF_STEP_VOLATILE = 32,
	CF_STEP_TIMEOUT = 64, /* the call ended by its time-out */
};

/* One step of a run, 32 bytes. Everything in it goes into the trace hash. */
struct cf_step {
	uint8_t actor;
	uint8_t op; /* enum cf_op */
	uint8_t flags; /* enum cf_step_flag */
	uint8_t size; /* bytes accessed, at most 16; fences: the memory order */
	uint16_t point;
	uint16_t site; /* dense id; names through NAME.sites, 0 = unknown */
	uint64_t address; /* offset in the segment, or channel number and direction */
	uint64_t value; /* value read or written; messages: length */
	uint64_t extra; /* messages: hash of the bytes; loads: commit time of the version */
};

/* ---- events ------------------------------------------------------------------------------ */
enum cf_do {
	CF_DO_NONE = 0,
	CF_DO_SWITCH, /* arg = actor */
	CF_DO_DELAY, /* arg = points of the others */
	CF_DO_STALE, /* arg = versions back */
	CF_DO_HOLD, /* arg = later point of this actor (or points ahead, see CF_BY_SITE) */
	CF_DO_TRIM, /* arg = bytes left */
	CF_DO_EXTEND, /* arg = bytes added */
	CF_DO_SPLIT, /* arg = bytes in the first part */
	CF_DO_MERGE,
	CF_DO_EMPTY,
	CF_DO_DUPLICATE,
	CF_DO_REORDER,
	CF_DO_DROP,
	CF_DO_REWRITE, /* arg = index of the field, value */
	CF_DO_STRAY_FD,
	CF_DO_INFECT, /* arg = commands | CF_WHERE << 8 */
	CF_DO_CHECKPOINT, /* arg = CF_WHERE << 8 */
	CF_DO_STOP, /* arg = enum cf_stop | CF_WHERE << 8 */
	CF_DO_FAIL, /* arg = errno */
	CF_DO_SHORT, /* arg = bytes */
	CF_DO_SIGNAL, /* arg = signal */
	CF_DO_KILL,
	CF_DO_EXPIRE,
	CF_DO_EARLY, /* arg = points ahead of its anchor: the store there */
	CF_DO_SPURIOUS, /* a weak compare-exchange fails for no reason */
	CF_DO_AFFINITY, /* arg = processor, counted from the one on which all run */
	CF_DOS,
};

/* Where a freeze lands: so many instructions past the hook of its point, or inside the call there, if
 * that blocks. */
#define CF_WHERE(event) ((event)->arg >> 8)
enum { CF_INSIDE = 65 };

/* How a stop stops: the actor alone by SIGSTOP, or all of them by the freezer cgroup. */
enum cf_stop { CF_STOP_SIGNAL, CF_STOP_CGROUP };

/* What became of an event, written into the plan's copy in the result. */
enum cf_fate {
	CF_UNREACHED = 0, /* its point never came */
	CF_MOOT = 1, /* the point came, but it could change nothing there */
	CF_FIRED = 2,
};

/* In `slip`, beside enum inject_slip (freezer/inject/inject.h): the cure goes by force. */
#define CF_BY_FORCE 0x80000000u
/* The actor is woken in its call as if by nobody. */
#define CF_WAKE_UNASKED 0x40000000u
#define CF_INJECT_SLIP 0xffffu
/* In `slip` of a checkpoint, beside enum ward_slip (freezer/criu/ward.h): what a careless cure leaves
 * changed in the restored actor (an enum inject_slip), and that a word of the segment is another one. */
#define CF_CURED_WITH(slip) ((uint32_t)(slip) << 8)
#define CF_SEGMENT_CHANGED 0x10000u
/* The same in `slip` of a stop, and that it is never let go on, or not even to its stop. */
#define CF_NOT_CONTINUED 0x20000u
#define CF_NOT_LET_GO 0x40000u

/* Events are sorted by actor, then point. 32 bytes. */
struct cf_event {
	uint8_t op; /* enum cf_do */
	uint8_t actor;
	uint8_t by_site; /* 1: anchored by (site, nth), point ignored */
	uint8_t added; /* 1: by a burst, not by the supervisor */
	uint32_t point;
	uint32_t site;
	uint32_t nth;
	uint32_t arg; /* hold: points ahead of its anchor */
	uint32_t slip; /* freezes: 0, or what goes wrong on purpose; for our own checks */
	uint64_t value;
};

/* Where an event took effect. 16 bytes. */
struct cf_fired {
	uint8_t fate;
	uint8_t pad[3];
	uint32_t point;
	uint32_t site;
	uint32_t nth;
};

/* ---- header and mailbox ------------------------------------------------------------------ */
struct cf_header {
	uint64_t magic;
	uint32_t layout;
	uint32_t size;
	uint8_t pad[48];
};

enum cf_request_kind {
	CF_RUN = 1, /* run the plan */
	CF_FRESH = 2, /* replace the actors' processes first, then run */
	CF_QUIT = 3,
	CF_EXPLORE = 4, /* a burst: runs around the plan, by the strategy in the mailbox */
	CF_COLLECT = 5, /* the same, but goes on whatever comes of a run, and counts that */
	CF_COLLECT_ON = 6, /* goes on with that; the plan is not looked at */
	CF_NATIVE = 7, /* runs without control, on all processors; their outcomes are counted */
	CF_NATIVE_ON = 8, /* more of them */
};

/* How a burst chooses its runs. Whatever it chooses are events: the plan of the first run that fails has
 * them all, and is that run for whoever knows nothing of strategies. */
enum cf_strategy {
	CF_STRATEGY_NONE = 0,
	CF_STRATEGY_RANDOM = 1, /* a few switches, stale loads and held stores anywhere */
	CF_STRATEGY_PCT = 2, /* the actor of the highest priority runs; some points lower it */
	CF_STRATEGY_SYSTEMATIC = 3, /* every schedule of no, one, two… switches more */
	CF_STRATEGY_SWEEP = 4, /* each single stale load and held store */
	CF_STRATEGY_POS = 5, /* each access has a priority, drawn again when it has lost a race */
	CF_STRATEGY_SURW = 6, /* all orders of the accesses to a word are as likely */
	CF_STRATEGY_PORTFOLIO = 7, /* all of them, those most that pay */
	CF_STRATEGIES,
};

struct cf_mailbox {
	uint32_t request; /* futex: incremented by the supervisor */
	uint32_t reply; /* futex: set to request when done */
	uint32_t kind; /* enum cf_request_kind */
	uint32_t ready; /* 1 once the executor serves */
	uint32_t executor_pid;
	uint32_t cpu; /* everything is pinned here; 0xffffffff = do not pin */
	uint32_t repeat; /* runs of the plan at one request; the first that fails ends it */
	uint32_t runs; /* made for the last request */
	/* of a burst: */
	uint16_t strategy; /* enum cf_strategy */
	/* 0 = any; pct: bugs of that depth; surw: 1 all points count, 2 those at a word */
	uint16_t aim;
	uint32_t budget; /* runs */
	uint64_t seed;
	/* n: all schedules with fewer than n switches more were run, and passed */
	uint32_t complete;
	uint32_t schedules; /* so many; of a sweep that was exhausted: its runs */
	uint32_t exhausted; /* 1: nothing is left that the strategy could choose */
	uint32_t by; /* enum cf_strategy: whose run was the last one */
	/* The points of each run, squared, may come to that, 0 = any; a few runs there always are. So one twice as
	 * long costs as much as four: what takes few steps to show is the likelier the fewer there are. */
	uint64_t squares;
	uint64_t points; /* so many all runs had together */
	uint64_t pad[6];
};

/* ---- carriers ----------------------------------------------------------------------------- */
/* Where the actors of a run live. */
enum cf_carrier {
	CF_CARRIER_ANY = 0, /* in a plan: fibers if the target and the scenario permit it */
	CF_CARRIER_PROCESS = 1, /* a process each */
	CF_CARRIER_FIBER = 2, /* a context each in the executor's process */
	CF_CARRIER_NATIVE = 3, /* a process each, which nobody controls; in a result only */
};

/* ---- plan --------------------------------------------------------------------------------- */
enum cf_plan_flag {
	CF_PLAN_FEEDBACK = 1, /* fill the feedback counters */
	CF_PLAN_AUDIT = 2, /* protect the segment, report unannounced accesses */
	CF_PLAN_RACES = 4, /* look for data races */
	CF_PLAN_TEARING =
		8, /* a point between the parts of an access that CPUs may make in parts */
	/* Plain and volatile loads of one word are in no order, as on LoongArch cores that do not keep it:
	 * compilers put a barrier for that behind atomic loads, relaxed ones too, but not behind these. */
	CF_PLAN_UNORDERED_LOADS = 16,
	CF_PLAN_NEW_ONLY = 32, /* a burst goes on after a failure that an earlier one has told */
	CF_PLAN_SCHEDULING = 64, /* fill the table of scheduling; it takes some milliseconds */
};

/* What is done at a site is ordered otherwise than its code says: to learn whether it fails then, too. */
enum cf_order {
	CF_ACQUIRES = 1, /* loads, read-modify-writes */
	CF_RELEASES = 2, /* stores, read-modify-writes */
	CF_FENCED = 4, /* a full fence stands before it */
	CF_UNBROKEN = 8, /* no other actor goes on before it */
};

enum { CF_MAX_ORDERED = 8 };

struct cf_ordered {
	uint16_t site;
	uint16_t how; /* enum cf_order */
};

struct cf_plan {
	uint32_t variant;
	uint32_t memory; /* enum cf_memory */
	uint32_t flags; /* enum cf_plan_flag */
	uint32_t budget; /* points of all actors together before the run is a hang */
	int32_t params[CF_MAX_PARAMS];
	uint32_t events;
	uint32_t carrier; /* enum cf_carrier */
	uint32_t without; /* a bit for each enum cf_do that a burst does not add */
	uint32_t ordered; /* entries in use */
	struct cf_ordered order[CF_MAX_ORDERED];
	struct cf_event event[CF_MAX_EVENTS];
};

/* ---- result ------------------------------------------------------------------------------- */
enum cf_outcome {
	CF_RUNNING = 0,
	CF_PASSED = 1,
	CF_VIOLATED = 2, /* see kind, site, detail */
	CF_UNSUPPORTED = 3, /* see detail */
	CF_BROKEN = 4, /* our own or the machine's fault, see detail */
};

enum cf_actor_state {
	CF_ACTOR_READY = 0,
	CF_ACTOR_ENDED = 1,
	CF_ACTOR_SPINNING = 2,
	CF_ACTOR_PARKED = 3,
	CF_ACTOR_DEAD = 4, /* its process died */
};

struct cf_actor_result {
	uint32_t state; /* enum cf_actor_state */
	uint32_t points;
	uint32_t site; /* where it was last */
	uint32_t pid; /* of its process, for people; never in the trace */
	char waits[CF_WAITS]; /* what it waits for, "" if it doesn't */
};

/* What a strategy did in a burst. */
struct cf_share {
	uint32_t runs;
	uint32_t news; /* of them, those that reached what none had reached before */
};

struct cf_result {
	uint32_t outcome; /* enum cf_outcome */
	uint32_t kind; /* enum cf_kind */
	uint32_t actor; /* who raised it; actors.count = the executor */
	uint32_t site_id; /* dense id of the code, 0 = see site */
	char site[CF_SITE_NAME];
	char detail[CF_DETAIL];
	uint64_t hash; /* of all steps and the outcome */
	uint64_t pc; /* crash and hang: offset in the target, 0 = not in it */
	uint32_t points; /* of all actors */
	uint32_t switches;
	uint32_t commits;
	uint32_t unseen; /* writes that no hook announced */
	/* of the trace; more than CF_TRACE_STEPS: the first ones were overwritten */
	uint32_t steps;
	uint32_t actors;
	uint32_t unannounced; /* audit: number of accesses */
	uint32_t carrier; /* enum cf_carrier: where it ran */
	struct cf_actor_result actor_result[CF_MAX_ACTORS];
	struct cf_fired fired[CF_MAX_EVENTS]; /* one for each event of the plan */
	uint64_t unannounced_pc[16];
	struct cf_share share[CF_STRATEGIES];
	char outcome_text[CF_OUTCOME_TEXT]; /* what the target recorded with cf_outcome(), or "" */
	uint32_t listed; /* 1 + which of the target's outcomes that is, 0 = none */
	uint32_t told; /* runs of a burst that failed in a way that an earlier one has told */
	uint32_t facts; /* a bit for each of the target's that is so */
	uint32_t pad;
};

/* ---- what has come of many runs ------------------------------------------------------------ */
/* All runs that ended in the same way. */
struct cf_seen {
	char text[CF_OUTCOME_TEXT];
	char site[CF_SITE_NAME];
	uint32_t kind; /* enum cf_kind, if they failed */
	uint32_t site_id;
	uint32_t listed;
	uint32_t pad;
	uint64_t runs;
	uint32_t facts[CF_MAX_FACTS]; /* runs in which each of them is so */
	struct cf_plan plan; /* of the first one */
};

struct cf_outcomes {
	uint32_t seen; /* entries in use */
	uint32_t complete; /* n: all runs with fewer than n events more were made */
	uint64_t covered; /* so many */
	uint64_t runs; /* all that were made, those of the search itself included */
	uint64_t others; /* that ended in ways for which there was no entry left */
	uint32_t exhausted; /* 1: there are no other runs */
	uint32_t impossible; /* runs left out, which only a broken address dependency could be */
	struct cf_seen entry[CF_SEEN];
};

/* ---- scheduling ---------------------------------------------------------------------------- */
/* Where the table comes from. */
enum cf_scheduling_source {
	CF_SCHEDULING_NONE = 0, /* there is none, see why */
	CF_SCHEDULING_TRACEPOINTS = 1, /* sched_switch, sched_wakeup: sums and periods */
	CF_SCHEDULING_SCHEDSTAT = 2, /* /proc/PID/schedstat: sums of delay and run only, see why */
};

/* From one time that an actor leaves its processor to the next one, in ns, as perf sched timehist counts. */
struct cf_period {
	uint64_t at; /* its end, since the run began */
	uint64_t wait; /* before it ran: since it had left last; 0 = not known */
	uint64_t delay; /* part of that: since it could have run */
	uint64_t run;
	uint16_t actor;
	uint16_t cpu;
	char state; /* R: it was pushed away; S, D, T, t, X, Z: as ps has them; 0: the run ended before it left */
	uint8_t pad[3];
};

/* All periods of an actor. */
struct cf_scheduled {
	uint64_t wait, delay, run;
	uint32_t periods;
	uint32_t pid;
};

struct cf_scheduling {
	uint32_t source; /* enum cf_scheduling_source */
	uint32_t periods; /* entries in use */
	uint32_t more; /* that no entry was left for; the sums have them */
	uint32_t lost; /* events that the kernel has not told: then the table has holes */
	char why[CF_DETAIL]; /* it isn't the better source */
	struct cf_scheduled sum[CF_MAX_ACTORS];
	struct cf_period entry[CF_PERIODS];
};

/* ---- the whole ---------------------------------------------------------------------------- */
#define CF_OFF_MAILBOX 0x40
#define CF_OFF_PLAN 0xc0
#define CF_OFF_RESULT 0x1000
#define CF_OFF_FEEDBACK 0x2000
#define CF_OFF_LEDGER 0x3000
#define CF_OFF_TRACE 0x4000
#define CF_OFF_TEXT (CF_OFF_TRACE + 32 * CF_TRACE_STEPS)
#define CF_OFF_OUTCOMES (CF_OFF_TEXT + CF_TEXT_SIZE)
#define CF_OFF_SCHEDULING (CF_OFF_OUTCOMES + CF_OUTCOMES_SIZE)
#define CF_OFF_PRIVATE (CF_OFF_SCHEDULING + CF_SCHEDULING_SIZE)
#define CF_CONTROL_SIZE (CF_OFF_PRIVATE + 0x400000)

struct cf_control {
	struct cf_header header;
	struct cf_mailbox mailbox;
	struct cf_plan plan;
	uint8_t gap1[CF_OFF_RESULT - CF_OFF_PLAN - sizeof(struct cf_plan)];
	struct cf_result result;
	uint8_t gap2[CF_OFF_FEEDBACK - CF_OFF_RESULT - sizeof(struct cf_result)];
	uint8_t feedback[CF_FEEDBACK_SIZE];
	uint8_t ledger[CF_LEDGER_SIZE];
	struct cf_step trace[CF_TRACE_STEPS];
	char text[CF_TEXT_SIZE]; /* ends with a zero byte; "" if there is none */
	struct cf_outcomes outcomes;
	uint8_t gap3[CF_OUTCOMES_SIZE - sizeof(struct cf_outcomes)];
	struct cf_scheduling scheduling;
	uint8_t gap4[CF_SCHEDULING_SIZE - sizeof(struct cf_scheduling)];
	uint8_t private_area[CF_CONTROL_SIZE - CF_OFF_PRIVATE];
};

#define CF_AT(type, field, offset) \
	_Static_assert(offsetof(struct type, field) == (offset), #type "." #field)
#ifndef __cplusplus
CF_AT(cf_control, mailbox, CF_OFF_MAILBOX);
CF_AT(cf_control, plan, CF_OFF_PLAN);
CF_AT(cf_control, result, CF_OFF_RESULT);
CF_AT(cf_control, feedback, CF_OFF_FEEDBACK);
CF_AT(cf_control, ledger, CF_OFF_LEDGER);
CF_AT(cf_control, trace, CF_OFF_TRACE);
CF_AT(cf_control, text, CF_OFF_TEXT);
CF_AT(cf_control, outcomes, CF_OFF_OUTCOMES);
CF_AT(cf_control, scheduling, CF_OFF_SCHEDULING);
CF_AT(cf_control, private_area, CF_OFF_PRIVATE);
CF_AT(cf_mailbox, reply, 4);
CF_AT(cf_mailbox, cpu, 20);
CF_AT(cf_mailbox, repeat, 24);
CF_AT(cf_mailbox, seed, 40);
CF_AT(cf_mailbox, squares, 64);
CF_AT(cf_plan, params, 16);
CF_AT(cf_plan, events, 144);
CF_AT(cf_plan, carrier, 148);
CF_AT(cf_plan, without, 152);
CF_AT(cf_plan, ordered, 156);
CF_AT(cf_plan, order, 160);
CF_AT(cf_plan, event, 192);
CF_AT(cf_event, value, 24);
CF_AT(cf_result, site, 16);
CF_AT(cf_result, detail, 80);
CF_AT(cf_result, hash, 336);
CF_AT(cf_result, points, 352);
CF_AT(cf_result, carrier, 380);
CF_AT(cf_result, actor_result, 384);
CF_AT(cf_actor_result, waits, 16);
CF_AT(cf_result, fired, 384 + 8 * 112);
CF_AT(cf_result, unannounced_pc, 384 + 8 * 112 + 64 * 16);
CF_AT(cf_result, share, 384 + 8 * 112 + 64 * 16 + 16 * 8);
CF_AT(cf_result, told, 384 + 8 * 112 + 64 * 16 + 16 * 8 + 8 * 8 + CF_OUTCOME_TEXT + 4);
_Static_assert(sizeof(struct cf_step) == 32, "step");
_Static_assert(sizeof(struct cf_event) == 32, "event");
_Static_assert(sizeof(struct cf_fired) == 16, "fired");
_Static_assert(sizeof(struct cf_actor_result) == 112, "actor_result");
_Static_assert(sizeof(struct cf_control) == CF_CONTROL_SIZE, "control");
#endif

/* The shared segment lies here in every actor and in the executor. */
#define CF_SEGMENT_ADDRESS 0x200000000000ull
/* A second view of the same memory, for the runtime alone. */
#define CF_SEGMENT_ALIAS 0x208000000000ull

#endif
