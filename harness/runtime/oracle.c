/* SPDX-License-Identifier: Apache-2.0
 *
 * What targets call to check themselves: violations, owned items, the ledger. None of it depends
 * on the variant, and none of it goes through the memory models.
 */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "rt.h"

void *cf_shared(void)
{
	return (void *)CF_SEGMENT_ADDRESS;
}

int cf_param(unsigned index)
{
	return rt.control->plan.params[index];
}

unsigned cf_variant(void)
{
	return rt.control->plan.variant;
}

int cf_channel_fd(unsigned index)
{
	return rt.own->channel_fd[index];
}

void *cf_ledger(void)
{
	rt.shared->ledger_used = 1;
	return rt.control->ledger;
}

int cf_fresh_process(void)
{
	if (rt.fibers)
		rt_needs_process(__func__);
	return rt.fresh;
}

void cf_external_begin(void)
{
	rt.shared->external++;
}

void cf_external_end(void)
{
	rt.shared->external--;
}

void cf_external_deadline(unsigned milliseconds)
{
	rt.external_ms = milliseconds;
}

void cf_external_hopeless(int (*hopeless)(char *text, unsigned size))
{
	rt.hopeless = hopeless;
}

unsigned cf_damaged_frames(void)
{
	const struct cf_plan *plan = &rt.control->plan;
	unsigned count = 0;

	for (uint32_t i = 0; i < plan->events; i++)
		count += plan->event[i].op >= CF_DO_TRIM && plan->event[i].op <= CF_DO_STRAY_FD &&
			 rt.control->result.fired[i].fate == CF_FIRED;
	return count;
}

unsigned cf_killed(void)
{
	return rt.shared->killed;
}

unsigned cf_broken_connections(void)
{
	return rt.shared->broken;
}

void cf_stirred(void)
{
	rt_channel_changed();
}

/* The step carries the first bytes of the name, for people and for what counts by steps. */
void cf_mark(const char *what)
{
	uint64_t name[2] = { 0 };
	size_t length = __builtin_strlen(what);
	struct rt_deal deal;
	uint32_t site = rt_site(__builtin_return_address(0));

	if (!rt.running)
		return;
	rt_settle();
	rt_point(site, &deal);
	__builtin_memcpy(name, what, length < sizeof(name) ? length : sizeof(name));
	rt_step(CF_OP_MARK, 0, site, 0, name[0], name[1], rt_hash_bytes(what, length));
}

void cf_state(unsigned state)
{
	if (rt.running)
		rt_feature(6, state, rt.actor);
}

void cf_fail(enum cf_kind kind, const char *site, const char *detail, ...)
{
	char text[CF_DETAIL];
	va_list arguments;

	va_start(arguments, detail);
	vsnprintf(text, sizeof(text), detail, arguments);
	va_end(arguments);
	if (rt.running) {
		rt_settle();
		rt_step(CF_OP_FAIL, 0, rt_site(__builtin_return_address(0)), 0, 0, kind, 0);
	}
	rt_finish(CF_VIOLATED, kind, rt_site(__builtin_return_address(0)), site, text);
}

static _Noreturn void give_no_verdict(enum cf_outcome outcome, const char *reason,
				      va_list arguments)
{
	char text[CF_DETAIL];

	vsnprintf(text, sizeof(text), reason, arguments);
	rt_finish(outcome, CF_NO_KIND, 0, "", text);
}

void cf_unsupported(const char *reason, ...)
{
	va_list arguments;

	va_start(arguments, reason);
	give_no_verdict(CF_UNSUPPORTED, reason, arguments);
}

void cf_broken(const char *reason, ...)
{
	va_list arguments;

	va_start(arguments, reason);
	give_no_verdict(CF_BROKEN, reason, arguments);
}

void cf_attach(const char *format, ...)
{
	char *text = rt.control->text;
	size_t used = strlen(text);
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(text + used, CF_TEXT_SIZE - used, format, arguments);
	va_end(arguments);
}

void cf_on_failure(void (*attach)(void))
{
	rt.own->on_failure = attach;
}

void cf_on_sent(void (*look)(const void *message, size_t size))
{
	rt.own->on_sent = look;
}

void cf_name_crash(const char *site)
{
	struct cf_result *result = &rt.control->result;

	if (result->outcome == CF_RUNNING)
		snprintf(result->site, sizeof(result->site), "%s", site);
}

/* ---- items ----------------------------------------------------------------------------------- */

static const char *const state_names[] = { "not allocated", "allocated", "handed over", "taken",
					   "freed" };

static uint8_t *item_state(unsigned item, const char *site)
{
	if (item >= CF_MAX_ITEMS)
		cf_fail(CF_INVARIANT, site, "item %u is no item (there are %d)", item,
			CF_MAX_ITEMS);
	if (item >= rt.shared->items)
		rt.shared->items = item + 1;
	return &rt.shared->item[item];
}

void cf_item_made(unsigned item, const char *site)
{
	uint8_t *state = item_state(item, site);

	if (*state == RT_ITEM_MADE || *state == RT_ITEM_HANDED || *state == RT_ITEM_TAKEN)
		cf_fail(CF_INVARIANT, site, "item %u is allocated again while %s", item,
			state_names[*state]);
	*state = RT_ITEM_MADE;
}

void cf_item_handed(unsigned item, const char *site)
{
	uint8_t *state = item_state(item, site);

	if (*state != RT_ITEM_MADE)
		cf_fail(CF_INVARIANT, site, "item %u is handed over while %s", item,
			state_names[*state]);
	*state = RT_ITEM_HANDED;
}

void cf_item_taken(unsigned item, const char *site)
{
	uint8_t *state = item_state(item, site);

	if (*state != RT_ITEM_HANDED)
		cf_fail(CF_STALE_READ, site, "item %u is taken while %s", item,
			state_names[*state]);
	*state = RT_ITEM_TAKEN;
}

void cf_item_freed(unsigned item, const char *site)
{
	uint8_t *state = item_state(item, site);

	if (*state == RT_ITEM_FREED || *state == RT_ITEM_NONE)
		cf_fail(CF_DOUBLE_FREE, site, "item %u is freed while %s", item,
			state_names[*state]);
	*state = RT_ITEM_FREED;
}

void cf_items_check(const char *site)
{
	for (unsigned i = 0; i < rt.shared->items; i++) {
		uint8_t state = rt.shared->item[i];

		if (state == RT_ITEM_HANDED)
			cf_fail(CF_LOST_MESSAGE, site, "item %u was handed over and never taken",
				i);
		if (state == RT_ITEM_MADE || state == RT_ITEM_TAKEN)
			cf_fail(CF_LEAK, site, "item %u was %s and never freed", i,
				state_names[state]);
	}
}
