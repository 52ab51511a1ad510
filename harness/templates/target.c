/*
 * @NAME@ - a writer hands messages over to a reader through one slot in shared memory.
 *
 *   ./cryofuzz cc @NAME@.c -o @NAME@.so
 *   ./cryofuzz fuzz --target ./@NAME@.so --variant relaxed --time 10s
 *
 * Replace this protocol by yours. Code of a target is ordinary C: plain, volatile and atomic
 * accesses, recv, send, poll, nanosleep, futex… What each declaration means is in cryofuzz.h.
 */
#include <stdatomic.h>

#include "cryofuzz.h"

/* Indexes in the lists below. */
enum { MESSAGES };
enum { RELEASE, RELAXED };

/* The shared segment. The memory models reorder words of 8 bytes: give each variable its own. */
struct shared {
	_Alignas(8) atomic_int full; /* the slot holds a message that nobody has read */
	_Alignas(8) int slot;
};

/* What only the oracle sees: outside of the segment, out of every memory model's reach. */
struct ledger {
	int read;
};

/* ---- the roles, a process each ------------------------------------------------------------- */

static void writer(unsigned index)
{
	struct shared *s = cf_shared();
	/* The planted bug: nothing keeps the message before the flag. */
	memory_order order = cf_variant() == RELAXED ? memory_order_relaxed : memory_order_release;

	(void)index;
	for (int i = 1; i <= cf_param(MESSAGES); i++) {
		while (atomic_load_explicit(&s->full, memory_order_acquire))
			; /* a spin is one point, however often it turns */
		s->slot = i;
		atomic_store_explicit(&s->full, 1, order);
	}
}

static void reader(unsigned index)
{
	struct shared *s = cf_shared();
	struct ledger *ledger = cf_ledger();

	(void)index;
	for (int i = 1; i <= cf_param(MESSAGES); i++) {
		while (!atomic_load_explicit(&s->full, memory_order_acquire))
			;
		/* The oracle: an invariant, checked where it is known. It never asks for the variant. */
		if (s->slot != i)
			cf_fail(CF_STALE_READ, "@NAME@.read", "message %d has the value %d", i,
				s->slot);
		ledger->read++;
		atomic_store_explicit(&s->full, 0, memory_order_release);
	}
}

/* After all roles have ended by themselves: what must be so at the end. */
static void check(void)
{
	const struct ledger *ledger = cf_ledger();

	if (ledger->read != cf_param(MESSAGES))
		cf_fail(CF_LOST_MESSAGE, "@NAME@.end", "%d of %d messages were read", ledger->read,
			cf_param(MESSAGES));
}

/* ---- what the target says of itself; each list ends with an empty entry -------------------- */

static const struct cf_role roles[] = {
	{ "writer", NULL, writer },
	{ "reader", NULL, reader },
	{ 0 },
};

static const struct cf_param_spec params[] = {
	/* name, from, to, default */
	{ "messages", 1, 8, 2, "how many are handed over" },
	{ 0 },
};

/* The first is good and must never fail. Each other one has one bug, and names the title that it must
 * cause and the strongest memory model under which it does. */
static const struct cf_variant_spec variants[] = {
	{ "release", "the flag is stored with release", CF_SC, NULL },
	{ "relaxed", "the flag is stored relaxed", CF_WEAK, "stale-read in @NAME@.read" },
	{ 0 },
};

CRYOFUZZ_TARGET = {
	.abi = CF_TARGET_ABI,
	.name = "@NAME@",
	.summary = "one slot from a writer to a reader",
	.shared_size = sizeof(struct shared),
	.flags = CF_FIBERS, /* its roles need no process of their own: many times faster */
	.roles = roles,
	.params = params,
	.variants = variants,
	.check = check,
};
