/* SPDX-License-Identifier: Apache-2.0
 *
 * The server: runs each request once, and acknowledges it.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "truth.h"

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

static uint64_t argument_of(uint64_t seq)
{
	if (cf_variant() == OLD_ARGUMENT && seq > 3)
		return the_page()->result;
	return the_page()->argument;
}

static int run(struct session *s, uint64_t seq)
{
	uint64_t cmd = the_page()->cmd, argument = argument_of(seq);
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

void server(unsigned index)
{
	struct session s = { .fd = cf_channel_fd(0), .side = SERVER, .cancel = -1 };
	int err = transmit(&s, CMD_INIT, CMD_INIT, 0);

	(void)index;
	while (!err)
		err = serve(&s);
	leave(&s);
}
