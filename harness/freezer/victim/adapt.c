/* SPDX-License-Identifier: Apache-2.0
 *
 * What a victim can't be together with its place is left out.
 */
#include <string.h>

#include "calls.h"
#include "codes.h"
#include "layout.h"

/* What a child is to inherit is what its parent has. */
static void adapt_to_birth(struct state_wish *state)
{
	state->of[STATE_FAMILY] = 0;
	if (state->of[STATE_LAYOUT] == STATE_LAYOUT_PAGES)
		state->of[STATE_LAYOUT] = 0;
}

/* Another program knows nothing of all that, and nobody speaks of it any more. */
static void adapt_to_end(struct victim_setting *setting)
{
	memset(&setting->state, 0, sizeof(setting->state));
	setting->vectors = VICTIM_VECTORS_CLEAN;
	setting->own_stack = VICTIM_STACK_NONE;
	setting->trap = VICTIM_TRAP_DEFAULT;
}

/* To land it has to be trapped; and whoever has a handler there, a sequence or a stack has no other. */
static void adapt_to_landing(struct victim_setting *setting, const struct code *code)
{
	setting->trap = VICTIM_TRAP_DEFAULT;
	setting->own_stack |= code->handler != NULL;
	setting->state.of[STATE_HANDLERS] = 0;
	setting->state.of[STATE_THREAD] = 0;
}

void place_adapt(struct victim_setting *setting)
{
	const struct code *code = code_of(setting->place);
	const unsigned flags = calls[setting->place].flags;

	if (code && code->land != LAND_NOWHERE)
		adapt_to_landing(setting, code);
	if (flags & CALL_BEARS)
		adapt_to_birth(&setting->state);
	if (flags & (CALL_REPLACES | CALL_ENDS))
		adapt_to_end(setting);
}
