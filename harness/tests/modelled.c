/* SPDX-License-Identifier: Apache-2.0
 *
 * The model of sockets, pipes and eventfds against the kernel's: the same random calls on both, each
 * result, errno, flag and byte compared, and after each call what poll says of all descriptors. Then the
 * same with models that are wrong on purpose, each of which must be told from the kernel.
 *
 *   modelled [-n SEQUENCES] [-s SEED]
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdbool.h>
#include <sys/eventfd.h>
#include <sys/socket.h>

#include "drive.h"
#include "modelled/inside.h"

enum { SEQUENCES = 4000, SLIP_SEQUENCES = 3000, CALLS = 40, FLOOD = 400, HANDLES = 4 };

static uint64_t state;
static unsigned long calls, outside;

static unsigned below(unsigned limit)
{
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return (unsigned)(state >> 11) % limit;
}

/* ---- models that are wrong ---------------------------------------------------------------------- */

static const char *slip = "";

static bool slips(const char *name)
{
	return strcmp(slip, name) == 0;
}

static const char *const all_slips[] = {
	"a cut message is not told",
	"an empty message is none",
	"what is read late is forgotten at close",
	"a peer that is gone is not seen",
	"a buffer is twice as large",
	"a shutdown has one side",
	"a look takes",
	"a pipe has pages for ever",
	"an eventfd gives all at once",
	"a status is not kept",
	"a descriptor is lost",
};

static ssize_t model_send(struct descriptors *of, int fd, const void *bytes, size_t size, int flags,
			  int with)
{
	if (slips("an empty message is none") && size == 0)
		return 0;
	if (slips("a descriptor is lost"))
		with = -1;
	return modelled_send(of, fd, bytes, size, flags, with);
}

static ssize_t model_recv(struct descriptors *of, int fd, void *bytes, size_t size, int flags,
			  int *got, int *with)
{
	ssize_t received;

	if (slips("a look takes"))
		flags &= ~MSG_PEEK;
	received = modelled_recv(of, fd, bytes, size, flags, got, with);
	if (slips("a cut message is not told"))
		*got &= ~MSG_TRUNC;
	return received;
}

static int model_close(struct descriptors *of, int fd)
{
	unsigned char bytes[MODELLED_LONGEST];
	int got, with;

	while (slips("what is read late is forgotten at close") &&
	       modelled_recv(of, fd, bytes, sizeof(bytes), MSG_DONTWAIT, &got, &with) > 0)
		;
	return modelled_close(of, fd);
}

static int model_shutdown(struct descriptors *of, int fd, int how)
{
	if (slips("a shutdown has one side") && how == SHUT_RDWR)
		how = SHUT_WR;
	return modelled_shutdown(of, fd, how);
}

static int model_poll(struct descriptors *of, struct pollfd *fds, nfds_t count)
{
	int ready = modelled_poll(of, fds, count);

	for (nfds_t i = 0; i < count && slips("a peer that is gone is not seen"); i++)
		fds[i].revents &= ~POLLHUP;
	return ready;
}

static int model_eventfd(struct descriptors *of, unsigned value, int flags)
{
	if (slips("an eventfd gives all at once"))
		flags &= ~EFD_SEMAPHORE;
	return modelled_eventfd(of, value, flags);
}

static int model_fcntl(struct descriptors *of, int fd, int command, int argument)
{
	if (slips("a status is not kept") && command == F_SETFL)
		return 0;
	return modelled_fcntl(of, fd, command, argument);
}

static struct modelled *open_model(void)
{
	struct modelled *m = modelled_open();

	CHECK(m != NULL, "%s", strerror(errno));
	if (slips("a buffer is twice as large"))
		m->buffer *= 2;
	if (slips("a pipe has pages for ever"))
		m->pages--;
	return m;
}

/* ---- a sequence ---------------------------------------------------------------------------------- */

struct handle {
	int kernel, model;
	bool socket, stream;
	size_t most; /* bytes to write: what an eventfd makes of more depends on the kernel */
};

struct sequence {
	struct descriptors *of;
	unsigned handles;
	struct handle handle[HANDLES];
	bool over; /* the model has said that it does not know */
	bool differs;
	char what[160];
};

static ssize_t told(ssize_t status)
{
	return status < 0 ? -errno : status;
}

/* What a call has returned on both sides; false if nothing else of it is to be compared. */
static bool same(struct sequence *s, const char *call, const struct handle *h, ssize_t kernel,
		 ssize_t model)
{
	calls++;
	if (model == -ENOSYS) {
		s->over = true;
		return false;
	}
	if (kernel != model) {
		s->differs = true;
		snprintf(s->what, sizeof(s->what),
			 "%s on end %d: %zd in the kernel, %zd in the model", call,
			 (int)(h - s->handle), kernel, model);
	}
	return kernel == model && kernel >= 0;
}

