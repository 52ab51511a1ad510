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
#include <errno.h>
#include <fcntl.h>
#include <linux/futex.h>
#include <poll.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "cryofuzz.h"

enum { COMMANDS, REFUSED, STREAM, CANCEL };

enum {
	STRICT,
	TRUSTS_SHORT_READS,
	IGNORES_OVER_LONG,
	EMPTY_IS_EOF,
	WAITS_FOREVER,
	POSITIVE_IS_ERROR,
	TRUSTS_ANY_ACK,
	RUNS_TWICE,
	KEEPS_STRAY_FD,
	TWO_STEP,
	EINTR_IS_ERROR,
	EINTR_LOSES_MESSAGE,
	SHORT_WRITE_IS_WHOLE,
	TIME_OUT_IS_ACK,
	PEER_DEATH_UNSEEN,
	LOST_SIGNAL,
};

enum { CMD_INIT = 2, CMD_FINI = 4, CMD_DOUBLE = 64, CMD_SQUARE = 65 };
enum { CLIENT, SERVER };
enum { MAX_COMMANDS = 8, MAX_STRAYS = 16, TIMEOUT_MS = 1000, OLD_LENGTH = 8 };

/* Told to the explorer, whichever side is in it. */
enum { STATE_READY = 1, STATE_LENIENT = 2, STATE_FAILED = 4, STATE_OVER = 8, STATE_DAMAGED = 16 };

struct message {
	uint32_t cmd, ack;
	int32_t err;
};

/* Request: cmd and argument, then seq. Answer: status and result, then done. */
struct page {
	_Atomic uint64_t seq;
	uint64_t cmd, argument;
	_Atomic uint64_t done;
	int64_t status;
	uint64_t result;
	_Atomic uint32_t finished; /* futex word: = done, for who waits for it there */
};

/* What one side knows. */
struct session {
	int fd;
	unsigned side;
	uint64_t last; /* request sent or run */
	bool failed; /* only FINI is accepted */
	bool lenient; /* the next frame may be as short as OLD_LENGTH */
	int cancel; /* a byte comes here when it is to end, -1: nobody will ask for that */
};

/* ---- oracle: the truth ---- */

struct ledger {
	struct {
		uint64_t cmd, argument;
		unsigned ran, refused;
	} request[MAX_COMMANDS + 2];
	bool left[2];
	bool cancelled; /* SIGTERM has come */
	unsigned strays[2];
	int stray[2][MAX_STRAYS];
};

static struct ledger *the_ledger(void)
{
	return cf_ledger();
}

static uint64_t answer_to(uint64_t cmd, uint64_t argument)
{
	return cmd == CMD_DOUBLE ? 2 * argument : cmd == CMD_SQUARE ? argument * argument : 0;
}

static void judge_accepted(size_t length, int flags)
{
	if (length < sizeof(struct message))
		cf_fail(CF_TRIMMED_MESSAGE, "mailbox.receive", "accepted with %zu of %zu bytes",
			length, sizeof(struct message));
	if (flags & MSG_TRUNC)
		cf_fail(CF_BAD_ACCEPT, "mailbox.receive", "accepted a frame that was cut");
}

static void judge_peer_left(unsigned side)
{
	if (!the_ledger()->left[!side] && !cf_killed() && !cf_broken_connections())
		cf_fail(CF_MISREAD_MESSAGE, "mailbox.receive", "the %s has not left",
			side == CLIENT ? "server" : "client");
}

static void judge_sent(size_t size)
{
	if (size < sizeof(struct message))
		cf_fail(size ? CF_TRIMMED_MESSAGE : CF_LOST_MESSAGE, "mailbox.transmit",
			"taken for sent with %zu of %zu bytes", size, sizeof(struct message));
}

static void judge_waited(void)
{
	if (the_ledger()->cancelled)
		cf_fail(CF_LOST_SIGNAL, "mailbox.await", "SIGTERM came before the wait");
}

static void judge_run(uint64_t seq, uint64_t cmd, uint64_t argument, bool refused)
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

