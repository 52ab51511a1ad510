/* SPDX-License-Identifier: Apache-2.0
 *
 * modelled.h - descriptors without a kernel: connected sockets, pipes and eventfds as fibers have them,
 * with Linux's own semantics, which tests/sockets.c compares with the kernel's.
 *
 * Each call returns what the system call does, or -errno; none ever waits: what would block is -EAGAIN.
 * -ENOSYS says that this is outside of the model: a message that is too long, a signal that would come,
 * a flag that nobody has asked for yet. Then only the kernel can tell. Knows nothing of the runtime.
 */
#ifndef CRYOFUZZ_MODELLED_H
#define CRYOFUZZ_MODELLED_H

#include <poll.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

enum {
	MODELLED_ACTORS = 8,
	MODELLED_FIRST_FD = 4, /* those below are a process's own */
	MODELLED_FDS = 60,
	MODELLED_LONGEST = 4096, /* message, and part of a stream that is sent at once */
};

/* The descriptors of all actors, and of one of them. */
struct modelled;
struct descriptors;

/* NULL if there is no memory. Where the kernel does not tell its limits, all that depends on them is
 * outside of the model. */
struct modelled *modelled_open(void);
struct descriptors *modelled_of(struct modelled *m, unsigned actor);
/* Nobody has any. */
void modelled_reset(struct modelled *m);

/* A pair of connected AF_UNIX sockets, an end for each; flags may be SOCK_CLOEXEC and SOCK_NONBLOCK. */
int modelled_connect(struct descriptors *a, struct descriptors *b, int type, int ends[2]);
int modelled_pipe(struct descriptors *of, int flags, int ends[2]);
int modelled_eventfd(struct descriptors *of, unsigned value, int flags);
/* /dev/null, to be read, closed on exec. */
int modelled_null(struct descriptors *of);

/* with: -1, or a descriptor that goes with it, which must be one of /dev/null. */
ssize_t modelled_send(struct descriptors *of, int fd, const void *bytes, size_t size, int flags,
		      int with);
/* *got: flags as recvmsg gives them; *with: -1, or the descriptor that came. */
ssize_t modelled_recv(struct descriptors *of, int fd, void *bytes, size_t size, int flags, int *got,
		      int *with);
/* Of pipes and eventfds. */
ssize_t modelled_read(struct descriptors *of, int fd, void *bytes, size_t size);
ssize_t modelled_write(struct descriptors *of, int fd, const void *bytes, size_t size);

int modelled_close(struct descriptors *of, int fd);
int modelled_shutdown(struct descriptors *of, int fd, int how);
/* F_GETFD, F_SETFD, F_GETFL, F_SETFL */
int modelled_fcntl(struct descriptors *of, int fd, int command, int argument);
/* As with a time-out of 0. */
int modelled_poll(struct descriptors *of, struct pollfd *fds, nfds_t count);
/* SOCK_STREAM, SOCK_DGRAM or SOCK_SEQPACKET; -ENOTSOCK of pipes and eventfds. */
int modelled_socket_type(struct descriptors *of, int fd);

#endif