static void same_value(struct sequence *s, const char *what, long kernel, long model)
{
	if (kernel == model || s->differs)
		return;
	s->differs = true;
	snprintf(s->what, sizeof(s->what), "%s: %#lx in the kernel, %#lx in the model", what,
		 kernel, model);
}

static struct handle *add(struct sequence *s, int kernel, int model, int type)
{
	struct handle *h = &s->handle[s->handles++];

	CHECK(kernel >= 0 && model >= 0, "set-up: %d %d", kernel, model);
	*h = (struct handle){ kernel, model, type != 0, type == SOCK_STREAM, MODELLED_LONGEST };
	return h;
}

static void open_sockets(struct sequence *s)
{
	static const int types[] = { SOCK_STREAM, SOCK_DGRAM, SOCK_SEQPACKET };
	int type = types[below(3)], flags = below(2) ? SOCK_NONBLOCK : 0, kernel[2], model[2];

	CHECK(socketpair(AF_UNIX, type | flags | SOCK_CLOEXEC, 0, kernel) == 0, "set-up");
	CHECK(modelled_connect(s->of, s->of, type | flags | SOCK_CLOEXEC, model) == 0, "set-up");
	add(s, kernel[0], model[0], type);
	add(s, kernel[1], model[1], type);
}

static void open_pipe(struct sequence *s)
{
	int kernel[2], model[2], flags = O_NONBLOCK | (below(2) ? O_CLOEXEC : 0);

	CHECK(pipe2(kernel, flags) == 0, "set-up");
	CHECK(modelled_pipe(s->of, flags, model) == 0, "set-up");
	add(s, kernel[0], model[0], 0);
	add(s, kernel[1], model[1], 0);
}

static void open_eventfd(struct sequence *s)
{
	int flags = EFD_NONBLOCK | (below(2) ? EFD_SEMAPHORE : 0);
	unsigned value = below(3);

	add(s, eventfd(value, flags), model_eventfd(s->of, value, flags), 0)->most = 8;
}

/* ---- calls on both sides ------------------------------------------------------------------------- */

static size_t some_size(void)
{
	static const unsigned sizes[] = { 0, 1, 7, 8, 12, 100, 1000, 3000, 4095, 4096 };

	return below(3) ? sizes[below(sizeof(sizes) / sizeof(sizes[0]))] : below(4097);
}

static const unsigned char *some_bytes(size_t size)
{
	static unsigned char bytes[MODELLED_LONGEST];

	for (size_t i = 0; i < size; i += 1 + size / 16)
		bytes[i] = (unsigned char)below(256);
	return bytes;
}

static bool send_one(struct sequence *s, const struct handle *h, size_t size)
{
	const unsigned char *bytes = some_bytes(size);
	int flags = MSG_DONTWAIT | (below(20) ? MSG_NOSIGNAL : 0);

	return same(s, "send", h, told(send(h->kernel, bytes, size, flags)),
		    model_send(s->of, h->model, bytes, size, flags, -1));
}

/* With a descriptor of /dev/null. */
static void send_with_null(struct sequence *s, const struct handle *h, size_t size)
{
	_Alignas(struct cmsghdr) char control[CMSG_SPACE(sizeof(int))] = { 0 };
	struct iovec iov = { (void *)some_bytes(size), size };
	struct msghdr message = { .msg_iov = &iov,
				  .msg_iovlen = 1,
				  .msg_control = control,
				  .msg_controllen = sizeof(control) };
	struct cmsghdr *header = CMSG_FIRSTHDR(&message);
	int kernel = open("/dev/null", O_RDONLY | O_CLOEXEC), model = modelled_null(s->of);
	const int flags = MSG_DONTWAIT | MSG_NOSIGNAL;

	CHECK(kernel >= 0 && model >= 0, "set-up");
	header->cmsg_level = SOL_SOCKET;
	header->cmsg_type = SCM_RIGHTS;
	header->cmsg_len = CMSG_LEN(sizeof(int));
	memcpy(CMSG_DATA(header), &kernel, sizeof(int));
	same(s, "sendmsg", h, told(sendmsg(h->kernel, &message, flags)),
	     model_send(s->of, h->model, iov.iov_base, size, flags, model));
	close(kernel);
	modelled_close(s->of, model);
}