static void judge_refused(uint64_t seq)
{
	if (!the_ledger()->request[seq].refused)
		cf_fail(CF_MISREAD_MESSAGE, "mailbox.execute",
			"request %u is taken for failed, but the server did not refuse it",
			(unsigned)seq);
}

static void judge_done(uint64_t seq, uint64_t result)
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

static void judge_strays(unsigned side)
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

/* ---- both sides ---- */

static struct page *the_page(void)
{
	return cf_shared();
}

static void leave(struct session *s)
{
	cf_state(STATE_OVER | s->failed);
	judge_strays(s->side);
	the_ledger()->left[s->side] = true;
	shutdown(s->fd, SHUT_RDWR);
	close(s->fd);
}

static int transmit(struct session *s, uint32_t cmd, uint32_t ack, int32_t err)
{
	struct message m = { .cmd = cmd, .ack = ack, .err = err };
	size_t sent = 0;

	do {
		ssize_t n = send(s->fd, (char *)&m + sent, sizeof(m) - sent, MSG_NOSIGNAL);

		if (n < 0 && errno != EINTR)
			return -errno;
		if (n < 0 && cf_variant() == EINTR_LOSES_MESSAGE)
			break;
		sent += n > 0 ? (size_t)n : 0;
	} while (sent < sizeof(m) && !(sent && cf_variant() == SHORT_WRITE_IS_WHOLE));
	judge_sent(sent);
	return 0;
}

/* ---- cancelling ---- */

static volatile sig_atomic_t cancelled;
static int cancel_pipe = -1;

static void on_cancel(int signo)
{
	(void)signo;
	cancelled = 1;
	the_ledger()->cancelled = true;
	if (cf_variant() != LOST_SIGNAL && write(cancel_pipe, "", 1) < 0)
		cf_mark("the pipe is full: then it is read anyway");
}

/* The end of a pipe that becomes readable: a wait sees that whenever it happens, a flag it does not. */
static int hear_cancel(void)
{
	const struct sigaction action = { .sa_handler = on_cancel };
	int ends[2];

	if (!cf_param(CANCEL) || pipe2(ends, O_CLOEXEC | O_NONBLOCK) < 0)
		return -1;
	cancel_pipe = ends[1];
	sigaction(SIGTERM, &action, NULL);
	return ends[0];
}

/* Returns the poll events, or -errno. */
static int await_input(struct session *s)
{
	struct pollfd p[] = { { .fd = s->fd, .events = POLLIN | POLLRDHUP },
			      { .fd = s->cancel, .events = POLLIN } };
	int n;

	if (cf_variant() == LOST_SIGNAL && cancelled)
		return -ECANCELED;
	do
		n = poll(p, s->cancel < 0 || cf_variant() == LOST_SIGNAL ? 1 : 2,
			 cf_variant() == WAITS_FOREVER ? -1 : TIMEOUT_MS);
	while (n < 0 && errno == EINTR && cf_variant() != EINTR_IS_ERROR);
	if (n < 0 && errno == EINTR)
		judge_peer_left(s->side);
	if (n < 0)
		return -errno;
	if (p[1].revents)
		return -ECANCELED;
	if (s->side == CLIENT)
		judge_waited();
	return n ? p[0].revents : -ETIMEDOUT;
}

/* Says whether any descriptors came. */
static bool close_strays(struct session *s, struct msghdr *h)
{
	struct ledger *ledger = the_ledger();
	struct cmsghdr *c;
	bool any = h->msg_flags & MSG_CTRUNC;

	for (c = CMSG_FIRSTHDR(h); c; c = CMSG_NXTHDR(h, c)) {
		size_t i, n = (c->cmsg_len - CMSG_LEN(0)) / sizeof(int);
		const int *fds = (const int *)(const void *)CMSG_DATA(c);

		if (c->cmsg_level != SOL_SOCKET || c->cmsg_type != SCM_RIGHTS)
			continue;
		for (i = 0; i < n; i++) {
			if (ledger->strays[s->side] < MAX_STRAYS)
				ledger->stray[s->side][ledger->strays[s->side]++] = fds[i];
			if (cf_variant() != KEEPS_STRAY_FD)
				close(fds[i]);
			any = true;
		}
	}
	return any && cf_variant() != KEEPS_STRAY_FD;
}

