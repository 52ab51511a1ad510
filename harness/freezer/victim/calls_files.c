/* SPDX-License-Identifier: Apache-2.0
 *
 * What is needed for calls that sleep on descriptors, and for those that sleep for a time.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/timerfd.h>
#include <sys/un.h>
#include <time.h>

#include "calls.h"
#include "raw.h"

enum { PART = 5, PATIENT_SECONDS = 60 };

static void move(int from, int to)
{
	raw2(SYS_dup2, from, to);
	if (from != to)
		raw1(SYS_close, from);
}

/* Gives a new descriptor its number. */
static int take(long fd, int number)
{
	if (fd < 0)
		return (int)fd;
	move((int)fd, number);
	return 0;
}

static int take_pair(long ret, const int pair[2])
{
	if (ret < 0)
		return (int)ret;
	move(pair[0], CALL_NEAR);
	move(pair[1], CALL_FAR);
	return 0;
}

int call_make_pipe(struct victim_told *told)
{
	int ends[2];

	(void)told;
	call_word = 0;
	return take_pair(raw2(SYS_pipe2, ends, O_CLOEXEC), ends);
}

int call_make_stream(struct victim_told *told)
{
	static struct iovec part = { call_bytes, sizeof(call_bytes) };
	int pair[2];

	(void)told;
	memset(call_bytes, 0, sizeof(call_bytes));
	call_message = (struct msghdr){ .msg_iov = &part, .msg_iovlen = 1 };
	return take_pair(raw4(SYS_socketpair, AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair), pair);
}

int call_make_partial(struct victim_told *told)
{
	int ret = call_make_stream(told);

	if (!ret && raw3(SYS_write, CALL_FAR, "parts", PART) != PART)
		ret = -EIO;
	return ret;
}

int call_make_impatient(struct victim_told *told)
{
	const struct timeval patient = { .tv_sec = PATIENT_SECONDS };
	int ret = call_make_stream(told);

	if (!ret)
		ret = (int)raw5(SYS_setsockopt, CALL_NEAR, SOL_SOCKET, SO_RCVTIMEO, &patient,
				sizeof(patient));
	return ret;
}

/* Both ends go to the releaser, which reads at what is CALL_FAR here: another number there. */
int call_make_full(struct victim_told *told)
{
	enum { BLOCKS = 4096, BLOCK = 512 };
	static const uint8_t block[BLOCK];
	int ret = call_make_stream(told);

	for (int i = 0; !ret && i < BLOCKS; i++)
		if (raw6(SYS_sendto, CALL_NEAR, block, BLOCK, MSG_DONTWAIT, 0, 0) < 0)
			break;
	move(CALL_FAR, CALL_OTHER);
	return ret;
}

void call_drain(void)
{
	static uint8_t bytes[65536];

	while (raw6(SYS_recvfrom, CALL_OTHER, bytes, sizeof(bytes), MSG_DONTWAIT, 0, 0) > 0)
		;
}

int call_make_listener(struct victim_told *told)
{
	const struct sockaddr_un any = { .sun_family = AF_UNIX };
	int ret = take(raw3(SYS_socket, AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0), CALL_NEAR);

	(void)told;
	/* the kernel chooses a name that nobody has */
	if (!ret)
		ret = (int)raw3(SYS_bind, CALL_NEAR, &any, sizeof(any.sun_family));
	return ret ? ret : (int)raw2(SYS_listen, CALL_NEAR, 1);
}

void call_connect(void)
{
	long fd = raw3(SYS_socket, AF_UNIX, SOCK_STREAM, 0);
	struct sockaddr_un name;
	socklen_t size = sizeof(name);

	raw3(SYS_getsockname, CALL_NEAR, &name, &size);
	raw3(SYS_connect, fd, &name, size);
}

int call_make_epoll(struct victim_told *told)
{
	struct epoll_event event = { .events = EPOLLIN };
	int ret = call_make_stream(told);

	if (!ret)
		ret = take(raw1(SYS_epoll_create1, EPOLL_CLOEXEC), CALL_SPARE);
	return ret ? ret : (int)raw4(SYS_epoll_ctl, CALL_SPARE, EPOLL_CTL_ADD, CALL_NEAR, &event);
}

int call_make_eventfd(struct victim_told *told)
{
	(void)told;
	call_word = 0;
	if (take(raw2(SYS_eventfd2, 0, O_CLOEXEC), CALL_NEAR))
		return -EMFILE;
	return (int)raw2(SYS_dup2, CALL_NEAR, CALL_FAR) < 0 ? -EMFILE : 0;
}

