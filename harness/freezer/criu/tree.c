/* SPDX-License-Identifier: Apache-2.0
 *
 * The program tree: sets itself up as the board tells it, says so, sits in its place until it is
 * told to look, and writes the first item that is not as it was onto the board. It is linked
 * statically and runs uncontrolled.
 *
 * An item is a pair of functions; what it must find again it keeps in static data, which is dumped
 * with the rest: so if both were lost in the same way, that shows in the item memory, whose
 * contents follow from the seed on the board alone.
 */
#include "tree.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/futex.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/sem.h>
#include <sys/shm.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/timerfd.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { MESSAGES = 4, LONGEST = 3000, MEMORY = 64 * 1024, PIPED = 20000 };

static struct tree_board *board;

/* ---- words ---------------------------------------------------------------------------------- */

/* The set-up can't be had: ends the program, which the ward sees. */
static void must(int possible, const char *what)
{
	if (possible)
		return;
	snprintf(board->detail, sizeof(board->detail), "%s: %s", what, strerror(errno));
	_exit(100);
}

/* What is found; returns true, so that a check can end with it. */
__attribute__((format(printf, 1, 2))) static int differs(const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(board->detail, sizeof(board->detail), format, arguments);
	va_end(arguments);
	return 1;
}

static int carries(enum tree_item item)
{
	return item == TREE_MEMORY || (board->setting.carries >> item & 1);
}

static int spoils(enum tree_item item)
{
	return board->setting.spoils == 1 + (uint32_t)item;
}

/* Whether what is known of criu counts. */
static int is_strict(enum tree_item item)
{
	return board->setting.strict >> item & 1;
}

static uint64_t mix(uint64_t a)
{
	a = (a ^ a >> 30) * 0xbf58476d1ce4e5b9ull;
	a = (a ^ a >> 27) * 0x94d049bb133111ebull;
	return a ^ a >> 31;
}

/* The n-th number that follows from the seed for an item. */
static uint64_t number(enum tree_item item, uint64_t n)
{
	return mix(board->setting.seed * 1000003 + item * 65537 + n);
}

static void fill(uint8_t *bytes, size_t size, enum tree_item item)
{
	for (size_t i = 0; i < size; i++)
		bytes[i] = (uint8_t)number(item, i);
}

static int same_bytes(const uint8_t *bytes, size_t size, enum tree_item item, const char *what)
{
	for (size_t i = 0; i < size; i++)
		if (bytes[i] != (uint8_t)number(item, i))
			return !differs("%s: byte %zu is %02x, was %02x", what, i, bytes[i],
					(uint8_t)number(item, i));
	return 1;
}

static void futex_wait(uint32_t *word, uint32_t value)
{
	syscall(SYS_futex, word, FUTEX_WAIT, value, NULL, NULL, 0);
}

static void futex_wake(uint32_t *word)
{
	syscall(SYS_futex, word, FUTEX_WAKE, 64, NULL, NULL, 0);
}

static int told_to_go(void)
{
	return __atomic_load_n(&board->go, __ATOMIC_ACQUIRE) != 0;
}

/* ---- memory --------------------------------------------------------------------------------- */

static uint8_t *private_bytes, *shared_bytes, *hidden_bytes;
static int memory_fd;

static uint8_t *map(int flags, int fd)
{
	uint8_t *at = mmap(NULL, MEMORY, PROT_READ | PROT_WRITE, flags, fd, 0);

	must(at != MAP_FAILED, "mmap");
	return at;
}

static void set_memory(void)
{
	private_bytes = map(MAP_PRIVATE | MAP_ANONYMOUS, -1);
	shared_bytes = map(MAP_SHARED | MAP_ANONYMOUS, -1);
	memory_fd = memfd_create("tree", 0);
	must(memory_fd >= 0 && ftruncate(memory_fd, MEMORY) == 0, "memfd");
	hidden_bytes = map(MAP_SHARED, memory_fd);
	fill(private_bytes, MEMORY, TREE_MEMORY);
	fill(shared_bytes, MEMORY, TREE_MEMORY);
	fill(hidden_bytes, MEMORY, TREE_MEMORY);
	must(lseek(memory_fd, 4711, SEEK_SET) == 4711, "lseek");
	must(mprotect(private_bytes, MEMORY, PROT_READ) == 0, "mprotect");
}

static int memory_changed(void)
{
	uint8_t seen = 0;

	if (spoils(TREE_MEMORY))
		shared_bytes[number(TREE_MEMORY, 0) % MEMORY] ^= 1;
	if (!same_bytes(private_bytes, MEMORY, TREE_MEMORY, "private memory") ||
	    !same_bytes(shared_bytes, MEMORY, TREE_MEMORY, "shared memory") ||
	    !same_bytes(hidden_bytes, MEMORY, TREE_MEMORY, "memfd"))
		return 1;
	if (lseek(memory_fd, 0, SEEK_CUR) != 4711)
		return differs("the memfd's offset is %ld, was 4711",
			       (long)lseek(memory_fd, 0, SEEK_CUR));
	/* Both are views of one object, and must be so again. */
	hidden_bytes[7] ^= 0xff;
	if (pread(memory_fd, &seen, 1, 7) != 1 || seen != hidden_bytes[7])
		return differs("the memfd and its mapping are two objects");
	return 0;
}

