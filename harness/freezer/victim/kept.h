/* SPDX-License-Identifier: Apache-2.0
 *
 * What of a process must be the same before and after a freeze. The variants of target inject say
 * which of these they break; one that none breaks is an item that nobody has shown to be looked at.
 * Other targets name those of these that their own variants break.
 *
 * PKRU is compared too (snapshot_compare.c), but no planted bug can show it on a processor without keys.
 */
#ifndef CRYOFUZZ_KEPT_H
#define CRYOFUZZ_KEPT_H

#include <stddef.h>

static const char *const kept_items[] = {
	/* the processor's */
	"registers",
	"flags",
	"fs-base",
	"gs-base",
	"x87",
	"mxcsr",
	"vectors", /* XMM, YMM, ZMM */
	"opmask",
	"debug-registers",
	/* of signals */
	"signal-mask",
	"dispositions", /* handlers, flags and masks */
	"pending-signals", /* none lost, none added */
	"signal-values", /* their siginfo */
	"signal-stack", /* and its flags */
	"stop-state", /* running or stopped, and by what */
	/* files */
	"descriptors",
	"offsets",
	"file-flags",
	"open-files", /* what each descriptor refers to */
	/* memory */
	"mappings", /* and protections */
	"mapping-flags", /* locked, DONTFORK, WIPEONFORK */
	"code",
	"memory",
	"shared-memory",
	"red-zone",
	/* what the kernel knows of a thread's memory */
	"rseq",
	"robust-list",
	"tid-address",
	/* time and family */
	"call", /* the result of the interrupted one */
	"remaining-time", /* of that call */
	"timers",
	"children", /* and their statuses */
	"inheritance", /* what a fork between freeze and cure gets */
	/* the process's own */
	"credentials",
	"limits",
	"umask",
	"name",
	"scheduling", /* nice, affinity */
	"personality",
	"seccomp",
	/* of the tracer */
	"tracer", /* its own descriptors and memory */
	"standard-descriptors", /* 0 to 2 are not its own, even if they are closed */
	"log", /* where it says what it does: that nobody reads that changes nothing */
	NULL,
};

#endif
