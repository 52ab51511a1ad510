/* SPDX-License-Identifier: Apache-2.0 */
#include <asm/prctl.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include "codes.h"
#include "heard.h"
#include "patience.h"
#include "raw.h"

struct order {
	struct victim_setting setting;
	uint32_t avx, pad;
};

struct victim_regs victim_want, victim_seen;

static uint8_t owned_page[VICTIM_PAGE] __attribute__((aligned(VICTIM_PAGE)));

/* ---- inside the victim -------------------------------------------------------------------- */

static void set_page(uint8_t page[VICTIM_PAGE], uint64_t seed)
{
	uint64_t state = ~seed;

	victim_fill_random(page, VICTIM_PAGE, &state);
}

static void take_state(const struct victim_setting *setting)
{
	uint64_t state = setting->seed ^ 0x6773;

	set_page(owned_page, setting->seed);
	asked_drop_pending();
	asked_set_trap(setting->trap);
	asked_set_stack(setting->own_stack);
	heard_listen(setting->listens);
	/* any address below the canonical hole does: nothing here goes through gs */
	raw2(SYS_arch_prctl, ARCH_SET_GS, victim_random(&state) >> 20);
}

/* What is set up for the place comes first: who has the state may do little. */
static void take_place(const struct victim_setting *setting, struct victim_told *told)
{
	struct victim_asked asked;

	told->error = place_prepare(setting, told);
	if (!told->error) {
		take_state(setting);
		state_set(&setting->state, setting->seed);
		place_enter(setting, told);
		state_look_before();
	}
	victim_fill_regs(&victim_want, setting, told);
	wide_set(setting);
	memset(&victim_seen, 0, sizeof(victim_seen));
	victim_go = victim_want.gpr[VICTIM_RCX / 8];
	victim_spins = 0;
	asked_now(&asked);
	raw3(SYS_write, VICTIM_FD, &asked, sizeof(asked));
	raw3(SYS_write, VICTIM_FD, told, sizeof(*told));
}

static void hold(const struct order *order, struct victim_told *told)
{
	const struct victim_setting *setting = &order->setting;

	take_place(setting, told);
	if (told->error)
		return;
	state_enter();
	victim_hold_registers(code_of(setting->place) != NULL, (int)order->avx,
			      setting->vectors != VICTIM_VECTORS_CLEAN);
	state_leave();
	place_judge(setting, (int64_t)victim_seen.gpr[VICTIM_RAX / 8], told);
}

static void report(const struct victim_setting *setting, const struct victim_told *told)
{
	struct victim_asked asked;

	raw3(SYS_write, VICTIM_FD, &victim_seen, sizeof(victim_seen));
	asked_now(&asked);
	state_look_after();
	raw3(SYS_write, VICTIM_FD, &asked, sizeof(asked));
	raw3(SYS_write, VICTIM_FD, told, sizeof(*told));
	place_tidy(setting);
}

static void set_state(int fd)
{
	/* a mask that no default has */
	uint64_t mask = VICTIM_BLOCKED;
	long null = raw3(SYS_open, "/dev/null", O_RDWR, 0);

	raw4(SYS_rt_sigprocmask, SIG_SETMASK, &mask, 0, 8);
	raw2(SYS_prctl, PR_SET_PTRACER, PR_SET_PTRACER_ANY); /* others than its parent, too */
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
		struct victim_told told = { 0 };

		hold(&order, &told);
		if (!told.error)
			report(&order.setting, &told);
		else
			place_tidy(&order.setting);
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

int victim_hold(struct victim *v, const struct victim_setting *setting)
{
	struct order order = { .setting = *setting, .avx = victim_has_avx() };
	long ret;

	place_adapt(&order.setting);
	v->setting = order.setting;
	memset(&v->there, 0, sizeof(v->there));
	v->ordered = place_now();
	ret = raw3(SYS_write, v->fd, &order, sizeof(order));
	if (ret != sizeof(order))
		return ret < 0 ? (int)ret : -EPIPE;
	ret = receive(v, &v->before, sizeof(v->before));
	if (!ret)
		ret = receive(v, &v->there, sizeof(v->there));
	if (!ret)
		ret = v->there.error;
	if (!ret)
		ret = place_await(v);
	v->held = place_now();
	return (int)ret;
}

int victim_hold_at_last(struct victim *v, const struct victim_setting *setting,
			int (*fork_it)(void))
{
	int ret = victim_hold(v, setting);

	for (unsigned tries = 1; ret && !v->there.error && tries < victim_tries(v); tries++) {
		victim_end(v);
		ret = victim_start(v, fork_it);
		if (!ret)
			ret = victim_hold(v, setting);
	}
	return ret;
}

int victim_release(const struct victim *v)
{
	return place_release(v);
}

int victim_report(struct victim *v, struct victim_regs *seen)
{
	int ret;

	if (v->stopped)
		raw2(SYS_kill, v->pid, SIGCONT);
	ret = place_await_end(v);
	if (!ret)
		ret = receive(v, seen, sizeof(*seen));
	/* whoever was to wake it has done so */
	if (ret == -ETIMEDOUT && place_still_sleeps(v))
		return -ETIME;
	if (!ret)
		ret = receive(v, &v->after, sizeof(v->after));
	return ret ? ret : receive(v, &v->back, sizeof(v->back));
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