/* CRIU before 4.3 dies while it restores a mapping that a child shares if it is too large: 2^31 pages, 8 TiB,
 * are one too many. Only a strict tree minds. */
static uint8_t *sparse_bytes;
static const size_t tebibyte = (size_t)1 << 40;

enum { SPARSE_PAGES = 4 };

static size_t sparse_size(void)
{
	return (is_strict(TREE_SPARSE) ? 16 : 6) * tebibyte;
}

/* The last one is near the end, and in a mapping of 16 TiB beyond 2^31 pages. */
static uint8_t *sparse_page(unsigned i)
{
	size_t spacing = sparse_size() / SPARSE_PAGES;

	return sparse_bytes + i * spacing + spacing / 2 +
	       (number(TREE_SPARSE, 900 + i) & 0xffff000);
}

static void set_sparse(void)
{
	sparse_bytes = mmap(NULL, sparse_size(), PROT_READ | PROT_WRITE,
			    MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	must(sparse_bytes != MAP_FAILED, "mmap");
	for (unsigned i = 0; i < SPARSE_PAGES; i++)
		fill(sparse_page(i), 4096, TREE_SPARSE);
}

static int sparse_changed(void)
{
	if (spoils(TREE_SPARSE))
		madvise(sparse_page(SPARSE_PAGES - 1), 4096, MADV_DONTNEED);
	for (unsigned i = 0; i < SPARSE_PAGES; i++)
		if (!same_bytes(sparse_page(i), 4096, TREE_SPARSE, "a page of a large mapping"))
			return 1;
	if (sparse_page(1)[4096] != 0)
		return differs("a page of a large mapping is there that never was");
	return 0;
}

/* ---- messages under way --------------------------------------------------------------------- */

static int stream[2], datagrams[2], packets[2];

static size_t length_of(enum tree_item item, unsigned i)
{
	return 1 + number(item, 900 + i) % LONGEST;
}

static void send_all(int type, int ends[2], enum tree_item item)
{
	static uint8_t bytes[LONGEST];

	must(socketpair(AF_UNIX, type, 0, ends) == 0, "socketpair");
	fill(bytes, sizeof(bytes), item);
	for (unsigned i = 0; i < MESSAGES; i++) {
		size_t length = length_of(item, i);

		bytes[0] = (uint8_t)i;
		must(send(ends[0], bytes, length, MSG_DONTWAIT) == (ssize_t)length, "send");
	}
}

/* A stream has no frames: its bytes are asked for message by message. */
static int messages_changed(int ends[2], enum tree_item item, int framed)
{
	static uint8_t bytes[LONGEST + 1];

	if (spoils(item))
		recv(ends[1], bytes, framed ? sizeof(bytes) : 1, MSG_DONTWAIT);
	for (unsigned i = 0; i < MESSAGES; i++) {
		size_t length = length_of(item, i);
		ssize_t got = recv(ends[1], bytes, framed ? sizeof(bytes) : length, MSG_DONTWAIT);

		if (got != (ssize_t)length)
			return differs("message %u has %zd bytes, had %zu", i, got, length);
		if (bytes[0] != i)
			return differs("message %u begins with %u", i, bytes[0]);
		bytes[0] = (uint8_t)number(item, 0);
		if (!same_bytes(bytes, length, item, "message"))
			return 1;
	}
	if (recv(ends[1], bytes, 1, MSG_DONTWAIT) != -1 || errno != EAGAIN)
		return differs("there are more messages than were sent");
	if (send(ends[1], "x", 1, MSG_DONTWAIT) != 1 || recv(ends[0], bytes, 9, MSG_DONTWAIT) != 1)
		return differs("the two ends are not connected any more");
	return 0;
}

static void set_stream(void)
{
	send_all(SOCK_STREAM, stream, TREE_STREAM);
}

static int stream_changed(void)
{
	return messages_changed(stream, TREE_STREAM, 0);
}

static void set_datagrams(void)
{
	send_all(SOCK_DGRAM, datagrams, TREE_DATAGRAMS);
}

static int datagrams_changed(void)
{
	return messages_changed(datagrams, TREE_DATAGRAMS, 1);
}

static void set_packets(void)
{
	send_all(SOCK_SEQPACKET, packets, TREE_PACKETS);
}

static int packets_changed(void)
{
	return messages_changed(packets, TREE_PACKETS, 1);
}

/* ---- streams that end ---------------------------------------------------------------------- */

static int closed_end;

/* If the peer had bytes to read when it closed, the end is a reset. CRIU can't dump that. */
static void set_closed(void)
{
	int ends[2];

	must(socketpair(AF_UNIX, SOCK_STREAM, 0, ends) == 0, "socketpair");
	must(send(ends[1], "bye", 3, 0) == 3, "send");
	if (is_strict(TREE_CLOSED))
		must(send(ends[0], "unread", 6, 0) == 6, "send");
	close(ends[1]);
	closed_end = ends[0];
}

static int closed_changed(void)
{
	char bytes[4] = "";
	ssize_t got;

	if (spoils(TREE_CLOSED))
		(void)!recv(closed_end, bytes, 1, MSG_DONTWAIT);
	got = recv(closed_end, bytes, sizeof(bytes), MSG_DONTWAIT);
	if (got != 3 || memcmp(bytes, "bye", 3) != 0)
		return differs("the closed stream has %zd bytes, had 3", got);
	if (is_strict(TREE_CLOSED) &&
	    (recv(closed_end, bytes, 1, MSG_DONTWAIT) != -1 || errno != ECONNRESET))
		return differs("the stream is not reset any more");
	if (recv(closed_end, bytes, 1, MSG_DONTWAIT) != 0)
		return differs("the closed stream has no end");
	return 0;
}

/* ---- sockets under way ---------------------------------------------------------------------- */

enum { CONNECTIONS = 3 };

/* Of each connection the near end is held by a child, and the far end is a message in a carrier, whose
 * two ends are ours. */
static struct connection {
	int near, carrier[2];
	pid_t holder;
	uint32_t *go; /* futex: tells the holder to send */
} way[CONNECTIONS];

static void send_descriptor(int carrier, int fd)
{
	_Alignas(struct cmsghdr) char control[CMSG_SPACE(sizeof(fd))] = { 0 };
	struct iovec iov = { "", 1 };
	struct msghdr message = { .msg_iov = &iov,
				  .msg_iovlen = 1,
				  .msg_control = control,
				  .msg_controllen = sizeof(control) };
	struct cmsghdr *header = CMSG_FIRSTHDR(&message);

	header->cmsg_level = SOL_SOCKET;
	header->cmsg_type = SCM_RIGHTS;
	header->cmsg_len = CMSG_LEN(sizeof(fd));
	memcpy(CMSG_DATA(header), &fd, sizeof(fd));
	must(sendmsg(carrier, &message, MSG_DONTWAIT) == 1, "sendmsg");
}

static int receive_descriptor(int carrier)
{
	_Alignas(struct cmsghdr) char control[CMSG_SPACE(sizeof(int))] = { 0 };
	char byte;
	struct iovec iov = { &byte, 1 };
	struct msghdr message = { .msg_iov = &iov,
				  .msg_iovlen = 1,
				  .msg_control = control,
				  .msg_controllen = sizeof(control) };
	int fd;

	if (recvmsg(carrier, &message, MSG_DONTWAIT) != 1 || CMSG_FIRSTHDR(&message) == NULL)
		return -1;
	memcpy(&fd, CMSG_DATA(CMSG_FIRSTHDR(&message)), sizeof(fd));
	return fd;
}

static void await_order(uint32_t *order)
{
	while (!__atomic_load_n(order, __ATOMIC_ACQUIRE))
		futex_wait(order, 0);
}

static void order(uint32_t *word)
{
	__atomic_store_n(word, 1, __ATOMIC_RELEASE);
	futex_wake(word);
}

static int send_over(const struct connection *c)
{
	return send(c->near, "ping", 4, MSG_DONTWAIT | MSG_NOSIGNAL) == 4;
}

static int receive_from(const struct connection *c)
{
	int fd = receive_descriptor(c->carrier[1]);
	char bytes[5];

	return recv(fd, bytes, sizeof(bytes), MSG_DONTWAIT) == 4;
}

static pid_t fork_holder(struct connection *c)
{
	pid_t pid = fork();

	if (pid != 0)
		return pid;
	close(c->carrier[0]);
	close(c->carrier[1]);
	await_order(c->go);
	_exit(send_over(c));
}

/* No process holds a connection's end whose other end is under way to yet another one: CRIU 4.1.1 to
 * 4.3 lose some of those, or never end, as it depends on whom they restore first. */
static void set_connection(struct connection *c)
{
	int ends[2];

	must(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, c->carrier) == 0 &&
		     socketpair(AF_UNIX, SOCK_DGRAM, 0, ends) == 0,
	     "socketpair");
	c->near = ends[0];
	send_descriptor(c->carrier[0], ends[1]);
	close(ends[1]);
	c->holder = fork_holder(c);
	must(c->holder > 0, "fork");
	close(c->near);
}

