/* SPDX-License-Identifier: Apache-2.0
 *
 * The real criu: in a ward (freezer/criu) it dumps and restores a tree of processes that holds
 * what the parameters say, in the place that they say; then the tree looks whether all of it came
 * back. criu's own work is not controlled, so there are no events: what is explored are the trees.
 *
 * Limits that CRIU documents are no findings: a wait with a time-out may end with EINTR. Known
 * weaknesses have variants of their own, for which the good one makes up.
 */
#define _GNU_SOURCE
#include <cryofuzz.h>

#include <errno.h>
#include <stdio.h>

#include "../../freezer/criu/tree_orders.h"
#include "../../freezer/victim/kept.h"

/* Of the installation that the target was built beside; CRYOFUZZ_CRIU names another one. */
#ifndef CRIU_PROGRAM
#error "CRIU_PROGRAM and CRIU_TREE are set by criu.mk"
#endif

enum {
	PLACE,
	RUNS_ON,
	SEED,
	SOCKETS,
	PIPE,
	COUNTERS,
	FILES,
	SIGNALS,
	TIMERS,
	THREAD,
	CHILD,
	PROCESS,
	IPC,
	DISPOSITIONS,
	SPARSE
};

enum sockets { NO_SOCKETS, STREAM, DATAGRAMS, PACKETS, CLOSED, UNDER_WAY };

enum variant {
	REAL,
	TRAP_RESET,
	TIMED_ENDS,
	CHILD_ELSEWHERE,
	HUGE_MAPPING,
	RESET_PEER,
	BYTE_CHANGED,
	STREAM_CUT,
	DATAGRAM_LOST,
	PACKET_LOST,
	CLOSED_STREAM_CUT,
	DESCRIPTOR_LOST,
	SPARSE_PAGE_LOST,
	PIPE_CUT,
	COUNTER_LOST,
	OFFSET_LOST,
	SIGNAL_LOST,
	TIMER_LOST,
	THREAD_WORD_LOST,
	CHILD_MEMORY_CHANGED,
	UMASK_LOST,
	SEGMENT_CHANGED,
	DISPOSITION_LOST,
	CALL_ENDS,
	IMAGE_CUT,
	LEFT_STOPPED,
	CRIU_STOPPED,
	TREE_KILLED,
};

static struct ward ward = WARD_NONE;
static int trusted; /* the ward has done what it was told */

/* ---- the items ------------------------------------------------------------------------------ */

static const struct {
	const char *site;
	enum cf_kind kind;
} items[TREE_ITEMS] = {
	[TREE_MEMORY] = { "criu.memory", CF_SAVED_DATA_MODIFIED },
	[TREE_SPARSE] = { "criu.sparse", CF_SAVED_DATA_MODIFIED },
	[TREE_STREAM] = { "criu.stream", CF_LOST_MESSAGE },
	[TREE_DATAGRAMS] = { "criu.datagrams", CF_LOST_MESSAGE },
	[TREE_PACKETS] = { "criu.packets", CF_LOST_MESSAGE },
	[TREE_CLOSED] = { "criu.closed", CF_LOST_MESSAGE },
	[TREE_UNDER_WAY] = { "criu.under-way", CF_LOST_MESSAGE },
	[TREE_PIPE] = { "criu.pipe", CF_LOST_MESSAGE },
	[TREE_COUNTERS] = { "criu.counters", CF_STATE_CHANGED },
	[TREE_FILES] = { "criu.files", CF_STATE_CHANGED },
	[TREE_SIGNALS] = { "criu.signals", CF_LOST_SIGNAL },
	[TREE_TIMERS] = { "criu.timers", CF_STATE_CHANGED },
	[TREE_THREAD] = { "criu.thread", CF_STATE_CHANGED },
	[TREE_CHILD] = { "criu.child", CF_STATE_CHANGED },
	[TREE_PROCESS] = { "criu.process", CF_STATE_CHANGED },
	[TREE_IPC] = { "criu.ipc", CF_SAVED_DATA_MODIFIED },
	[TREE_DISPOSITIONS] = { "criu.dispositions", CF_STATE_CHANGED },
	[TREE_PLACE] = { "criu.call", CF_STATE_CHANGED },
};

