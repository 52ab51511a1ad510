/* SPDX-License-Identifier: Apache-2.0 */
#include "ask.h"

#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <time.h>

#include "../victim/raw.h"
#include "wire.h"

enum {
	OFFSET = 512, /* of the bytes in the victim's page */
	BYTES = 64,
	DESCRIPTOR = 3, /* the victim's own: its socket to us */
	FAILURE = 5,
	SHORTEST = 20, /* milliseconds of sleep; longer than a busy machine takes for a command */
};

int ask_is_whole_ack(int cmd)
{
	return wire.length == sizeof(wire.last) && (!cmd || wire.last.cmd == (uint32_t)cmd) &&
	       wire.last.ack == wire.last.cmd && wire.last.err == 0;
}

/* ---- what libcompel says ------------------------------------------------------------------ */

static void set_arguments(struct ask *a)
{
	struct parasite_args *args = a->spy->args;

	args->serial = ++a->spy->serial;
	args->operand = a->operand;
	args->result = 0;
}

/* libcompel says that the command has succeeded. Has it? */
static enum answer judge(struct ask *a, int cmd, unsigned received)
{
	const struct parasite_args *args = a->spy->args;
	uint64_t result = args->result - (a->slip == ASK_MISREADS);

	if (wire.received == received || !ask_is_whole_ack(cmd))
		return ANSWER_NO_ACK;
	return result == parasite_result(cmd, args->serial, args->operand) ? ANSWER_SERVED
									   : ANSWER_NOT_RUN;
}

static enum answer call(struct ask *a, int cmd)
{
	unsigned received = wire.received;

	set_arguments(a);
	return a->driver->command(a->spy, cmd) ? ANSWER_REFUSED : judge(a, cmd, received);
}

static enum answer wrong(struct ask *a, const char *why)
{
	snprintf(a->why, sizeof(a->why), "%s", why);
	return ANSWER_WRONG;
}

/* ---- memory ------------------------------------------------------------------------------- */

static uint64_t page(void)
{
	return (uint64_t)(uintptr_t)victim_page_address();
}

static int holds(const struct ask *a, const uint8_t *bytes)
{
	uint8_t now[BYTES];
	struct iovec here = { now, BYTES }, there = { (void *)(uintptr_t)(page() + OFFSET), BYTES };

	return raw6(SYS_process_vm_readv, a->spy->pid, &here, 1, &there, 1, 0) == BYTES &&
	       !memcmp(now, bytes, BYTES);
}

static void expect(const struct ask *a, uint8_t bytes[BYTES])
{
	uint8_t whole[VICTIM_PAGE];

	victim_page_expect(a->victim, whole);
	memcpy(bytes, whole + OFFSET, BYTES);
}

static enum answer ask_to_read(struct ask *a, int cmd)
{
	struct parasite_args *args = a->spy->args;
	uint8_t want[BYTES];
	enum answer answer;

	args->address = page() + OFFSET + (a->slip == ASK_READS_ELSEWHERE ? 8 : 0);
	args->size = BYTES;
	memset(args->bytes, 0, sizeof(args->bytes));
	answer = call(a, cmd);
	expect(a, want);
	if (answer == ANSWER_SERVED && memcmp(args->bytes, want, BYTES))
		return wrong(a, "what it read is not what the victim has there");
	return answer;
}

/* Puts something there, then back what was there: by a command that may come twice without harm, since
 * libcompel's messages have no numbers. */
static enum answer ask_to_swap(struct ask *a, int cmd)
{
	struct parasite_args *args = a->spy->args;
	uint8_t was[BYTES], written[BYTES];
	enum answer answer;

	expect(a, was);
	for (int i = 0; i < BYTES; i++)
		written[i] = args->bytes[i] = (uint8_t)(was[i] + 1 + a->operand % 100);
	args->address = page() + OFFSET;
	args->size = BYTES;
	answer = call(a, cmd);
	if (answer != ANSWER_SERVED)
		return answer;
	if (memcmp(args->bytes, was, BYTES))
		return wrong(a, "what it found before it wrote is not what the victim had there");
	if (!holds(a, written))
		return wrong(a, "what it wrote is not there");
	return a->slip == ASK_LEAVES_WRITTEN ? answer : call(a, PARASITE_WRITE);
}

/* ---- descriptors -------------------------------------------------------------------------- */

static int is_victims(const struct ask *a, int fd)
{
	char path[40];
	struct stat theirs, ours;

	snprintf(path, sizeof(path), "/proc/%d/fd/%d", a->spy->pid, DESCRIPTOR);
	return !stat(path, &theirs) && !fstat(fd, &ours) && theirs.st_ino == ours.st_ino &&
	       theirs.st_dev == ours.st_dev;
}

