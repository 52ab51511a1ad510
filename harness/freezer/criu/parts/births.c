/* SPDX-License-Identifier: Apache-2.0
 *
 * A child that is met in a certain instruction: where it makes another process or a thread, has just become another
 * program, or is about to end. It is the victim of all freezers (freezer/victim), which looks for itself whether the
 * call did what it should.
 */
#include "part.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../../victim/parts.h"
#include "../../victim/patience.h"
#include "../../victim/victim.h"

static struct victim victim;

/* Who waits as in vfork criu gives up after ten seconds, which are too many for each run. */
static enum victim_place place(void)
{
	const enum victim_place place = VICTIM_VFORK + board->setting.code;

	return place == VICTIM_THREADS_BEAR ? VICTIM_SPINS : place;
}

static int await_first_end(void)
{
	struct patience patience = patience_for(victim.pid);
	int slice = 1;

	while (patience_state(victim.pid) != 'Z' && (slice = patience_slice(&patience)) > 0)
		poll(NULL, 0, slice);
	return slice > 0;
}

static int has_id_flag(uint64_t seed)
{
	enum { ID = 1 << 21 };
	const struct victim_setting setting = { .seed = seed, .place = place() };
	const struct victim_told none = { 0 };
	struct victim_regs regs;

	victim_fill_regs(&regs, &setting, &none);
	return (regs.flags & ID) != 0;
}

/* Its patterns, and those that it has in a signal's handler, have the flag ID only if that counts. */
static uint64_t seed_of_victim(void)
{
	uint64_t seed = number(TREE_BIRTHS, 0);

	while (minds(TREE_ID_FLAG_LOST) ? !has_id_flag(seed)
					: has_id_flag(seed) || has_id_flag(~seed))
		seed++;
	return seed;
}

void set_births(void)
{
	const struct victim_setting setting = {
		.seed = seed_of_victim(),
		.place = place(),
	};
	int ret;

	if (!minds(TREE_MEMFD_EXECUTED))
		victim_program_path = own_name(TREE_HOME "/anew");
	ret = victim_start(&victim, fork);
	if (!ret)
		ret = victim_hold_at_last(&victim, &setting, fork);
	errno = -ret;
	must(!ret, "victim");
	if (minds(TREE_HEADLESS_REFUSED) && setting.place == VICTIM_FIRST_EXITS)
		must(!victim_release(&victim) && await_first_end(), "end of its first thread");
}

static void lose_register(void)
{
	struct user_regs_struct regs;
	int status;

	ptrace(PTRACE_SEIZE, victim.pid, NULL, NULL);
	ptrace(PTRACE_INTERRUPT, victim.pid, NULL, NULL);
	if (waitpid(victim.pid, &status, __WALL) != victim.pid || !WIFSTOPPED(status))
		return;
	ptrace(PTRACE_GETREGS, victim.pid, NULL, &regs);
	regs.r12 = ~regs.r12;
	ptrace(PTRACE_SETREGS, victim.pid, NULL, &regs);
	ptrace(PTRACE_DETACH, victim.pid, NULL, NULL);
}

static int end_changed(void)
{
	int status = 0, ret = victim_reap(&victim, &status);

	if (ret != 0)
		return differs("%s does not end: %d", victim_place_name(&victim), ret);
	if (!WIFEXITED(status) || WEXITSTATUS(status) != VICTIM_CHILD_STATUS)
		return differs("%s ends with 0x%x", victim_place_name(&victim), status);
	return 0;
}

static int report_changed(void)
{
	struct victim_regs want, seen;
	char text[128];
	int ret = victim_report(&victim, &seen);

	if (ret != 0)
		return differs("%s does not go on: %d", victim_place_name(&victim), ret);
	if (victim_call_wrong(&victim, &seen, text, sizeof(text)) != NULL)
		return differs("%s", text);
	victim_expect(&victim, &want);
	if (victim_compare(&want, &seen, text, sizeof(text)) ||
	    victim_changed(&victim, text, sizeof(text)) != NULL)
		return differs("in %s: %s", victim_place_name(&victim), text);
	return 0;
}

int births_changed(void)
{
	int changed;

	if (spoils(TREE_BIRTHS))
		lose_register();
	if (victim_release(&victim) != 0)
		return differs("%s is not there any more", victim_place_name(&victim));
	changed = victim_ends(&victim) ? end_changed() : report_changed();
	victim_end(&victim);
	return changed;
}
