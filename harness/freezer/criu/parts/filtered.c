/* SPDX-License-Identifier: Apache-2.0
 *
 * A filter of system calls; and how the process is scheduled, where, and what a core of it would hold.
 */
#include "part.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

/* getpgrp, of which the tree makes no other use, is refused with an error of its own. */
void set_filtered(void)
{
	struct sock_filter lines[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_getpgrp, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | 99),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	const struct sock_fprog program = { 4, lines };

	must(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
		     prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0,
	     "seccomp");
}

int filtered_changed(void)
{
	if (spoils(TREE_FILTERED))
		errno = 0;
	else if (syscall(SYS_getpgrp) != -1)
		return differs("a call that the filter refuses is possible");
	return errno == 99 ? 0 : differs("the filter's error is %d, was 99", errno);
}
