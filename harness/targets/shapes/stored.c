/* SPDX-License-Identifier: Apache-2.0
 * Things are put somewhere and taken away again. */
#include "shapes.h"

/* ---- stack: one pushes, all others pop ------------------------------------------------------------- */

enum { PUSHED = 3 };

struct stack {
	shape_lock lock;
	volatile int64_t top, slot[PUSHED];
};

static void push_some(struct stack *s)
{
	for (int i = 0; i < PUSHED; i++) {
		take(&s->lock);
		s->slot[s->top] = i;
		s->top = s->top + 1;
		drop(&s->lock);
	}
}

static void pop_one(struct stack *s, bool mended)
{
	if (!mended && s->top == 0)
		return;
	take(&s->lock);
	if (s->top > 0)
		s->top = s->top - 1;
	else if (!mended)
		SHAPE_FAIL("stack", "nothing is left to pop");
	drop(&s->lock);
}

static void stack(unsigned who, bool mended)
{
	if (who == 0)
		push_some(cf_shared());
	else
		pop_one(cf_shared(), mended);
}

const struct shape shape_stack = { NULL, stack, NULL };

/* ---- circular-buffer: one puts numbers in, one takes them out ------------------------------------------- */

enum { SLOTS = 2, SENT = 4 };

struct buffer {
	_Alignas(8) atomic_int used;
	volatile int64_t slot[SLOTS];
};

static void count(struct buffer *b, int more, bool mended)
{
	if (mended)
		atomic_fetch_add(&b->used, more);
	else
		atomic_store(&b->used, atomic_load(&b->used) + more);
}

static void put_in(struct buffer *b, bool mended)
{
	int64_t sent = 0;

	for (int i = 0; i < SENT; i++)
		if (atomic_load(&b->used) < SLOTS) {
			b->slot[sent % SLOTS] = sent + 1;
			sent++;
			count(b, 1, mended);
		}
}

static void take_out(struct buffer *b, bool mended)
{
	int64_t received = 0, value;

	for (int i = 0; i < SENT; i++)
		if (atomic_load(&b->used) > 0) {
			value = b->slot[received % SLOTS];
			received++;
			if (value != received)
				SHAPE_FAIL("circular-buffer", "number %d is %d", (int)received,
					   (int)value);
			count(b, -1, mended);
		}
}

static void circular_buffer(unsigned who, bool mended)
{
	if (who == 0)
		put_in(cf_shared(), mended);
	else if (who == 1)
		take_out(cf_shared(), mended);
}

const struct shape shape_circular_buffer = { NULL, circular_buffer, NULL };

/* ---- work-stealing: the owner works at the bottom, thieves at the top ------------------------------------ */

enum { ITEMS = 3, NONE = -1 };

struct deque {
	_Alignas(8) atomic_int top;
	_Alignas(8) atomic_int bottom;
};

/* Nobody else may get it. */
static void get(int item)
{
	int *got = cf_ledger();

	if (item != NONE && got[item]++ > 0)
		SHAPE_FAIL("work-stealing", "item %d is had twice", item);
}

static bool win(struct deque *d, int top)
{
	return atomic_compare_exchange_strong(&d->top, &top, top + 1);
}

static int pop(struct deque *d, bool mended)
{
	int bottom = atomic_load(&d->bottom) - 1, top;

	atomic_store(&d->bottom, bottom);
	top = atomic_load(&d->top);
	if (top < bottom || (top == bottom && !mended))
		return bottom;
	atomic_store(&d->bottom, bottom + 1);
	return top == bottom && win(d, top) ? bottom : NONE;
}

static int steal(struct deque *d)
{
	int top = atomic_load(&d->top);

	if (top >= atomic_load(&d->bottom))
		return NONE;
	return win(d, top) ? top : NONE;
}

static void work_stealing(unsigned who, bool mended)
{
	struct deque *d = cf_shared();

	if (who > 0) {
		get(steal(d));
		return;
	}
	for (int i = 0; i < ITEMS; i++)
		atomic_store(&d->bottom, i + 1);
	for (int i = 0; i < ITEMS; i++)
		get(pop(d, mended));
}

const struct shape shape_work_stealing = { NULL, work_stealing, NULL };
