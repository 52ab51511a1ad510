/*
 * @NAME@ - a writer hands messages over to a reader through one slot in shared memory.
 *
 *   ./cryofuzz cc @NAME@.cc -o @NAME@.so
 *   ./cryofuzz fuzz --target ./@NAME@.so --variant relaxed --time 10s
 *
 * Replace this protocol by yours. Code of a target is ordinary C++: plain, volatile and atomic
 * accesses, recv, send, poll, nanosleep, futex… What each declaration means is in cryofuzz.h.
 */
#include <atomic>

#include "cryofuzz.h"

namespace
{

/* Indexes in the lists below. */
enum { MESSAGES };
enum { RELEASE, RELAXED };

/* The shared segment; it begins as zeroes. The memory models reorder words of 8 bytes: give each
 * variable its own. */
struct shared {
	alignas(8) std::atomic<int> full; /* the slot holds a message that nobody has read */
	alignas(8) int slot;
};

/* What only the oracle sees: outside of the segment, out of every memory model's reach. */
struct ledger {
	int read;
};

/* ---- the roles, a process each ------------------------------------------------------------- */

void writer(unsigned)
{
	auto *s = static_cast<shared *>(cf_shared());
	/* The planted bug: nothing keeps the message before the flag. */
	auto order =
		cf_variant() == RELAXED ? std::memory_order_relaxed : std::memory_order_release;

	for (int i = 1; i <= cf_param(MESSAGES); i++) {
		while (s->full.load(std::memory_order_acquire))
			; /* a spin is one point, however often it turns */
		s->slot = i;
		s->full.store(1, order);
	}
}

void reader(unsigned)
{
	auto *s = static_cast<shared *>(cf_shared());
	auto *seen = static_cast<ledger *>(cf_ledger());

	for (int i = 1; i <= cf_param(MESSAGES); i++) {
		while (!s->full.load(std::memory_order_acquire))
			;
		/* The oracle: an invariant, checked where it is known. It never asks for the variant. */
		if (s->slot != i)
			cf_fail(CF_STALE_READ, "@NAME@.read", "message %d has the value %d", i,
				s->slot);
		seen->read++;
		s->full.store(0, std::memory_order_release);
	}
}

/* After all roles have ended by themselves: what must be so at the end. */
void check()
{
	auto *seen = static_cast<ledger *>(cf_ledger());

	if (seen->read != cf_param(MESSAGES))
		cf_fail(CF_LOST_MESSAGE, "@NAME@.end", "%d of %d messages were read", seen->read,
			cf_param(MESSAGES));
}

/* ---- what the target says of itself; each list ends with an empty entry -------------------- */

const cf_role roles[] = {
	{ "writer", nullptr, writer },
	{ "reader", nullptr, reader },
	{},
};

const cf_param_spec params[] = {
	/* name, from, to, default */
	{ "messages", 1, 8, 2, "how many are handed over" },
	{},
};

/* The first is good and must never fail. Each other one has one bug, and names the title that it must
 * cause and the strongest memory model under which it does. */
const cf_variant_spec variants[] = {
	{ "release", "the flag is stored with release", CF_SC, nullptr, nullptr, 0 },
	{ "relaxed", "the flag is stored relaxed", CF_WEAK, "stale-read in @NAME@.read", nullptr,
	  0 },
	{},
};

constexpr cf_target describe()
{
	cf_target target{};

	target.abi = CF_TARGET_ABI;
	target.name = "@NAME@";
	target.summary = "one slot from a writer to a reader";
	target.shared_size = sizeof(shared);
	target.flags = CF_FIBERS; /* its roles need no process of their own: many times faster */
	target.roles = roles;
	target.params = params;
	target.variants = variants;
	target.check = check;
	return target;
}

} // namespace

CRYOFUZZ_TARGET = describe();
