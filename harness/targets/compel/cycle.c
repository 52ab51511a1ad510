/* SPDX-License-Identifier: Apache-2.0
 *
 * One freeze: stop, infect, commands, cure, resume.
 */
#include "compel.h"

#include <errno.h>
#include <signal.h>

#include "../../freezer/compel/stranger.h"
#include "../../freezer/victim/patience.h"

const struct driver *driver;
struct spy spy = SPY_NONE;

/* A parasite that gets the log descriptor twice leaves by itself, and whether it has left already when
 * it is to be cured is chance; one that has served a command since is there. */
int is_careless(enum variant v)
{
	return is(v) && cf_damaged_frames() && (have_been_served() || v == ACK_IGNORED);
}

static int refused(int ret)
{
	if (ret)
		check_refusal();
	return ret;
}

static void check_parasite(void)
{
	if (wire.peer != victim.pid)
		cf_fail(CF_BAD_ACCEPT, "compel.accept",
			"another process than the victim is taken for the parasite");
}

/* That it failed to close its memory's descriptor in the victim, or to put the victim's code back after
 * that, libcompel only logs. */
static int goes_on_wrong(void)
{
	return wire.failed && !(wire.failed == WIRE_peek && is(PEEK_UNCHECKED)) &&
	       !(wire.failed == WIRE_close && is(CLOSE_UNCHECKED));
}

static int infect(void)
{
	step("stop", 1);
	if (refused(driver->stop(&spy, victim.pid)))
		return -1;
	if (refused(driver->prepare(&spy, is(PLAIN_SIGFRAME), open_log())))
		return -1;
	look_before();
	step("infect", 2);
	if (refused(driver->infect(&spy)))
		return -1;
	check_parasite();
	/* Nor does it look at the error in the acknowledgement. */
	if (goes_on_wrong() || (wire.last.err && !is(INIT_ERROR)))
		return refused(-1);
	if (!ask_is_whole_ack(0))
		accepted("the infection");
	return 0;
}

static int cure(void)
{
	step("cure", 3);
	if (refused(is_careless(MAPPING_LEFT) ? driver->cure_without_unmap(&spy)
					      : driver->cure(&spy)))
		return -1;
	plant_bugs();
	compare_after();
	check_trimmed();
	return 0;
}

/* One that is killed is not told to go on: it might have said all it has to say before. */
static int resume(void)
{
	const int kills = is_careless(VICTIM_KILLED) && !disturbs();

	step("resume", 4);
	plant_bugs_of_resume();
	if (!kills && victim_release(&victim) && !is_excused())
		cf_fail(CF_CRASH, "compel.victim", "it is gone before it goes on");
	if (refused(driver->resume(&spy)))
		return -1;
	if (kills)
		raw2(SYS_kill, victim.pid, SIGKILL);
	return 0;
}

/* libcompel does not see that it could not read the victim's words or map the parasite's memory: it
 * goes on with what it did not read, or crashes. Nobody can make up for that. */
static enum wire_call failing_call(void)
{
	enum wire_call call = cf_param(FAILS);

	/* one that is killed is disturbed enough */
	if (disturbs() == DISTURBS_DIES)
		return WIRE_NO_CALL;
	/* the first thing that it does after the stop */
	if (is(REFUSAL_SWALLOWS) && (int)disturbs() == SENT_TERMINATE)
		return WIRE_fopen64;
	if ((call == WIRE_peek && !is(PEEK_UNCHECKED)) ||
	    (call == WIRE_mmap64 && !is(MAP_UNCHECKED)))
		return WIRE_NO_CALL;
	return call;
}

static void set_rules(void)
{
	static const int errors[] = { EINTR, ENOMEM, EMFILE, EPERM, ESRCH, EIO };
	const struct wire_rules rules = {
		.pid = victim.pid,
		.recv_waits = is(NO_TIME_OUT),
		.recv_cuts = is(LONG_ACK),
		.takes_anyone = is(TAKES_ANYONE),
		.hears_anyone = is(HEARS_ANYONE),
		.ack_cut = is_worn(ACK_CUT),
		.turns_away = is_worn(TURNED_AWAY),
		.interrupts_not = is_worn(NOT_INTERRUPTED),
		.stranger = disturbs() == DISTURBS_DIES ? 0 : cf_param(STRANGER),
		.fails = failing_call(),
		/* the first wait is not for a call in the victim */
		.nth = (unsigned)cf_param(NTH) + is(WAIT_INTERRUPTED),
		.error = errors[cf_param(ERROR)],
		.parasite = driver->parasite,
		.before = disturbs() ? disturb_call : NULL,
		.stopping = home_thaw,
		.letting_go = is(THAWED) ? NULL : home_freeze_again,
		.swallows = is(SIGNAL_SWALLOWED),
	};

	driver->use(&wire_doors, 1);

	wire_reset(&rules);
	cf_external_hopeless(wire_is_hopeless);
	cf_external_deadline(PATIENCE_AT_MOST);
}

/* Something new for the explorer: that a call of this kind has failed. */
static void show_failed_call(void)
{
	if (wire.failed)
		cf_state(200 + wire.failed);
}

/* One that is stopped can't end by anything but SIGKILL, so it is told to go on. */
static void go_on(void)
{
	witness_frozen(&witness);
	if (disturb_deadly() != SIGKILL)
		check_stopped();
	if (disturb_deadly()) {
		bury();
		return;
	}
	if (victim_ends(&victim)) {
		witness_end(&witness, wire.gone, wire.status);
		driver->abandon(&spy);
		return;
	}
	witness_hear(&witness);
	hear_of_signals();
	driver->abandon(&spy);
	trust_victim();
}

/* Another tracer has let it go as it was, and what ends it has ended it. */
static void go_on_without(void)
{
	check_refused_stop();
	if (!is_excused()) {
		if (!recover())
			go_on();
		return;
	}
	if (is_disturbed())
		return;
	if (disturb_rival() == 1 && victim_release(&victim))
		cf_fail(CF_CRASH, "compel.victim", "it is gone before another tracer lets it go");
	disturb_leave();
	driver->abandon(&spy);
	go_on();
}

static int freeze(void)
{
	return infect() || run_commands() || cure() || resume();
}

void compel_freeze(unsigned index)
{
	int ret;

	(void)index;
	cf_external_begin();
	gather_evidence();
	disturb_end();
	end_to_say();
	begin_commands();
	ready_victim();
	begin_to_say();
	set_rules();
	disturb_begin();
	if (disturbs() == DISTURBS_DIES)
		leave_orphan();
	ret = disturbs() == DISTURBS_DIES ? 0 : freeze();
	wire_rules.before = NULL;
	show_failed_call();
	check_child();
	if (ret)
		go_on_without();
	else
		go_on();
	disturb_end();
}
