/* SPDX-License-Identifier: Apache-2.0
 *
 * variants.h - the bad variants of the target criu, a row each. Included by variants.c again and again.
 *
 *   MINDS(weakness, name, what, expect, breaks)     criu's own weakness; else the tree makes up for it
 *   EXPECTS(frailty, name, what, expect)            what criu does when it is hurt; else it is tolerated
 *   SPOILS(item, name, what, expect, breaks)        the tree changes the item before it looks
 *   SLIPS(slip, param, name, what, expect, breaks)  the ward makes a mistake if the param is not 0
 */
/* clang-format off */
MINDS(TRAP_RESET, "trap-reset", "criu forgets that SIGTRAP was ignored",
       "state-changed in criu.dispositions", "dispositions")
MINDS(TIMED_ENDS, "timed-ends", "a poll with a time-out ends with EINTR (documented)",
       "state-changed in criu.call", "call")
MINDS(CHILD_ELSEWHERE, "child-elsewhere", "a child in another ipc namespace is dumped, killed and not restored",
       "invariant in criu.restore", NULL)
MINDS(HUGE_MAPPING, "huge-mapping", "criu before 4.3 dies restoring over 8 TiB that a child shares",
       "invariant in criu.restore", NULL)
MINDS(RESET_PEER, "reset-peer", "criu can't dump a stream whose peer closed with bytes unread",
       "invariant in criu.dump", NULL)
MINDS(WIPE_FORGOTTEN, "wipe-forgotten", "criu before 4.2 forgets what a fork is to find wiped (MADV_WIPEONFORK)",
      "state-changed in criu.advice", "mapping-flags")
MINDS(SEAL_FORGOTTEN, "seal-forgotten", "criu forgets that a mapping is sealed (mseal)",
      "state-changed in criu.advice", "mapping-flags")
MINDS(GUARDS_REFUSED, "guards-refused", "criu before 4.2 can't dump over a guard (MADV_GUARD_INSTALL)",
      "invariant in criu.dump", NULL)
MINDS(PEEK_OFFSET, "peek-offset", "criu forgets from where a socket is peeked at (SO_PEEK_OFF)",
      "state-changed in criu.options", "open-files")
MINDS(TIMESTAMP_LOST, "timestamp-lost", "criu forgets that messages are to have times (SO_TIMESTAMP)",
      "state-changed in criu.options", "open-files")
MINDS(SENDER_REFUSED, "sender-refused", "criu before 4.3 can't dump a message that tells its sender",
      "invariant in criu.dump", NULL)
MINDS(INTERNET_REFUSED, "internet-refused", "criu before 4.2 can't dump any Internet socket of Linux 6.16",
      "invariant in criu.dump", NULL)
MINDS(URGENT_LOST, "urgent-lost", "criu makes an urgent byte a plain one (MSG_OOB)",
      "lost-message in criu.urgent", "open-files")
MINDS(EMPTY_LOST, "empty-message-lost", "criu loses a message without bytes",
      "lost-message in criu.crowd", "open-files")
MINDS(EARLY_REFUSED, "early-refused", "criu can't dump what was sent before it was accepted (it says so)",
      "invariant in criu.dump", NULL)
MINDS(HEADLESS_REFUSED, "headless-refused", "criu can't dump a process whose first thread has ended: shows with code=13",
      "invariant in criu.dump", NULL)
MINDS(MEMFD_EXECUTED, "memfd-executed", "criu dumps and kills who executes a memfd, and can't restore it: shows with code=11",
      "invariant in criu.restore", NULL)
MINDS(ID_FLAG_LOST, "id-flag-lost", "criu forgets the flag ID, which sigreturn does not set: shows with code",
      "state-changed in criu.births", "flags")
MINDS(PEER_FORGOTTEN, "peer-forgotten", "criu makes itself the peer of a connection (SO_PEERCRED)",
      "state-changed in criu.peers", "open-files")
