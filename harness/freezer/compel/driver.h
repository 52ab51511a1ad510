/* SPDX-License-Identifier: Apache-2.0
 *
 * One freeze of a process by the real libcompel: stop, prepare, infect, commands, cure, resume.
 *
 * A driver is a shared object that holds one release of libcompel with the parasite that belongs to
 * it; there is one for each release that is installed (compel.mk), and whoever uses libcompel loads
 * the one that was chosen (load.c). It has no state but libcompel's own and runs in the process that
 * loads it: that of an actor, which is a process of its own already. It may crash or stand still, the
 * executor reaps it. What libcompel asks of the kernel goes back to the user of the driver (doors.h).
 *
 * The steps are called in this order. Each returns 0 or -1; after a -1 `stage` and `message` say where
 * libcompel refused and what it said last. After a refusal there is the cure, unless that was refused:
 * then the victim is not to be trusted any more; abandon it and end it.
 */
#ifndef CRYOFUZZ_DRIVER_H
#define CRYOFUZZ_DRIVER_H

#include <stddef.h>
#include <stdint.h>

#include "doors.h"
#include "parasite.h"

struct parasite_ctl;

/* A state of a victim, as libcompel numbers them (COMPEL_TASK_ALIVE). */
enum { SPY_ALIVE = 1 };

struct spy {
	int pid;
	int state; /* of the victim before, as libcompel sees it */
	struct parasite_ctl *ctl;
	struct parasite_args *args; /* of the parasite, mapped here too */
	uint64_t serial;
	int socket; /* for the parasite to connect to */
	int log; /* written by the parasite */
	void *registers;
	const char *stage;
	char message[160];
	/* The end of what libcompel would write into its log with -v4. */
	size_t said;
	char log_text[4096];
};

/* For a static one, so that it may always be abandoned. */
#define SPY_NONE                        \
	{                               \
		.socket = -1, .log = -1 \
	}

struct driver {
	uint64_t size; /* of this structure: another one comes from another build of cryofuzz */
	const char *version; /* of libcompel's package */
	const char *parasite; /* a file with the names of the parasite's functions */
	/* Where its calls go; and whether all is logged, by the parasite too, or errors only. */
	void (*use)(const struct compel_doors *doors, int log_all);
	int (*stop)(struct spy *s, int pid);
	/* With plain frames the victim's upper vector registers are lost: see frame.h. To `log` the
	 * parasite writes, and abandon closes it; -1: to a file in memory. */
	int (*prepare)(struct spy *s, int plain_frame, int log);
	/* The address at which libcompel patches the victim's code. */
	uint64_t (*patched_code)(const struct spy *s);
	int (*infect)(struct spy *s);
	/* The control socket, after the infection. */
	int (*control)(const struct spy *s);
	/* A command from beginning to end, or both by themselves, with descriptors passed between. */
	int (*command)(struct spy *s, int cmd);
	int (*begin)(struct spy *s, int cmd);
	int (*end)(struct spy *s, int cmd);
	int (*give)(struct spy *s, int fd);
	int (*take)(struct spy *s, int *fd);
	int (*cure)(struct spy *s);
	/* As cure, but the parasite's memory stays mapped in the victim: a planted bug. */
	int (*cure_without_unmap)(struct spy *s);
	int (*resume)(struct spy *s);
	/* Frees what libcompel holds in this process, whatever state it is in. */
	void (*abandon)(struct spy *s);
};

/* What a driver exports. */
extern const struct driver compel_driver;
/* Where its calls go. */
extern const struct compel_doors *driver_doors;

/* The driver in this file, NULL if it can't be had; then `why` says so. */
const struct driver *driver_load(const char *path, char *why, size_t size);
/* What the parasite wrote into its log; "" if nothing. */
void spy_parasite_log(const struct spy *s, char *text, unsigned size);

#endif
