/* SPDX-License-Identifier: Apache-2.0
 *
 * Locks that the kernel knows the owner of: a robust one that a child holds, which is dead before it gives it
 * back, and one with priority inheritance.
 */
#include "part.h"

#include <errno.h>
#include <pthread.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static struct common {
	pthread_mutex_t robust, inheriting, both;
	uint32_t held, leave;
} * common;
static pid_t holder;
static void *robust_list;

static void make(pthread_mutex_t *mutex, int robustness, int protocol)
{
	pthread_mutexattr_t how;

	pthread_mutexattr_init(&how);
	pthread_mutexattr_setpshared(&how, PTHREAD_PROCESS_SHARED);
	pthread_mutexattr_setrobust(&how, robustness);
	pthread_mutexattr_setprotocol(&how, protocol);
	must(pthread_mutex_init(mutex, &how) == 0, "mutex");
}

static void *robust_list_now(void)
{
	void *head = NULL;
	size_t size;

	syscall(SYS_get_robust_list, 0, &head, &size);
	return head;
}

static _Noreturn void hold(void)
{
	pthread_mutex_lock(&common->robust);
	pthread_mutex_lock(&common->both);
	order(&common->held);
	await_order(&common->leave);
	_exit(0); /* with both of them */
}

void set_mutexes(void)
{
	common = (void *)map(MAP_SHARED | MAP_ANONYMOUS, -1);
	make(&common->robust, PTHREAD_MUTEX_ROBUST, PTHREAD_PRIO_NONE);
	make(&common->both, PTHREAD_MUTEX_ROBUST, PTHREAD_PRIO_INHERIT);
	make(&common->inheriting, PTHREAD_MUTEX_STALLED, PTHREAD_PRIO_INHERIT);
	must(pthread_mutex_lock(&common->inheriting) == 0, "lock");
	holder = fork();
	must(holder >= 0, "fork");
	if (holder == 0)
		hold();
	await_order(&common->held);
	robust_list = robust_list_now();
}

static _Noreturn void take(void)
{
	_exit(pthread_mutex_trylock(&common->inheriting) != EBUSY);
}

int mutexes_changed(void)
{
	int status = 0;
	pid_t taker;

	if (spoils(TREE_MUTEXES))
		syscall(SYS_set_robust_list, NULL, 24);
	if (robust_list_now() != robust_list)
		return differs("the robust list is at %p, was at %p", robust_list_now(),
			       robust_list);
	if (pthread_mutex_trylock(&common->robust) != EBUSY)
		return differs("the lock that a child holds is free");
	taker = fork();
	if (taker == 0)
		take();
	waitpid(taker, &status, 0);
	if (status != 0 || pthread_mutex_unlock(&common->inheriting) != 0)
		return differs("the lock with priority inheritance is not ours any more");
	order(&common->leave);
	waitpid(holder, &status, 0);
	if (pthread_mutex_lock(&common->robust) != EOWNERDEAD)
		return differs("nobody tells that the robust lock's owner is dead");
	if (pthread_mutex_lock(&common->both) != EOWNERDEAD)
		return differs("nobody tells that the robust inheriting lock's owner is dead");
	return 0;
}
