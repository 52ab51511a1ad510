/* SPDX-License-Identifier: Apache-2.0 */
#include <fcntl.h>
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/uio.h>
#include <time.h>

#include "parts.h"
#include "patience.h"
#include "raw.h"

enum { POLL_MILLISECONDS = 60000 };

uint64_t victim_go, victim_gate;
static struct pollfd victim_polled = { .fd = VICTIM_FD, .events = POLLIN };
uint8_t victim_spins;

/* The system call in which it sleeps. */
void place_set_call(struct victim_regs *r, enum victim_place place)
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

/* True if /proc shows it asleep in the call that waits for the gate. */
static int is_asleep(const struct victim *v)
{
	char path[40], text[64], want[64];
	struct victim_regs r = { 0 };
	long fd, n;

	place_set_call(&r, v->setting.place);
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
int place_await(const struct victim *v)
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

int place_release(const struct victim *v)
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
