//= none
static void stranger_hears(const struct sockaddr *name, socklen_t size)
{
	(void)name;
	(void)size;
}

static void stranger_connects(void)
{
}

static void stranger_speaks(int fd, const void *data, size_t size)
{
	(void)fd;
	(void)data;
	(void)size;
}

//= hears
/* A stranger: the control socket has a name that everybody in the network namespace can see. */
static struct sockaddr_un server;
static socklen_t server_size;

struct message {
	unsigned cmd, ack;
	int err;
};

static void stranger_hears(const struct sockaddr *name, socklen_t size)
{
	server_size = size;
	memcpy(&server, name, size);
}

//= connects
static void stranger_speaks(int fd, const void *data, size_t size)
{
	(void)fd;
	(void)data;
	(void)size;
}

static void stranger_lives(int fd);

/* Each in a process of its own, which has connected by the time this returns. */
static void stranger_connects(void)
{
	for (int i = 0; i < STRANGERS; i++) {
		int word[2], fd;
		char byte = 0;

		if (pipe(word))
			_exit(CANNOT);
		if (fork() == 0) {
			prctl(PR_SET_PDEATHSIG, SIGKILL);
			watch(0);
			fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
			if (!connect(fd, (struct sockaddr *)&server, server_size))
				board->came = 1;
			if (write(word[1], &byte, 1) == 1)
				stranger_lives(fd);
			_exit(0);
		}
		if (read(word[0], &byte, 1) != 1)
			_exit(CANNOT);
		close(word[0]);
		close(word[1]);
	}
}

//= is-silent
static void stranger_lives(int fd)
{
	(void)fd;
	for (;;)
		pause();
}

//= answers
/* In the parasite's place. The first thing that it gets is the descriptor of the log, for which it owes
 * the acknowledgement of the infection (2). */
static void stranger_lives(int fd)
{
	struct message m;
	ssize_t n;

	fcntl(fd, F_SETFL, 0);
	while ((n = recv(fd, &m, sizeof(m), 0)) > 0) {
		m.cmd = n == sizeof(m) ? m.cmd : 2;
		m.ack = m.cmd;
		m.err = 0;
		send(fd, &m, sizeof(m), MSG_NOSIGNAL);
	}
}

//= acknowledges
static void stranger_connects(void)
{
}

/* The victim's first descriptor that is connected to this one's name: whoever may trace it gets that. */
static int end_of_parasite(int fd)
{
	struct sockaddr_un name, peer;
	socklen_t size = sizeof(name), peer_size;
	int pidfd = (int)syscall(SYS_pidfd_open, victim, 0), end;

	getsockname(fd, (struct sockaddr *)&name, &size);
	for (int i = 0; i < 64; i++) {
		end = (int)syscall(SYS_pidfd_getfd, pidfd, i, 0);
		peer_size = sizeof(peer);
		if (end >= 0 && !getpeername(end, (struct sockaddr *)&peer, &peer_size) &&
		    size > sizeof(sa_family_t) && peer_size == size && !memcmp(&peer, &name, size))
			return end;
		if (end >= 0)
			close(end);
	}
	_exit(CANNOT);
}

/* Acknowledges the first command before it has been sent. */
static void stranger_speaks(int fd, const void *data, size_t size)
{
	struct message m;

	if (board->came || size != sizeof(m))
		return;
	memcpy(&m, data, sizeof(m));
	if (m.cmd < FIRST_COMMAND)
		return;
	board->came = 1;
	watch(0);
	if (fork() == 0) {
		m.ack = m.cmd;
		_exit(send(end_of_parasite(fd), &m, sizeof(m), 0) == sizeof(m) ? 0 : CANNOT);
	}
	wait(NULL);
	watch(1);
}
