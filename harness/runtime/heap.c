/* SPDX-License-Identifier: Apache-2.0
 *
 * The heap of an actor: an arena that is empty again before every run, so that the addresses and
 * contents of one run do not depend on the runs before it.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "rt.h"

enum { ALIGNMENT = 16 };

void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *old, size_t size);
void *__real_aligned_alloc(size_t alignment, size_t size);
void __real_free(void *block);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *old, size_t size);
void *__wrap_aligned_alloc(size_t alignment, size_t size);
int __wrap_posix_memalign(void **block, size_t alignment, size_t size);
void __wrap_free(void *block);

/* Before each block, so that realloc knows what to copy. */
struct block {
	size_t size;
	size_t pad;
};

static RT_KEPT char *arena;
static RT_KEPT size_t used;

static bool from_arena(const void *block)
{
	return arena != NULL && (const char *)block >= arena &&
	       (const char *)block < arena + RT_HEAP_SIZE;
}

bool rt_is_on_heap(const void *address)
{
	return from_arena(address);
}

size_t rt_heap_size(const void *block)
{
	return ((const struct block *)block - 1)->size;
}

static bool own_heap(void)
{
	return rt.running && !(rt.target->flags & CF_KEEPS_DATA);
}

/* What init() allocates is the executor's, and no actor's: it looks for references to that. */
static void *noted(void *block, size_t size)
{
	if (block != NULL && !rt.running && rt.nowned < RT_OWNED)
		rt.owned[rt.nowned++] = (struct rt_block){ (uintptr_t)block, size };
	return block;
}

void rt_reset_heap(void)
{
	if (arena == NULL) {
		arena = mmap((void *)RT_HEAP_ADDRESS, RT_HEAP_SIZE, PROT_READ | PROT_WRITE,
			     MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED_NOREPLACE, -1,
			     0);
		if (arena == MAP_FAILED)
			abort();
	}
	memset(arena, 0, used);
	used = 0;
}

static size_t up_to(size_t size, size_t alignment)
{
	return (size + alignment - 1) & ~(alignment - 1);
}

static void *take(size_t size, size_t alignment, const char *function)
{
	size_t begin;
	struct block *block;

	if (rt.fibers)
		rt_needs_process(function);
	begin = up_to(used + sizeof(*block), alignment);
	if (size > RT_HEAP_SIZE || alignment > RT_HEAP_SIZE ||
	    begin + up_to(size, ALIGNMENT) > RT_HEAP_SIZE) {
		errno = ENOMEM;
		return NULL;
	}
	rt.shared->heap_used = 1;
	used = begin + up_to(size, ALIGNMENT);
	block = (struct block *)(arena + begin) - 1;
	block->size = size;
	return block + 1;
}

void *__wrap_malloc(size_t size)
{
	return own_heap() ? take(size, ALIGNMENT, __func__) : noted(__real_malloc(size), size);
}

static bool is_alignment(size_t alignment)
{
	return alignment > 0 && (alignment & (alignment - 1)) == 0;
}

void *__wrap_aligned_alloc(size_t alignment, size_t size)
{
	if (!own_heap() || !is_alignment(alignment))
		return noted(__real_aligned_alloc(alignment, size), size);
	return take(size, alignment > ALIGNMENT ? alignment : ALIGNMENT, __func__);
}

int __wrap_posix_memalign(void **block, size_t alignment, size_t size)
{
	if (!is_alignment(alignment) || alignment % sizeof(void *) != 0)
		return EINVAL;
	*block = __wrap_aligned_alloc(alignment, size);
	return *block != NULL ? 0 : ENOMEM;
}

void *__wrap_calloc(size_t count, size_t size)
{
	size_t total;

	if (!own_heap())
		return noted(__real_calloc(count, size), count * size);
	if (__builtin_mul_overflow(count, size, &total)) {
		errno = ENOMEM;
		return NULL;
	}
	return __wrap_malloc(total); /* never handed out before in this run: still zero */
}

void *__wrap_realloc(void *old, size_t size)
{
	size_t before;
	void *block;

	if (rt.fibers)
		rt_needs_process(__func__);
	if (!from_arena(old) && !(old == NULL && own_heap()))
		return noted(__real_realloc(old, size), size);
	block = __wrap_malloc(size);
	if (block == NULL || old == NULL)
		return block;
	before = ((struct block *)old - 1)->size;
	return memcpy(block, old, before < size ? before : size);
}

void __wrap_free(void *block)
{
	if (rt.fibers && block != NULL)
		rt_needs_process(__func__);
	if (!from_arena(block))
		__real_free(block);
}
