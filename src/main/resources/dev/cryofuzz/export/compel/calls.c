//= none
static void watch(int on)
{
	(void)on;
}

//= all
/* ---- libcompel's calls -------------------------------------------------------------------------
 *
 * They come here, since the linker takes these for libc's: something can be done before any of them,
 * it can fail, and its message be damaged.
 */
static int watching;
static enum hold hold;
static int is_accepted;
static unsigned long number; /* of the system call that the victim was last told to make */

static void watch(int on)
{
	watching = on;
}

/* Returns 1 if the call is to fail. */
static int before_call(const char *name)
{
	int fails;

	if (!watching || !disturbed)
		return 0;
	watching = 0;
	board->call = name;
	moment(name);
	fails = is_to_fail(name);
	watching = 1;
	return fails;
}

#define CALL(type, name, parameters, arguments)                    \
	type own_##name parameters __asm__(#name);                 \
	static type(*real_##name) parameters;                      \
	__attribute__((constructor)) static void find_##name(void) \
	{                                                          \
		real_##name = dlsym(RTLD_NEXT, #name);             \
	}                                                          \
	type own_##name parameters

#define PLAIN(type, name, parameters, arguments, failure)                          \
	CALL(type, name, parameters, arguments)                                    \
	{                                                                          \
		return before_call(#name) ? (type)failure : real_##name arguments; \
	}

PLAIN(int, socket, (int domain, int type, int protocol), (domain, type, protocol), -1)
PLAIN(int, kill, (pid_t pid, int signo), (pid, signo), -1)
PLAIN(int, munmap, (void *at, size_t size), (at, size), -1)
PLAIN(int, ftruncate64, (int fd, off_t size), (fd, size), -1)
PLAIN(int, open64, (const char *path, int flags, unsigned mode), (path, flags, mode), -1)
PLAIN(int, setns, (int fd, int kind), (fd, kind), -1)
PLAIN(void *, mmap64, (void *at, size_t size, int access, int flags, int fd, off_t offset),
      (at, size, access, flags, fd, offset), MAP_FAILED)
PLAIN(long, syscall, (long nr, long a, long b, long c, long d, long e, long f),
      (nr, a, b, c, d, e, f), -1)

/* Before a parasite is told to leave, libcompel gives SIGCHLD back. */
CALL(int, sigaction, (int signo, const struct sigaction *action, struct sigaction *old),
     (signo, action, old))
{
	if (watching && is_accepted && hold == HELD)
		hold = LEAVING;
	return before_call("sigaction") ? -1 : real_sigaction(signo, action, old);
}

/* What is pending is read from the first file that is opened so. */
CALL(FILE *, fopen64, (const char *path, const char *mode), (path, mode))
{
	if (before_call("fopen64"))
		return NULL;
	if (hold == STOPPING)
		hold = HELD;
	return real_fopen64(path, mode);
}

/* After the call that maps memory in the victim comes the one that closes its descriptor. */
static void has_waited(int status)
{
	if (!WIFSTOPPED(status))
		return;
	if (hold == HELD && number == SYS_mmap)
		hold = CLOSING;
	else if (hold == CLOSING && number == SYS_close)
		hold = HELD;
}

CALL(pid_t, wait4, (pid_t pid, int *status, int flags, struct rusage *usage),
     (pid, status, flags, usage))
{
	pid_t got = before_call("wait4") ? -1 : real_wait4(pid, status, flags, usage);

	if (watching && got == victim && status)
		has_waited(*status);
	return got;
}

/* Called by libcompel's handler of SIGCHLD. */
CALL(pid_t, waitpid, (pid_t pid, int *status, int flags), (pid, status, flags))
{
	pid_t got = real_waitpid(pid, status, flags);

	if (watching && got == victim && status)
		has_waited(*status);
	return got;
}

/* libcompel sets the registers for a call that the victim is to make. */
static const char *kind_of(long request, const void *data)
{
	const struct iovec *part = data;

	if (request == PTRACE_PEEKTEXT || request == PTRACE_PEEKDATA)
		return "ptrace (peek)";
	if (request == PTRACE_POKETEXT || request == PTRACE_POKEDATA)
		return "ptrace (poke)";
	if (request == PTRACE_SETREGSET && part->iov_len >= sizeof(struct user_regs_struct)) {
		number = ((struct user_regs_struct *)part->iov_base)->rax;
		return number == SYS_close ? "ptrace (close)" : "ptrace";
	}
	return "ptrace";
}

CALL(long, ptrace, (long request, long pid, void *address, void *data),
     (request, pid, address, data))
{
	long ret;

	if (request == PTRACE_INTERRUPT && hold == LEAVING)
		hold = ENDING;
	if (request == PTRACE_DETACH)
		hold = AFTER;
	if (before_call(kind_of(request, data)))
		return -1;
	ret = real_ptrace(request, pid, address, data);
	if (ret || !watching)
		return ret;
	if (request == PTRACE_SEIZE)
		hold = SEIZED;
	if (request == PTRACE_INTERRUPT)
		hold = hold == ENDING ? HELD : STOPPING;
	return ret;
}

CALL(int, bind, (int fd, const struct sockaddr *name, socklen_t size), (fd, name, size))
{
	if (watching)
		stranger_hears(name, size);
	return before_call("bind") ? -1 : real_bind(fd, name, size);
}

CALL(int, listen, (int fd, int backlog), (fd, backlog))
{
	int ret = before_call("listen") ? -1 : real_listen(fd, backlog);

	if (watching && disturbed && !ret)
		stranger_connects();
	return ret;
}

CALL(int, accept, (int fd, struct sockaddr *name, socklen_t *size), (fd, name, size))
{
	int ret = before_call("accept") ? -1 : real_accept(fd, name, size);

	is_accepted = ret >= 0;
	return ret;
}

CALL(ssize_t, send, (int fd, const void *data, size_t size, int flags), (fd, data, size, flags))
{
	if (before_call("send"))
		return -1;
	if (watching && disturbed)
		stranger_speaks(fd, data, size);
	return watching && is_message() ? send_damaged(fd, data, size)
					: real_send(fd, data, size, flags);
}

CALL(ssize_t, sendmsg, (int fd, const struct msghdr *message, int flags), (fd, message, flags))
{
	if (before_call("sendmsg"))
		return -1;
	/* the log's descriptor: what can be done to that is to lose it */
	return watching && is_message() ? 1 : real_sendmsg(fd, message, flags);
}

CALL(ssize_t, recv, (int fd, void *data, size_t size, int flags), (fd, data, size, flags))
{
	if (before_call("recv"))
		return -1;
	return watching && is_message() ? receive_damaged(fd, data, size, flags)
					: real_recv(fd, data, size, flags);
}

PLAIN(ssize_t, recvmsg, (int fd, struct msghdr *message, int flags), (fd, message, flags), -1)