MINDS(PACKET_MODE, "packet-mode", "criu can't dump a pipe of packets (it says so)",
      "invariant in criu.dump", NULL)
MINDS(SEMAPHORE_LOST, "semaphore-lost", "criu forgets that an eventfd gives one at a time (EFD_SEMAPHORE)",
      "state-changed in criu.gate", "file-flags")
MINDS(ONCE_FORGOTTEN, "once-forgotten", "criu forgets that a watch is for one event (IN_ONESHOT)",
      "state-changed in criu.notify", "open-files")
MINDS(EVENTS_LOST, "events-lost", "criu drops the events that inotify had to tell",
      "state-changed in criu.notify", "open-files")
MINDS(ATTRIBUTE_LOST, "attribute-lost", "criu forgets the attributes of deleted files",
      "state-changed in criu.ghosts", "open-files")
MINDS(UNDO_FORGOTTEN, "undo-forgotten", "criu forgets what a semaphore is given back (SEM_UNDO)",
      "lost-message in criu.queue", "shared-memory")
MINDS(COMMON_FOLDER, "common-folder", "criu can't dump who has a folder in common (CLONE_FS)",
      "invariant in criu.dump", NULL)
MINDS(END_SIGNAL, "end-signal", "criu forgets the signal of a child that ends",
      "state-changed in criu.born", "children")
MINDS(PERSONALITY_LOST, "personality-lost", "criu forgets the personality",
      "state-changed in criu.habits", "personality")
MINDS(SLACK_LOST, "slack-lost", "criu before 4.3 forgets the slack of timers",
      "state-changed in criu.habits", "timers")
MINDS(IO_PRIORITY_LOST, "io-priority-lost", "criu forgets the priority of input and output",
      "state-changed in criu.habits", "scheduling")
MINDS(CORE_FILTER_LOST, "core-filter-lost", "criu forgets what a core is to hold",
      "state-changed in criu.habits", NULL)
MINDS(OVERRUN_LOST, "overrun-lost", "criu forgets how often a timer has fired unheard",
      "state-changed in criu.clocks", "signal-values")

EXPECTS(KILLED_DUMP_HARMS, "killed-dump", "criu that is killed in a dump takes processes with it",
        "crash in criu.harmed")
EXPECTS(KILLED_RESTORE_LEAVES, "killed-restore", "criu that is killed in a restore leaves half a tree",
        "leak in criu.left")
EXPECTS(INTERRUPTED_WAIT_HARMS, "interrupted-wait", "criu whose wait is interrupted kills whom it dumps",
        "crash in criu.harmed")
EXPECTS(INTERRUPTED_RESTORE_HANGS, "interrupted-restore", "criu whose wait is interrupted in a restore never ends",
        "hang in criu.restore")
EXPECTS(CUT_SHORT_HANGS, "pages-cut-short", "criu that can't send pages and its page server wait for each other",
        "hang in criu.dump")
EXPECTS(REFUSED_HANGS, "refused-let-go", "criu that can't let go of a child waits for its stop for ever",
        "hang in criu.dump")
EXPECTS(REFUSED_RESTORE_HANGS, "attach-unchecked", "criu goes on if it can't attach to what it restores, and waits for ever",
        "hang in criu.restore")
EXPECTS(REFUSED_RESTORE_HARMS, "unmap-unchecked", "criu says that it has restored a tree that it has spoilt at the end",
        "crash in criu.tree")
EXPECTS(UNMAPPED_CRASHES, "map-unchecked", "criu dies of memory that it could not map",
        "crash in criu.dump")
EXPECTS(UNLISTED_CRASHES, "threads-unread", "criu gives up by a signal to itself if it can't list threads",
        "crash in criu.dump")
EXPECTS(UNHEARD_CRASHES, "sockets-unheard", "criu dies of what it could not hear about sockets",
        "crash in criu.dump")
