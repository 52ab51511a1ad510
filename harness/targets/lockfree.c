/* SPDX-License-Identifier: Apache-2.0
 *
 * lockfree - structures that are shared without a lock: the bounded queue of Vyukov for many on both
 * sides, the work-stealing deque of Chase and Lev, a sequence lock, and versions that are published and
 * freed after a grace period, as read-copy-update does it.
 *
 * Oracle: each item is taken exactly once, and after it was put in; a pair that is read is one.
 *
 * mpmc             each cell has a sequence number that says whose turn it is
 * deque            the owner works at one end, thieves take from the other
 * seqlock          read again if the number was odd or is another one
 * grace            what is replaced is freed when nobody can be reading it
 * mpmc-relaxed     the number may be seen before the item
 * deque-unfenced   the owner's claim is stored late: a thief takes the same item (fails on x86)
 * seqlock-unfenced the second look at the number may be older than the pair
 * grace-skipped    freed at once
 */
#include <stdatomic.h>

#include "cryofuzz.h"

enum { WORKERS, ROUNDS };

enum { MPMC, DEQUE, SEQLOCK, GRACE, MPMC_RELAXED, DEQUE_UNFENCED, SEQLOCK_UNFENCED, GRACE_SKIPPED };

enum { MOST = 4, CELLS = 4, SLOTS = 16, ITEMS = 32 };

enum { GIVEN = 1, TAKEN };

/* One word each: the models reorder words. */
struct word {
	_Alignas(8) _Atomic uint64_t value;
};

struct cell {
	struct word sequence;
	_Alignas(8) uint64_t item;
};

struct pair {
	struct word first, second;
};

struct shared {
	struct word in, out; /* mpmc */
	struct cell cell[CELLS];
	struct word top, bottom; /* deque */
	struct word slot[SLOTS];
	struct word sequence; /* seqlock */
	struct pair pair;
	struct word current; /* grace: which of the versions */
	struct pair version[2];
	struct word reads[MOST];
};

struct ledger {
	uint8_t state[ITEMS];
};

static struct shared *the(void)
{
	return cf_shared();
}

/* Not functions: each place has a line of its own. */
#define load(word, order) atomic_load_explicit(&(word)->value, order)
#define store(word, number, order) atomic_store_explicit(&(word)->value, number, order)
#define swap(word, old, number, order)                                                             \
	atomic_compare_exchange_strong_explicit(&(word)->value, &(uint64_t){ old }, number, order, \
						memory_order_relaxed)

/* ---- items ---- */

static void give(uint64_t item)
{
	struct ledger *ledger = cf_ledger();

	ledger->state[item] = GIVEN;
}

static void got(uint64_t item)
{
	struct ledger *ledger = cf_ledger();

	if (item >= ITEMS || ledger->state[item] != GIVEN)
		cf_fail(CF_INVARIANT, "lockfree.items", "item %llu is taken again, or was none",
			(unsigned long long)item);
	ledger->state[item] = TAKEN;
}

static void check(void)
{
	struct ledger *ledger = cf_ledger();
	unsigned i;

	for (i = 0; i < ITEMS; i++)
		if (ledger->state[i] == GIVEN)
			cf_fail(CF_INVARIANT, "lockfree.items", "item %u is lost", i);
}

/* ---- bounded queue ---- */

static void enqueue(uint64_t item)
{
	struct shared *s = the();
	struct cell *cell;
	uint64_t at;

	do {
		at = load(&s->in, memory_order_relaxed);
		cell = &s->cell[at % CELLS];
	} while (load(&cell->sequence, memory_order_acquire) != at ||
		 !swap(&s->in, at, at + 1, memory_order_relaxed));
	cell->item = item;
	store(&cell->sequence, at + 1,
	      cf_variant() == MPMC ? memory_order_release : memory_order_relaxed);
}

static uint64_t dequeue(void)
{
	struct shared *s = the();
	struct cell *cell;
	uint64_t at, item;

	do {
		at = load(&s->out, memory_order_relaxed);
		cell = &s->cell[at % CELLS];
	} while (load(&cell->sequence, memory_order_acquire) != at + 1 ||
		 !swap(&s->out, at, at + 1, memory_order_relaxed));
	item = cell->item;
	store(&cell->sequence, at + CELLS, memory_order_release);
	return item;
}

