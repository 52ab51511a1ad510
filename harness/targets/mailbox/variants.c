/* SPDX-License-Identifier: Apache-2.0
 *
 * What is said of each variant.
 */
#include "mailbox.h"

const struct cf_variant_spec mailbox_variants[] = {
	[STRICT] = { "strict", "rejects all damage", CF_SC, NULL },
	[TRUSTS_SHORT_READS] = { "trusts-short-reads", "any length will do", CF_SC,
				 "trimmed-message in mailbox.receive" },
	[IGNORES_OVER_LONG] = { "ignores-over-long", "a cut frame will do", CF_SC,
				"bad-accept in mailbox.receive" },
	[EMPTY_IS_EOF] = { "empty-is-eof", "an empty frame is the end", CF_SC,
			   "misread-message in mailbox.receive" },
	[WAITS_FOREVER] = { "waits-forever", "no time-out", CF_SC, "deadlock in mailbox.client" },
	[POSITIVE_IS_ERROR] = { "positive-is-error", "a positive result is an error", CF_SC,
				"misread-message in mailbox.execute" },
	[TRUSTS_ANY_ACK] = { "trusts-any-ack", "an old answer will do", CF_SC,
			     "lost-message in mailbox.execute" },
	[RUNS_TWICE] = { "runs-twice", "repeated requests run", CF_SC,
			 "duplicate-message in mailbox.serve" },
	[KEEPS_STRAY_FD] = { "keeps-stray-fd", "descriptors are not looked at", CF_SC,
			     "leak in mailbox.receive" },
	[TWO_STEP] = { "two-step", "one odd request makes the next length negotiable", CF_SC,
		       "trimmed-message in mailbox.receive" },
	[EINTR_IS_ERROR] = { "eintr-is-error", "an interrupted wait is a lost connection", CF_SC,
			     "misread-message in mailbox.receive", .faults = 1 },
	[EINTR_LOSES_MESSAGE] = { "eintr-loses-message", "an interrupted send is not made again",
				  CF_SC, "lost-message in mailbox.transmit", .faults = 1 },
	[SHORT_WRITE_IS_WHOLE] = { "short-write-is-whole", "the rest is not sent", CF_SC,
				   "trimmed-message in mailbox.transmit", .faults = 1 },
	[TIME_OUT_IS_ACK] = { "time-out-is-ack", "a time-out is taken for an answer", CF_SC,
			      "lost-message in mailbox.execute" },
	[PEER_DEATH_UNSEEN] = { "peer-death-unseen",
				"a wait that the death of the other does not end", CF_SC,
				"deadlock in mailbox.client", .faults = 1 },
	[LOST_SIGNAL] = { "lost-signal", "a flag is looked at before the wait", CF_SC,
			  "lost-signal in mailbox.await", .faults = 1 },
	[OLD_ARGUMENT] = { "old-argument",
			   "from the fourth request on the last result is the argument", CF_SC,
			   "misread-message in mailbox.serve" },
	{ 0 },
};