/* One read. Returns its length, or -errno; end of connection is -ECONNRESET. */
static ssize_t receive_part(struct session *s, void *to, size_t size, int *flags)
{
	_Alignas(struct cmsghdr) char control[CMSG_SPACE(4 * sizeof(int))];
	struct iovec iov = { .iov_base = to, .iov_len = size };
	struct msghdr h = { .msg_iov = &iov,
			    .msg_iovlen = 1,
			    .msg_control = control,
			    .msg_controllen = sizeof(control) };
	int events = await_input(s);
	ssize_t n;

	if (events < 0)
		return events;
	n = recvmsg(s->fd, &h, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
	if (n < 0)
		return -errno;
	*flags |= h.msg_flags;
	if (close_strays(s, &h))
		return -EPROTO;
	if (!n && (events & (POLLHUP | POLLRDHUP) || cf_variant() == EMPTY_IS_EOF)) {
		judge_peer_left(s->side);
		return -ECONNRESET;
	}
	return n ? n : -EPROTO;
}

static bool is_complete(struct session *s, size_t length, int flags)
{
	if (flags & MSG_TRUNC && cf_variant() != IGNORES_OVER_LONG)
		return false;
	if (cf_variant() == TRUSTS_SHORT_READS)
		return true;
	return length == sizeof(struct message) || (s->lenient && length >= OLD_LENGTH);
}

static int receive(struct session *s, struct message *m)
{
	size_t have = 0;
	int flags = 0;

	memset(m, 0, sizeof(*m));
	do {
		ssize_t n = receive_part(s, (char *)m + have, sizeof(*m) - have, &flags);

		if (n == -EAGAIN)
			continue;
		if (n < 0)
			return (int)n;
		have += (size_t)n;
		if (is_complete(s, have, flags)) {
			judge_accepted(have, flags);
			return 0;
		}
	} while (cf_param(STREAM) || !have);
	return -EPROTO;
}

/* ---- client ---- */

static bool is_answer(const struct message *m, uint32_t cmd, uint64_t seq)
{
	if (cf_variant() == TRUSTS_ANY_ACK)
		return true;
	if (m->cmd != cmd || m->ack != cmd)
		return false;
	return atomic_load_explicit(&the_page()->done, memory_order_acquire) == seq;
}

/* The server has taken the request, and does it now. */
static void await_finished(uint64_t seq)
{
	uint32_t now;

	while ((now = atomic_load_explicit(&the_page()->finished, memory_order_acquire)) != seq)
		syscall(SYS_futex, &the_page()->finished, FUTEX_WAIT, now, NULL, NULL, 0);
}

static int refused(uint64_t seq)
{
	judge_refused(seq);
	return 1;
}

/* Returns 0 if done, 1 if refused, -errno if the session is broken. */
static int execute(struct session *s, uint32_t cmd, uint64_t argument)
{
	struct page *page = the_page();
	struct message m;
	uint64_t seq = ++s->last;
	int err;

	the_ledger()->request[seq].cmd = cmd;
	the_ledger()->request[seq].argument = argument;
	page->cmd = cmd;
	page->argument = argument;
	atomic_store_explicit(&page->seq, seq, memory_order_release);
	err = transmit(s, cmd, 0, 0);
	if (!err)
		err = receive(s, &m);
	if (err == -ETIMEDOUT && cf_variant() == TIME_OUT_IS_ACK) {
		judge_done(seq, page->result);
		return 0;
	}
	if (err)
		return err;
	if (cf_variant() == PEER_DEATH_UNSEEN)
		await_finished(seq);
	if (m.err > 0 && cf_variant() == POSITIVE_IS_ERROR)
		return refused(seq);
	if (!is_answer(&m, cmd, seq) || m.err > 0 || m.err != page->status)
		return -EPROTO;
	if (m.err)
		return cmd == CMD_FINI ? -EPROTO : refused(seq);
	judge_done(seq, page->result);
	return 0;
}

static int expect_init(struct session *s)
{
	struct message m;
	int err = receive(s, &m);

	if (!err && (m.cmd != CMD_INIT || m.ack != CMD_INIT || m.err))
		err = -EPROTO;
	return err;
}

static void client(unsigned index)
{
	struct session s = { .fd = cf_channel_fd(0), .side = CLIENT, .cancel = hear_cancel() };
	int i, err = expect_init(&s);

	(void)index;
	for (i = 1; !err && i <= cf_param(COMMANDS); i++)
		err = execute(&s, i % 2 ? CMD_DOUBLE : CMD_SQUARE,
			      i == cf_param(REFUSED) ? 0 : 10 + (uint64_t)i);
	if (err >= 0)
		execute(&s, CMD_FINI, 0);
	leave(&s);
}

/* ---- server ---- */

static bool is_request(struct session *s, const struct message *m, uint64_t seq)
{
	if (m->cmd != CMD_DOUBLE && m->cmd != CMD_SQUARE && m->cmd != CMD_FINI)
		return false;
	if (m->err || m->cmd != the_page()->cmd || (s->failed && m->cmd != CMD_FINI))
		return false;
	return seq == s->last + 1 || (seq && cf_variant() == RUNS_TWICE);
}

/* Old clients sent a request once more with the ack that they had missed. */
static bool is_retransmission(const struct message *m)
{
	return cf_variant() == TWO_STEP && m->cmd == CMD_DOUBLE && m->ack == m->cmd;
}

static void finish(uint64_t seq, uint64_t result, int err)
{
	struct page *page = the_page();

	page->result = result;
	page->status = err;
	atomic_store_explicit(&page->done, seq, memory_order_release);
	if (cf_variant() != PEER_DEATH_UNSEEN)
		return;
	atomic_store_explicit(&page->finished, (uint32_t)seq, memory_order_release);
	syscall(SYS_futex, &page->finished, FUTEX_WAKE, 1, NULL, NULL, 0);
}

static int run(struct session *s, uint64_t seq)
{
	uint64_t cmd = the_page()->cmd, argument = the_page()->argument;
	int err = cmd == CMD_FINI || argument ? 0 : -EDOM, ret = 0;

	judge_run(seq, cmd, argument, err);
	s->last = seq;
	s->failed = err;
	if (cf_variant() == PEER_DEATH_UNSEEN)
		ret = transmit(s, (uint32_t)cmd, (uint32_t)cmd, err);
	if (!ret)
		finish(seq, answer_to(cmd, argument), err);
	if (cf_variant() != PEER_DEATH_UNSEEN)
		ret = transmit(s, (uint32_t)cmd, (uint32_t)cmd, err);
	return ret;
}

/* Returns 1 after FINI, -errno if the session is broken. */
static int serve(struct session *s)
{
	struct message m;
	int err = receive(s, &m);
	uint64_t seq;

	if (err)
		return err;
	s->lenient = is_retransmission(&m);
	cf_state(s->lenient ? STATE_LENIENT : s->failed ? STATE_FAILED : STATE_READY);
	seq = atomic_load_explicit(&the_page()->seq, memory_order_acquire);
	if (!is_request(s, &m, seq) || (m.ack && !s->lenient)) {
		cf_state(STATE_DAMAGED);
		return -EPROTO;
	}
	err = run(s, seq);
	return err ? err : m.cmd == CMD_FINI;
}

static void server(unsigned index)
{
	struct session s = { .fd = cf_channel_fd(0), .side = SERVER, .cancel = -1 };
	int err = transmit(&s, CMD_INIT, CMD_INIT, 0);

	(void)index;
	while (!err)
		err = serve(&s);
	leave(&s);
}

/* ---- description ---- */

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

static const struct cf_variant_spec variants[] = {
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

CRYOFUZZ_TARGET = {
	.abi = CF_TARGET_ABI,
	.name = "mailbox",
	.summary =
		"commands and acks of 12 bytes with arguments in a shared page, as compel has them",
	.shared_size = sizeof(struct page),
	.flags = CF_SURVIVES_FAULTS,
	.roles = roles,
	.params = params,
	.variants = variants,
	.fields = fields,
	.channels = channels,
};