static void set_under_way(void)
{
	uint32_t *words = (uint32_t *)map(MAP_SHARED | MAP_ANONYMOUS, -1);

	for (unsigned i = 0; i < CONNECTIONS; i++) {
		way[i].go = &words[i];
		set_connection(&way[i]);
	}
}

static int ask_holder(const struct connection *c)
{
	int status = 0;

	order(c->go);
	return waitpid(c->holder, &status, 0) == c->holder && WIFEXITED(status) &&
	       WEXITSTATUS(status) == 1;
}

static int under_way_changed(void)
{
	int sent = 0, arrived = 0;

	if (spoils(TREE_UNDER_WAY))
		close(receive_descriptor(way[0].carrier[1]));
	for (unsigned i = 0; i < CONNECTIONS; i++) {
		sent += ask_holder(&way[i]);
		arrived += receive_from(&way[i]);
	}
	if (sent != CONNECTIONS || arrived != CONNECTIONS)
		return differs("of %d connections %d can be sent over, %d received from",
			       CONNECTIONS, sent, arrived);
	return 0;
}

static int pipe_ends[2];
static uint8_t piped[PIPED];

static size_t pipe_length(void)
{
	return 1 + number(TREE_PIPE, 900) % (PIPED - 1);
}

static void set_pipe(void)
{
	must(pipe2(pipe_ends, O_NONBLOCK) == 0, "pipe");
	fill(piped, pipe_length(), TREE_PIPE);
	must(write(pipe_ends[1], piped, pipe_length()) == (ssize_t)pipe_length(), "write");
}

