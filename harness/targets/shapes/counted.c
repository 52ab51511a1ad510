/* SPDX-License-Identifier: Apache-2.0
 * A number is read, then changed as if it were still so. */
#include "shapes.h"

/* ---- account: everybody pays in one ---------------------------------------------------------------- */

struct account {
	shape_lock lock;
	volatile int64_t balance;
};

static void pay_in(unsigned who, bool mended)
{
	struct account *a = cf_shared();
	int64_t before = 0;

	(void)who;
	if (!mended)
		before = a->balance;
	take(&a->lock);
	if (mended)
		before = a->balance;
	a->balance = before + 1;
	drop(&a->lock);
}

static void check_account(void)
{
	const struct account *a = cf_shared();

	if (a->balance != shape_actors())
		SHAPE_FAIL("account", "the balance is %d", (int)a->balance);
}

const struct shape shape_account = { NULL, pay_in, check_account };

/* ---- airline: a seat less than there are buyers ---------------------------------------------------- */

struct airline {
	shape_lock lock;
	volatile int64_t sold;
};

static void buy(unsigned who, bool mended)
{
	struct airline *a = cf_shared();
	int64_t seats = shape_actors() - 1;

	(void)who;
	if (!mended && a->sold >= seats)
		return;
	take(&a->lock);
	if (!mended || a->sold < seats)
		a->sold = a->sold + 1;
	drop(&a->lock);
}

static void check_airline(void)
{
	const struct airline *a = cf_shared();

	if (a->sold >= shape_actors())
		SHAPE_FAIL("airline", "%d seats are sold", (int)a->sold);
}

const struct shape shape_airline = { NULL, buy, check_airline };

/* ---- wronglock: everybody adds one, the second half under a lock of its own -------------------------- */

struct wronglock {
	shape_lock lock[2];
	volatile int64_t sum;
};

static void add_one(unsigned who, bool mended)
{
	struct wronglock *w = cf_shared();
	shape_lock *lock = &w->lock[!mended && who >= shape_actors() / 2];

	take(lock);
	w->sum = w->sum + 1;
	drop(lock);
}

static void check_wronglock(void)
{
	const struct wronglock *w = cf_shared();

	if (w->sum != shape_actors())
		SHAPE_FAIL("wronglock", "the sum is %d", (int)w->sum);
}

const struct shape shape_wronglock = { NULL, add_one, check_wronglock };

/* ---- fibonacci: the sums come so far only if they take turns ----------------------------------------- */

enum { ROUNDS = 3, FARTHEST = 21 };

struct fibonacci {
	volatile int64_t sum[2];
};

static void begin_fibonacci(bool mended)
{
	struct fibonacci *f = cf_shared();

	(void)mended;
	f->sum[0] = f->sum[1] = 1;
}

static void add_up(unsigned who, bool mended)
{
	struct fibonacci *f = cf_shared();

	if (who > 1)
		return;
	for (int i = 0; i < ROUNDS; i++)
		f->sum[who] = f->sum[who] + f->sum[!who];
	if (f->sum[who] >= FARTHEST + mended)
		SHAPE_FAIL("fibonacci", "the sum is %d", (int)f->sum[who]);
}

const struct shape shape_fibonacci = { begin_fibonacci, add_up, NULL };
