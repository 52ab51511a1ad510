/* SPDX-License-Identifier: Apache-2.0
 *
 * cxx - an ordinary program with the threads of C++: threads put numbers into a slot, main takes them out
 * and adds up. The variants do one thing otherwise.
 */
#include <condition_variable>
#include <mutex>
#include <new>
#include <shared_mutex>
#include <thread>

#include "cryofuzz.h"

namespace
{

enum variant {
	WORKS,
	UNLOCKED_LOOK,
	LOCKED_CROSSWISE,
	NOT_JOINED,
	BY_REFERENCE,
	JOINED_TWICE,
	TIMED,
};

enum { THREADS = 2 };

struct shared {
	std::mutex mutex, other;
	std::shared_mutex readers;
	std::condition_variable full, empty;
	std::once_flag once;
	alignas(8) uint64_t slot; /* 0: it is empty */
	uint64_t sum, begun;
};

shared *the()
{
	return static_cast<shared *>(cf_shared());
}

void expect(uint64_t value, uint64_t wanted, const char *what)
{
	if (value != wanted)
		cf_fail(CF_INVARIANT, "cxx.sum", "%s: %llu, not %llu", what,
			static_cast<unsigned long long>(value),
			static_cast<unsigned long long>(wanted));
}

void put(shared *s, uint64_t number)
{
	std::unique_lock<std::mutex> lock(s->mutex);

	s->empty.wait(lock, [s] { return s->slot == 0; });
	s->slot = number;
	s->full.notify_one();
}

uint64_t take(shared *s)
{
	std::unique_lock<std::mutex> lock(s->mutex, std::defer_lock);
	uint64_t number;

	if (cf_variant() == UNLOCKED_LOOK) {
		bool full = *const_cast<volatile uint64_t *>(&s->slot) != 0;

		lock.lock();
		if (!full)
			s->full.wait(lock);
	} else {
		lock.lock();
		s->full.wait(lock, [s] { return s->slot != 0; });
	}
	number = s->slot;
	s->slot = 0;
	s->empty.notify_all();
	return number;
}

void work(shared *s, uint64_t number)
{
	std::call_once(s->once, [s] { s->begun++; });
	if (cf_variant() == LOCKED_CROSSWISE) {
		std::lock_guard<std::mutex> one(s->other), two(s->mutex);

		s->begun += 0;
	}
	{
		std::unique_lock<std::shared_mutex> lock(s->readers);

		s->sum += 10;
	}
	put(s, number);
}

void wait_so_long(shared *s)
{
	std::unique_lock<std::mutex> lock(s->mutex);

	expect(s->full.wait_for(lock, std::chrono::milliseconds(5)) == std::cv_status::timeout, 1,
	       "timeout");
	std::this_thread::sleep_for(std::chrono::microseconds(3));
	std::this_thread::yield();
	expect(std::thread::hardware_concurrency(), 1 + THREADS, "actors");
}

void play(unsigned)
{
	shared *s = the();
	uint64_t on_stack = 1;

	if (cf_variant() == TIMED)
		wait_so_long(s);
	std::thread one(work, s, 1), two;
	if (cf_variant() == BY_REFERENCE)
		two = std::thread([&] { put(s, on_stack); });
	else
		two = std::thread([s] { work(s, 2); });
	if (cf_variant() == NOT_JOINED)
		return;
	if (cf_variant() == LOCKED_CROSSWISE) {
		std::lock_guard<std::mutex> lock(s->mutex), second(s->other);

		s->begun += 0;
	}
	for (int i = 0; i < THREADS; i++) {
		uint64_t number = take(s);
		std::unique_lock<std::shared_mutex> lock(s->readers);

		s->sum += number;
	}
	one.join();
	two.join();
	if (cf_variant() == JOINED_TWICE)
		two.join();
	std::shared_lock<std::shared_mutex> lock(s->readers);
	expect(s->sum, 10 * THREADS + 1 + 2, "the sum");
	expect(s->begun, 1, "begun");
}

void init()
{
	new (cf_shared()) shared();
}

const cf_role roles[] = {
	{ "main", nullptr, play },
	{ "thread", "threads", cf_thread },
	{},
};

const cf_param_spec params[] = { { "threads", THREADS, THREADS, THREADS, "threads" }, {} };

const cf_variant_spec variants[] = {
	{ "works", "as it should be", CF_SC, nullptr },
	{ "unlocked-look", "looks before it has the mutex, then waits", CF_SC,
	  "deadlock in cxx.main" },
	{ "locked-crosswise", "two mutexes in two orders", CF_SC, "deadlock in cxx.main" },
	{ "not-joined", "leaves while a thread is joinable", CF_SC, nullptr },
	{ "by-reference", "a thread refers to its creator's stack", CF_SC, nullptr },
	{ "joined-twice", "waits for one again", CF_SC, nullptr },
	{ "timed", "waits for so long, sleeps and yields", CF_SC, nullptr },
	{},
};

} // namespace

CRYOFUZZ_TARGET = {
	.abi = CF_TARGET_ABI,
	.name = "cxx",
	.summary = "threads of C++",
	.shared_size = sizeof(shared),
	.flags = CF_FIBERS,
	.roles = roles,
	.params = params,
	.variants = variants,
	.init = init,
};
