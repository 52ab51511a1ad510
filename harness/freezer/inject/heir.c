/* SPDX-License-Identifier: Apache-2.0
 *
 * Who comes after a tracer that has died. When it dies, the kernel lets its victim go on at once, at
 * whatever step it was. What holds at each:
 *
 *	stop, save		nothing is changed, the victim goes on as it was
 *	the code is patched	it goes on, and holds still if it comes to the patched place
 *	calls in the victim	the call is made, then it holds still
 *	the parasite runs	the parasite sees the end of its channel and holds still
 *	the parasite is out	it sleeps on its way out, its memory is gone
 *	registers are back	it goes on, with its signals blocked or the patched place held
 *
 * Wherever it is, the heir stops it again and knows by its registers whether they are still ours; then
 * the dead tracer's copy of the victim's own is put back, else the victim's as they are now.
 *
 * A parasite that has lost its channel holds still, too, and does not cure itself, as CRIU's does. It could
 * not tell a dead tracer from a broken channel without /proc, which the victim may not have, and one that
 * lets the victim go on under a tracer that lives has all that it does until the cure undone by that. Nor
 * could it do all: it can't unmap what it runs in, and by rt_sigreturn, its only way back, the kernel
 * forgets how long a call had still to sleep, and the restartable sequence. So an heir would be needed in
 * any case, and it could not tell the victim's own memory from what was left at the same address.
 */
#include <errno.h>
#include <signal.h>
#include <string.h>

#include "door.h"
#include "inject.h"

#define UNBLOCKABLE (1ull << (SIGKILL - 1) | 1ull << (SIGSTOP - 1))

static int is_in_parasite(const struct inject *in)
{
	uint64_t pc;

	return in->remote && !machine_get_pc(in->pid, &pc) && pc - in->remote < INJECT_SIZE;
}

/* It has gone on by itself. Its mask is its own again only if it does not block all. */
static int save_anew(struct inject *in)
{
	const uint64_t mask = in->saved.signal_mask;
	int ret = machine_save(in->pid, &in->saved);

	in->anew = 1;
	in->remote = 0;
	in->memory_there = -1;
	if (!ret && in->changed && (in->saved.signal_mask | UNBLOCKABLE) == ~0ull)
		in->saved.signal_mask = mask;
	return ret;
}

static int look(struct inject *in)
{
	int held;

	if (in->slip == INJECT_HEIRLESS && in->infected) {
		in->patched = INJECT_OWN_CODE;
		in->changed = 0;
		return save_anew(in);
	}
	if (is_in_parasite(in))
		return 0;
	held = in->changed ? inject_learn(in) : 0;
	return held ? held < 0 ? held : 0 : save_anew(in);
}

int inject_inherit(struct inject *in, const struct inject_port *port)
{
	int ret;

	in->local = NULL;
	in->args = NULL;
	in->pidfd = in->memory = in->channel = -1; /* they were the other's */
	in->stage = in->hung = NULL;
	in->gone = in->seized = in->running = in->in_call = in->held = 0;
	if (in->patched)
		in->patched = INJECT_HOLDS; /* it may have died before it was so */
	in->port = port;
	inject_step(in, "inherit", 8);
	door_ask(port->call);
	door_insist(INJECT_AGAIN);
	ret = inject_seize_again(in);
	if (!ret)
		ret = in->slip == INJECT_FUSSY && in->serial > INJECT_LATE ? -EPROTO : look(in);
	in->infected = 0;
	return inject_failed(in, "inject.inherit", ret);
}
