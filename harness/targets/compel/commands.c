/* SPDX-License-Identifier: Apache-2.0
 *
 * What the parasite is asked to do, and whether it did.
 */
#include "compel.h"

#include <signal.h>
#include <stdio.h>

/* From this command on command-trimmed and ack-awaited-twice go wrong. */
enum { THIRD = 2 };

static int served, failure, changes;

void begin_commands(void)
{
	served = failure = changes = 0;
}

int have_been_served(void)
{
	return served;
}

int have_asked_for_failure(void)
{
	return failure;
}

int have_asked_to_change(void)
{
	return changes;
}

static void send_trimmed_command(void)
{
	static const struct wire_message command = { PARASITE_ADD, 0, 0 };

	raw6(SYS_sendto, driver->control(&spy), &command, 8, 0, 0, 0);
}

static enum ask_slip slip(void)
{
	static const enum ask_slip slips[] = {
		[READS_ELSEWHERE] = ASK_READS_ELSEWHERE, [LEAVES_WRITTEN] = ASK_LEAVES_WRITTEN,
		[GIVES_ANOTHER] = ASK_GIVES_ANOTHER,     [KEEPS_TAKEN] = ASK_KEEPS_TAKEN,
		[DOES_NOT_SLEEP] = ASK_DOES_NOT_SLEEP,
	};

	if (is_worn(RESULT_MISREAD))
		return ASK_MISREADS;
	return cf_variant() < sizeof(slips) / sizeof(slips[0]) ? slips[cf_variant()]
							       : ASK_CAREFULLY;
}

static struct ask question(int i)
{
	return (struct ask){
		.driver = driver,
		.spy = &spy,
		.victim = &victim,
		.operand = (uint64_t)(cf_param(SEED) + i),
		.slip = slip(),
	};
}

/* An acknowledgement that a third party has sent. */
static void check_sender(void)
{
	if (wire.sender && wire.sender != victim.pid)
		cf_fail(CF_BAD_ACCEPT, "compel.sender",
			"the answer is not the parasite's: another process has sent it");
}

/* That the error in an acknowledgement was rewritten, that a command came twice, or that an event has
 * copied a stranger's message, libcompel can't know: its messages have no numbers. A careful caller sees
 * it by what came of the command. */
static enum answer careful(enum answer answer, int cmd)
{
	int lied_to = answer == ANSWER_NOT_RUN && (cmd == PARASITE_FAIL || wire.strange);

	/* of one that is dead by now nothing can be said */
	if (disturb_deadly() == SIGKILL && answer != ANSWER_SERVED)
		return ANSWER_REFUSED;
	return cf_damaged_frames() && (lied_to || answer == ANSWER_WRONG) ? ANSWER_REFUSED : answer;
}

static enum answer careless(enum answer answer)
{
	int ignored = is_careless(ACK_IGNORED) || (is(FAILURE_IGNORED) && failure);

	if (answer == ANSWER_REFUSED && failure && is(REFUSAL_UNHEARD))
		return ANSWER_SERVED;
	return answer == ANSWER_REFUSED && ignored ? ANSWER_NO_ACK : answer;
}

/* 0 once it is done, -1 if it was refused. */
static int run_command(struct ask *a, int cmd)
{
	char site[40];

	switch (careless(careful(ask(a, cmd), cmd))) {
	case ANSWER_REFUSED:
		return -1;
	case ANSWER_NO_ACK:
		accepted("a command");
	case ANSWER_NOT_RUN:
		check_sender();
		cf_fail(CF_BAD_ACCEPT, "compel.command",
			"%s is acknowledged, but its result is not there", ask_name(cmd));
	case ANSWER_WRONG:
		snprintf(site, sizeof(site), "compel.%s", ask_name(cmd));
		cf_fail(CF_BAD_ACCEPT, site, "%s is acknowledged, but %s", ask_name(cmd), a->why);
	case ANSWER_SERVED:
		break;
	}
	check_sender();
	if (failure)
		cf_fail(CF_BAD_ACCEPT, "compel.failure",
			"%s is served, but the parasite had to fail before", ask_name(cmd));
	served = 1;
	return 0;
}

/* After a command that failed the parasite takes only the one to leave, so that the cure goes on. */
static int run_turn(int i)
{
	struct ask a = question(i);
	int cmd = ask_command(cf_param(FIRST), i);

	step("command", 10 + cmd - PARASITE_ADD);
	if (is(COMMAND_TRIMMED) && i >= THIRD)
		send_trimmed_command();
	failure |= cmd == PARASITE_FAIL;
	changes = cmd == PARASITE_SWAP || cmd == PARASITE_TAKE;
	if (!run_command(&a, cmd))
		return 0;
	check_refusal();
	return failure && !is_disturbed() ? 0 : -1;
}

int run_commands(void)
{
	struct ask last = question(0);

	for (int i = 0; i < cf_param(COMMANDS); i++)
		if (run_turn(i))
			return -1;
	if (is_careless(DESCRIPTOR_LEFT) && ask_to_leave_descriptor(&last))
		return -1;
	if (is(ACK_AWAITED_TWICE) && cf_param(COMMANDS) > THIRD && !failure &&
	    driver->end(&spy, PARASITE_ADD)) {
		check_refusal();
		return -1;
	}
	return 0;
}
