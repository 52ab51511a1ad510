/* SPDX-License-Identifier: Apache-2.0
 * Two things belong together and are done apart. */
#include "shapes.h"

/* ---- reorder: all but the last set a pair ---------------------------------------------------------- */

struct pair {
	shape_lock lock;
	volatile int64_t a, b;
};

static void set_pair(struct pair *p)
{
	p->a = 1;
	p->b = -1;
}

static void look_at_pair(struct pair *p)
{
	int64_t a = p->a, b = p->b;

	if (a + b != 0)
		SHAPE_FAIL("reorder", "a is %d, b is %d", (int)a, (int)b);
}

/* More setters than actors: some actors are one after the other. */
static unsigned turns_of(unsigned who)
{
	unsigned actors = shape_actors() - 1, setters = (unsigned)cf_param(SETTERS);

	return setters <= actors ? 1 : setters / actors + (who < setters % actors);
}

static void reorder(unsigned who, bool mended)
{
	bool looks = who + 1 == shape_actors();
	unsigned turns = looks ? 1 : turns_of(who);
	struct pair *p = cf_shared();

	for (unsigned i = 0; i < turns; i++) {
		if (mended)
			take(&p->lock);
		if (looks)
			look_at_pair(p);
		else
			set_pair(p);
		if (mended)
			drop(&p->lock);
	}
}

const struct shape shape_reorder = { NULL, reorder, NULL };

/* ---- twostage: the second number follows from the first, some time later ------------------------------- */

struct twostage {
	shape_lock first, second;
	volatile int64_t a, b;
};

static void write_stages(struct twostage *t, bool mended)
{
	take(&t->first);
	t->a = 1;
	if (!mended)
		drop(&t->first);
	take(&t->second);
	t->b = t->a + 1;
	drop(&t->second);
	if (mended)
		drop(&t->first);
}

static void read_stages(struct twostage *t)
{
	int64_t a, b;

	take(&t->first);
	a = t->a;
	drop(&t->first);
	if (a == 0)
		return;
	take(&t->second);
	b = t->b;
	drop(&t->second);
	if (b != a + 1)
		SHAPE_FAIL("twostage", "a is %d, b is %d", (int)a, (int)b);
}

static void twostage(unsigned who, bool mended)
{
	if (who == 0)
		write_stages(cf_shared(), mended);
	else
		read_stages(cf_shared());
}

const struct shape shape_twostage = { NULL, twostage, NULL };

/* ---- stringbuffer: one appends what another one empties ------------------------------------------------ */

struct stringbuffer {
	shape_lock lock;
	volatile int64_t length;
};

static void begin_stringbuffer(bool mended)
{
	struct stringbuffer *s = cf_shared();

	(void)mended;
	s->length = 3;
}

static void append(struct stringbuffer *s, bool mended)
{
	int64_t length;

	take(&s->lock);
	length = s->length;
	if (!mended) {
		drop(&s->lock);
		take(&s->lock);
	}
	if (length > s->length)
		SHAPE_FAIL("stringbuffer", "%d characters of %d", (int)length, (int)s->length);
	drop(&s->lock);
}

static void empty(struct stringbuffer *s)
{
	take(&s->lock);
	s->length = 0;
	drop(&s->lock);
}

static void stringbuffer(unsigned who, bool mended)
{
	if (who == 0)
		append(cf_shared(), mended);
	else if (who == 1)
		empty(cf_shared());
}

const struct shape shape_stringbuffer = { begin_stringbuffer, stringbuffer, NULL };

/* ---- token-ring: whoever has the token is alone -------------------------------------------------------- */

enum { LOOKS = 2 };

struct ring {
	volatile int64_t token;
	_Alignas(8) atomic_int inside;
};

static void leave(struct ring *r)
{
	atomic_fetch_sub_explicit(&r->inside, 1, memory_order_release);
}

static void work(struct ring *r, unsigned who, bool mended)
{
	if (atomic_fetch_add_explicit(&r->inside, 1, memory_order_acquire))
		SHAPE_FAIL("token-ring", "actor %u is not alone", who);
	if (mended)
		leave(r);
	r->token = (who + 1) % shape_actors();
	if (!mended)
		leave(r);
}

static void token_ring(unsigned who, bool mended)
{
	struct ring *r = cf_shared();

	for (int i = 0; i < LOOKS; i++)
		if (r->token == who)
			work(r, who, mended);
}

const struct shape shape_token_ring = { NULL, token_ring, NULL };

/* ---- bluetooth: a driver stops once no request is under way --------------------------------------------- */

struct driver {
	volatile int64_t stopping, stopped;
	_Alignas(8) atomic_int pending; /* one more until it is told to stop */
};

static void begin_bluetooth(bool mended)
{
	struct driver *d = cf_shared();

	(void)mended;
	atomic_init(&d->pending, 1);
}

static void finish(struct driver *d)
{
	if (atomic_fetch_sub(&d->pending, 1) == 1)
		d->stopped = 1;
}

static void request(struct driver *d, bool mended)
{
	if (!mended && d->stopping)
		return;
	atomic_fetch_add(&d->pending, 1);
	if ((!mended || !d->stopping) && d->stopped)
		SHAPE_FAIL("bluetooth", "a request of a driver that has stopped");
	finish(d);
}

static void bluetooth(unsigned who, bool mended)
{
	struct driver *d = cf_shared();

	if (who + 1 < shape_actors()) {
		request(d, mended);
		return;
	}
	d->stopping = 1;
	finish(d);
}

const struct shape shape_bluetooth = { begin_bluetooth, bluetooth, NULL };
