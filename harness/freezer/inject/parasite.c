/* SPDX-License-Identifier: Apache-2.0
 *
 * The parasite. Runs in the victim on memory of its own, without libc, without relocations, with
 * all signals blocked (parasite.lds, inject.mk).
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/futex.h>
#include <sys/socket.h>

#include "../victim/raw.h"
#include "inject.h"
#include "x86_64/churn.h"

uint64_t parasite(struct inject_args *args);

_Static_assert(INJECT_SIZE == 16384 && SYS_munmap == 11 && SYS_pause == 34, "see x86_64/churn.h");

static void close_once(int32_t *fd)
{
	if (*fd >= 0)
		raw1(SYS_close, *fd);
	*fd = -1;
}

/* Tells the injector, who waits for the word. */
static int open_channel(struct inject_args *args)
{
	long ret = raw4(SYS_socketpair, AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, args->channel);

	close_once(&args->memory);
	__atomic_store_n(&args->ready, ret < 0 ? (uint32_t)ret : 1u, __ATOMIC_SEQ_CST);
	raw3(SYS_futex, &args->ready, FUTEX_WAKE, 1);
	return (int)ret;
}

/* Touches a word of the victim's and leaves it as it was. */
static void write_word(uint64_t address)
{
	volatile uint64_t *word = (volatile uint64_t *)(uintptr_t)address;

	*word += 1;
	*word -= 1;
}

static int use_file(void)
{
	static const char name[] = "parasite";
	long fd = raw2(SYS_memfd_create, name, 0), n;

	if (fd < 0)
		return (int)fd;
	n = raw3(SYS_write, fd, name, sizeof(name));
	raw1(SYS_close, fd);
	return n == sizeof(name) ? 0 : -EIO;
}

static int execute(struct inject_args *args, int cmd, uint64_t operand)
{
	int err = 0;

	switch (cmd) {
	case INJECT_ADD:
	case INJECT_XOR:
		break;
	case INJECT_CHURN:
		churn_x87();
		churn_vectors(args->wide);
		break;
	case INJECT_WRITE:
		write_word(operand);
		break;
	case INJECT_FILE:
		err = use_file();
		break;
	case INJECT_FAIL:
		return -EDOM;
	default:
		return -ENOSYS;
	}
	if (err)
		return err;
	args->result = inject_result(cmd, args->serial, operand);
	args->served = args->serial;
	return 0;
}

struct duty {
	uint64_t first; /* operand of the first command */
	unsigned executed;
	int failed, finished;
	uint32_t put_off; /* acknowledged, to be executed at the end; 0: none */
};

static int is_late(const struct inject_args *args, const struct duty *duty, enum inject_slip slip)
{
	return args->slip == slip && duty->executed >= INJECT_LATE;
}

static int serve(struct inject_args *args, struct duty *duty, int cmd)
{
	uint64_t operand = args->operand;
	int err;

	if (duty->failed && args->slip != INJECT_AFTER_FAILURE)
		return -EPERM;
	if (duty->executed == 0)
		duty->first = operand;
	if (is_late(args, duty, INJECT_STALE_ARGS))
		operand = duty->first;
	err = execute(args, cmd, operand);
	duty->executed++;
	duty->failed |= err != 0;
	return err;
}

static int say(const struct inject_args *args, uint32_t cmd, int err)
{
	struct inject_message ack = { cmd, cmd, err };
	long n = raw6(SYS_sendto, args->channel[1], &ack, sizeof(ack), MSG_NOSIGNAL, 0, 0);

	return n == sizeof(ack) ? 0 : -1;
}

static int work_off(struct inject_args *args, struct duty *duty, uint32_t cmd)
{
	if (is_late(args, duty, INJECT_EARLY_ACK) && !duty->failed) {
		duty->put_off = cmd;
		args->served = args->serial;
		return say(args, cmd, 0);
	}
	return say(args, cmd, serve(args, duty, (int)cmd));
}

/* One message that is not whole is the end: who knows what the next one means. */
static int handle(struct inject_args *args, struct duty *duty, const struct inject_message *m,
		  long length)
{
	if (length != sizeof(*m) || m->ack || m->err)
		return -1;
	if (m->cmd == INJECT_INIT) {
		close_once(&args->channel[0]);
		return say(args, INJECT_INIT, 0);
	}
	if (m->cmd == INJECT_FINI) {
		if (duty->put_off)
			serve(args, duty, (int)duty->put_off);
		say(args, INJECT_FINI, 0);
		duty->finished = !is_late(args, duty, INJECT_LINGERS);
		return duty->finished ? -1 : 0;
	}
	return work_off(args, duty, m->cmd);
}

/* Returns where to go from here; 0: nowhere, to be fetched. */
uint64_t parasite(struct inject_args *args)
{
	struct duty duty = { 0 };
	struct inject_message m;
	long length;

	if (!open_channel(args))
		do /* the length of the message, not of what fits */
			length = raw6(SYS_recvfrom, args->channel[1], &m, sizeof(m), MSG_TRUNC, 0,
				      0);
		while (!handle(args, &duty, &m, length));
	close_once(&args->channel[0]);
	close_once(&args->channel[1]);
	return duty.finished ? args->way_out : 0;
}
