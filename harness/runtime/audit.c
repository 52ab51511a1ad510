/* SPDX-License-Identifier: Apache-2.0
 *
 * The audit: a run in which the target's view of the shared segment is protected, so that every
 * access traps. One that no hook has announced is an access that the memory models do not see
 * (inline assembly, an inlined copy, a library): its place is reported. The runtime itself works on
 * a second view of the same memory.
 */
#include <signal.h>
#include <sys/mman.h>

#include "machine.h"
#include "rt.h"

enum { ANNOUNCED = 2 };

struct range {
	uintptr_t start;
	size_t size;
};

/* The last announcements: two, because the copy of a struct is announced as a write and a read. */
static RT_KEPT struct range announced[ANNOUNCED];

static void protect(bool on)
{
	mprotect((void *)CF_SEGMENT_ADDRESS, CF_MAX_SHARED,
		 on ? PROT_NONE : PROT_READ | PROT_WRITE);
}

void rt_audit_begin(void)
{
	bool wanted = rt.control->plan.flags & CF_PLAN_AUDIT;

	if (wanted && !MACHINE_STEPS_ITSELF)
		rt_finish(
			CF_UNSUPPORTED, CF_NO_KIND, 0, "",
			"an audit goes by single instructions, which this processor's code can't");
	if (wanted != rt.audited)
		protect(wanted);
	rt.audited = wanted;
	announced[0] = announced[1] = (struct range){ 0, 0 };
}

void rt_note_announced(uintptr_t address, size_t size)
{
	announced[1] = announced[0];
	announced[0] = (struct range){ address, size };
}

static bool was_announced(uintptr_t address)
{
	for (unsigned i = 0; i < ANNOUNCED; i++)
		if (address - announced[i].start < announced[i].size)
			return true;
	return false;
}

static void report(uintptr_t pc)
{
	struct cf_result *result = &rt.control->result;
	uint32_t known = result->unannounced;
	uint32_t most = sizeof(result->unannounced_pc) / sizeof(result->unannounced_pc[0]);
	uint64_t offset = pc - rt.base < rt.site_table_size ? pc - rt.base : 0;

	for (uint32_t i = 0; i < known && i < most; i++)
		if (result->unannounced_pc[i] == offset)
			return;
	if (known < most)
		result->unannounced_pc[known] = offset;
	result->unannounced++;
}

bool rt_audit_signal(int signo, const siginfo_t *info, void *context)
{
	uintptr_t address = (uintptr_t)info->si_addr;

	if (!rt.audited)
		return false;
	if (signo == SIGTRAP && machine_is_stepping(context)) {
		machine_step(context, false);
		protect(true);
		return true;
	}
	if (signo != SIGSEGV || !rt_in_segment((void *)address))
		return false;
	if (rt.running && !was_announced(address))
		report(machine_pc(context));
	/* Let this one instruction through. */
	protect(false);
	machine_step(context, true);
	return true;
}