/* libcompel's answer to a command between whose beginning and end a descriptor was passed. */
static enum answer finish(struct ask *a, int cmd, unsigned received)
{
	return a->driver->end(a->spy, cmd) ? ANSWER_REFUSED : judge(a, cmd, received);
}

static enum answer ask_to_give(struct ask *a, int cmd)
{
	unsigned received;
	enum answer answer;
	int fd = -1, right;

	set_arguments(a);
	a->spy->args->descriptor = a->slip == ASK_GIVES_ANOTHER ? 0 : DESCRIPTOR;
	if (a->driver->begin(a->spy, cmd) || a->driver->take(a->spy, &fd))
		return ANSWER_REFUSED;
	received = wire.received;
	answer = finish(a, cmd, received);
	right = is_victims(a, fd);
	raw1(SYS_close, fd);
	if (answer == ANSWER_SERVED && !right)
		return wrong(a, "what it gave is not the victim's descriptor");
	return answer;
}

/* A file in memory with some bytes in it. */
static int make_file(uint8_t bytes[BYTES], uint64_t seed)
{
	long fd = raw2(SYS_memfd_create, "taken", 1 /* MFD_CLOEXEC */);

	for (int i = 0; i < BYTES; i++)
		bytes[i] = (uint8_t)(seed + 7u * (unsigned)i);
	if (fd >= 0)
		raw4(SYS_pwrite64, fd, bytes, BYTES, 0);
	return (int)fd;
}

static enum answer ask_to_take(struct ask *a, int cmd)
{
	struct parasite_args *args = a->spy->args;
	unsigned received = wire.received;
	uint8_t bytes[BYTES];
	enum answer answer;
	int fd = make_file(bytes, a->operand), refused;

	set_arguments(a);
	args->size = BYTES;
	args->keeps = a->slip == ASK_KEEPS_TAKEN;
	memset(args->bytes, 0, sizeof(args->bytes));
	refused = a->driver->begin(a->spy, cmd) || a->driver->give(a->spy, fd);
	raw1(SYS_close, fd);
	if (refused)
		return ANSWER_REFUSED;
	answer = finish(a, cmd, received);
	if (answer == ANSWER_SERVED && memcmp(args->bytes, bytes, BYTES))
		return wrong(a, "what it read from the descriptor is not what was in it");
	return answer;
}

/* ---- time and failure --------------------------------------------------------------------- */

static int64_t microseconds(void)
{
	struct timespec t;

	raw2(SYS_clock_gettime, CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000000ll + t.tv_nsec / 1000;
}

static enum answer ask_to_sleep(struct ask *a, int cmd)
{
	int64_t wanted = SHORTEST + (int64_t)(a->operand % 3), start = microseconds();
	enum answer answer;

	a->operand = a->slip == ASK_DOES_NOT_SLEEP ? 0 : (uint64_t)wanted;
	wire.sleeps = (int)wanted;
	answer = call(a, cmd);
	wire.sleeps = 0;
	if (answer == ANSWER_SERVED && microseconds() - start < wanted * 1000)
		return wrong(a, "it woke before its time");
	return answer;
}

/* Must be refused: that it is, is what was asked for. */
static enum answer ask_to_fail(struct ask *a, int cmd)
{
	a->operand = FAILURE;
	return call(a, cmd);
}

enum answer ask_to_leave_descriptor(struct ask *a)
{
	return call(a, PARASITE_LEAVE_DESCRIPTOR);
}

/* ---- the table ---------------------------------------------------------------------------- */

static const struct {
	int cmd;
	const char *name;
	enum answer (*ask)(struct ask *a, int cmd);
} kinds[ASK_KINDS] = {
	{ PARASITE_ADD, "add", call },
	{ PARASITE_XOR, "xor", call },
	{ PARASITE_READ, "read", ask_to_read },
	{ PARASITE_SWAP, "write", ask_to_swap },
	{ PARASITE_GIVE, "give", ask_to_give },
	{ PARASITE_TAKE, "take", ask_to_take },
	{ PARASITE_SLEEP, "sleep", ask_to_sleep },
	{ PARASITE_FAIL, "fail", ask_to_fail },
};

int ask_command(int first, int turn)
{
	return kinds[(first + turn) % ASK_KINDS].cmd;
}

const char *ask_name(int cmd)
{
	return kinds[cmd - PARASITE_ADD].name;
}

enum answer ask(struct ask *a, int cmd)
{
	return kinds[cmd - PARASITE_ADD].ask(a, cmd);
}
