/* SPDX-License-Identifier: Apache-2.0
 *
 * variants.h - the bad variants of the target criu, a row each. Included by variants.c again and again.
 *
 *   STRICT(item, name, what, expect, breaks)        criu's own weakness; else the tree makes up for it
 *   SPOILS(item, name, what, expect, breaks)        the tree changes the item before it looks
 *   SLIPS(slip, param, name, what, expect, breaks)  the ward makes a mistake if the param is not 0
 */
/* clang-format off */
STRICT(DISPOSITIONS, "trap-reset", "criu forgets that SIGTRAP was ignored",
       "state-changed in criu.dispositions", "dispositions")
STRICT(PLACE, "timed-ends", "a poll with a time-out ends with EINTR (documented)",
       "state-changed in criu.call", "call")
STRICT(IPC, "child-elsewhere", "a child in another ipc namespace is dumped, killed and not restored",
       "invariant in criu.restore", NULL)
STRICT(SPARSE, "huge-mapping", "criu before 4.3 dies restoring over 8 TiB that a child shares",
       "invariant in criu.restore", NULL)
STRICT(CLOSED, "reset-peer", "criu can't dump a stream whose peer closed with bytes unread",
       "invariant in criu.dump", NULL)

SPOILS(MEMORY, "byte-changed", "a byte of shared memory is another one",
       "saved-data-modified in criu.memory", "shared-memory")
SPOILS(STREAM, "stream-cut", "the first byte of a stream is gone",
       "lost-message in criu.stream", "open-files")
SPOILS(DATAGRAMS, "datagram-lost", "the first datagram is gone",
       "lost-message in criu.datagrams", "open-files")
SPOILS(PACKETS, "packet-lost", "the first packet is gone",
       "lost-message in criu.packets", "open-files")
SPOILS(SPARSE, "sparse-page-lost", "a page of a large mapping is gone",
       "saved-data-modified in criu.sparse", "memory")
SPOILS(CLOSED, "closed-stream-cut", "the first byte of a stream that ends is gone",
       "lost-message in criu.closed", "open-files")
SPOILS(UNDER_WAY, "descriptor-lost", "a socket under way is gone",
       "lost-message in criu.under-way", "open-files")
SPOILS(PIPE, "pipe-cut", "the first byte of a pipe is gone",
       "lost-message in criu.pipe", "open-files")
SPOILS(COUNTERS, "counter-lost", "an eventfd counts from 0 again",
       "state-changed in criu.counters", "open-files")
SPOILS(FILES, "offset-lost", "a file's offset is one more",
       "state-changed in criu.files", "offsets")
SPOILS(SIGNALS, "signal-lost", "one pending signal is gone",
       "lost-signal in criu.signals", "pending-signals")
SPOILS(TIMERS, "timer-lost", "the real-time timer is off",
       "state-changed in criu.timers", "timers")
SPOILS(THREAD, "thread-word-lost", "a thread's own word has changed",
       "state-changed in criu.thread", "memory")
SPOILS(CHILD, "child-memory-changed", "memory shared with a child has changed",
       "state-changed in criu.child", "shared-memory")
SPOILS(PROCESS, "umask-lost", "the umask is 0",
       "state-changed in criu.process", "umask")
SPOILS(IPC, "segment-changed", "a byte of System V memory is another one",
       "saved-data-modified in criu.ipc", "shared-memory")
SPOILS(DISPOSITIONS, "disposition-lost", "an ignored SIGINT is not ignored",
       "state-changed in criu.dispositions", "dispositions")
SPOILS(PLACE, "call-ends", "a blocking call ends by itself",
       "state-changed in criu.call", "call")

SLIPS(IMAGE_CUT, FILES, "image-cut", "an image loses its end between dump and restore",
      "invariant in criu.restore", NULL)
SLIPS(LEFT_STOPPED, THREAD, "left-stopped", "a restored tree does not go on",
      "hang in criu.tree", NULL)
SLIPS(CRIU_STOPPED, RUNS_ON, "criu-stopped", "criu never ends",
      "hang in criu.dump", NULL)
SLIPS(TREE_KILLED, CHILD, "tree-killed", "a restored tree is killed at once",
      "crash in criu.tree", NULL)
