/* SPDX-License-Identifier: Apache-2.0
 *
 * The registration of the area of restartable sequences, which the C library has made; and the address at
 * which the kernel clears the thread's id. What the kernel writes there is its own.
 */
#include "part.h"

#include <errno.h>
#include <sys/rseq.h>
#include <sys/syscall.h>
#include <unistd.h>

static struct rseq *area;

static int is_registered(void)
{
	/* Registering the same area again is refused because it is registered. */
	return syscall(SYS_rseq, area, sizeof(*area), 0, RSEQ_SIG) == -1 && errno == EBUSY;
}

void set_rseq(void)
{
	area = (void *)((char *)__builtin_thread_pointer() + __rseq_offset);
	must(is_registered(), "rseq");
}

int rseq_changed(void)
{
	if (spoils(TREE_RSEQ))
		syscall(SYS_rseq, area, sizeof(*area), RSEQ_FLAG_UNREGISTER, RSEQ_SIG);
	if (!is_registered())
		return differs("the rseq area is not registered any more: %d", errno);
	if (area->cpu_id >= (uint32_t)sysconf(_SC_NPROCESSORS_CONF) || area->rseq_cs != 0)
		return differs("the rseq area says processor %u, section %llx", area->cpu_id,
			       (unsigned long long)area->rseq_cs);
	return 0;
}
