/* SPDX-License-Identifier: Apache-2.0
 *
 * mailbox - compel's conversation between the tracer (client) and its parasite (server): an INIT
 * ack, commands, FINI; control messages of 12 bytes, acks that repeat the command, arguments and
 * results in a shared page; after a failed command only FINI is accepted. Harder than compel: all
 * waits have a time-out, and a message counts only if the shared page says the same.
 *
 * It promises to survive faults: calls are made again after EINTR and for the rest after a short
 * one, a dead peer and a broken connection end the session, and so does SIGTERM, if the client is told
 * to listen to it.
 *
 * Oracles, by belief: who takes a message for complete has received exactly 12 bytes of one frame, and
 * who takes it for sent has sent them; who takes the other side for gone is right; who goes on after a
 * wait has not been cancelled before it; the server runs each request once with the
 * arguments that were sent; the client takes a request for done (or refused) only if the
 * server has done (or refused) it; a stray file descriptor that arrived is closed again.
 *
 * strict              anything damaged or late ends the session, on both sides
 * trusts-short-reads  the length is not looked at
 * ignores-over-long   MSG_TRUNC is not looked at: a cut frame is taken for a whole one
 * empty-is-eof        an empty frame is taken for the end of the connection
 * waits-forever       no time-out: after a lost frame each waits for the other
 * positive-is-error   a positive result, which no server sends, is taken for a failed command
 * trusts-any-ack      whose answer it is isn't looked at: an old one passes for the next
 * runs-twice          the server doesn't see that it has run this very request already
 * keeps-stray-fd      a descriptor that came with a message stays open
 * two-step            a request that carries its own ack is taken for the retransmission of an
 *                     old client, whose next frame may lack the last fields
 * eintr-is-error      a wait that a signal has interrupted is taken for a lost connection
 * eintr-loses-message a send that a signal has interrupted is taken for done
 * short-write-is-whole what a send returns is not looked at, as long as it is no error
 * time-out-is-ack     who has waited so long takes the answer for given
 * peer-death-unseen   the server acknowledges first and works then; the client waits for the end of
 *                     that in the shared page alone, where nobody says that the server has died
 * lost-signal         the flag of SIGTERM's handler is looked at before the wait: what comes between
 *                     the two is not seen
 */
#define _GNU_SOURCE
#include <stddef.h>
#include <sys/socket.h>

#include "mailbox.h"

static int type(void)
{
	return cf_param(STREAM) ? SOCK_STREAM : SOCK_SEQPACKET;
}

static const struct cf_role roles[] = {
	{ "client", NULL, client },
	{ "server", NULL, server },
	{ 0 },
};

static const struct cf_param_spec params[] = {
	[COMMANDS] = { "commands", 1, MAX_COMMANDS, 2, "commands before FINI" },
	[REFUSED] = { "refused", 0, MAX_COMMANDS, 0,
		      "the command that the server refuses, 0: none" },
	[STREAM] = { "stream", 0, 1, 0, "1: over a stream, 0: over sequenced packets" },
	[CANCEL] = { "cancel", 0, 1, 0, "1: SIGTERM cancels the client's session" },
	{ 0 },
};

static const struct cf_field fields[] = {
	{ "cmd", offsetof(struct message, cmd), sizeof(uint32_t) },
	{ "ack", offsetof(struct message, ack), sizeof(uint32_t) },
	{ "err", offsetof(struct message, err), sizeof(int32_t) },
	{ 0 },
};

static const struct cf_channel channels[] = {
	{ "rpc", "client", "server", type },
	{ 0 },
};

/* A message that an event has doubled has them read, or written, while the other side writes the next one:
 * what is taken from them then is found out by the numbers of requests. */
static const struct cf_word words[] = {
	{ "request", offsetof(struct page, cmd), 2 * sizeof(uint64_t), 1 },
	{ "answer", offsetof(struct page, status), 2 * sizeof(uint64_t), 1 },
	{ 0 },
};

CRYOFUZZ_TARGET = {
	.abi = CF_TARGET_ABI,
	.name = "mailbox",
	.summary =
		"commands and acks of 12 bytes with arguments in a shared page, as compel has them",
	.shared_size = sizeof(struct page),
	.flags = CF_SURVIVES_FAULTS | CF_FIBERS,
	.roles = roles,
	.params = params,
	.variants = mailbox_variants,
	.fields = fields,
	.channels = channels,
	.words = words,
};
