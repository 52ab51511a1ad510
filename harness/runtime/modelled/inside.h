/* SPDX-License-Identifier: Apache-2.0
 * inside.h - what the files of the model share: the objects behind descriptors. */
#ifndef CRYOFUZZ_MODELLED_INSIDE_H
#define CRYOFUZZ_MODELLED_INSIDE_H

#include <stdbool.h>

#include "modelled.h"

enum {
	SOCKETS = 16,
	PIPES = 8,
	EVENTFDS = 8,
	MESSAGES = 320, /* the buffer is full before */
	PAGES = 16,
	PAGE_BYTES = 4096,
};

struct message {
	uint32_t size;
	uint32_t taken; /* of a stream: so many bytes have been read */
	uint32_t cost; /* of the sender's buffer */
	bool carries; /* a descriptor of /dev/null */
	unsigned char bytes[MODELLED_LONGEST];
};

enum { NO_RECEIVE = 1, NO_SEND = 2 };

struct socket {
	int type;
	struct socket *peer; /* NULL: it has lost it */
	bool closed;
	unsigned shut; /* NO_RECEIVE, NO_SEND */
	int error; /* told by the next call */
	uint32_t charged; /* by messages of its own that nobody has read yet */
	uint32_t first, count; /* what it can receive */
	struct message message[MESSAGES];
};

struct page {
	uint32_t offset, size;
	unsigned char bytes[PAGE_BYTES];
};

struct pipe {
	unsigned readers, writers;
	uint32_t first, count;
	struct page page[PAGES];
};

struct eventfd {
	uint64_t value;
	bool semaphore;
};

enum kind { CLOSED, SOCKET, READ_END, WRITE_END, EVENTFD, NULL_DEVICE };

struct descriptor {
	enum kind kind;
	int status; /* as F_GETFL has it */
	int cloexec;
	union {
		struct socket *socket;
		struct pipe *pipe;
		struct eventfd *eventfd;
	};
};

struct descriptors {
	struct modelled *all;
	unsigned most; /* of them that have ever been open at once in this run */
	struct descriptor fd[MODELLED_FDS];
};

struct modelled {
	unsigned sockets, pipes, eventfds; /* in use; none is used again before a reset */
	uint32_t buffer; /* of a socket, 0: not known */
	uint32_t pages; /* of a pipe, 0: not known */
	bool skips_empty; /* see socket_close() */
	uint32_t cost[2][MODELLED_LONGEST + 1]; /* of a message, of a stream's part; 0: not known */
	bool used; /* since the last reset */
	struct descriptors of[MODELLED_ACTORS];
	struct pipe pipe[PIPES];
	struct eventfd eventfd[EVENTFDS];
	struct socket socket[SOCKETS];
};

/* The open descriptor with this number; NULL: there is none, *error says why. */
struct descriptor *modelled_descriptor(struct descriptors *of, int fd, int *error);
/* Opens the lowest free one; its number, or -ENOSYS. */
int modelled_install(struct descriptors *of, const struct descriptor *like);

short socket_events(const struct modelled *m, const struct socket *s);
void socket_close(const struct modelled *m, struct socket *s);
short pipe_events(const struct modelled *m, const struct descriptor *d);
void pipe_close(struct descriptor *d);
short eventfd_events(const struct eventfd *e);

#endif
