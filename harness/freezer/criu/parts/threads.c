/* SPDX-License-Identifier: Apache-2.0
 *
 * A thread with its own mask, name and words.
 */
#include "part.h"

#include <pthread.h>
#include <signal.h>
#include <sys/prctl.h>
#include <unistd.h>

static pthread_t thread;
static __thread uint64_t own_word;
static uint32_t thread_ready, thread_go;
static const char *thread_found;

static void *live(void *unused)
{
	pid_t id = gettid();
	sigset_t set;

	(void)unused;
	/* What its process waits for, or has pending, is not for it. */
	sigfillset(&set);
	sigdelset(&set, SIGHUP);
	pthread_sigmask(SIG_SETMASK, &set, NULL);
	prctl(PR_SET_NAME, "branch");
	own_word = number(TREE_THREAD, 1);
	__atomic_store_n(&thread_ready, 1, __ATOMIC_RELEASE);
	futex_wake(&thread_ready);
	while (!__atomic_load_n(&thread_go, __ATOMIC_ACQUIRE))
		futex_wait(&thread_go, 0);
	pthread_sigmask(SIG_SETMASK, NULL, &set);
	if (spoils(TREE_THREAD))
		own_word++;
	if (gettid() != id)
		thread_found = "the thread has another id";
	else if (own_word != number(TREE_THREAD, 1))
		thread_found = "the thread's own word has changed";
	else if (!sigismember(&set, SIGCHLD) || sigismember(&set, SIGHUP))
		thread_found = "the thread's signal mask has changed";
	return NULL;
}

void set_thread(void)
{
	must(pthread_create(&thread, NULL, live, NULL) == 0, "thread");
	while (!__atomic_load_n(&thread_ready, __ATOMIC_ACQUIRE))
		futex_wait(&thread_ready, 0);
}

int thread_changed(void)
{
	__atomic_store_n(&thread_go, 1, __ATOMIC_RELEASE);
	futex_wake(&thread_go);
	pthread_join(thread, NULL);
	return thread_found ? differs("%s", thread_found) : 0;
}
