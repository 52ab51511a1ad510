/* SPDX-License-Identifier: Apache-2.0
 * calls.h - what the files that wrap libc calls share. */
#ifndef CRYOFUZZ_CALLS_H
#define CRYOFUZZ_CALLS_H

#include <poll.h>
#include <sys/epoll.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/wait.h>

#include "rt.h"

/* Which calls to freeze in only x86-64 has, and there alone are freezers. */
#ifndef SYS_poll
enum { SYS_poll = -1, SYS_select = -1, SYS_pause = -1 };
#endif

/* libc's own, by --wrap. */
ssize_t __real_send(int fd, const void *bytes, size_t size, int flags);
ssize_t __real_sendto(int fd, const void *bytes, size_t size, int flags, const struct sockaddr *to,
		      socklen_t to_size);
ssize_t __real_recv(int fd, void *bytes, size_t size, int flags);
ssize_t __real_recvfrom(int fd, void *bytes, size_t size, int flags, struct sockaddr *from,
			socklen_t *from_size);
ssize_t __real_read(int fd, void *bytes, size_t size);
ssize_t __real_write(int fd, const void *bytes, size_t size);
int __real_close(int fd);
int __real_shutdown(int fd, int how);
int __real_poll(struct pollfd *fds, nfds_t count, int timeout_ms);
int __real_select(int count, fd_set *in, fd_set *out, fd_set *urgent, struct timeval *timeout);
long __real_syscall(long number, ...);
void *__real_memcpy(void *to, const void *from, size_t size);
void *__real_memmove(void *to, const void *from, size_t size);
void *__real_memset(void *to, int byte, size_t size);
ssize_t __real_sendmsg(int fd, const struct msghdr *message, int flags);
ssize_t __real_recvmsg(int fd, struct msghdr *message, int flags);
int __real_epoll_pwait(int fd, struct epoll_event *events, int most, int timeout_ms,
		       const sigset_t *mask);
int __real_sigsuspend(const sigset_t *mask);
int __real_pause(void);
int __real_waitid(idtype_t type, id_t id, siginfo_t *info, int options);
pid_t __real_wait4(pid_t pid, int *status, int options, struct rusage *usage);
int __real_kill(pid_t pid, int signo);

/* ---- descriptors.c: what the runtime itself asks of a descriptor. The kernel answers it, or, to a fiber,
 * the model; one that can't ends the run as one that needs processes. Each returns -errno. ---- */
ssize_t rt_fd_send(int fd, const struct msghdr *message, int flags); /* of one part */
ssize_t rt_fd_recv(int fd, struct msghdr *message, int flags);
ssize_t rt_fd_read(int fd, void *bytes, size_t size);
ssize_t rt_fd_write(int fd, const void *bytes, size_t size);
int rt_fd_poll(struct pollfd *fds, nfds_t count);
int rt_fd_close(int fd);
int rt_fd_shutdown(int fd, int how);
int rt_fd_control(int fd, int command, int argument); /* fcntl */
int rt_fd_type(int fd); /* of a socket */
int rt_fd_pair(int type, int ends[2]);
int rt_fd_pipe(int flags, int ends[2]);
int rt_fd_event(unsigned value, int flags);
int rt_fd_null(void); /* opens /dev/null */
/* Every fiber has none but its ends of channels. */
void rt_reset_descriptors(void);

/* The core of every send and receive; like the calls they stand for. */
ssize_t rt_send(int fd, const struct msghdr *message, int flags, uint32_t site);
ssize_t rt_recv(int fd, struct msghdr *message, int flags, uint32_t site);

/* -errno becomes -1 and errno. */
ssize_t rt_result(ssize_t status);
/* True for STREAM sockets, pipes and anything else without message boundaries. */
bool rt_is_stream(int fd);
bool rt_is_socket(int fd);
/* Waits until fd is ready: parked if it belongs to the run, for real (with a deadline) if somebody
 * uncontrolled answers. False if the call must not wait, or its time-out expired. */
bool rt_wait_fd(int fd, short events, int flags, const char *call);
/* The same after a message could not be sent or received: if the actor is to be frozen in that call,
 * it makes it first. */
bool rt_wait_message(int fd, short events, struct msghdr *message, int flags);
/* True if somebody uncontrolled is at its other end. Then a wait is real, and false if its time is over. */
bool rt_is_external(int fd);
bool rt_wait_external(struct pollfd *fds, nfds_t count, int timeout_ms, const char *call);
/* Such a time-out as a deadline on the virtual clock. */
uint64_t rt_deadline_after(int timeout_ms);
/* What an actor waits for that waits in this call for a descriptor. */
void rt_name_wait(char *text, size_t size, int fd, const char *call);
/* Somebody uncontrolled has not answered in time. */
_Noreturn void rt_never_answered(const char *call, const char *why);

/* True in a run. A call that can't be had on fibers asks by this: then its run ends here. */
#define rt_plays() rt_plays_in(__func__)
static inline bool rt_plays_in(const char *function)
{
	if (rt.fibers && rt.running)
		rt_needs_process(function);
	return rt.running;
}

/* False if the target asks somebody uncontrolled: then it waits for real. */
#define rt_is_ours() (rt_plays() && !(rt.target->flags & CF_EXTERNAL_CALLS))

/* What actors are told to be. No process has such a pid: it is PID_MAX_LIMIT of Linux, on 64 bits. So one that nobody
 * controls is never taken for an actor. */
enum { RT_FIRST_PID = 1 << 22 };
/* True if values that differ from run to run are replaced. */
bool rt_controlled(void);
/* What follows outlives the run in this process: it must not be used for another one. */
#define rt_doom() rt_doom_by(__func__)
void rt_doom_by(const char *function);
/* A child of this process's, which nobody controls: waits tell it by its number (reap.c). */
void rt_born(pid_t child);
/* The call can't be controlled: the run is unsupported. */
_Noreturn void rt_refuse(const char *why);

#endif