static uint32_t carried(void)
{
	static const struct {
		unsigned param;
		enum tree_item item;
	} simple[] = {
		{ PIPE, TREE_PIPE },     { COUNTERS, TREE_COUNTERS },
		{ FILES, TREE_FILES },   { SIGNALS, TREE_SIGNALS },
		{ TIMERS, TREE_TIMERS }, { THREAD, TREE_THREAD },
		{ CHILD, TREE_CHILD },   { PROCESS, TREE_PROCESS },
		{ IPC, TREE_IPC },       { DISPOSITIONS, TREE_DISPOSITIONS },
		{ SPARSE, TREE_SPARSE },
	};
	static const uint32_t sockets[] = {
		[STREAM] = 1u << TREE_STREAM,       [DATAGRAMS] = 1u << TREE_DATAGRAMS,
		[PACKETS] = 1u << TREE_PACKETS,     [CLOSED] = 1u << TREE_CLOSED,
		[UNDER_WAY] = 1u << TREE_UNDER_WAY,
	};
	uint32_t bits = sockets[cf_param(SOCKETS)];

	for (unsigned i = 0; i < sizeof(simple) / sizeof(simple[0]); i++)
		if (cf_param(simple[i].param))
			bits |= 1u << simple[i].item;
	return bits;
}

/* ---- planted bugs --------------------------------------------------------------------------- */

static uint32_t spoilt(void)
{
	static const uint8_t item[] = {
		[BYTE_CHANGED] = 1 + TREE_MEMORY,
		[STREAM_CUT] = 1 + TREE_STREAM,
		[DATAGRAM_LOST] = 1 + TREE_DATAGRAMS,
		[PACKET_LOST] = 1 + TREE_PACKETS,
		[CLOSED_STREAM_CUT] = 1 + TREE_CLOSED,
		[DESCRIPTOR_LOST] = 1 + TREE_UNDER_WAY,
		[SPARSE_PAGE_LOST] = 1 + TREE_SPARSE,
		[PIPE_CUT] = 1 + TREE_PIPE,
		[COUNTER_LOST] = 1 + TREE_COUNTERS,
		[OFFSET_LOST] = 1 + TREE_FILES,
		[SIGNAL_LOST] = 1 + TREE_SIGNALS,
		[TIMER_LOST] = 1 + TREE_TIMERS,
		[THREAD_WORD_LOST] = 1 + TREE_THREAD,
		[CHILD_MEMORY_CHANGED] = 1 + TREE_CHILD,
		[UMASK_LOST] = 1 + TREE_PROCESS,
		[SEGMENT_CHANGED] = 1 + TREE_IPC,
		[DISPOSITION_LOST] = 1 + TREE_DISPOSITIONS,
		[CALL_ENDS] = 1 + TREE_PLACE,
		[TREE_KILLED] = 0,
	};

	/* The memory is always there; its planted bug is not in the default run. */
	if (cf_variant() == BYTE_CHANGED && !cf_param(RUNS_ON))
		return 0;
	return item[cf_variant()];
}

static enum ward_slip slip(void)
{
	switch ((enum variant)cf_variant()) {
	case IMAGE_CUT:
		return cf_param(FILES) ? WARD_IMAGE_CUT : WARD_CAREFUL;
	case LEFT_STOPPED:
		return cf_param(THREAD) ? WARD_LEFT_STOPPED : WARD_CAREFUL;
	case CRIU_STOPPED:
		return cf_param(RUNS_ON) ? WARD_CRIU_STOPPED : WARD_CAREFUL;
	case TREE_KILLED:
		return cf_param(CHILD) ? WARD_TREE_KILLED : WARD_CAREFUL;
	default:
		return WARD_CAREFUL;
	}
}

static uint32_t strict(void)
{
	switch ((enum variant)cf_variant()) {
	case TRAP_RESET:
		return 1u << TREE_DISPOSITIONS;
	case TIMED_ENDS:
		return 1u << TREE_PLACE;
	case CHILD_ELSEWHERE:
		return 1u << TREE_IPC;
	case RESET_PEER:
		return 1u << TREE_CLOSED;
	case HUGE_MAPPING:
		return 1u << TREE_SPARSE;
	default:
		return 0;
	}
}

/* ---- one checkpoint ------------------------------------------------------------------------- */

static void ready_ward(void)
{
	int ret;

	if (!trusted)
		ward_close(&ward);
	trusted = 0;
	if (ward.pid > 0)
		return;
	ret = ward_open_for_trees(&ward, cf_fork_uncontrolled, ward_criu(CRIU_PROGRAM), CRIU_TREE);
	if (ret)
		cf_fail(CF_INVARIANT, "criu.ward", "no namespaces: error %d", ret);
}