/* Each puts one in and takes one out, maybe another one's. */
static void use_queue(unsigned index)
{
	int i;

	for (i = 0; i < cf_param(ROUNDS); i++) {
		uint64_t item = 1 + index + (uint64_t)i * MOST;

		give(item);
		enqueue(item);
		got(dequeue());
	}
}

/* ---- work-stealing deque ---- */

static void push(uint64_t item)
{
	struct shared *s = the();
	uint64_t bottom = load(&s->bottom, memory_order_relaxed);

	store(&s->slot[bottom % SLOTS], item, memory_order_relaxed);
	store(&s->bottom, bottom + 1, memory_order_release);
}

/* 0: there is none. */
static uint64_t pop(void)
{
	struct shared *s = the();
	uint64_t bottom = load(&s->bottom, memory_order_relaxed), top, item;

	if (bottom == 0)
		return 0;
	store(&s->bottom, --bottom, memory_order_relaxed);
	if (cf_variant() == DEQUE)
		atomic_thread_fence(memory_order_seq_cst);
	top = load(&s->top, memory_order_relaxed);
	item = top <= bottom ? load(&s->slot[bottom % SLOTS], memory_order_relaxed) : 0;
	if (top < bottom)
		return item;
	if (top == bottom && !swap(&s->top, top, top + 1, memory_order_seq_cst))
		item = 0; /* a thief has been quicker */
	store(&s->bottom, bottom + 1, memory_order_relaxed);
	return item;
}

static uint64_t steal(void)
{
	struct shared *s = the();
	uint64_t top = load(&s->top, memory_order_acquire), bottom, item;

	atomic_thread_fence(memory_order_seq_cst);
	bottom = load(&s->bottom, memory_order_acquire);
	if (top >= bottom)
		return 0;
	item = load(&s->slot[top % SLOTS], memory_order_relaxed);
	return swap(&s->top, top, top + 1, memory_order_seq_cst) ? item : 0;
}

static void own(void)
{
	uint64_t item;
	int i;

	for (i = 0; i <= cf_param(ROUNDS); i++) {
		give((uint64_t)i + 1);
		push((uint64_t)i + 1);
	}
	for (i = 0; i <= cf_param(ROUNDS); i++) {
		item = pop();
		if (item)
			got(item);
	}
}

static void use_deque(unsigned index)
{
	uint64_t item;
	int i;

	if (index == 0)
		return own();
	for (i = 0; i <= cf_param(ROUNDS); i++) {
		item = steal();
		if (item)
			got(item);
	}
}

/* ---- pairs ---- */

static void write_pair(struct pair *pair, uint64_t value)
{
	store(&pair->first, value, memory_order_relaxed);
	store(&pair->second, value, memory_order_relaxed);
}

static void judge(uint64_t first, uint64_t second)
{
	if (first != second)
		cf_fail(CF_INVARIANT, "lockfree.pair", "the pair is %llu, %llu",
			(unsigned long long)first, (unsigned long long)second);
}

/* ---- sequence lock ---- */

static void write_under_sequence(uint64_t value)
{
	struct shared *s = the();
	uint64_t sequence = load(&s->sequence, memory_order_relaxed);

	store(&s->sequence, sequence + 1, memory_order_relaxed);
	atomic_thread_fence(memory_order_release);
	write_pair(&s->pair, value);
	store(&s->sequence, sequence + 2, memory_order_release);
}

static void read_under_sequence(void)
{
	struct shared *s = the();
	uint64_t sequence, first, second;

	do {
		sequence = load(&s->sequence, memory_order_acquire);
		first = load(&s->pair.first, memory_order_relaxed);
		second = load(&s->pair.second, memory_order_relaxed);
		if (cf_variant() == SEQLOCK)
			atomic_thread_fence(memory_order_acquire);
	} while (sequence % 2 || load(&s->sequence, memory_order_relaxed) != sequence);
	judge(first, second);
}