EXPECTS(UNLISTED_FORGETS, "files-unread", "criu dumps without the descriptors that it could not list",
        "saved-data-modified in criu.memory")
EXPECTS(UNREAD_FORGETS, "descriptor-unread", "criu says that a dump is well that lacks what it could not read",
        "invariant in criu.restore")
EXPECTS(FAILED_DUMP_LEAVES, "parasite-left", "criu whose dump fails leaves its parasite in processes: shows with fault=5",
        "leak in criu.left")
EXPECTS(LOG_WAITS, "log-waits", "criu waits until its log is read: shows with log=2",
        "hang in criu.dump")
EXPECTS(LOG_SIGNALS, "log-signals", "what criu dumps gets SIGPIPE if nobody reads criu's log any more: shows with log=3",
        "crash in criu.tree")

SPOILS(BIRTHS, "birth-changed", "a child that is about to fork, execute or end has another register",
       "state-changed in criu.births", "registers")
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
SPOILS(POSIX_MEMORY, "posix-memory-changed", "a byte of an unlinked POSIX object is another one",
       "saved-data-modified in criu.posix-memory", "shared-memory")
SPOILS(SEALED, "seals-lost", "a sealed memfd can be written to",
       "state-changed in criu.sealed", "file-flags")
SPOILS(ADVICE, "advice-lost", "a child gets a mapping that it should not",
       "state-changed in criu.advice", "mapping-flags")
SPOILS(FILE_MEMORY, "copy-lost", "a page that was written to is the file's again",
       "saved-data-modified in criu.file-memory", "memory")
SPOILS(RELATIVES, "relatives-apart", "memory shared with relatives is not shared any more",
       "saved-data-modified in criu.relatives", "shared-memory")
SPOILS(GUARDS, "page-filled", "a page that was never touched has contents",
       "saved-data-modified in criu.guards", "memory")
SPOILS(OPTIONS, "option-lost", "a socket option is off",
       "state-changed in criu.options", "open-files")
SPOILS(SENDER, "sender-changed", "a message is said to be from somebody else",
       "state-changed in criu.sender", "open-files")
SPOILS(NAMES, "name-lost", "a listening socket has no name any more",
       "state-changed in criu.names", "open-files")
SPOILS(URGENT, "urgent-byte-lost", "an urgent byte is gone",
       "lost-message in criu.urgent", "open-files")
SPOILS(CROWD, "crowd-member-lost", "a message of several is gone",
       "lost-message in criu.crowd", "open-files")
SPOILS(PEERS, "peer-lost", "a connection does not end as it should",
       "state-changed in criu.peers", "open-files")
SPOILS(ODD_PIPES, "fifo-cut", "the first byte of a FIFO is gone",
       "lost-message in criu.odd-pipes", "open-files")
SPOILS(GATE, "gate-open", "a semaphore gives one less",
       "state-changed in criu.gate", "open-files")
SPOILS(FIRED, "expiry-lost", "the expiry of a timerfd is gone",
       "state-changed in criu.fired", "timers")
SPOILS(WATCHES, "watch-lost", "epoll does not watch a descriptor any more",
       "state-changed in criu.watches", "open-files")
SPOILS(NOTIFY, "notice-lost", "inotify does not watch a file any more",
       "state-changed in criu.notify", "open-files")
SPOILS(FOLLOWED, "pidfd-changed", "a pidfd is of another process",
       "state-changed in criu.followed", "open-files")
SPOILS(COMMON_FILES, "offset-apart", "a duplicated descriptor has an offset of its own",
       "state-changed in criu.common-files", "offsets")
SPOILS(LOCKS, "lock-lost", "a lock on a file does not hold",
       "state-changed in criu.locks", "open-files")
SPOILS(GHOSTS, "mode-lost", "a deleted file has another mode",
       "state-changed in criu.ghosts", "open-files")
SPOILS(ASYNC, "async-lost", "a descriptor does not tell by a signal any more",
       "state-changed in criu.async", "file-flags")
