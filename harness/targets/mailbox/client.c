/* SPDX-License-Identifier: Apache-2.0
 *
 * The client: makes requests, and takes them for done if both message and page say so.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "truth.h"

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

void client(unsigned index)
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