static int pipe_changed(void)
{
	ssize_t got;

	if (spoils(TREE_PIPE))
		got = read(pipe_ends[0], piped, 1);
	if ((fcntl(pipe_ends[0], F_GETFL) & O_NONBLOCK) == 0)
		return differs("the pipe has lost its O_NONBLOCK");
	got = read(pipe_ends[0], piped, PIPED);
	if (got != (ssize_t)pipe_length())
		return differs("the pipe has %zd bytes, had %zu", got, pipe_length());
	return !same_bytes(piped, (size_t)got, TREE_PIPE, "pipe");
}

/* ---- descriptors that count or tell ------------------------------------------------------------ */

static int event_fd, timer_fd, signal_fd, epoll_fd;

static void set_counters(void)
{
	struct epoll_event event = { .events = EPOLLIN, .data.u64 = number(TREE_COUNTERS, 1) };
	const struct itimerspec far = { { 7, 0 }, { 5000, 0 } };
	sigset_t set;

	event_fd = eventfd((unsigned)(number(TREE_COUNTERS, 0) & 0xffff) + 1, EFD_NONBLOCK);
	timer_fd = timerfd_create(CLOCK_MONOTONIC, 0);
	sigemptyset(&set);
	sigaddset(&set, SIGWINCH);
	signal_fd = signalfd(-1, &set, SFD_NONBLOCK);
	epoll_fd = epoll_create1(EPOLL_CLOEXEC);
	must(event_fd >= 0 && timer_fd >= 0 && signal_fd >= 0 && epoll_fd >= 0, "counters");
	must(timerfd_settime(timer_fd, 0, &far, NULL) == 0, "timerfd");
	must(epoll_ctl(epoll_fd, EPOLL_CTL_ADD, event_fd, &event) == 0, "epoll");
}

static int counters_changed(void)
{
	struct epoll_event event = { 0 };
	struct itimerspec left;
	uint64_t count = 0, want = (number(TREE_COUNTERS, 0) & 0xffff) + 1;

	if (spoils(TREE_COUNTERS))
		(void)!read(event_fd, &count, sizeof(count));
	if (epoll_wait(epoll_fd, &event, 1, 0) != 1 || event.data.u64 != number(TREE_COUNTERS, 1))
		return differs("epoll does not tell that the eventfd can be read");
	if (read(event_fd, &count, sizeof(count)) != sizeof(count) || count != want)
		return differs("the eventfd counts %llu, was %llu", (unsigned long long)count,
			       (unsigned long long)want);
	if (timerfd_gettime(timer_fd, &left) < 0 || left.it_interval.tv_sec != 7 ||
	    left.it_value.tv_sec < 4900 || left.it_value.tv_sec > 5000)
		return differs("the timerfd has %ld s left of 5000, every %ld s",
			       (long)left.it_value.tv_sec, (long)left.it_interval.tv_sec);
	if ((fcntl(epoll_fd, F_GETFD) & FD_CLOEXEC) == 0)
		return differs("the epoll descriptor has lost its FD_CLOEXEC");
	return 0;
}

/* ---- files ---------------------------------------------------------------------------------- */

static int kept_file, deleted_file;

