/* SPDX-License-Identifier: Apache-2.0 */
#include "victim.h"

#include <asm/prctl.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <time.h>

#include "patience.h"
#include "raw.h"

enum { VICTIM_FD = 3, POLL_MILLISECONDS = 60000 };

/* Flags a program may set without consequences: CF PF AF ZF SF DF OF ID. */
#define FREE_FLAGS 0x200cd5ull
/* Interrupts on, and the bit that is always set. */
#define FIXED_FLAGS 0x202ull

struct order {
	struct victim_setting setting;
	uint32_t avx, pad;
};

/* Shared with hold.S. The spy uses their addresses, which are the same in the forked victim. */
extern char victim_after_read[];
void victim_hold_registers(int spin, int avx, int live);
struct victim_regs victim_want, victim_seen;
uint64_t victim_go, victim_gate;
static struct pollfd victim_polled = { .fd = VICTIM_FD, .events = POLLIN };
uint8_t victim_spins;

static uint8_t owned_page[VICTIM_PAGE] __attribute__((aligned(VICTIM_PAGE)));

static uint64_t next_random(uint64_t *state)
{
	uint64_t z = *state += 0x9e3779b97f4a7c15ull;

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ull;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebull;
	return z ^ (z >> 31);
}

static void fill_random(void *data, size_t size, uint64_t *state)
{
	for (size_t i = 0; i < size; i += 8) {
		uint64_t word = next_random(state);

		memcpy((uint8_t *)data + i, &word, 8);
	}
}

/* An image that FXRSTOR takes: all exceptions masked, none pending, the rest is free. */
static void fill_fx(uint8_t fx[512], uint64_t *state)
{
	uint64_t r = next_random(state);
	uint16_t control = 0x037f | (r & 0x0c00);
	uint16_t status = (r >> 16) & 0x7f00 & ~0x80;
	uint32_t mxcsr = 0x1f80 | ((r >> 32) & 0xe040);

	memset(fx, 0, 512);
	fill_random(fx + 32, 128 + 256, state);
	for (int i = 0; i < 8; i++)
		memset(fx + 32 + 16 * i + 10, 0, 6); /* a register has 80 bits */
	memcpy(fx, &control, 2);
	memcpy(fx + 2, &status, 2);
	fx[4] = 0xff; /* all eight in use */
	memcpy(fx + 24, &mxcsr, 4);
}

/* The system call in which it sleeps. */
static void set_call(struct victim_regs *r, enum victim_place place)
{
	if (place == VICTIM_ASLEEP) {
		r->gpr[VICTIM_RAX / 8] = SYS_read;
		r->gpr[VICTIM_RDI / 8] = VICTIM_FD;
		r->gpr[VICTIM_RSI / 8] = (uint64_t)(uintptr_t)&victim_gate;
		r->gpr[VICTIM_RDX / 8] = sizeof(victim_gate);
	} else if (place == VICTIM_POLLS) {
		r->gpr[VICTIM_RAX / 8] = SYS_poll;
		r->gpr[VICTIM_RDI / 8] = (uint64_t)(uintptr_t)&victim_polled;
		r->gpr[VICTIM_RSI / 8] = 1;
		r->gpr[VICTIM_RDX / 8] = POLL_MILLISECONDS;
	}
}

static void fill_regs(struct victim_regs *r, const struct victim_setting *setting)
{
	uint64_t state = setting->seed;

	fill_random(r->gpr, sizeof(r->gpr), &state);
	fill_random(r->red, sizeof(r->red), &state);
	r->flags = (next_random(&state) & FREE_FLAGS) | FIXED_FLAGS;
	fill_fx(r->fx, &state);
	fill_random(r->high, sizeof(r->high), &state);
	if (setting->vectors == VICTIM_VECTORS_CLEAN)
		memset(r->high, 0, sizeof(r->high));
	r->gpr[VICTIM_RCX / 8] |= 1; /* zero would end the spin */
	set_call(r, setting->place);
}

static int have_avx(void)
{
	return __builtin_cpu_supports("avx");
}

void victim_expect(const struct victim *v, struct victim_regs *want)
{
	fill_regs(want, &v->setting);
	if (!have_avx())
		memset(want->high, 0, sizeof(want->high));
	if (v->setting.place == VICTIM_SPINS) {
		want->gpr[VICTIM_RCX / 8] = 0;
		return;
	}
	want->gpr[VICTIM_RAX / 8] = v->setting.place == VICTIM_POLLS ? 1 : sizeof(victim_gate);
	want->gpr[VICTIM_RCX / 8] = (uint64_t)(uintptr_t)victim_after_read;
	want->gpr[VICTIM_R11 / 8] = want->flags;
}

