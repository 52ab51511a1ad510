//= none
static int is_message(void)
{
	return 0;
}

static ssize_t send_damaged(int fd, const void *data, size_t size)
{
	return send(fd, data, size, 0);
}

static ssize_t receive_damaged(int fd, void *data, size_t size, int flags)
{
	return recv(fd, data, size, flags);
}

//= damages
/* ---- a damaged message ------------------------------------------------------------------------- */
struct frame {
	size_t size;
	unsigned char bytes[64];
};

/* Whether this message is the one; they are counted in the order in which libcompel sends and receives
 * them. */
static int is_message(void)
{
	static int messages;

	if (!disturbed || messages++ != MESSAGE)
		return 0;
	printf("message %d: " DAMAGE_WORDS "\n", MESSAGE);
	fflush(stdout);
	return 1;
}

//= one
/* What becomes of a frame; the number of frames is returned. */
static int damage(const void *data, size_t size, struct frame *out)
{
	memset(out, 0, 2 * sizeof(*out));
	out[0].size = out[1].size = size;
	memcpy(out[0].bytes, data, size);
	memcpy(out[1].bytes, data, size);
	//: DAMAGE
}

//= frames
static ssize_t send_damaged(int fd, const void *data, size_t size)
{
	struct frame frame[2];
	int frames = damage(data, size, frame);

	watch(0);
	for (int i = 0; i < frames; i++)
		send(fd, frame[i].bytes, frame[i].size, 0);
	watch(1);
	return (ssize_t)size;
}

/* By a socket of the same kind, so that it is the kernel who gives libcompel what it asks for. */
static ssize_t receive_damaged(int fd, void *data, size_t size, int flags)
{
	static int relay[2] = { -1, -1 };
	unsigned char whole[64];
	struct frame frame[2];
	ssize_t got;
	int frames;

	watch(0);
	got = recv(fd, whole, sizeof(whole), 0);
	frames = got < 0 ? 0 : damage(whole, (size_t)got, frame);
	if (frames && socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, relay))
		_exit(CANNOT);
	for (int i = 0; i < frames; i++)
		send(relay[0], frame[i].bytes, frame[i].size, 0);
	board->accepted = frames == 1;
	watch(1);
	return recv(frames ? relay[1] : fd, data, size, flags);
}