static void set_files(void)
{
	static uint8_t bytes[1000];

	kept_file = open(TREE_HOME "/kept", O_RDWR | O_CREAT | O_TRUNC | O_APPEND, 0600);
	deleted_file = open(TREE_HOME "/deleted", O_RDWR | O_CREAT | O_TRUNC, 0600);
	must(kept_file >= 0 && deleted_file >= 0, "files");
	fill(bytes, sizeof(bytes), TREE_FILES);
	must(write(kept_file, bytes, sizeof(bytes)) == sizeof(bytes), "write");
	must(write(deleted_file, bytes, sizeof(bytes)) == sizeof(bytes), "write");
	must(lseek(kept_file, 123, SEEK_SET) == 123, "lseek");
	must(lseek(deleted_file, 321, SEEK_SET) == 321, "lseek");
	must(unlink(TREE_HOME "/deleted") == 0, "unlink");
}

static int files_changed(void)
{
	static uint8_t bytes[1000];

	if (spoils(TREE_FILES))
		lseek(kept_file, 1, SEEK_CUR);
	if (lseek(kept_file, 0, SEEK_CUR) != 123 || lseek(deleted_file, 0, SEEK_CUR) != 321)
		return differs("offsets are %ld and %ld, were 123 and 321",
			       (long)lseek(kept_file, 0, SEEK_CUR),
			       (long)lseek(deleted_file, 0, SEEK_CUR));
	if ((fcntl(kept_file, F_GETFL) & O_APPEND) == 0)
		return differs("the file has lost its O_APPEND");
	if (pread(deleted_file, bytes, sizeof(bytes), 0) != sizeof(bytes))
		return differs("the deleted file has lost its contents");
	return !same_bytes(bytes, sizeof(bytes), TREE_FILES, "deleted file");
}

/* ---- signals -------------------------------------------------------------------------------- */

static int first_signal(void)
{
	return SIGRTMIN + 3;
}

static sigset_t queued_set(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, first_signal());
	sigaddset(&set, SIGUSR2);
	return set;
}

static void set_signals(void)
{
	sigset_t set = queued_set();

	must(sigprocmask(SIG_BLOCK, &set, NULL) == 0, "sigprocmask");
	for (int i = 0; i < 3; i++) {
		union sigval value = { .sival_int =
					       (int)(number(TREE_SIGNALS, (uint64_t)i) & 0xffff) };

		must(sigqueue(getpid(), first_signal(), value) == 0, "sigqueue");
	}
	must(kill(getpid(), SIGUSR2) == 0, "kill");
}

static int signals_changed(void)
{
	const struct timespec none = { 0, 0 };
	sigset_t set = queued_set(), real_time = set, mask;
	siginfo_t info;

	if (spoils(TREE_SIGNALS))
		sigtimedwait(&set, &info, &none);
	sigprocmask(SIG_BLOCK, NULL, &mask);
	if (!sigismember(&mask, SIGUSR2) || !sigismember(&mask, first_signal()) ||
	    sigismember(&mask, SIGHUP))
		return differs("the signal mask has changed");
	sigdelset(&real_time, SIGUSR2);
	for (int i = 0; i < 3; i++) {
		int want = (int)(number(TREE_SIGNALS, (uint64_t)i) & 0xffff);

		if (sigtimedwait(&real_time, &info, &none) != first_signal())
			return differs("queued signal %d of 3 is gone", i + 1);
		if (info.si_value.sival_int != want || info.si_code != SI_QUEUE)
			return differs("queued signal %d has value %d, had %d; code %d", i + 1,
				       info.si_value.sival_int, want, info.si_code);
	}
	if (sigtimedwait(&set, &info, &none) != SIGUSR2)
		return differs("the pending SIGUSR2 is gone");
	if (sigtimedwait(&set, &info, &none) > 0)
		return differs("signal %d is pending twice", info.si_signo);
	return 0;
}

static void handle(int signo)
{
	(void)signo;
}

/* SIGTRAP's is told apart: it is the signal of tracers. */
static void (*trap_handler(void))(int)
{
	switch ((enum tree_trap)board->setting.trap) {
	case TREE_TRAP_IGNORED:
		return SIG_IGN;
	case TREE_TRAP_HANDLED:
		return handle;
	case TREE_TRAP_DEFAULT:
		break;
	}
	return SIG_DFL;
}

static uint8_t signal_stack[16384];

static void set_dispositions(void)
{
	struct sigaction action = { .sa_handler = handle, .sa_flags = SA_ONSTACK | SA_RESTART };
	const stack_t stack = { .ss_sp = signal_stack, .ss_size = sizeof(signal_stack) };

	sigaddset(&action.sa_mask, SIGHUP);
	must(sigaction(SIGALRM, &action, NULL) == 0 && sigaltstack(&stack, NULL) == 0, "sigaction");
	must(signal(SIGINT, SIG_IGN) != SIG_ERR && signal(SIGTRAP, trap_handler()) != SIG_ERR,
	     "signal");
}

