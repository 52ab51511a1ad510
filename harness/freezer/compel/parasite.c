/* SPDX-License-Identifier: Apache-2.0
 *
 * The parasite: runs inside the victim, below libcompel's own daemon loop. It is linked with the
 * std and fds plugins of the very libcompel that will inject it, whose headers are not complete in
 * Debian's package; so what the plugins call here, and what is called in them, is declared by hand.
 */
#include "parasite.h"

struct moment {
	long seconds, nanoseconds;
};

int parasite_daemon_cmd(int cmd, void *args);
int parasite_trap_cmd(int cmd, void *args);
void parasite_cleanup(void);
int fds_send_fd(int fd);
int fds_recv_fd(void);
long sys_socket(int domain, int type, int protocol);
long sys_pread(unsigned int fd, char *data, unsigned long size, long at);
int sys_close(int fd);
int sys_nanosleep(struct moment *time, struct moment *left);

enum { AF_UNIX = 1, SOCK_DGRAM = 2 };

static void read_bytes(struct parasite_args *args)
{
	const volatile uint8_t *from = (void *)args->address;

	for (uint32_t i = 0; i < args->size && i < PARASITE_BYTES; i++)
		args->bytes[i] = from[i];
}

static void swap_bytes(struct parasite_args *args)
{
	volatile uint8_t *with = (void *)args->address;

	for (uint32_t i = 0; i < args->size && i < PARASITE_BYTES; i++) {
		uint8_t byte = with[i];

		with[i] = args->bytes[i];
		args->bytes[i] = byte;
	}
}

static void write_bytes(const struct parasite_args *args)
{
	volatile uint8_t *to = (void *)args->address;

	for (uint32_t i = 0; i < args->size && i < PARASITE_BYTES; i++)
		to[i] = args->bytes[i];
}

static int take_descriptor(struct parasite_args *args)
{
	int fd = fds_recv_fd();
	long n;

	if (fd < 0)
		return -1;
	n = sys_pread((unsigned int)fd, (char *)args->bytes, args->size, 0);
	if (!args->keeps)
		sys_close(fd);
	return n == (long)args->size ? 0 : -1;
}

static int sleep_for(uint64_t milliseconds)
{
	struct moment time = { 0, (long)milliseconds * 1000000 };

	return sys_nanosleep(&time, 0);
}

static int run(int cmd, struct parasite_args *args)
{
	switch (cmd) {
	case PARASITE_ADD:
	case PARASITE_XOR:
		return 0;
	case PARASITE_READ:
		read_bytes(args);
		return 0;
	case PARASITE_SWAP:
		swap_bytes(args);
		return 0;
	case PARASITE_WRITE:
		write_bytes(args);
		return 0;
	case PARASITE_GIVE:
		return fds_send_fd(args->descriptor);
	case PARASITE_TAKE:
		return take_descriptor(args);
	case PARASITE_SLEEP:
		return sleep_for(args->operand);
	case PARASITE_FAIL:
		return -(int)args->operand;
	case PARASITE_LEAVE_DESCRIPTOR:
		return sys_socket(AF_UNIX, SOCK_DGRAM, 0) < 0 ? -1 : 0;
	default:
		return -1;
	}
}

int parasite_daemon_cmd(int cmd, void *data)
{
	struct parasite_args *args = data;
	int ret = run(cmd, args);

	if (!ret)
		args->result = parasite_result(cmd, args->serial, args->operand);
	return ret;
}

int parasite_trap_cmd(int cmd, void *args)
{
	(void)cmd;
	(void)args;
	return 0;
}

void parasite_cleanup(void)
{
}