int call_make_timerfd(struct victim_told *told)
{
	struct itimerspec timer = { 0 };
	int ret = take(raw2(SYS_timerfd_create, CLOCK_MONOTONIC, O_CLOEXEC), CALL_NEAR);

	call_word = 0;
	call_set_deadline(told);
	timer.it_value = call_deadline;
	return ret ? ret : (int)raw4(SYS_timerfd_settime, CALL_NEAR, TIMER_ABSTIME, &timer, 0);
}

/* ---- locks ----------------------------------------------------------------------------------- */

/* The releaser has it, which gives it up by ending. */
int call_make_lock(struct victim_told *told)
{
	int ret = call_share();

	(void)told;
	call_lock = (struct flock){ .l_type = F_WRLCK };
	return ret ? ret : take(raw2(SYS_memfd_create, "lock", MFD_CLOEXEC), CALL_NEAR);
}

void call_lock_it(void)
{
	raw3(SYS_fcntl, CALL_NEAR, F_SETLK, &call_lock);
}

/* The file is opened twice: a lock on one description is in the way of one on the other, though both
 * belong to one process. */
int call_make_flock(struct victim_told *told)
{
	int ret = take(raw2(SYS_memfd_create, "lock", MFD_CLOEXEC), CALL_NEAR);

	(void)told;
	if (!ret)
		ret = take(raw4(SYS_openat, AT_FDCWD, "/proc/self/fd/30", O_RDWR | O_CLOEXEC, 0),
			   CALL_OTHER);
	return ret ? ret : (int)raw2(SYS_flock, CALL_OTHER, LOCK_EX);
}

_Static_assert(CALL_NEAR == 30, "the name above");

void call_unflock(void)
{
	raw2(SYS_flock, CALL_OTHER, LOCK_UN);
}

/* ---- time ------------------------------------------------------------------------------------ */

int call_set_deadline(struct victim_told *told)
{
	const long nanoseconds = CALL_TIME * 1000000l;

	(void)told;
	raw2(SYS_clock_gettime, CLOCK_MONOTONIC, &call_deadline);
	call_deadline.tv_nsec += nanoseconds;
	if (call_deadline.tv_nsec >= 1000000000) {
		call_deadline.tv_nsec -= 1000000000;
		call_deadline.tv_sec++;
	}
	call_time = call_rest = (struct timespec){ .tv_nsec = nanoseconds };
	call_long = (struct timespec){ .tv_sec = PATIENT_SECONDS };
	call_time_value = (struct timeval){ .tv_usec = nanoseconds / 1000 };
	call_long_value = (struct timeval){ .tv_sec = PATIENT_SECONDS };
	call_signals = 1ull << (VICTIM_AWAITED_SIGNAL - 1);
	return 0;
}

int call_set_polled(struct victim_told *told)
{
	call_set_deadline(told);
	call_polled.revents = 0;
	return call_make_pipe(told);
}

int call_set_selected(struct victim_told *told)
{
	call_set_deadline(told);
	memset(call_set, 0, sizeof(call_set));
	call_set[0] = 1ull << CALL_NEAR;
	return call_make_pipe(told);
}

/* ---- what must be true ------------------------------------------------------------------------- */

const char *call_check_file(int64_t result)
{
	return raw1(SYS_close, result) ? "it is no descriptor" : NULL;
}

const char *call_check_word(int64_t result)
{
	(void)result;
	return call_word == VICTIM_WORD ? NULL : "it has read another word";
}

/* What is polled for there is still to be read. */
const char *call_check_order(int64_t result)
{
	call_word = 0;
	raw3(SYS_read, VICTIM_FD, &call_word, sizeof(call_word));
	return call_check_word(result);
}

const char *call_check_part(int64_t result)
{
	(void)result;
	return memcmp(call_bytes, "parts", PART) ? "it has received other bytes" : NULL;
}

const char *call_check_message(int64_t result)
{
	uint64_t word;

	(void)result;
	memcpy(&word, call_bytes, sizeof(word));
	return word == VICTIM_WORD ? NULL : "it has received other bytes";
}

const char *call_check_polled(int64_t result)
{
	(void)result;
	return call_polled.revents == POLLIN ? NULL : "the descriptor is not said to be ready";
}

const char *call_check_selected(int64_t result)
{
	(void)result;
	return call_set[0] == 1ull << CALL_NEAR ? NULL : "the descriptor is not said to be ready";
}

const char *call_check_timer(int64_t result)
{
	(void)result;
	return call_word == 1 ? NULL : "the timer has not expired once";
}
