/* SPDX-License-Identifier: Apache-2.0
 *
 * An eventfd that gives one at a time (EFD_SEMAPHORE).
 */
#include "part.h"

#include <sys/eventfd.h>
#include <unistd.h>

static int gate;

void set_gate(void)
{
	gate = eventfd(3, EFD_SEMAPHORE | EFD_NONBLOCK);
	must(gate >= 0, "eventfd");
}

int gate_changed(void)
{
	uint64_t got = 0;
	unsigned given = 0;

	if (spoils(TREE_GATE))
		(void)!read(gate, &got, sizeof(got));
	while (read(gate, &got, sizeof(got)) == sizeof(got)) {
		given += got;
		if (got != 1 && minds(TREE_SEMAPHORE_LOST))
			return differs("the semaphore gives %llu at once, gave 1",
				       (unsigned long long)got);
	}
	return given == 3 ? 0 : differs("the semaphore gives %u, gave 3", given);
}