SPOILS(TERMINAL, "window-lost", "a terminal has no lines",
       "state-changed in criu.terminal", "open-files")
SPOILS(PENDING, "pending-lost", "a connection that nobody has accepted yet is gone",
       "lost-message in criu.pending", "open-files")
SPOILS(FANOTIFY, "mark-lost", "fanotify has no marks any more",
       "state-changed in criu.fanotify", "open-files")
SPOILS(OWN_SIGNALS, "own-signal-lost", "a signal pending for a thread is gone",
       "lost-signal in criu.own-signals", "signal-values")
SPOILS(CLOCKS, "clock-lost", "the profiling timer is off",
       "state-changed in criu.clocks", "timers")
SPOILS(CREW, "crew-name-lost", "one of several threads has another name",
       "state-changed in criu.crew", "name")
SPOILS(MUTEXES, "robust-list-lost", "the robust list is forgotten",
       "state-changed in criu.mutexes", "robust-list")
SPOILS(RSEQ, "rseq-lost", "the area of restartable sequences is not registered",
       "state-changed in criu.rseq", "rseq")
SPOILS(KIN, "kin-runs", "a stopped child runs on",
       "state-changed in criu.kin", "children")
SPOILS(BORN, "descriptors-apart", "a child with common descriptors has its own",
       "state-changed in criu.born", "inheritance")
SPOILS(RIGHTS, "group-lost", "a group is gone",
       "state-changed in criu.rights", "credentials")
SPOILS(HABITS, "score-lost", "the process is killed sooner when memory is short",
       "state-changed in criu.habits", "limits")
SPOILS(GONE_FOLDER, "folder-back", "a deleted folder is another one",
       "state-changed in criu.gone-folder", "open-files")
SPOILS(FILTERED, "filter-lost", "a call that a filter refused is possible",
       "state-changed in criu.filtered", "seccomp")
SPOILS(QUEUE, "queue-cut", "a System V message is gone",
       "lost-message in criu.queue", "shared-memory")

SLIPS(IMAGE_CUT, FILES, "image-cut", "an image loses its end between dump and restore",
      "invariant in criu.restore", NULL)
SLIPS(LEFT_STOPPED, THREAD, "left-stopped", "a restored tree does not go on",
      "hang in criu.tree", NULL)
SLIPS(CRIU_STOPPED, RUNS_ON, "criu-stopped", "criu never ends",
      "hang in criu.dump", NULL)
SLIPS(TREE_KILLED, CHILD, "tree-killed", "a restored tree is killed at once",
      "crash in criu.tree", NULL)
SLIPS(STOPS_AFTER, FAULT, "stopped-after", "a dump that fails leaves the tree stopped",
      "state-changed in criu.left", "stop-state")
SLIPS(KILLS_AFTER, FAULT, "killed-after", "a dump that fails kills the tree",
      "crash in criu.harmed", NULL)
SLIPS(STAYS_AFTER, FAULT, "stays-after", "a restore that fails leaves somebody",
      "leak in criu.left", NULL)
SLIPS(PAGE_CHANGED, WAY, "page-changed", "a page server writes another byte",
      "saved-data-modified in criu.memory", "shared-memory")
SLIPS(SECOND_KILLED, WAY, "pages-withheld", "nobody gives pages when they are touched",
      "invariant in criu.restore", NULL)
SLIPS(NEIGHBOUR_KILLED, BESIDE, "neighbour-killed", "a tree that is restored beside another is killed",
      "crash in criu.tree", NULL)
SLIPS(NEIGHBOUR_SPOILT, BESIDE, "neighbour-changed", "a tree beside another has another byte",
      "saved-data-modified in criu.memory", "shared-memory")
SLIPS(TREE_KILLED, ROUNDS, "second-round-killed", "a tree that is restored again is killed",
      "crash in criu.tree", NULL)
