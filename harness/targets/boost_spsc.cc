/* SPDX-License-Identifier: Apache-2.0
 *
 * boost-spsc - boost::lockfree::spsc_queue as Debian ships it, placed in the shared segment between
 * a producer and a consumer in two processes. Nobody here wrote it: the header is compiled
 * unchanged with our hooks. With the default parameters the queue fills up and wraps.
 *
 * Oracle: the consumer pops exactly the values that were pushed, in order; anything else is a read
 * of what a slot held before.
 *
 * boost    as shipped, clean under every model
 * relaxed  the same header, read again with acquire and release spelled relaxed: the index may be
 *          seen before the value
 */
#define BOOST_LOCKFREE_FORCE_STD_ATOMIC
#include <boost/config.hpp>
#undef BOOST_HAS_PRAGMA_ONCE /* or the second reading would be none */
#include <boost/lockfree/spsc_queue.hpp>

/* The header once more, in a namespace of its own. All that it includes is there already, so only
 * the queue itself is read again. */
namespace boost
{
namespace relaxed
{
using namespace lockfree;
namespace detail
{
using namespace lockfree::detail;
}
} // namespace relaxed
} // namespace boost

#undef BOOST_LOCKFREE_SPSC_QUEUE_HPP_INCLUDED
#define lockfree relaxed
#define memory_order_acquire memory_order_relaxed
#define memory_order_release memory_order_relaxed
#include <boost/lockfree/spsc_queue.hpp>
#undef memory_order_release
#undef memory_order_acquire
#undef lockfree

#include <new>
#include <type_traits>

#include "cryofuzz.h"

namespace
{

enum { MESSAGES };
enum { BOOST, RELAXED };

constexpr unsigned CAPACITY = 2;

using shipped = boost::lockfree::spsc_queue<uint64_t, boost::lockfree::capacity<CAPACITY>>;
using relaxed = boost::relaxed::spsc_queue<uint64_t, boost::lockfree::capacity<CAPACITY>>;
static_assert(!std::is_same<shipped, relaxed>::value, "the header was read once only");

union segment {
	shipped as_shipped;
	relaxed as_relaxed;
	segment() = delete;
	~segment() = delete;
};

segment *the_segment()
{
	return static_cast<segment *>(cf_shared());
}

uint64_t value_of(unsigned message)
{
	return 0x7661000000000001ull + message;
}

bool push(uint64_t value)
{
	if (cf_variant() == RELAXED)
		return the_segment()->as_relaxed.push(value);
	return the_segment()->as_shipped.push(value);
}

bool pop(uint64_t &value)
{
	if (cf_variant() == RELAXED)
		return the_segment()->as_relaxed.pop(value);
	return the_segment()->as_shipped.pop(value);
}

unsigned messages()
{
	return static_cast<unsigned>(cf_param(MESSAGES));
}

void consumer(unsigned)
{
	for (unsigned i = 0; i < messages(); i++) {
		uint64_t value;

		while (!pop(value))
			;
		if (value != value_of(i))
			cf_fail(CF_STALE_READ, "boost-spsc.pop", "value %u is %#llx", i,
				static_cast<unsigned long long>(value));
	}
}

void producer(unsigned)
{
	for (unsigned i = 0; i < messages(); i++)
		while (!push(value_of(i)))
			;
}

void init()
{
	if (cf_variant() == RELAXED)
		new (&the_segment()->as_relaxed) relaxed();
	else
		new (&the_segment()->as_shipped) shipped();
}

const cf_role roles[] = {
	{ "consumer", nullptr, consumer },
	{ "producer", nullptr, producer },
	{},
};

const cf_param_spec params[] = {
	{ "messages", 1, 16, 4, "values that go through the queue" },
	{},
};

const cf_variant_spec variants[] = {
	{ "boost", "as shipped", CF_SC, nullptr },
	{ "relaxed", "every order relaxed", CF_WEAK, "stale-read in boost-spsc.pop" },
	{},
};

} // namespace

CRYOFUZZ_TARGET = {
	.abi = CF_TARGET_ABI,
	.name = "boost-spsc",
	.summary = "boost::lockfree::spsc_queue between two processes",
	.shared_size = sizeof(segment),
	.flags = CF_FIBERS,
	.roles = roles,
	.params = params,
	.variants = variants,
	.fields = nullptr,
	.channels = nullptr,
	.init = init,
	.check = nullptr,
	.unsupported = nullptr,
};
