/* SPDX-License-Identifier: Apache-2.0
 *
 * gates - what C++20 has to wait for, between roles that are processes, and need none: a porter lets walkers
 * through a latch and a semaphore, who then meet at a barrier.
 */
#include <atomic>
#include <barrier>
#include <latch>
#include <new>
#include <semaphore>

#include "cryofuzz.h"

namespace
{

enum variant { OPENS, OPENS_EARLY, LETS_ONE };

enum { WALKERS = 2 };

struct shared {
	alignas(8) std::latch open{ 1 };
	alignas(8) std::counting_semaphore<WALKERS> room{ 0 };
	alignas(64) std::barrier<> met{ WALKERS };
	alignas(8) std::atomic<uint64_t> gone;
	alignas(8) uint64_t light;
	alignas(8) uint64_t walked[WALKERS];
};

shared *the()
{
	return static_cast<shared *>(cf_shared());
}

void keep(unsigned)
{
	auto *s = the();

	if (cf_variant() == OPENS_EARLY)
		s->open.count_down();
	s->light = 1;
	if (cf_variant() != OPENS_EARLY)
		s->open.count_down();
	s->room.release(cf_variant() == LETS_ONE ? 1 : WALKERS);
	for (uint64_t gone; (gone = s->gone) < WALKERS;)
		s->gone.wait(gone);
}

void walk(unsigned index)
{
	auto *s = the();

	s->open.wait();
	if (s->light != 1)
		cf_fail(CF_STALE_READ, "gates.walk", "walker%u sees no light", index);
	s->room.acquire();
	s->walked[index] = 1;
	s->met.arrive_and_wait();
	if (s->walked[1 - index] != 1)
		cf_fail(CF_INVARIANT, "gates.walk", "walker%u has met nobody", index);
	s->gone++;
	s->gone.notify_one();
}

void init()
{
	new (cf_shared()) shared();
}

const cf_role roles[] = {
	{ "porter", nullptr, keep },
	{ "walker", "walkers", walk },
	{},
};

const cf_param_spec params[] = { { "walkers", WALKERS, WALKERS, WALKERS, "actors" }, {} };

const cf_variant_spec variants[] = {
	{ "opens", "light first", CF_SC, nullptr, nullptr, 0 },
	{ "opens-early", "opens before there is light", CF_SC, "stale-read in gates.walk", nullptr,
	  0 },
	{ "lets-one", "lets one in, not both", CF_SC, "deadlock in gates.keep", nullptr, 0 },
	{},
};

constexpr cf_target describe()
{
	cf_target target{};

	target.abi = CF_TARGET_ABI;
	target.name = "gates";
	target.summary = "what C++20 has to wait for";
	target.shared_size = sizeof(shared);
	target.flags = CF_FIBERS;
	target.roles = roles;
	target.params = params;
	target.variants = variants;
	target.init = init;
	return target;
}

} // namespace

CRYOFUZZ_TARGET = describe();