/* ---- inside the victim -------------------------------------------------------------------- */

static void set_page(uint8_t page[VICTIM_PAGE], uint64_t seed)
{
	uint64_t state = ~seed;

	fill_random(page, VICTIM_PAGE, &state);
}

static void on_trap(int signo)
{
	(void)signo;
}

static void set_trap(enum victim_trap trap)
{
	struct {
		void (*handler)(int);
		uint64_t flags, restorer, mask;
	} action = { SIG_DFL, 0, 0, 0 };

	if (trap == VICTIM_TRAP_IGNORED)
		action.handler = SIG_IGN;
	if (trap == VICTIM_TRAP_HANDLED)
		action.handler = on_trap;
	raw4(SYS_rt_sigaction, SIGTRAP, &action, 0, 8);
}

static void set_stack(int own)
{
	static uint8_t stack[8192];
	const stack_t want = { .ss_sp = own ? stack : NULL,
			       .ss_flags = own ? 0 : SS_DISABLE,
			       .ss_size = own ? sizeof(stack) : 0 };

	raw2(SYS_sigaltstack, &want, 0);
}

static void ask(struct victim_asked *asked)
{
	memset(asked, 0, sizeof(*asked));
	for (int i = 0; i < VICTIM_SIGNALS; i++)
		raw4(SYS_rt_sigaction, i + 1, 0, &asked->action[i], 8);
	raw2(SYS_sigaltstack, 0, &asked->stack);
}

/* Those of an earlier run. */
static void drop_pending(void)
{
	const uint64_t blocked = 1ull << (VICTIM_BLOCKED_SIGNAL - 1);
	const struct timespec now = { 0, 0 };

	while (raw4(SYS_rt_sigtimedwait, &blocked, 0, &now, 8) > 0)
		;
}

static void hold(const struct order *order)
{
	const struct victim_setting *setting = &order->setting;
	struct victim_asked asked;
	uint64_t state = setting->seed ^ 0x6773;

	fill_regs(&victim_want, setting);
	set_page(owned_page, setting->seed);
	memset(&victim_seen, 0, sizeof(victim_seen));
	victim_go = victim_want.gpr[VICTIM_RCX / 8];
	victim_spins = 0;
	drop_pending();
	set_trap(setting->trap);
	set_stack((int)setting->own_stack);
	/* any address below the canonical hole does: nothing here goes through gs */
	raw2(SYS_arch_prctl, ARCH_SET_GS, next_random(&state) >> 20);
	ask(&asked);
	raw3(SYS_write, VICTIM_FD, &asked, sizeof(asked));
	victim_hold_registers(setting->place == VICTIM_SPINS, (int)order->avx,
			      setting->vectors == VICTIM_VECTORS_LIVE);
}

static void report(const struct order *order)
{
	struct victim_asked asked;

	if (order->setting.place == VICTIM_POLLS)
		raw3(SYS_read, VICTIM_FD, &victim_gate, sizeof(victim_gate));

	raw3(SYS_write, VICTIM_FD, &victim_seen, sizeof(victim_seen));
	ask(&asked);
	raw3(SYS_write, VICTIM_FD, &asked, sizeof(asked));
}

static void set_state(int fd)
{
	/* a mask that no default has: SIGUSR2 and two real-time signals */
	uint64_t mask = 1ull << (VICTIM_BLOCKED_SIGNAL - 1) | 1ull << 40 | 1ull << 62;
	long null = raw3(SYS_open, "/dev/null", O_RDWR, 0);

	raw4(SYS_rt_sigprocmask, SIG_SETMASK, &mask, 0, 8);
	raw2(SYS_dup2, fd, VICTIM_FD);
	for (int i = 0; i < VICTIM_FD; i++)
		raw2(SYS_dup2, null, i);
	raw3(SYS_close_range, VICTIM_FD + 1, ~0u, 0);
}

static _Noreturn void live(int fd)
{
	struct order order;

	set_state(fd);
	while (raw3(SYS_read, VICTIM_FD, &order, sizeof(order)) == sizeof(order)) {
		hold(&order);
		report(&order);
	}
	for (;;)
		raw1(SYS_exit_group, 0);
}

/* ---- outside ------------------------------------------------------------------------------ */