static void use_sequence(unsigned index)
{
	int i;

	for (i = 1; i <= cf_param(ROUNDS); i++)
		if (index == 0)
			write_under_sequence((uint64_t)i);
		else
			read_under_sequence();
}

/* ---- versions ---- */

static void await_readers(void)
{
	unsigned i;

	atomic_thread_fence(memory_order_seq_cst);
	for (i = 1; i < MOST; i++)
		while (load(&the()->reads[i], memory_order_acquire))
			;
}

static void replace(uint64_t value)
{
	struct shared *s = the();
	uint64_t old = load(&s->current, memory_order_relaxed);

	write_pair(&s->version[!old], value);
	store(&s->current, !old, memory_order_release);
	if (cf_variant() == GRACE)
		await_readers();
	store(&s->version[old].first, UINT64_MAX, memory_order_relaxed); /* it is free */
}

static void look_up(unsigned index)
{
	struct shared *s = the();
	struct pair *version;
	uint64_t first, second;

	store(&s->reads[index], 1, memory_order_relaxed);
	atomic_thread_fence(memory_order_seq_cst);
	version = &s->version[load(&s->current, memory_order_acquire)];
	first = load(&version->first, memory_order_relaxed);
	second = load(&version->second, memory_order_relaxed);
	store(&s->reads[index], 0, memory_order_release);
	judge(first, second);
}

static void use_versions(unsigned index)
{
	int i;

	for (i = 1; i <= cf_param(ROUNDS); i++)
		if (index == 0)
			replace((uint64_t)i);
		else
			look_up(index);
}

/* ---- whoever uses them ---- */

static void (*const uses[])(unsigned index) = {
	[MPMC] = use_queue,
	[DEQUE] = use_deque,
	[SEQLOCK] = use_sequence,
	[GRACE] = use_versions,
	[MPMC_RELAXED] = use_queue,
	[DEQUE_UNFENCED] = use_deque,
	[SEQLOCK_UNFENCED] = use_sequence,
	[GRACE_SKIPPED] = use_versions,
};

static void worker(unsigned index)
{
	uses[cf_variant()](index);
}

static void init(void)
{
	unsigned i;

	for (i = 0; i < CELLS; i++)
		atomic_init(&the()->cell[i].sequence.value, i);
}

static const struct cf_role roles[] = {
	{ "worker", "workers", worker },
	{ 0 },
};

static const struct cf_param_spec params[] = {
	[WORKERS] = { "workers", 2, MOST, 2, "actors; the first one owns or writes" },
	[ROUNDS] = { "rounds", 1, 3, 1, "times that each does its part" },
	{ 0 },
};

static const struct cf_variant_spec variants[] = {
	[MPMC] = { "mpmc", "bounded queue for many on both sides", CF_SC, NULL },
	[DEQUE] = { "deque", "work-stealing deque", CF_SC, NULL },
	[SEQLOCK] = { "seqlock", "sequence lock", CF_SC, NULL },
	[GRACE] = { "grace", "versions, freed after a grace period", CF_SC, NULL },
	[MPMC_RELAXED] = { "mpmc-relaxed", "a cell is handed over without release", CF_WEAK,
			   "invariant in lockfree.items" },
	[DEQUE_UNFENCED] = { "deque-unfenced", "the owner's claim is stored late", CF_X86,
			     "invariant in lockfree.items" },
	[SEQLOCK_UNFENCED] = { "seqlock-unfenced", "the second look may come first", CF_WEAK,
			       "invariant in lockfree.pair" },
	[GRACE_SKIPPED] = { "grace-skipped", "freed while somebody may be reading", CF_SC,
			    "invariant in lockfree.pair" },
	{ 0 },
};

CRYOFUZZ_TARGET = {
	.abi = CF_TARGET_ABI,
	.name = "lockfree",
	.summary = "structures without locks: mpmc queue, Chase-Lev deque, seqlock, grace periods",
	.shared_size = sizeof(struct shared),
	.flags = CF_FIBERS,
	.roles = roles,
	.params = params,
	.variants = variants,
	.init = init,
	.check = check,
};
