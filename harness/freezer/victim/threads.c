/* SPDX-License-Identifier: Apache-2.0 */
#include "threads.h"

#include <errno.h>
#include <linux/futex.h>
#include <sched.h>
#include <signal.h>

#include "parts.h"
#include "raw.h"

enum { STACK = 8192 };

/* The offsets of its registers are those of struct victim_regs; thread.S knows them. */
static struct thread {
	uint64_t want[16], seen[16];
	uint64_t mask, mask_seen;
	uint32_t tid; /* 0 once it has ended */
	int held; /* its mask is set: it is about to sleep */
	uint8_t stack[STACK] __attribute__((aligned(16)));
} threads[THREADS_MOST];

_Static_assert(offsetof(struct thread, seen) == THREAD_SEEN, "thread.S");

static uint32_t go;
static unsigned started;

void thread_hold(struct thread *t);

static void run(void *its)
{
	struct thread *t = its;

	raw4(SYS_rt_sigprocmask, SIG_SETMASK, &t->mask, 0, 8);
	__atomic_store_n(&t->held, 1, __ATOMIC_RELEASE);
	thread_hold(t);
	raw4(SYS_rt_sigprocmask, SIG_SETMASK, 0, &t->mask_seen, 8);
	for (;;)
		raw1(SYS_exit, 0);
}

static void fill(struct thread *t, unsigned index, uint64_t seed)
{
	const uint64_t unmaskable = 1ull << (SIGKILL - 1) | 1ull << (SIGSTOP - 1);
	uint64_t state = seed + 0x7468 + index;

	victim_fill_random(t->want, sizeof(t->want), &state);
	t->want[VICTIM_RAX / 8] = SYS_futex;
	t->want[VICTIM_RDI / 8] = (uintptr_t)&go;
	t->want[VICTIM_RSI / 8] = FUTEX_WAIT_PRIVATE;
	t->want[VICTIM_RDX / 8] = 0;
	t->want[VICTIM_R10 / 8] = 0;
	/* all but one: signals are for the first thread */
	t->mask = ~unmaskable & ~(1ull << (50 + index));
	t->tid = THREAD_ALIVE;
	t->held = 0;
}

int threads_start(unsigned count, uint64_t seed)
{
	const uint64_t flags = CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD |
			       CLONE_SYSVSEM | CLONE_CHILD_CLEARTID;
	long ret = 0;

	go = started = 0;
	while (ret >= 0 && started < count) {
		struct thread *t = &threads[started];

		fill(t, started, seed);
		ret = thread_clone(flags, t->stack + STACK, &t->tid, run, t);
		if (ret < 0)
			return (int)ret;
		started++;
		while (!__atomic_load_n(&t->held, __ATOMIC_ACQUIRE))
			raw1(SYS_sched_yield, 0);
	}
	return 0;
}

static const char *judge(struct thread *t)
{
	int64_t result = (int64_t)t->seen[VICTIM_RAX / 8];

	if (result != 0 && result != -EAGAIN) /* woken, or that it need not wait again */
		return "the call of another thread has another result";
	t->seen[VICTIM_RAX / 8] = t->want[VICTIM_RAX / 8];
	t->seen[VICTIM_RCX / 8] = t->want[VICTIM_RCX / 8];
	t->seen[VICTIM_R11 / 8] = t->want[VICTIM_R11 / 8];
	for (unsigned i = 0; i < VICTIM_GPRS; i++)
		if (t->seen[i] != t->want[i])
			return "another thread has other registers";
	return t->mask_seen == t->mask ? NULL : "another thread has another signal mask";
}

const char *threads_end(void)
{
	const char *wrong = NULL;

	__atomic_store_n(&go, 1, __ATOMIC_RELEASE);
	raw3(SYS_futex, &go, FUTEX_WAKE_PRIVATE, THREADS_MOST);
	for (unsigned i = 0; i < started && !wrong; i++)
		wrong = place_await_word(&threads[i].tid, THREAD_ALIVE, 0)
				? "another thread does not go on"
				: judge(&threads[i]);
	started = 0;
	return wrong;
}
