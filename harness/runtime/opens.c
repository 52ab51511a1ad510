/* SPDX-License-Identifier: Apache-2.0
 *
 * Calls that make descriptors or change them. They are no points. What fibers can have of them is the
 * model's, for all others the run needs processes.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <sys/socket.h>

#include "calls.h"

#define WRAPPED __attribute__((visibility("hidden")))

int __real_fcntl(int fd, int command, ...);
int __real_socketpair(int domain, int type, int protocol, int ends[2]);

WRAPPED int __wrap_pipe2(int ends[2], int flags)
{
	return (int)rt_result(rt_fd_pipe(flags, ends));
}

WRAPPED int __wrap_pipe(int ends[2])
{
	return __wrap_pipe2(ends, 0);
}

WRAPPED int __wrap_eventfd(unsigned value, int flags)
{
	return (int)rt_result(rt_fd_event(value, flags));
}

WRAPPED int __wrap_socketpair(int domain, int type, int protocol, int ends[2])
{
	if (domain != AF_UNIX || protocol != 0)
		rt_plays();
	if (domain == AF_UNIX && protocol == 0)
		return (int)rt_result(rt_fd_pair(type, ends));
	return __real_socketpair(domain, type, protocol, ends);
}

WRAPPED int __wrap_fcntl(int fd, int command, ...)
{
	va_list arguments;
	long argument;

	va_start(arguments, command);
	argument = va_arg(arguments, long);
	va_end(arguments);
	if (rt.fibers)
		return (int)rt_result(rt_fd_control(fd, command, (int)argument));
	return __real_fcntl(fd, command, argument);
}

/* ---- not modelled ------------------------------------------------------------------------------ */

#define NEEDS_PROCESS(name, parameters, arguments) \
	int __real_##name parameters;              \
	WRAPPED int __wrap_##name parameters       \
	{                                          \
		rt_plays();                        \
		return __real_##name arguments;    \
	}

NEEDS_PROCESS(dup, (int fd), (fd))
NEEDS_PROCESS(dup2, (int fd, int to), (fd, to))
NEEDS_PROCESS(dup3, (int fd, int to, int flags), (fd, to, flags))
NEEDS_PROCESS(epoll_create, (int size), (size))
NEEDS_PROCESS(epoll_create1, (int flags), (flags))
NEEDS_PROCESS(getsockopt, (int fd, int level, int option, void *value, socklen_t *size),
	      (fd, level, option, value, size))
NEEDS_PROCESS(setsockopt, (int fd, int level, int option, const void *value, socklen_t size),
	      (fd, level, option, value, size))
NEEDS_PROCESS(socket, (int domain, int type, int protocol), (domain, type, protocol))
NEEDS_PROCESS(open, (const char *path, int flags, mode_t mode), (path, flags, mode))
NEEDS_PROCESS(openat, (int folder, const char *path, int flags, mode_t mode),
	      (folder, path, flags, mode))
NEEDS_PROCESS(ioctl, (int fd, unsigned long request, void *argument), (fd, request, argument))
