/* SPDX-License-Identifier: Apache-2.0
 *
 * One freeze: stop, infect, commands, cure, resume.
 */
#include "compel.h"

#include "../../freezer/victim/patience.h"

struct spy spy;

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

static int infect(void)
{
	step("stop", 1);
	if (refused(spy_stop(&spy, victim.pid)))
		return -1;
	if (refused(spy_prepare(&spy, is(PLAIN_SIGFRAME))))
		return -1;
	look_before();
	step("infect", 2);
	if (refused(spy_infect(&spy, is(INIT_ERROR))))
		return -1;
	if (!spy_whole_ack(0))
		accepted("the infection");
	return 0;
}

static int cure(void)
{
	step("cure", 3);
	if (refused(is_careless(MAPPING_LEFT) ? spy_cure_without_unmap(&spy) : spy_cure(&spy)))
		return -1;
	plant_bugs();
	compare_after();
	check_trimmed();
	return 0;
}

static int resume(void)
{
	step("resume", 4);
	if (is_careless(REGISTER_LOST_LATE))
		lose_register();
	if (victim_release(&victim))
		cf_fail(CF_CRASH, "compel.victim", "it is gone before it goes on");
	return refused(spy_resume(&spy));
}

static void set_rules(void)
{
	const struct wire_rules rules = {
		.pid = victim.pid,
		.recv_waits = is(NO_TIME_OUT),
		.recv_cuts = is(LONG_ACK),
	};

	wire_reset(&rules);
	cf_external_hopeless(wire_is_hopeless);
	cf_external_deadline(PATIENCE_AT_MOST);
}

void compel_freeze(unsigned index)
{
	(void)index;
	cf_external_begin();
	ready_victim();
	set_rules();
	if (infect() || run_commands() || cure() || resume())
		return;
	hear_victim();
	spy_abandon(&spy);
	trust_victim();
}