static int dispositions_changed(void)
{
	struct sigaction alarm_now, int_now, trap_now;
	stack_t stack;

	if (spoils(TREE_DISPOSITIONS))
		signal(SIGINT, SIG_DFL);
	if (!is_strict(TREE_DISPOSITIONS))
		signal(SIGTRAP, trap_handler());
	sigaction(SIGALRM, NULL, &alarm_now);
	sigaction(SIGINT, NULL, &int_now);
	sigaction(SIGTRAP, NULL, &trap_now);
	sigaltstack(NULL, &stack);
	if (alarm_now.sa_handler != handle || !sigismember(&alarm_now.sa_mask, SIGHUP) ||
	    (alarm_now.sa_flags & (SA_ONSTACK | SA_RESTART)) != (SA_ONSTACK | SA_RESTART))
		return differs("SIGALRM's disposition has changed");
	if (int_now.sa_handler != SIG_IGN)
		return differs("SIGINT is not ignored any more");
	if (trap_now.sa_handler != trap_handler())
		return differs("SIGTRAP was %s, now it is not",
			       trap_handler() == SIG_IGN ? "ignored" : "as set");
	if (stack.ss_sp != signal_stack || stack.ss_size != sizeof(signal_stack) || stack.ss_flags)
		return differs("the alternate signal stack has changed");
	return 0;
}

/* ---- timers --------------------------------------------------------------------------------- */

static timer_t posix_timer;

static void set_timers(void)
{
	const struct itimerval real = { { 11, 0 }, { 6000, 0 } };
	const struct itimerspec own = { { 13, 0 }, { 7000, 0 } };
	struct sigevent event = { .sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGALRM };

	must(setitimer(ITIMER_REAL, &real, NULL) == 0, "setitimer");
	must(timer_create(CLOCK_MONOTONIC, &event, &posix_timer) == 0 &&
		     timer_settime(posix_timer, 0, &own, NULL) == 0,
	     "timer_create");
}

static int timers_changed(void)
{
	static const struct itimerval off;
	struct itimerspec own = { 0 };
	struct itimerval real = { 0 };

	if (spoils(TREE_TIMERS))
		setitimer(ITIMER_REAL, &off, NULL);
	getitimer(ITIMER_REAL, &real);
	if (real.it_interval.tv_sec != 11 || real.it_value.tv_sec < 5900 ||
	    real.it_value.tv_sec > 6000)
		return differs("the real timer has %ld s left of 6000, every %ld s",
			       (long)real.it_value.tv_sec, (long)real.it_interval.tv_sec);
	if (timer_gettime(posix_timer, &own) < 0 || own.it_interval.tv_sec != 13 ||
	    own.it_value.tv_sec < 6900 || own.it_value.tv_sec > 7000)
		return differs("the POSIX timer has %ld s left of 7000, every %ld s",
			       (long)own.it_value.tv_sec, (long)own.it_interval.tv_sec);
	return 0;
}

/* ---- a thread ------------------------------------------------------------------------------- */

static pthread_t thread;
static __thread uint64_t own_word;
static uint32_t thread_ready, thread_go;
static const char *thread_found;

static void *live(void *unused)
{
	pid_t id = gettid();
	sigset_t set;

	(void)unused;
	/* What its process waits for, or has pending, is not for it. */
	sigfillset(&set);
	sigdelset(&set, SIGHUP);
	pthread_sigmask(SIG_SETMASK, &set, NULL);
	prctl(PR_SET_NAME, "branch");
	own_word = number(TREE_THREAD, 1);
	__atomic_store_n(&thread_ready, 1, __ATOMIC_RELEASE);
	futex_wake(&thread_ready);
	while (!__atomic_load_n(&thread_go, __ATOMIC_ACQUIRE))
		futex_wait(&thread_go, 0);
	pthread_sigmask(SIG_SETMASK, NULL, &set);
	if (spoils(TREE_THREAD))
		own_word++;
	if (gettid() != id)
		thread_found = "the thread has another id";
	else if (own_word != number(TREE_THREAD, 1))
		thread_found = "the thread's own word has changed";
	else if (!sigismember(&set, SIGCHLD) || sigismember(&set, SIGHUP))
		thread_found = "the thread's signal mask has changed";
	return NULL;
}

static void set_thread(void)
{
	must(pthread_create(&thread, NULL, live, NULL) == 0, "thread");
	while (!__atomic_load_n(&thread_ready, __ATOMIC_ACQUIRE))
		futex_wait(&thread_ready, 0);
}

static int thread_changed(void)
{
	__atomic_store_n(&thread_go, 1, __ATOMIC_RELEASE);
	futex_wake(&thread_go);
	pthread_join(thread, NULL);
	return thread_found ? differs("%s", thread_found) : 0;
}

/* ---- children ------------------------------------------------------------------------------- */

static pid_t living, dead;
static uint32_t *common; /* shared with the living child alone */

