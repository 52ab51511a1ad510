/* SPDX-License-Identifier: Apache-2.0
 *
 * executor.h - what the files of the executor share.
 *
 * The executor loads one target, forks its actors, starts runs in the order of the supervisor's
 * requests, and watches: it holds the deadline of every wait in a run. It never runs target code
 * but init(), check() and unsupported().
 */
#ifndef CRYOFUZZ_EXECUTOR_H
#define CRYOFUZZ_EXECUTOR_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "rt.h"

/* A loaded target. */
struct loaded {
	char path[4096]; /* absolute */
	const struct cf_target *target;
	const struct rt_ops *ops;
	uintptr_t base;
	uint64_t build; /* from its build id */
	uint16_t *sites; /* dense id by offset */
	uint16_t *covered; /* of the runtime: see rt.h */
	size_t site_table_size; /* those that may have a number */
	size_t code_size;
	char **place; /* file:line, by dense id - 1 */
	size_t places;
};

/* 0, or -1 with a message on stderr. */
int ex_load(const char *path, struct loaded *loaded);
/* fit.c: the same of the file, before it is loaded, and of what is in it. */
int ex_check_file(const char *path);
int ex_check_fit(const char *path, const struct loaded *loaded);
void ex_describe(const struct loaded *loaded);

/* The processes that play actors; a slot is an actor's index in every run. */
struct child {
	pid_t pid; /* 0 = none */
	int inbox; /* our end of the socket on which it gets its channels */
};

struct executor {
	struct loaded loaded;
	struct cf_control *control;
	struct rt_shared *shared;
	struct child child[CF_MAX_ACTORS];
	bool initialized; /* the segment is as init() leaves it */
	bool staged; /* we play it in a ward: what is around us is not our supervisor */
};

/* children.c */
int ex_need_children(struct executor *ex, unsigned count);
void ex_replace_doomed(struct executor *ex);
void ex_kill_children(struct executor *ex);
void ex_kill_child(struct executor *ex, unsigned index);
int ex_hand_channels(struct executor *ex);

/* watch.c: returns when the run is over, one way or another. */
void ex_watch(struct executor *ex);
void ex_broken(struct executor *ex, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* freezer.c: starts the freezer if the plan needs one and there is none. */
int ex_need_freezer(struct executor *ex);
bool ex_freezer_died(struct executor *ex);
/* It has not yet done all that it was asked for. */
bool ex_freezer_works(const struct executor *ex);
void ex_kill_freezer(struct executor *ex);

/* run.c */
void ex_run(struct executor *ex, bool fresh);
/* The same, but for the judgement of what was forbidden. */
void ex_run_once(struct executor *ex, bool fresh);
/* The same, but for the runs again that early stores need. */
void ex_run_plainly(struct executor *ex, bool fresh);
/* Its beginning: false if that has ended the run. */
bool ex_prepare(struct executor *ex, enum cf_carrier carrier);
/* The segment as init() leaves it. */
void ex_init_target(struct executor *ex);
/* The run itself, without the beginning and the result. */
void ex_execute(struct executor *ex);
void ex_fill_result(struct executor *ex);

/* promises.c: a run, after those that early stores need. */
void ex_run_with_promises(struct executor *ex, bool fresh);
/* Before each run. */
void ex_begin_promises(struct rt_shared *s);

/* races.c: the run has ended well but for a data race, if it looked for one. */
void ex_tell_race(struct executor *ex);

/* foreign.c: a run on processes in which one used what another has on its heap is none. */
void ex_refuse_foreign_pointers(struct executor *ex);

/* experiment.c: takes out of the run what dependencies forbid, if it would fail by that. */
void ex_judge_dependencies(struct executor *ex, bool fresh);
/* The same whether it failed or not: false if the run had something that is forbidden. */
bool ex_can_be(struct executor *ex);

/* explore.c: a burst, as the mailbox says; the result is that of its last run, which has failed or not. */
void ex_explore(struct executor *ex);
/* collect.c: outcomes of many runs, as the mailbox says. */
void ex_collect(struct executor *ex);
/* native.c: many runs that nobody controls. */
void ex_run_natively(struct executor *ex);

/* scheduling.c: around a run of the actors with these pids, if the plan asks for a table. */
void ex_begin_scheduling(struct executor *ex, const pid_t *pids);
void ex_end_scheduling(struct executor *ex);

/* segment.c: before a run, whose carrier is known; true if it is as init() leaves it. */
bool ex_restore_segment(struct executor *ex);
/* After init(). */
void ex_keep_segment(struct executor *ex);
/* After a run on fibers. */
void ex_note_touched(const struct executor *ex);

/* carrier.c: where this plan runs, CF_CARRIER_ANY if it can't where it wants to; that is said then. */
enum cf_carrier ex_carrier(struct executor *ex, bool fresh);

/* proc.c: what /proc/PID/NAME says, cut to size, as a string; its length, or -errno and "". */
int ex_read_proc(pid_t pid, const char *name, char *text, size_t size);
/* CPU time of a process in ms, 0 if there is none. */
long ex_cpu_ms(pid_t pid);
/* It has a processor, or waits for one and for nothing else. */
bool ex_can_go_on(pid_t pid);

/* What the events of the plan do: a bit for each enum cf_do; and whether one does that. */
uint32_t ex_kinds(const struct cf_plan *plan);
bool ex_has(const struct cf_plan *plan, enum cf_do op);

/* stage.c: a run where it can be dumped, with its result. */
void ex_perform(struct executor *ex);
/* In the ward: the run of a control block. An exit status. */
int ex_stage(struct loaded *loaded, const char *control_path);
void ex_close_ward(void);

/* serve.c */
int ex_serve(struct loaded *loaded, const char *control_path);
/* True once the supervisor is gone: our standard input has ended. */
bool ex_orphaned(const struct executor *ex);
/* Maps a control block, that of the target's runtime too. 0, or -1 with a message on stderr. */
int ex_map_control(struct executor *ex, const char *path);
/* The same, with an empty segment, and children are heard: all that a run needs. */
int ex_attach(struct executor *ex, const char *control_path);
/* True if a child may have died since this was last asked: so that runs in which none did, nearly
 * all, need not ask the kernel about each. */
bool ex_child_died(void);

#endif
