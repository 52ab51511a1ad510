/* SPDX-License-Identifier: Apache-2.0
 *
 * The calls by which libcompel touches the world. In our copy of its archive they are renamed
 * (`recv` to `driver_recv`), and the driver hands each on to whoever uses it: as points that frame
 * events can be pinned to, with an end to each wait, with faults, with a record of what went through.
 *
 * A door has the prototype of its call but for the variadic ones, which get all that the call can
 * have.
 */
#ifndef CRYOFUZZ_DOORS_H
#define CRYOFUZZ_DOORS_H

#include <signal.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/types.h>

/* DOOR(what it returns, name, its parameters, their names). compel.mk takes the names from here. */
#define COMPEL_DOORS(DOOR)                                                                         \
	DOOR(int, socket, (int domain, int type, int protocol), (domain, type, protocol))          \
	DOOR(int, bind, (int fd, const struct sockaddr *name, socklen_t size), (fd, name, size))   \
	DOOR(int, listen, (int fd, int backlog), (fd, backlog))                                    \
	DOOR(int, accept, (int fd, struct sockaddr *name, socklen_t *size), (fd, name, size))      \
	DOOR(ssize_t, send, (int fd, const void *data, size_t size, int flags),                    \
	     (fd, data, size, flags))                                                              \
	DOOR(ssize_t, sendmsg, (int fd, const struct msghdr *message, int flags),                  \
	     (fd, message, flags))                                                                 \
	DOOR(ssize_t, recv, (int fd, void *data, size_t size, int flags), (fd, data, size, flags)) \
	DOOR(ssize_t, recvmsg, (int fd, struct msghdr *message, int flags), (fd, message, flags))  \
	DOOR(pid_t, wait4, (pid_t pid, int *status, int flags, struct rusage *usage),              \
	     (pid, status, flags, usage))                                                          \
	DOOR(pid_t, waitpid, (pid_t pid, int *status, int flags), (pid, status, flags))            \
	DOOR(int, kill, (pid_t pid, int signo), (pid, signo))                                      \
	DOOR(long, ptrace, (long request, long pid, void *address, void *data),                    \
	     (request, pid, address, data))                                                        \
	DOOR(long, syscall, (long nr, long a, long b, long c, long d, long e, long f),             \
	     (nr, a, b, c, d, e, f))                                                               \
	DOOR(void *, mmap64, (void *at, size_t size, int access, int flags, int fd, off_t offset), \
	     (at, size, access, flags, fd, offset))                                                \
	DOOR(int, munmap, (void *at, size_t size), (at, size))                                     \
	DOOR(int, ftruncate64, (int fd, off_t size), (fd, size))                                   \
	DOOR(int, open64, (const char *path, int flags, unsigned mode), (path, flags, mode))       \
	DOOR(FILE *, fopen64, (const char *path, const char *mode), (path, mode))                  \
	DOOR(int, setns, (int fd, int kind), (fd, kind))                                           \
	DOOR(int, sigaction, (int signo, const struct sigaction *action, struct sigaction *old),   \
	     (signo, action, old))

struct compel_doors {
#define DOOR(type, name, parameters, names) type(*name) parameters;
	COMPEL_DOORS(DOOR)
#undef DOOR
};

#endif
