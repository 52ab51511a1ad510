/* SPDX-License-Identifier: Apache-2.0
 *
 * perfring - the kernel's own perf rings, one for each processor, between a producer whose page faults, or system
 * calls, are the events and a reader. Each ring counts by itself how many records wake the reader: two events on two
 * processors with a threshold of two wake nobody. What the kernel does is real; on which processor the
 * producer triggers is the scenario's.
 *
 * Oracle: the producer notes each trigger and where it was. A record must be as the kernel writes it and
 * the next one of its ring, unless lost ones were told; and when nobody can do anything more, no ring may
 * hold records that the reader was not woken for.
 */
#define _GNU_SOURCE
#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "perfring.h"

/* Whoever spun would let the reader's time run out. */
static void wait_for(atomic_uint *word)
{
	while (!atomic_load_explicit(word, memory_order_acquire))
		syscall(SYS_futex, word, FUTEX_WAIT, 0, NULL, NULL, 0);
}

static void say(atomic_uint *word)
{
	atomic_store_explicit(word, 1, memory_order_release);
	syscall(SYS_futex, word, FUTEX_WAKE, 1, NULL, NULL, 0);
}

static void producer(unsigned index)
{
	unsigned triggers = triggers_wanted();

	(void)index;
	if (cf_variant() == UNPINNED && cf_processors() < 2)
		cf_unsupported("what goes wrong without pinning takes two processors, here is one");
	if (cf_variant() == MORE_EVENTS)
		triggers *= cf_processors();
	open_events();
	say(&the_handshake()->opened);
	wait_for(&the_handshake()->mapped);
	events_are_taken();
	while (the_ledger()->sent < triggers) {
		cf_mark("trigger");
		trigger();
	}
	the_ledger()->done = 1;
}

static void reader(unsigned index)
{
	(void)index;
	wait_for(&the_handshake()->opened);
	map_rings();
	say(&the_handshake()->mapped);
	read_rings();
}

static const struct cf_role roles[] = {
	{ "producer", NULL, producer },
	{ "reader", NULL, reader },
	{ 0 },
};

static const struct cf_param_spec params[] = {
	[ROUNDS] = { "rounds", 1, MAX_ROUNDS, 1, "times that a ring's threshold is reached" },
	[THRESHOLD] = { "threshold", 1, MAX_THRESHOLD, 2,
			"records in a ring that wake the reader" },
	[WATERMARK] = { "watermark", 0, 1, 0, "1: the threshold is in bytes" },
	[EPOLL] = { "epoll", 0, 1, 0, "1: the reader waits by epoll" },
	[REDIRECTED] = { "redirected", 0, 1, 0,
			 "1: a second event per processor, into the same ring" },
	[TRACEPOINT] = { "tracepoint", 0, 1, 0, "1: the events are tracepoints" },
	{ 0 },
};

static const struct cf_variant_spec variants[] = {
	[PINNED] = { "pinned", "the producer stays on one processor, whoever moves it", CF_SC,
		     NULL },
	[MORE_EVENTS] = { "more-events",
			  "so many events that one of the rings must wake the reader", CF_SC,
			  NULL },
	[OVERWRITE] = { "overwrite", "rings that keep the newest, paused while they are read",
			CF_SC, NULL },
	[UNPINNED] = { "unpinned", "events on several processors add up to no wake-up", CF_SC,
		       "lost-wakeup in perfring.wait" },
	[TAIL_BEFORE_COPY] = { "tail-before-copy", "the space is given back before the copy", CF_SC,
			       "misread-message in perfring.record" },
	[SPLIT_READ_AS_WHOLE] = { "split-read-as-whole",
				  "a record that wraps is read on behind the ring's end", CF_SC,
				  "misread-message in perfring.record" },
	[LOST_NOT_COUNTED] = { "lost-not-counted", "records that tell of lost ones are skipped",
			       CF_SC, "lost-message in perfring.lost" },
	[OVERWRITE_UNPAUSED] = { "overwrite-unpaused",
				 "rings that overwrite are read while the kernel writes", CF_SC,
				 "misread-message in perfring.record" },
	[HEAD_WITHOUT_ACQUIRE] = { "head-without-acquire",
				   "a record is read before the head that announces it", CF_SC,
				   "misread-message in perfring.record" },
	{ 0 },
};

CRYOFUZZ_TARGET = {
	.abi = CF_TARGET_ABI,
	.name = "perfring",
	.summary = "the kernel's perf rings, one for each processor, and their wake-ups",
	.shared_size = sizeof(struct handshake),
	.flags = CF_KEEPS_DATA | CF_PER_PROCESSOR,
	.roles = roles,
	.params = params,
	.variants = variants,
	.unsupported = events_unsupported,
};