static void set_child(void)
{
	siginfo_t info;

	common = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	must(common != MAP_FAILED, "mmap");
	common[1] = (uint32_t)number(TREE_CHILD, 0);
	living = fork();
	must(living >= 0, "fork");
	if (living == 0) {
		while (!common[0])
			futex_wait(common, 0);
		_exit(common[1] == (uint32_t)number(TREE_CHILD, 0) ? 42 : 43);
	}
	dead = fork();
	if (dead == 0)
		_exit(24);
	must(waitid(P_PID, (id_t)dead, &info, WEXITED | WNOWAIT) == 0, "waitid");
}

static int child_changed(void)
{
	int status = 0;

	if (spoils(TREE_CHILD))
		common[1]++;
	if (waitpid(dead, &status, WNOHANG) != dead || WEXITSTATUS(status) != 24)
		return differs("the dead child's status is 0x%x, was 24", status);
	__atomic_store_n(&common[0], 1, __ATOMIC_RELEASE);
	futex_wake(common);
	if (waitpid(living, &status, 0) != living || !WIFEXITED(status))
		return differs("the living child ended with status 0x%x", status);
	if (WEXITSTATUS(status) != 42)
		return differs("the memory shared with the child has changed");
	return 0;
}

/* ---- what a process has ---------------------------------------------------------------------- */

static void set_process(void)
{
	const struct rlimit files = { 77, 99 };

	umask(0137);
	must(chdir(TREE_HOME) == 0 && setrlimit(RLIMIT_NOFILE, &files) == 0, "process");
	must(setpriority(PRIO_PROCESS, 0, 7) == 0 && prctl(PR_SET_NAME, "trunk") == 0, "process");
	must(prctl(PR_SET_CHILD_SUBREAPER, 1) == 0, "prctl");
}

static int process_changed(void)
{
	char folder[64] = "", name[16] = "";
	struct rlimit files;
	int reaper = 0;
	mode_t mask;

	if (spoils(TREE_PROCESS))
		umask(0);
	mask = umask(0);
	getrlimit(RLIMIT_NOFILE, &files);
	prctl(PR_GET_NAME, name);
	prctl(PR_GET_CHILD_SUBREAPER, &reaper);
	if (mask != 0137)
		return differs("the umask is 0%o, was 0137", mask);
	if (getcwd(folder, sizeof(folder)) == NULL || strcmp(folder, TREE_HOME) != 0)
		return differs("the folder is %s, was " TREE_HOME, folder);
	if (files.rlim_cur != 77 || files.rlim_max != 99)
		return differs("the limit of descriptors has changed");
	if (getpriority(PRIO_PROCESS, 0) != 7)
		return differs("the priority is %d, was 7", getpriority(PRIO_PROCESS, 0));
	if (strcmp(name, "trunk") != 0)
		return differs("the name is %s, was trunk", name);
	if (!reaper)
		return differs("it is no subreaper any more");
	return 0;
}

/* ---- System V and POSIX ------------------------------------------------------------------------ */

static int semaphore, shm_id;
static uint8_t *shm_bytes;

/* criu brings these objects back only with the namespace that they are in. */
static void leave_namespace(void)
{
	must(unshare(CLONE_NEWIPC) == 0, "unshare");
}

static void set_ipc(void)
{
	if (is_strict(TREE_IPC))
		leave_namespace(); /* and the children, who are there, stay in the old one */
	semaphore = semget(0x7ee, 1, IPC_CREAT | 0600);
	shm_id = shmget(0x7ee, 8192, IPC_CREAT | 0600);
	must(semaphore >= 0 && shm_id >= 0, "System V");
	must(semctl(semaphore, 0, SETVAL, (int)(number(TREE_IPC, 1) & 0xfff)) == 0, "semctl");
	shm_bytes = shmat(shm_id, NULL, 0);
	must(shm_bytes != (void *)-1, "shmat");
	fill(shm_bytes, 8192, TREE_IPC);
}

static int ipc_changed(void)
{
	int want = (int)(number(TREE_IPC, 1) & 0xfff);

	if (spoils(TREE_IPC))
		shm_bytes[17]++;
	if (semctl(semaphore, 0, GETVAL) != want)
		return differs("the semaphore is %d, was %d", semctl(semaphore, 0, GETVAL), want);
	return !same_bytes(shm_bytes, 8192, TREE_IPC, "System V memory");
}

/* ---- places --------------------------------------------------------------------------------- */

static const char *place_found;
static int fifo;
static pid_t waited_for;

static void end_of_call(int right, const char *what)
{
	static char text[96];

	if (right)
		return;
	snprintf(text, sizeof(text), "%s ended with: %s", what, strerror(errno));
	place_found = text;
}

static void read_fifo(void)
{
	char byte;

	end_of_call(read(fifo, &byte, 1) == 1, "read");
}

