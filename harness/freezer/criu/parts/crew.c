/* SPDX-License-Identifier: Apache-2.0
 *
 * Several threads, each with its own name, mask, alternate stack, processor timer, signal pending for it
 * alone, and credentials of its own.
 */
#include "part.h"

#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

enum { CREW = 3, OWN_SIGNAL = SIGWINCH };

static pthread_t crew[CREW];
static uint32_t present, leave;
static char found[CREW][96];
static uint8_t stacks[CREW][8192 + 16384];
static __thread uint64_t own[4];

static void have(unsigned i)
{
	const stack_t stack = { .ss_sp = stacks[i], .ss_size = 8192 + 4096 * (i + 1) };
	char name[16];
	sigset_t set;

	sigfillset(&set);
	sigdelset(&set, SIGRTMIN + 10 + (int)i);
	pthread_sigmask(SIG_SETMASK, &set, NULL);
	snprintf(name, sizeof(name), "crew %u", i);
	prctl(PR_SET_NAME, name);
	prctl(PR_SET_TIMERSLACK, 70000 + i);
	must(sigaltstack(&stack, NULL) == 0, "sigaltstack");
	for (unsigned j = 0; j < 4; j++)
		own[j] = number(TREE_CREW, i * 4 + j);
	must(syscall(SYS_tgkill, getpid(), gettid(), OWN_SIGNAL) == 0, "tgkill");
}

static const char *lacks(unsigned i)
{
	const struct timespec none = { 0, 0 };
	char name[16] = "", want[16];
	sigset_t set;
	stack_t stack;

	snprintf(want, sizeof(want), "crew %u", i);
	prctl(PR_GET_NAME, name);
	pthread_sigmask(SIG_SETMASK, NULL, &set);
	sigaltstack(NULL, &stack);
	if (strcmp(name, want) != 0)
		return "name";
	if (sigismember(&set, SIGRTMIN + 10 + (int)i) || !sigismember(&set, SIGRTMIN + 9 + (int)i))
		return "mask";
	if (stack.ss_sp != stacks[i] || stack.ss_size != 8192 + 4096 * (i + 1) || stack.ss_flags)
		return "alternate stack";
	for (unsigned j = 0; j < 4; j++)
		if (own[j] != number(TREE_CREW, i * 4 + j))
			return "words";
	sigemptyset(&set);
	sigaddset(&set, OWN_SIGNAL);
	if (sigtimedwait(&set, NULL, &none) != OWN_SIGNAL)
		return "pending signal";
	return NULL;
}

static void *serve(void *index)
{
	unsigned i = (unsigned)(uintptr_t)index;
	pid_t id = gettid();
	const char *what;

	have(i);
	__atomic_add_fetch(&present, 1, __ATOMIC_RELEASE);
	futex_wake(&present);
	await_order(&leave);
	if (spoils(TREE_CREW) && i == 1)
		prctl(PR_SET_NAME, "nobody");
	what = gettid() != id ? "id" : lacks(i);
	if (what != NULL)
		snprintf(found[i], sizeof(found[i]), "thread %u has lost its %s", i, what);
	return NULL;
}

void set_crew(void)
{
	uint32_t now;

	for (uintptr_t i = 0; i < CREW; i++)
		must(pthread_create(&crew[i], NULL, serve, (void *)i) == 0, "thread");
	while ((now = __atomic_load_n(&present, __ATOMIC_ACQUIRE)) < CREW)
		futex_wait(&present, now);
}

int crew_changed(void)
{
	order(&leave);
	for (unsigned i = 0; i < CREW; i++)
		pthread_join(crew[i], NULL);
	for (unsigned i = 0; i < CREW; i++)
		if (found[i][0])
			return differs("%s", found[i]);
	return 0;
}
