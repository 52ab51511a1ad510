/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "truth.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

void judge_accepted(size_t length, int flags)
{
	if (length < sizeof(struct message))
		cf_fail(CF_TRIMMED_MESSAGE, "mailbox.receive", "accepted with %zu of %zu bytes",
			length, sizeof(struct message));
	if (flags & MSG_TRUNC)
		cf_fail(CF_BAD_ACCEPT, "mailbox.receive", "accepted a frame that was cut");
}

void judge_peer_left(unsigned side)
{
	if (!the_ledger()->left[!side] && !cf_killed() && !cf_broken_connections())
		cf_fail(CF_MISREAD_MESSAGE, "mailbox.receive", "the %s has not left",
			side == CLIENT ? "server" : "client");
}

void judge_sent(size_t size)
{
	if (size < sizeof(struct message))
		cf_fail(size ? CF_TRIMMED_MESSAGE : CF_LOST_MESSAGE, "mailbox.transmit",
			"taken for sent with %zu of %zu bytes", size, sizeof(struct message));
}

void judge_waited(void)
{
	if (the_ledger()->cancelled)
		cf_fail(CF_LOST_SIGNAL, "mailbox.await", "SIGTERM came before the wait");
}

void judge_run(uint64_t seq, uint64_t cmd, uint64_t argument, bool refused)
{
	struct ledger *ledger = the_ledger();

	if (ledger->request[seq].ran++)
		cf_fail(CF_DUPLICATE_MESSAGE, "mailbox.serve", "request %u runs again",
			(unsigned)seq);
	if (cmd != ledger->request[seq].cmd || argument != ledger->request[seq].argument)
		cf_fail(CF_MISREAD_MESSAGE, "mailbox.serve",
			"request %u is %u with %u, sent was %u with %u", (unsigned)seq,
			(unsigned)cmd, (unsigned)argument, (unsigned)ledger->request[seq].cmd,
			(unsigned)ledger->request[seq].argument);
	ledger->request[seq].refused = refused;
}

void judge_refused(uint64_t seq)
{
	if (!the_ledger()->request[seq].refused)
		cf_fail(CF_MISREAD_MESSAGE, "mailbox.execute",
			"request %u is taken for failed, but the server did not refuse it",
			(unsigned)seq);
}

void judge_done(uint64_t seq, uint64_t result)
{
	struct ledger *ledger = the_ledger();

	if (!ledger->request[seq].ran || ledger->request[seq].refused)
		cf_fail(CF_LOST_MESSAGE, "mailbox.execute",
			"request %u is taken for done, but the server has not done it",
			(unsigned)seq);
	if (result != answer_to(ledger->request[seq].cmd, ledger->request[seq].argument))
		cf_fail(CF_LOST_MESSAGE, "mailbox.execute", "the result of request %u is old",
			(unsigned)seq);
}

void judge_strays(unsigned side)
{
	struct ledger *ledger = the_ledger();
	unsigned i, kept = 0;

	for (i = 0; i < ledger->strays[side]; i++)
		if (fcntl(ledger->stray[side][i], F_GETFD) >= 0) {
			close(ledger->stray[side][i]);
			kept++;
		}
	if (kept)
		cf_fail(CF_LEAK, "mailbox.receive", "%u stray descriptors are still open", kept);
}