/* What a step refuses. */
static void expect(int ret, const char *site)
{
	if (!ret)
		return;
	if (ret == -ETIME || ret == -ETIMEDOUT)
		cf_fail(CF_HANG, site, "%s: %s", ward.stage, ward.detail);
	if (ret == -ESRCH)
		cf_fail(CF_CRASH, site, "%s: %s", ward.stage, ward.detail);
	cf_fail(CF_INVARIANT, site, "%s: %s (error %d)", ward.stage, ward.detail, ret);
}

static void raise_tree(void)
{
	const struct tree_setting setting = {
		.seed = (uint64_t)cf_param(SEED) + 1,
		.place = (uint32_t)cf_param(PLACE),
		.trap = cf_param(DISPOSITIONS) > 1 ? (uint32_t)cf_param(DISPOSITIONS) - 1 : 0,
		.carries = carried(),
		.spoils = spoilt(),
		.strict = strict(),
	};

	cf_mark("raise");
	expect(ward_raise(&ward, &setting), "criu.tree");
}

static void hear_tree(void)
{
	cf_mark("ask");
	expect(ward_ask(&ward), "criu.tree");
	if (ward.changed)
		cf_fail(items[ward.changed - 1].kind, items[ward.changed - 1].site, "%s",
			ward.detail);
}

static void checkpoint(unsigned index)
{
	(void)index;
	cf_external_begin();
	ready_ward();
	raise_tree();
	cf_mark("dump");
	expect(ward_dump(&ward, cf_param(RUNS_ON), slip()), "criu.dump");
	if (!cf_param(RUNS_ON)) {
		cf_mark("restore");
		expect(ward_restore(&ward, slip()), "criu.restore");
	}
	hear_tree();
	trusted = 1;
}

/* ---- description ------------------------------------------------------------------------------ */

static const char *unsupported(void)
{
	return ward_unsupported_for_trees(ward_criu(CRIU_PROGRAM), CRIU_TREE);
}

static const struct cf_role roles[] = {
	{ "checkpointer", NULL, checkpoint },
	{ NULL, NULL, NULL },
};

static const struct cf_param_spec params[] = {
	[PLACE] = { "place", 0, 5, 0,
		    "the tree is dumped 0: asleep on a futex, 1: in read, 2: spinning, "
		    "3: in sigsuspend, 4: in wait4, 5: in poll with a time-out" },
	[RUNS_ON] = { "runs-on", 0, 1, 0,
		      "0: killed by the dump and restored, 1: dumped, runs on" },
	[SEED] = { "seed", 0, 65535, 1, "of all contents and lengths" },
	[SOCKETS] = { "sockets", 0, 5, 0,
		      "messages under way in 1: a stream, 2: datagrams, 3: sequenced packets, "
		      "4: a stream whose peer has closed; 5: sockets that are under way "
		      "themselves" },
	[PIPE] = { "pipe", 0, 1, 0, "1: a pipe with bytes in it" },
	[COUNTERS] = { "counters", 0, 1, 0, "1: eventfd, timerfd, signalfd and epoll" },
	[FILES] = { "files", 0, 1, 0, "1: a file and a deleted one, with offsets and flags" },
	[SIGNALS] = { "signals", 0, 1, 0, "1: queued signals with values, blocked" },
	[TIMERS] = { "timers", 0, 1, 0, "1: a real-time and a POSIX timer" },
	[THREAD] = { "thread", 0, 1, 0, "1: a second thread with its own mask and words" },
	[CHILD] = { "child", 0, 1, 0, "1: a child with shared memory, and a dead one" },
	[PROCESS] = { "process", 0, 1, 0, "1: umask, folder, limit, priority, name" },
	[IPC] = { "ipc", 0, 1, 0, "1: a System V semaphore and segment" },
	[DISPOSITIONS] = { "dispositions", 0, 3, 0,
			   "1: handlers and a signal stack; SIGTRAP is 2: ignored, 3: handled" },
	[SPARSE] = { "sparse", 0, 1, 0, "1: a mapping of tebibytes with a few pages in it" },
	{ NULL, 0, 0, 0, NULL },
};