static int descriptor_in(const struct msghdr *message)
{
	const struct cmsghdr *header = CMSG_FIRSTHDR(message);
	int fd = -1;

	if (header != NULL)
		memcpy(&fd, CMSG_DATA(header), sizeof(fd));
	return fd;
}

static void drop_descriptor(const struct msghdr *message)
{
	if (descriptor_in(message) >= 0)
		close(descriptor_in(message));
}

static void same_descriptor(struct sequence *s, const struct msghdr *message, int model)
{
	int kernel = descriptor_in(message);

	same_value(s, "a descriptor came", kernel >= 0, model >= 0);
	if (kernel < 0 || model < 0)
		return;
	same_value(s, "its flags", fcntl(kernel, F_GETFD),
		   modelled_fcntl(s->of, model, F_GETFD, 0));
	same_value(s, "its status", fcntl(kernel, F_GETFL),
		   modelled_fcntl(s->of, model, F_GETFL, 0));
	close(kernel);
	modelled_close(s->of, model);
}

static bool recv_one(struct sequence *s, const struct handle *h, size_t size)
{
	static unsigned char bytes[2][MODELLED_LONGEST];
	_Alignas(struct cmsghdr) char control[CMSG_SPACE(sizeof(int))];
	struct iovec iov = { bytes[0], size };
	struct msghdr message = { .msg_iov = &iov,
				  .msg_iovlen = 1,
				  .msg_control = control,
				  .msg_controllen = sizeof(control) };
	int got, with,
		flags = MSG_DONTWAIT | (below(4) ? 0 : MSG_PEEK) |
			(below(2) ? 0 : MSG_CMSG_CLOEXEC) | (h->stream || below(3) ? 0 : MSG_TRUNC);
	ssize_t received = told(recvmsg(h->kernel, &message, flags));

	memset(bytes[1], 0, size);
	if (!same(s, "recv", h, received,
		  model_recv(s->of, h->model, bytes[1], size, flags, &got, &with))) {
		if (received >= 0)
			drop_descriptor(&message);
		return false;
	}
	same_value(s, "flags of recv", message.msg_flags, got);
	same_descriptor(s, &message, with);
	if ((size_t)received > size)
		received = (ssize_t)size;
	same_value(s, "bytes of recv", 0, memcmp(bytes[0], bytes[1], (size_t)received));
	return true;
}

static bool write_one(struct sequence *s, const struct handle *h, size_t size)
{
	const unsigned char *bytes = some_bytes(size < 8 ? 8 : size);
	uint64_t value = below(4) ? below(5) : UINT64_MAX - below(4);

	if (size > h->most)
		size = h->most;
	if (size == 8)
		memcpy((void *)bytes, &value, 8);
	return same(s, "write", h, told(write(h->kernel, bytes, size)),
		    modelled_write(s->of, h->model, bytes, size));
}

static bool read_one(struct sequence *s, const struct handle *h, size_t size)
{
	static unsigned char bytes[2][MODELLED_LONGEST];
	ssize_t got = told(read(h->kernel, bytes[0], size));

	if (!same(s, "read", h, got, modelled_read(s->of, h->model, bytes[1], size)))
		return false;
	same_value(s, "bytes of read", 0, memcmp(bytes[0], bytes[1], (size_t)got));
	return got > 0;
}

static void flood(struct sequence *s, const struct handle *h)
{
	bool (*one)(struct sequence *, const struct handle *, size_t) =
		h->socket ? send_one : write_one;
	size_t size = h->socket || below(2) ? some_size() : 8;

	for (unsigned i = 0; i < FLOOD && size > 0 && one(s, h, size); i++)
		;
}

static void drain(struct sequence *s, const struct handle *h)
{
	bool (*one)(struct sequence *, const struct handle *, size_t) =
		h->socket ? recv_one : read_one;

	for (unsigned i = 0; i < FLOOD && one(s, h, MODELLED_LONGEST); i++)
		;
}

static void shut(struct sequence *s, const struct handle *h)
{
	int how = (int)below(4);

	same(s, "shutdown", h, told(shutdown(h->kernel, how)),
	     model_shutdown(s->of, h->model, how));
}

static void control(struct sequence *s, const struct handle *h)
{
	static const int commands[] = { F_GETFD, F_SETFD, F_GETFL, F_SETFL };
	int command = commands[below(4)];
	/* One that is no socket would make us wait. */
	int argument =
		command == F_SETFL ? (!h->socket || below(2) ? O_NONBLOCK : 0) : (int)below(2);

	same(s, "fcntl", h, told(fcntl(h->kernel, command, argument)),
	     model_fcntl(s->of, h->model, command, argument));
}