/* CRIU documents that a timed wait may end with EINTR: only a strict tree minds. */
static void poll_fifo(void)
{
	struct pollfd one = { .fd = fifo, .events = POLLIN };
	int ready;

	do
		ready = poll(&one, 1, 1000000);
	while (ready < 0 && errno == EINTR && !is_strict(TREE_PLACE));
	end_of_call(ready == 1, "poll");
}

static void suspend(void)
{
	sigset_t set;

	sigfillset(&set);
	sigdelset(&set, SIGUSR1);
	sigsuspend(&set);
	end_of_call(errno == EINTR && told_to_go(), "sigsuspend");
}

static void wait_child(void)
{
	int status = 0;

	end_of_call(waitpid(waited_for, &status, 0) == waited_for && WEXITSTATUS(status) == 9,
		    "wait4");
}

static void set_place(void)
{
	fifo = open(TREE_FIFO, O_RDWR | O_CLOEXEC);
	must(fifo >= 0, "fifo");
	if (board->setting.place == TREE_SUSPENDS) {
		sigset_t set;

		sigemptyset(&set);
		sigaddset(&set, SIGUSR1);
		must(sigprocmask(SIG_BLOCK, &set, NULL) == 0, "sigprocmask");
		must(signal(SIGUSR1, handle) != SIG_ERR, "signal");
	}
	if (board->setting.place == TREE_WAITS && (waited_for = fork()) == 0) {
		while (!told_to_go())
			futex_wait(&board->go, 0);
		_exit(9);
	}
}

static void sit(void)
{
	if (spoils(TREE_PLACE))
		(void)!write(fifo, "", 1); /* for which nobody has asked yet */
	switch ((enum tree_place)board->setting.place) {
	case TREE_READS:
		read_fifo();
		break;
	case TREE_SPINS:
		while (!told_to_go())
			__asm__ volatile("pause");
		break;
	case TREE_FUTEX:
		errno = 0;
		while (!told_to_go() && errno == 0)
			futex_wait(&board->go, 0);
		end_of_call(told_to_go(), "futex");
		break;
	case TREE_SUSPENDS:
		suspend();
		break;
	case TREE_WAITS:
		wait_child();
		break;
	case TREE_POLLS:
		poll_fifo();
		break;
	}
}

static int place_changed(void)
{
	if (place_found == NULL && !told_to_go())
		place_found = "the wait ended before it was told to";
	return place_found ? differs("%s", place_found) : 0;
}

/* ---- the whole ------------------------------------------------------------------------------ */

static const struct {
	void (*set)(void);
	int (*changed)(void);
} items[TREE_ITEMS] = {
	[TREE_MEMORY] = { set_memory, memory_changed },
	[TREE_STREAM] = { set_stream, stream_changed },
	[TREE_DATAGRAMS] = { set_datagrams, datagrams_changed },
	[TREE_PACKETS] = { set_packets, packets_changed },
	[TREE_PIPE] = { set_pipe, pipe_changed },
	[TREE_COUNTERS] = { set_counters, counters_changed },
	[TREE_FILES] = { set_files, files_changed },
	[TREE_SIGNALS] = { set_signals, signals_changed },
	[TREE_TIMERS] = { set_timers, timers_changed },
	[TREE_THREAD] = { set_thread, thread_changed },
	[TREE_SPARSE] = { set_sparse, sparse_changed },
	[TREE_CLOSED] = { set_closed, closed_changed },
	[TREE_UNDER_WAY] = { set_under_way, under_way_changed },
	[TREE_CHILD] = { set_child, child_changed },
	[TREE_PROCESS] = { set_process, process_changed },
	[TREE_IPC] = { set_ipc, ipc_changed },
	[TREE_DISPOSITIONS] = { set_dispositions, dispositions_changed },
	[TREE_PLACE] = { set_place, place_changed },
};

static void look(void)
{
	for (unsigned i = 0; i < TREE_ITEMS; i++) {
		if ((carries(i) || i == TREE_PLACE) && items[i].changed()) {
			board->changed = 1 + i;
			return;
		}
	}
}

int main(void)
{
	int fd = open(TREE_BOARD, O_RDWR | O_CLOEXEC);

	board = mmap(NULL, sizeof(*board), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (board == MAP_FAILED)
		return 101;
	close(fd);
	if (carries(TREE_IPC) && !is_strict(TREE_IPC))
		leave_namespace();
	for (unsigned i = 0; i < TREE_ITEMS; i++)
		if (carries(i) || i == TREE_PLACE)
			items[i].set();
	__atomic_store_n(&board->ready, 1, __ATOMIC_RELEASE);
	futex_wake(&board->ready);
	sit();
	look();
	__atomic_store_n(&board->done, 1, __ATOMIC_RELEASE);
	futex_wake(&board->done);
	for (;;)
		pause();
}