int victim_start(struct victim *v, int (*fork_it)(void))
{
	int pair[2];
	long ret = raw4(SYS_socketpair, AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair);

	if (ret < 0)
		return (int)ret;
	v->pid = fork_it();
	if (v->pid == 0)
		live(pair[1]);
	ret = v->pid < 0 ? -errno : 0;
	raw1(SYS_close, pair[1]);
	if (ret < 0) {
		raw1(SYS_close, pair[0]);
		v->pid = 0;
		return (int)ret;
	}
	v->fd = pair[0];
	return 0;
}

/* Reads one whole message. */
static int receive(const struct victim *v, void *data, size_t size)
{
	struct patience patience = patience_for(v->pid);
	struct pollfd p = { .fd = v->fd, .events = POLLIN };
	long ret = 0;
	int slice;

	while (!ret && (slice = patience_slice(&patience)))
		ret = raw3(SYS_poll, &p, 1, slice);
	if (ret <= 0)
		return ret ? (int)ret : -ETIMEDOUT;
	ret = raw3(SYS_read, v->fd, data, size);
	if (ret < 0)
		return (int)ret;
	return (size_t)ret == size ? 0 : -EPIPE;
}

/* True if /proc shows it asleep in the call that waits for the gate. */
static int is_asleep(const struct victim *v)
{
	char path[40], text[64], want[64];
	struct victim_regs r = { 0 };
	long fd, n;

	set_call(&r, v->setting.place);
	snprintf(path, sizeof(path), "/proc/%d/syscall", v->pid);
	snprintf(want, sizeof(want), "%d 0x%lx 0x%lx ", (int)r.gpr[VICTIM_RAX / 8],
		 (unsigned long)r.gpr[VICTIM_RDI / 8], (unsigned long)r.gpr[VICTIM_RSI / 8]);
	fd = raw4(SYS_openat, AT_FDCWD, path, O_RDONLY | O_CLOEXEC, 0);
	if (fd < 0)
		return 0;
	n = raw3(SYS_read, fd, text, sizeof(text) - 1);
	raw1(SYS_close, fd);
	if (n <= 0)
		return 0;
	text[n] = 0;
	return !strncmp(text, want, strlen(want));
}

static int is_spinning(const struct victim *v)
{
	uint8_t spins = 0;
	struct iovec here = { &spins, 1 }, there = { &victim_spins, 1 };

	return raw6(SYS_process_vm_readv, v->pid, &here, 1, &there, 1, 0) == 1 && spins;
}

static int is_in_place(const struct victim *v)
{
	return v->setting.place == VICTIM_SPINS ? is_spinning(v) : is_asleep(v);
}

/* One that goes to sleep gives the processor back by itself; from one that spins only a timer takes
 * it. So look again soon, then in slices. */
static int await_place(const struct victim *v)
{
	const struct timespec moment = { .tv_nsec = 20000 };
	struct patience patience = patience_for(v->pid);
	int slice;

	for (int turn = 0; turn < 20; turn++) {
		if (is_in_place(v))
			return 0;
		if (v->setting.place != VICTIM_SPINS && turn < 10)
			raw1(SYS_sched_yield, 0);
		else
			raw4(SYS_clock_nanosleep, CLOCK_MONOTONIC, 0, &moment, 0);
	}
	while ((slice = patience_slice(&patience))) {
		if (is_in_place(v))
			return 0;
		raw3(SYS_poll, 0, 0, slice);
	}
	return -ETIMEDOUT;
}

int victim_hold(struct victim *v, const struct victim_setting *setting)
{
	struct order order = { .setting = *setting, .avx = have_avx() };
	long ret;

	v->setting = *setting;
	ret = raw3(SYS_write, v->fd, &order, sizeof(order));
	if (ret != sizeof(order))
		return ret < 0 ? (int)ret : -EPIPE;
	ret = receive(v, &v->before, sizeof(v->before));
	return ret ? (int)ret : await_place(v);
}

int victim_release(const struct victim *v)
{
	uint64_t word = 0;
	struct iovec here = { &word, sizeof(word) }, there = { &victim_go, sizeof(word) };
	long ret;

	if (v->setting.place == VICTIM_SPINS)
		ret = raw6(SYS_process_vm_writev, v->pid, &here, 1, &there, 1, 0);
	else
		ret = raw3(SYS_write, v->fd, &word, sizeof(word));
	return ret == sizeof(word) ? 0 : ret < 0 ? (int)ret : -EPIPE;
}

int victim_report(struct victim *v, struct victim_regs *seen)
{
	int ret = receive(v, seen, sizeof(*seen));

	return ret ? ret : receive(v, &v->after, sizeof(v->after));
}