static void shut_down_for_good(struct sequence *s, struct handle *h)
{
	if (!same(s, "close", h, told(close(h->kernel)), model_close(s->of, h->model)))
		return;
	h->kernel = h->model = MODELLED_FIRST_FD + MODELLED_FDS - 1; /* open on neither side */
}

static void look_at_all(struct sequence *s)
{
	struct pollfd kernel[HANDLES], model[HANDLES];
	short events = below(2) ? (short)~0 : POLLIN | POLLOUT;

	for (unsigned i = 0; i < s->handles; i++) {
		kernel[i] = (struct pollfd){ s->handle[i].kernel, events, 0 };
		model[i] = (struct pollfd){ s->handle[i].model, events, 0 };
	}
	same(s, "poll", s->handle, told(poll(kernel, s->handles, 0)),
	     model_poll(s->of, model, s->handles));
	for (unsigned i = 0; i < s->handles && !s->over; i++)
		same_value(s, "events", kernel[i].revents, model[i].revents);
}

static void call_something(struct sequence *s)
{
	struct handle *h = &s->handle[below(s->handles)];
	unsigned what = below(100);

	if (what < 2 && h->socket)
		send_with_null(s, h, some_size());
	else if (what < 35 && (h->socket || below(10) == 0))
		send_one(s, h, some_size());
	else if (what < 35)
		write_one(s, h, below(2) ? 8 : some_size());
	else if (what < 70 && (h->socket || below(10) == 0))
		recv_one(s, h, some_size());
	else if (what < 70)
		read_one(s, h, below(2) ? 8 : some_size());
	else if (what < 76)
		flood(s, h);
	else if (what < 84)
		drain(s, h);
	else if (what < 89)
		shut(s, h);
	else if (what < 96)
		control(s, h);
	else if (what < 99)
		shut_down_for_good(s, h);
	if (!s->over && !s->differs)
		look_at_all(s);
}

static void close_all(struct sequence *s)
{
	for (unsigned i = 0; i < s->handles; i++)
		if (s->handle[i].kernel != MODELLED_FIRST_FD + MODELLED_FDS - 1)
			close(s->handle[i].kernel);
}

/* True if both were the same to the end. */
static bool play(struct modelled *m, struct sequence *s)
{
	modelled_reset(m);
	*s = (struct sequence){ .of = modelled_of(m, 0) };
	switch (below(5)) {
	case 0:
		open_pipe(s);
		break;
	case 1:
		open_eventfd(s);
		break;
	default:
		open_sockets(s);
		break;
	}
	for (unsigned i = 0; i < CALLS && !s->over && !s->differs; i++)
		call_something(s);
	outside += s->over;
	close_all(s);
	return !s->differs;
}

/* ---- both models --------------------------------------------------------------------------------- */

static void check_model(unsigned sequences, uint64_t seed)
{
	struct modelled *m = open_model();
	struct sequence s;

	for (unsigned i = 0; i < sequences; i++) {
		state = (seed + i) * 0x9e3779b97f4a7c15ull + 1;
		CHECK(play(m, &s), "-n 1 -s %llu: %s", (unsigned long long)(seed + i), s.what);
	}
	printf("modelled: %lu calls in %u sequences the same as the kernel's, %lu ended outside of "
	       "the model\n",
	       calls, sequences, outside);
	CHECK(sequences < 1000 || outside * 5 < sequences, "too many are outside");
}

static void check_slips(void)
{
	for (unsigned i = 0; i < sizeof(all_slips) / sizeof(all_slips[0]); i++) {
		struct modelled *m;
		struct sequence s;
		unsigned tries = 0;

		slip = all_slips[i];
		m = open_model();
		do
			state = tries * 0x9e3779b97f4a7c15ull + 1;
		while (play(m, &s) && ++tries < SLIP_SEQUENCES);
		CHECK(tries < SLIP_SEQUENCES, "\"%s\" is not seen", slip);
		munmap(m, sizeof(*m));
	}
	printf("modelled: %zu wrong models told from the kernel\n",
	       sizeof(all_slips) / sizeof(all_slips[0]));
}

int main(int argc, char **argv)
{
	unsigned sequences = SEQUENCES;
	uint64_t seed = 1;
	int option;

	while ((option = getopt(argc, argv, "n:s:")) != -1) {
		CHECK(option == 'n' || option == 's', "usage: modelled [-n N] [-s SEED]");
		if (option == 'n')
			sequences = (unsigned)atoi(optarg);
		else
			seed = strtoull(optarg, NULL, 0);
	}
	signal(SIGPIPE, SIG_IGN);
	check_model(sequences, seed);
	check_slips();
	return 0;
}
