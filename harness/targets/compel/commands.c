/* SPDX-License-Identifier: Apache-2.0
 *
 * What the parasite is asked to do, and whether it did.
 */
#include "compel.h"

/* From this command on command-trimmed and ack-awaited-twice go wrong. */
enum { THIRD = 2 };

static int served;

int have_been_served(void)
{
	return served;
}

static void send_trimmed_command(void)
{
	static const struct wire_message command = { PARASITE_ADD, 0, 0 };

	raw6(SYS_sendto, spy_socket(&spy), &command, 8, 0, 0, 0);
}

static enum spy_answer command(int i, int cmd)
{
	uint64_t operand = (uint64_t)cf_param(SEED) + i;
	enum spy_answer answer;

	if (is(COMMAND_TRIMMED) && i >= THIRD)
		send_trimmed_command();
	answer = spy_command(&spy, cmd, operand);
	return answer == SPY_REFUSED && is_careless(ACK_IGNORED) ? SPY_NO_ACK : answer;
}

static int run_command(int i)
{
	int cmd = i & 1 ? PARASITE_XOR : PARASITE_ADD;

	switch (command(i, cmd)) {
	case SPY_REFUSED:
		check_refusal();
		return -1;
	case SPY_NO_ACK:
		accepted("a command");
	case SPY_NOT_RUN:
		cf_fail(CF_BAD_ACCEPT, "compel.command",
			"command %d is acknowledged, but its result is not there", cmd);
	case SPY_SERVED:
		served = 1;
		break;
	}
	return 0;
}

int run_commands(void)
{
	served = 0;
	for (int i = 0; i < cf_param(COMMANDS); i++) {
		step("command", 10 + i);
		if (run_command(i))
			return -1;
	}
	if (is_careless(DESCRIPTOR_LEFT) && spy_command(&spy, PARASITE_LEAVE_DESCRIPTOR, 0))
		return -1;
	if (is(ACK_AWAITED_TWICE) && cf_param(COMMANDS) > THIRD &&
	    spy_await_ack(&spy, PARASITE_ADD)) {
		check_refusal();
		return -1;
	}
	return 0;
}
