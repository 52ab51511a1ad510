/* SPDX-License-Identifier: Apache-2.0
 *
 * The parasite: runs inside the victim, below libcompel's own daemon loop. It is linked with the
 * std plugin of the very libcompel that will inject it, whose headers are not complete in Debian's
 * package; so what the plugin calls here, and what is called in it, is declared by hand.
 */
#include "parasite.h"

int parasite_daemon_cmd(int cmd, void *args);
int parasite_trap_cmd(int cmd, void *args);
void parasite_cleanup(void);
long sys_socket(int domain, int type, int protocol);

enum { AF_UNIX = 1, SOCK_DGRAM = 2 };

int parasite_daemon_cmd(int cmd, void *data)
{
	struct parasite_args *args = data;

	if (cmd == PARASITE_LEAVE_DESCRIPTOR)
		return sys_socket(AF_UNIX, SOCK_DGRAM, 0) < 0 ? -1 : 0;
	if (cmd != PARASITE_ADD && cmd != PARASITE_XOR)
		return -1;
	args->result = parasite_result(cmd, args->serial, args->operand);
	return 0;
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
