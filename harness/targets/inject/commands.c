/* SPDX-License-Identifier: Apache-2.0
 *
 * What the injector says of each step, and of the commands that the parasite executes.
 */
#include "infection.h"

_Noreturn void not_seen_to_end(int ret)
{
	cf_fail(CF_HANG, "inject.gone", "the victim was killed %s; %s, error %d", disturb_place(),
		in.hung ? in.hung : in.stage, ret);
}

int refused(int ret)
{
	if (disturb_hung())
		not_seen_to_end(ret);
	if (in.hung && disturbance.what >= DISTURBS_GOES_ON && !cf_damaged_frames())
		cf_fail(CF_HANG, in.hung, "in %s, %s", in.stage, disturb_place());
	if (!ret || cf_damaged_frames() || disturb_excuses())
		return ret;
	if (in.gone)
		cf_fail(CF_CRASH, "inject.victim", "the victim has ended in %s", in.stage);
	if (in.hung)
		cf_fail(CF_HANG, in.hung, "no answer in %s", in.stage);
	cf_fail(CF_INVARIANT, in.stage, "refused, with all frames whole: error %d", ret);
}

void check_ack(enum inject_cmd cmd, const char *what)
{
	const struct inject_message *m = &in.last;

	if (in.length == INJECT_WHOLE && m->cmd == cmd && m->ack == cmd)
		return;
	cf_fail(CF_BAD_ACCEPT, "inject.ack",
		"%s is taken as done; last of %u acks: %ld bytes, cmd %u ack %u err %d", what,
		in.received, in.length, m->cmd, m->ack, m->err);
}

static enum inject_cmd cmd_of(int i)
{
	switch ((enum work)cf_param(WORK)) {
	case CHURN:
		return INJECT_CHURN;
	case WRITE:
		return INJECT_WRITE;
	case FILES:
		return INJECT_FILE;
	case FAIL:
		return i == 0 ? INJECT_FAIL : INJECT_ADD;
	case COUNT:
		break;
	}
	return i & 1 ? INJECT_XOR : INJECT_ADD;
}

static uint64_t operand_of(enum inject_cmd cmd, int i)
{
	uint64_t page = (uint64_t)(uintptr_t)victim_page_address();

	return cmd == INJECT_WRITE ? page + 8 * (uint64_t)(i + 1) : (uint64_t)(cf_param(SEED) + i);
}

/* A command that fails by itself, and those that follow on it, must be said to have failed. */
static int must_fail(int i, int ret)
{
	if (cf_param(WORK) != FAIL || in.broken)
		return 0;
	if (!ret)
		cf_fail(CF_BAD_ACCEPT, "inject.failed", "command %d is taken as done %s", i,
			i ? "after a failed one" : "but has failed");
	return 1;
}

static int run_command(int i)
{
	enum inject_cmd cmd = cmd_of(i);
	uint64_t operand = operand_of(cmd, i);
	int ret = inject_command(&in, cmd, operand);

	if (must_fail(i, ret))
		return 0;
	if (refused(ret))
		return -1;
	check_ack(cmd, "a command");
	if (in.args->result != inject_result(cmd, in.serial, operand))
		cf_fail(CF_BAD_ACCEPT, "inject.command",
			"command %d is acknowledged, but its result is not there", i);
	return 0;
}

void run_commands(void)
{
	for (int i = 0; i < cf_param(COMMANDS); i++)
		if (run_command(i))
			return;
}