const char *victim_changed(const struct victim *v, char *text, size_t size)
{
	for (int i = 0; i < VICTIM_SIGNALS; i++) {
		if (!memcmp(&v->before.action[i], &v->after.action[i], sizeof(v->after.action[i])))
			continue;
		snprintf(text, size, "handler of signal %d is 0x%llx, was 0x%llx", i + 1,
			 (unsigned long long)v->after.action[i].handler,
			 (unsigned long long)v->before.action[i].handler);
		return "dispositions";
	}
	if (!memcmp(&v->before.stack, &v->after.stack, sizeof(v->after.stack)))
		return NULL;
	snprintf(text, size, "the signals' stack is 0x%llx with flags %u, was 0x%llx with %u",
		 (unsigned long long)v->after.stack.address, v->after.stack.flags,
		 (unsigned long long)v->before.stack.address, v->before.stack.flags);
	return "signal-stack";
}

static int compare_gprs(const struct victim_regs *want, const struct victim_regs *seen, char *text,
			size_t size)
{
	static const char *const names[VICTIM_GPRS] = {
		"rax", "rbx", "rcx", "rdx", "rsi", "rdi", "rbp", "r8",
		"r9",  "r10", "r11", "r12", "r13", "r14", "r15",
	};

	for (int i = 0; i < VICTIM_GPRS; i++) {
		if (want->gpr[i] == seen->gpr[i])
			continue;
		snprintf(text, size, "%s is 0x%llx, was 0x%llx", names[i],
			 (unsigned long long)seen->gpr[i], (unsigned long long)want->gpr[i]);
		return 1;
	}
	if (want->flags == seen->flags)
		return 0;
	snprintf(text, size, "rflags is 0x%llx, was 0x%llx", (unsigned long long)seen->flags,
		 (unsigned long long)want->flags);
	return 1;
}

static int compare_bytes(const char *what, const uint8_t *want, const uint8_t *seen, size_t from,
			 size_t to, char *text, size_t size)
{
	for (size_t i = from; i < to; i++) {
		if (want[i] == seen[i])
			continue;
		snprintf(text, size, "%s byte %zu is 0x%02x, was 0x%02x", what, i, seen[i],
			 want[i]);
		return 1;
	}
	return 0;
}

/* Bytes 6 to 23 are the last x87 instruction, which the processor keeps or not as it likes; the
 * mask of MXCSR at 28 and the bytes from 416 are not registers. */
static int compare_fx(const uint8_t *want, const uint8_t *seen, char *text, size_t size)
{
	return compare_bytes("fxsave", want, seen, 0, 6, text, size) ||
	       compare_bytes("fxsave", want, seen, 24, 28, text, size) ||
	       compare_bytes("fxsave", want, seen, 32, 416, text, size);
}

int victim_compare(const struct victim_regs *want, const struct victim_regs *seen, char *text,
		   size_t size)
{
	return compare_gprs(want, seen, text, size) ||
	       compare_bytes("red zone", (const uint8_t *)want->red, (const uint8_t *)seen->red, 0,
			     sizeof(want->red), text, size) ||
	       compare_fx(want->fx, seen->fx, text, size) ||
	       compare_bytes("upper vector half", want->high[0], seen->high[0], 0,
			     sizeof(want->high), text, size);
}

void *victim_page_address(void)
{
	return owned_page;
}

void victim_page_expect(const struct victim *v, uint8_t page[VICTIM_PAGE])
{
	set_page(page, v->setting.seed);
}

int victim_await_stopped(const struct victim *v)
{
	struct patience patience = patience_for(v->pid);
	int slice;

	while ((slice = patience_slice(&patience))) {
		if (patience_state(v->pid) == 'T')
			return 0;
		raw3(SYS_poll, 0, 0, slice);
	}
	return -ETIMEDOUT;
}

void victim_end(struct victim *v)
{
	if (!v->pid)
		return;
	raw2(SYS_kill, v->pid, SIGKILL);
	raw4(SYS_wait4, v->pid, 0, __WALL, 0);
	raw1(SYS_close, v->fd);
	v->pid = 0;
}

int victim_may_be_traced(void)
{
	long pid = raw1(SYS_fork, 0), ret;

	if (pid == 0) {
		raw1(SYS_alarm, 5); /* in case nobody kills it */
		for (;;)
			raw1(SYS_pause, 0);
	}
	if (pid < 0)
		return 0;
	ret = raw4(SYS_ptrace, PTRACE_SEIZE, pid, 0, 0);
	raw2(SYS_kill, pid, SIGKILL);
	raw4(SYS_wait4, pid, 0, __WALL, 0);
	return ret == 0;
}
