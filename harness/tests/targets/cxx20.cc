/* SPDX-License-Identifier: Apache-2.0
 *
 * cxx20 - an ordinary program with what C++20 has for threads: a main one and two others, each pair of
 * variants a good and a bad way of it, then what can't be had.
 */
#include <atomic>
#include <barrier>
#include <condition_variable>
#include <future>
#include <latch>
#include <memory>
#include <mutex>
#include <new>
#include <semaphore>
#include <shared_mutex>
#include <thread>

#include "cryofuzz.h"

namespace
{

using namespace std::chrono_literals;

enum { THREADS = 2 };

struct shared {
	alignas(8) std::atomic<int> turn;
	alignas(8) std::atomic<uint64_t> wide;
	alignas(8) std::atomic<bool> flag;
	alignas(8) std::latch done{ THREADS };
	alignas(8) std::latch one_more{ THREADS + 1 };
	alignas(64) std::barrier<> phase{ THREADS };
	alignas(64) std::barrier<> wrong_phase{ THREADS + 1 };
	alignas(8) std::counting_semaphore<4> free{ 1 }, none{ 0 };
	alignas(64) std::shared_mutex readers;
	alignas(8) uint64_t slot[THREADS];
	alignas(8) uint64_t sum;
	alignas(8) std::atomic<int *> number;
	alignas(16) unsigned char room[128];
};

shared *the()
{
	return static_cast<shared *>(cf_shared());
}

void expect(uint64_t value, uint64_t wanted, const char *what)
{
	if (value != wanted)
		cf_fail(CF_INVARIANT, "cxx20.sum", "%s: %llu, not %llu", what,
			static_cast<unsigned long long>(value),
			static_cast<unsigned long long>(wanted));
}

/* Two threads of that, and what main does meanwhile. */
template <typename Thread, typename Main> void with(Thread thread, Main main)
{
	std::jthread first(thread, 0), second(thread, 1);

	main();
}

void nothing()
{
}

/* ---- atomics that are waited for ---- */

void notifies()
{
	with(
		[](int i) {
			auto *s = the();

			s->turn.wait(0);
			s->wide.wait(0, std::memory_order_acquire);
			while (!s->flag)
				s->flag.wait(false);
			expect(s->slot[0], 7, "the slot");
			s->slot[1] = static_cast<uint64_t>(i);
		},
		[] {
			auto *s = the();

			s->slot[0] = 7;
			s->turn = 1;
			s->turn.notify_all();
			s->wide.store(1ull << 40, std::memory_order_release);
			s->wide.notify_all();
			s->flag = true;
			s->flag.notify_all();
		});
}

void notifies_one()
{
	with([](int) { the()->wide.wait(0); },
	     [] {
		     the()->wide = 1;
		     the()->wide.notify_one();
	     });
}

void notifies_before()
{
	with([](int) { the()->turn.wait(0); },
	     [] {
		     the()->turn.notify_all();
		     the()->turn = 1;
	     });
}

void waits_relaxed()
{
	with(
		[](int) {
			the()->turn.wait(0, std::memory_order_relaxed);
			expect(the()->slot[0], 7, "the slot");
		},
		[] {
			the()->slot[0] = 7;
			the()->turn.store(1, std::memory_order_release);
			the()->turn.notify_all();
		});
}

/* ---- latches, barriers, semaphores ---- */

void counts_down()
{
	with(
		[](int i) {
			the()->slot[i] = 1;
			the()->done.count_down();
		},
		[] {
			the()->done.wait();
			expect(the()->slot[0] + the()->slot[1], 2, "both");
		});
}

void counts_too_far()
{
	with([](int) { the()->one_more.arrive_and_wait(); }, nothing);
}

void counts_early()
{
	with(
		[](int i) {
			the()->done.count_down();
			the()->slot[i] = 1;
		},
		[] {
			the()->done.wait();
			expect(the()->slot[0] + the()->slot[1], 2, "both");
		});
}

void goes_in_phases()
{
	with(
		[](int i) {
			for (uint64_t round = 1; round <= 2; round++) {
				the()->slot[i] = round;
				the()->phase.arrive_and_wait();
				expect(the()->slot[1 - i], round, "the other's");
				the()->phase.arrive_and_wait();
			}
		},
		nothing);
}

void goes_ahead()
{
	with(
		[](int i) {
			for (uint64_t round = 1; round <= 2; round++) {
				the()->slot[i] = round;
				the()->phase.arrive_and_wait();
				expect(the()->slot[1 - i], round, "the other's");
			}
		},
		nothing);
}

void waits_for_a_third()
{
	with([](int) { the()->wrong_phase.arrive_and_wait(); }, nothing);
}

void takes_turns()
{
	with(
		[](int) {
			the()->free.acquire();
			the()->sum++;
			the()->free.release();
		},
		nothing);
	expect(the()->sum, THREADS, "turns");
}

void takes_none()
{
	with(
		[](int) {
			(void)the()->free.try_acquire();
			the()->sum++;
			the()->free.release();
		},
		nothing);
	expect(the()->sum, THREADS, "turns");
}

void times_out()
{
	auto *s = the();
	auto begin = std::chrono::steady_clock::now();

	expect(s->none.try_acquire(), false, "try_acquire");
	expect(s->none.try_acquire_for(5ms), false, "try_acquire_for");
	expect(std::chrono::steady_clock::now() - begin >= 5ms, true, "time has passed");
	expect(s->none.try_acquire_until(std::chrono::system_clock::now() + 1s), false, "until");
	s->none.release();
	expect(s->none.try_acquire_for(1h), true, "one");
	with([s](int) { s->none.release(); },
	     [s] {
		     expect(s->none.try_acquire_for(1h), true, "a thread's");
		     expect(s->none.try_acquire_for(1h), true, "another's");
	     });
}

void reads_and_writes()
{
	with(
		[](int i) {
			std::unique_lock lock(the()->readers);

			the()->slot[i]++;
			the()->sum++;
		},
		[] {
			std::shared_lock lock(the()->readers);

			expect(the()->slot[0] + the()->slot[1], the()->sum, "the sum");
		});
}

void writes_as_reader()
{
	with(
		[](int i) {
			std::shared_lock lock(the()->readers);

			the()->slot[i]++;
			the()->sum++;
		},
		[] {
			std::unique_lock lock(the()->readers);

			expect(the()->slot[0] + the()->slot[1], the()->sum, "the sum");
		});
	expect(the()->sum, THREADS, "all");
}

/* ---- what can't be had ---- */

void asks_async()
{
	expect(std::async(std::launch::deferred, [] { return 3; }).get(), 3, "deferred");
	std::async(std::launch::async, [] { return 3; }).get();
}

void waits_for_itself()
{
	std::promise<int> promise;

	promise.get_future().get();
}

void is_told_to_stop()
{
	std::jthread thread([](std::stop_token token) { (void)token.stop_requested(); });
}

void waits_elsewhere()
{
	std::atomic<int> own{ 0 };

	own.wait(0);
}

void hands_over()
{
	the()->number = new int(7);
	with([](int) { expect(static_cast<uint64_t>(*the()->number.load()), 7, "the number"); },
	     nothing);
}

/* What only its maker looks at may lie anywhere. */
void keeps_own()
{
	with([](int i) { the()->slot[i] = 1; },
	     [] {
		     the()->number = new (std::nothrow) int(7);
		     expect(static_cast<uint64_t>(*the()->number.load()), 7, "the number");
	     });
}

void passes_aligned()
{
	struct alignas(64) padded {
		int number = 7;
	};
	auto own = std::make_unique<padded>();

	expect(reinterpret_cast<uintptr_t>(own.get()) % alignof(padded), 0, "its alignment");
	std::jthread thread([padded = own.get()] { expect(padded->number == 7, true, "it"); });
}

/* clang-format off */
#define WAYS(WAY) \
	WAY("notifies", notifies, CF_SC, nullptr) \
	WAY("notifies-one", notifies_one, CF_SC, "deadlock in cxx20.main") \
	WAY("notifies-before", notifies_before, CF_SC, "deadlock in cxx20.main") \
	WAY("waits-relaxed", waits_relaxed, CF_WEAK, "invariant in cxx20.sum") \
	WAY("counts-down", counts_down, CF_SC, nullptr) \
	WAY("counts-too-far", counts_too_far, CF_SC, "deadlock in cxx20.main") \
	WAY("counts-early", counts_early, CF_SC, "invariant in cxx20.sum") \
	WAY("goes-in-phases", goes_in_phases, CF_SC, nullptr) \
	WAY("goes-ahead", goes_ahead, CF_SC, "invariant in cxx20.sum") \
	WAY("waits-for-a-third", waits_for_a_third, CF_SC, "deadlock in cxx20.main") \
	WAY("takes-turns", takes_turns, CF_SC, nullptr) \
	WAY("takes-none", takes_none, CF_SC, "invariant in cxx20.sum") \
	WAY("times-out", times_out, CF_SC, nullptr) \
	WAY("reads-and-writes", reads_and_writes, CF_SC, nullptr) \
	WAY("writes-as-reader", writes_as_reader, CF_SC, "invariant in cxx20.sum") \
	WAY("asks-async", asks_async, CF_SC, nullptr) \
	WAY("waits-for-itself", waits_for_itself, CF_SC, nullptr) \
	WAY("is-told-to-stop", is_told_to_stop, CF_SC, nullptr) \
	WAY("waits-elsewhere", waits_elsewhere, CF_SC, nullptr) \
	WAY("hands-over", hands_over, CF_SC, nullptr) \
	WAY("keeps-own", keeps_own, CF_SC, nullptr) \
	WAY("passes-aligned", passes_aligned, CF_SC, nullptr) \
	WAY("any-lock", nothing, CF_SC, nullptr)
/* clang-format on */

#define PLAYS(name, play, memory, expected) play,
void (*const ways[])() = { WAYS(PLAYS) };
#define VARIES(name, play, memory, expected) { name, #play, memory, expected, nullptr, 0 },
const cf_variant_spec variants[] = { WAYS(VARIES){} };

enum { ANY_LOCK = sizeof(ways) / sizeof(ways[0]) - 1 };

void play(unsigned)
{
	ways[cf_variant()]();
}

void init()
{
	static_assert(sizeof(std::condition_variable_any) <= sizeof(shared::room));
	new (cf_shared()) shared();
	if (cf_variant() == ANY_LOCK)
		new (the()->room) std::condition_variable_any(); /* it has a mutex elsewhere */
}

const cf_role roles[] = {
	{ "main", nullptr, play },
	{ "thread", "threads", cf_thread },
	{},
};

const cf_param_spec params[] = { { "threads", THREADS, THREADS, THREADS, "threads" }, {} };

constexpr cf_target describe()
{
	cf_target target{};

	target.abi = CF_TARGET_ABI;
	target.name = "cxx20";
	target.summary = "what C++20 has for threads";
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