static const struct cf_variant_spec variants[] = {
	[REAL] = { "real", "criu as it is, what is known of it made up for", CF_SC, NULL },
	[TRAP_RESET] = { "trap-reset", "criu forgets that SIGTRAP was ignored", CF_SC,
			 "state-changed in criu.dispositions", "dispositions" },
	[TIMED_ENDS] = { "timed-ends", "a poll with a time-out ends with EINTR (documented)", CF_SC,
			 "state-changed in criu.call", "call" },
	[CHILD_ELSEWHERE] = { "child-elsewhere",
			      "a child in another ipc namespace is dumped, killed and not restored",
			      CF_SC, "invariant in criu.restore" },
	[HUGE_MAPPING] = { "huge-mapping",
			   "criu before 4.3 dies restoring over 8 TiB that a child shares", CF_SC,
			   "invariant in criu.restore" },
	[RESET_PEER] = { "reset-peer",
			 "criu can't dump a stream whose peer closed with bytes unread", CF_SC,
			 "invariant in criu.dump" },
	[BYTE_CHANGED] = { "byte-changed", "a byte of shared memory is another one", CF_SC,
			   "saved-data-modified in criu.memory", "shared-memory" },
	[STREAM_CUT] = { "stream-cut", "the first byte of a stream is gone", CF_SC,
			 "lost-message in criu.stream", "open-files" },
	[DATAGRAM_LOST] = { "datagram-lost", "the first datagram is gone", CF_SC,
			    "lost-message in criu.datagrams", "open-files" },
	[PACKET_LOST] = { "packet-lost", "the first packet is gone", CF_SC,
			  "lost-message in criu.packets", "open-files" },
	[SPARSE_PAGE_LOST] = { "sparse-page-lost", "a page of a large mapping is gone", CF_SC,
			       "saved-data-modified in criu.sparse", "memory" },
	[CLOSED_STREAM_CUT] = { "closed-stream-cut", "the first byte of a stream that ends is gone",
				CF_SC, "lost-message in criu.closed", "open-files" },
	[DESCRIPTOR_LOST] = { "descriptor-lost", "a socket under way is gone", CF_SC,
			      "lost-message in criu.under-way", "open-files" },
	[PIPE_CUT] = { "pipe-cut", "the first byte of a pipe is gone", CF_SC,
		       "lost-message in criu.pipe", "open-files" },
	[COUNTER_LOST] = { "counter-lost", "an eventfd counts from 0 again", CF_SC,
			   "state-changed in criu.counters", "open-files" },
	[OFFSET_LOST] = { "offset-lost", "a file's offset is one more", CF_SC,
			  "state-changed in criu.files", "offsets" },
	[SIGNAL_LOST] = { "signal-lost", "one pending signal is gone", CF_SC,
			  "lost-signal in criu.signals", "pending-signals" },
	[TIMER_LOST] = { "timer-lost", "the real-time timer is off", CF_SC,
			 "state-changed in criu.timers", "timers" },
	[THREAD_WORD_LOST] = { "thread-word-lost", "a thread's own word has changed", CF_SC,
			       "state-changed in criu.thread", "memory" },
	[CHILD_MEMORY_CHANGED] = { "child-memory-changed", "memory shared with a child has changed",
				   CF_SC, "state-changed in criu.child", "shared-memory" },
	[UMASK_LOST] = { "umask-lost", "the umask is 0", CF_SC, "state-changed in criu.process",
			 "umask" },
	[SEGMENT_CHANGED] = { "segment-changed", "a byte of System V memory is another one", CF_SC,
			      "saved-data-modified in criu.ipc", "shared-memory" },
	[DISPOSITION_LOST] = { "disposition-lost", "an ignored SIGINT is not ignored", CF_SC,
			       "state-changed in criu.dispositions", "dispositions" },
	[CALL_ENDS] = { "call-ends", "a blocking call ends by itself", CF_SC,
			"state-changed in criu.call", "call" },
	[IMAGE_CUT] = { "image-cut", "an image loses its end between dump and restore", CF_SC,
			"invariant in criu.restore" },
	[LEFT_STOPPED] = { "left-stopped", "a restored tree does not go on", CF_SC,
			   "hang in criu.tree" },
	[CRIU_STOPPED] = { "criu-stopped", "criu never ends", CF_SC, "hang in criu.dump" },
	[TREE_KILLED] = { "tree-killed", "a restored tree is killed at once", CF_SC,
			  "crash in criu.tree" },
	{ NULL, NULL, CF_SC, NULL },
};

static const struct cf_channel channels[] = { { NULL, NULL, NULL, NULL } };

CRYOFUZZ_TARGET = {
	.abi = CF_TARGET_ABI,
	.name = "criu",
	.summary = "the real criu dumps and restores a tree that looks for all it had",
	.flags = CF_KEEPS_DATA | CF_EXTERNAL_CALLS,
	.roles = roles,
	.params = params,
	.variants = variants,
	.channels = channels,
	.unsupported = unsupported,
	.keeps = kept_items,
};
