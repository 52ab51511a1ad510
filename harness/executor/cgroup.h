/* SPDX-License-Identifier: Apache-2.0
 *
 * cgroup.h - a freezer cgroup of our own: whoever is put into it stands still together. It needs root
 * and a hierarchy that can be written to. If its owner dies, whatever is in it is thawed and goes on.
 *
 * All of these return 0 or -errno.
 */
#ifndef CRYOFUZZ_CGROUP_H
#define CRYOFUZZ_CGROUP_H

#include <stdbool.h>
#include <sys/types.h>

struct cgroup {
	const struct version *version; /* NULL: there is none */
	char folder[256];
	int lock, lifeline; /* 0: none; the lifeline is its keeper's */
	pid_t keeper;
};

int cgroup_make(struct cgroup *c);
int cgroup_put(struct cgroup *c, pid_t pid);
int cgroup_freeze(struct cgroup *c);
int cgroup_thaw(struct cgroup *c);
/* Whether the kernel says so. */
bool cgroup_is_frozen(const struct cgroup *c);
/* False if its keeper has been killed: who is frozen in it would be for ever. */
bool cgroup_is_kept(const struct cgroup *c);
void cgroup_drop(struct cgroup *c);
/* Thaws and removes what owners and keepers that are dead have left. */
void cgroup_clean(void);

#endif
