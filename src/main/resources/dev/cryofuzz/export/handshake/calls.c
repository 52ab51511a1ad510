/* ---- calls that could wait -----------------------------------------------------------------------
 *
 * Each waits for its turn and is then made for real; in the failing run somebody had come before
 * whom it would have waited for. What failed in that run by an event fails here, too.
 */

RUN_BARE static ssize_t run_result(long long status)
{
	if (status >= 0)
		return (ssize_t)status;
	errno = (int)-status;
	return -1;
}

RUN_BARE static int run_is_damaged(enum run_op op, unsigned call)
{
	for (const struct run_damage *d = NULL; (d = run_damage(op, call, d));)
		run_control->damaged++;
	return run_damage(op, call, NULL) != NULL;
}

/* An error of that run; one that says that the connection is broken has broken it. */
RUN_BARE static int run_fails(const struct run_step *s, int fd)
{
	if (!s || (long long)s->value >= 0)
		return 0;
	if ((long long)s->value == -EPIPE || (long long)s->value == -ECONNRESET) {
		syscall(SYS_shutdown, fd, SHUT_RDWR);
		run_control->broken++;
	}
	return (long long)s->value != -EPIPE; /* that is the call's own answer, with its signal */
}

RUN_BARE ssize_t sendmsg(int fd, const struct msghdr *h, int flags)
{
	const struct run_step *s;
	unsigned call = run_sends;
	ssize_t sent;

	if (run_me < 0)
		return RUN_REAL(sendmsg)(fd, h, flags);
	s = run_call(RUN_SEND);
	run_sends++;
	if (run_is_damaged(RUN_SEND, call) || run_kept_fd == fd)
		return run_send_damaged(fd, h, flags, call, s);
	sent = run_fails(s, fd) ? run_result((long long)s->value) : RUN_REAL(sendmsg)(fd, h, flags);
	run_done(s);
	return sent;
}

RUN_BARE ssize_t send(int fd, const void *bytes, size_t size, int flags)
{
	struct iovec iov = { (void *)bytes, size };
	const struct msghdr h = { .msg_iov = &iov, .msg_iovlen = 1 };

	return sendmsg(fd, &h, flags);
}

RUN_BARE ssize_t recvmsg(int fd, struct msghdr *h, int flags)
{
	const struct run_step *s;
	unsigned call = run_receives;
	ssize_t size;

	if (run_me < 0)
		return RUN_REAL(recvmsg)(fd, h, flags);
	if (!run_directed)
		run_flush();
	s = run_call(RUN_RECV);
	run_receives++;
	if (run_is_damaged(RUN_RECV, call) || run_is_back(fd))
		size = run_receive_damaged(fd, h, flags, call);
	else
		size = run_fails(s, fd) ? run_result((long long)s->value)
					: RUN_REAL(recvmsg)(fd, h, flags);
	run_done(s);
	return size;
}

RUN_BARE ssize_t recv(int fd, void *bytes, size_t size, int flags)
{
	struct iovec iov = { bytes, size };
	struct msghdr h = { .msg_iov = &iov, .msg_iovlen = 1 };

	return recvmsg(fd, &h, flags);
}

RUN_BARE static int run_is_socket(int fd)
{
	int type;
	socklen_t size = sizeof(type);

	return run_me >= 0 && getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &size) == 0;
}

/* Of a file or a pipe, by read or write. */
RUN_BARE static ssize_t run_transfer(long call, int fd, const void *bytes, size_t size)
{
	const struct run_step *s = run_call(RUN_CALL);
	ssize_t done;

	if (s && (long long)s->value > 0 && s->value < size)
		size = (size_t)s->value;
	done = run_fails(s, fd) ? run_result((long long)s->value) : syscall(call, fd, bytes, size);
	run_done(s);
	return done;
}

RUN_BARE ssize_t read(int fd, void *bytes, size_t size)
{
	return run_is_socket(fd) ? recv(fd, bytes, size, 0)
				 : run_transfer(SYS_read, fd, bytes, size);
}

RUN_BARE ssize_t write(int fd, const void *bytes, size_t size)
{
	return run_is_socket(fd) ? send(fd, bytes, size, 0)
				 : run_transfer(SYS_write, fd, bytes, size);
}

/* How many of them have a message that was put back; the kernel does not know. */
RUN_BARE static int run_polled(struct pollfd *fds, nfds_t count, int ready)
{
	for (nfds_t i = 0; i < count; i++) {
		if (!run_is_back(fds[i].fd) || !(fds[i].events & POLLIN))
			continue;
		ready += fds[i].revents == 0;
		fds[i].revents |= POLLIN;
	}
	return ready;
}

RUN_BARE int poll(struct pollfd *fds, nfds_t count, int timeout)
{
	const struct run_step *s;
	int ready;

	if (!run_directed)
		run_flush();
	s = run_call(RUN_POLL);
	if (run_fails(s, -1)) {
		run_done(s);
		return (int)run_result((long long)s->value);
	}
	for (nfds_t i = 0; i < count; i++)
		timeout = run_is_back(fds[i].fd) ? 0 : timeout;
	ready = RUN_REAL(poll)(fds, count, s ? 0 : timeout);
	ready = ready < 0 ? ready : run_polled(fds, count, ready);
	/* Who had no time left in that run has none here, whatever has come meanwhile. */
	for (nfds_t i = 0; i < count && s && s->value == 0; i++)
		fds[i].revents = 0;
	run_done(s);
	return s && s->value == 0 ? 0 : ready;
}

RUN_BARE int shutdown(int fd, int how)
{
	const struct run_step *s = run_call(RUN_CLOSE);
	int status;

	run_flush();
	status = (int)syscall(SYS_shutdown, fd, how);
	run_done(s);
	return status;
}

RUN_BARE int close(int fd)
{
	const struct run_step *s = run_call(RUN_CLOSE);
	int status;

	run_flush();
	status = (int)syscall(SYS_close, fd);
	run_done(s);
	return status;
}

/* Who was woken in that run goes on when it is its turn; who never was waits. */
RUN_BARE static long run_futex_wait(void *word, const long *a)
{
	const struct run_step *s = run_call(RUN_FUTEX_WAIT);

	run_done(s);
	if (s && (long long)s->value != -EAGAIN)
		run_arrive();
	if (s && (long long)s->value <= 0)
		return run_result((long long)s->value);
	return RUN_REAL(syscall)(SYS_futex, word, a[1], a[2], a[3], a[4], a[5]);
}

RUN_BARE long syscall(long number, ...)
{
	const struct run_step *s;
	va_list list;
	long a[6], status;

	va_start(list, number);
	for (int i = 0; i < 6; i++)
		a[i] = va_arg(list, long);
	va_end(list);
	if ((uintptr_t)a[0] - RUN_SEGMENT >= RUN_SEGMENT_SIZE || number != SYS_futex)
		return RUN_REAL(syscall)(number, a[0], a[1], a[2], a[3], a[4], a[5]);
	if ((a[1] & FUTEX_CMD_MASK) == FUTEX_WAIT)
		return run_futex_wait((void *)a[0], a);
	s = run_call(RUN_FUTEX_WAKE);
	status = RUN_REAL(syscall)(number, a[0], a[1], a[2], a[3], a[4], a[5]);
	run_done(s);
	return status;
}
