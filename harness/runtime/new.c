/* SPDX-License-Identifier: Apache-2.0
 *
 * C++'s new and delete. Those of libstdc++ would take memory from where a run does not begin anew; so these are
 * the target's.
 */
#include <stdlib.h>

#include "calls.h"

#define WRAPPED __attribute__((visibility("hidden")))

void *__wrap_malloc(size_t size);
void *__wrap_aligned_alloc(size_t alignment, size_t size);
void __wrap_free(void *block);
_Noreturn void __wrap__ZSt9terminatev(void);

/* Nobody throws: a run in which there is no more memory ends there. */
static void *sure(void *block)
{
	if (block == NULL)
		__wrap__ZSt9terminatev();
	return block;
}

static size_t some(size_t size)
{
	return size > 0 ? size : 1;
}

#define UNUSED __attribute__((unused))

#define NEW(name, how, ...)                             \
	WRAPPED void *name(size_t size, ##__VA_ARGS__); \
	WRAPPED void *name(size_t size, ##__VA_ARGS__)  \
	{                                               \
		return how;                             \
	}
#define DELETE(name, ...)                              \
	WRAPPED void name(void *block, ##__VA_ARGS__); \
	WRAPPED void name(void *block, ##__VA_ARGS__)  \
	{                                              \
		__wrap_free(block);                    \
	}
#define ALIGNED size_t alignment
#define UNHEEDED UNUSED size_t alignment
#define NOTHROW UNUSED const void *nothrow
#define SIZED UNUSED size_t size

/* By the Itanium ABI, of one and of many: n a new, d a delete, w one, a many, m a size. */
NEW(_Znwm, sure(__wrap_malloc(some(size))))
NEW(_Znam, sure(__wrap_malloc(some(size))))
NEW(_ZnwmRKSt9nothrow_t, __wrap_malloc(some(size)), NOTHROW)
NEW(_ZnamRKSt9nothrow_t, __wrap_malloc(some(size)), NOTHROW)
NEW(_ZnwmSt11align_val_t, sure(__wrap_aligned_alloc(alignment, some(size))), ALIGNED)
NEW(_ZnamSt11align_val_t, sure(__wrap_aligned_alloc(alignment, some(size))), ALIGNED)
NEW(_ZnwmSt11align_val_tRKSt9nothrow_t, __wrap_aligned_alloc(alignment, some(size)), ALIGNED,
    NOTHROW)
NEW(_ZnamSt11align_val_tRKSt9nothrow_t, __wrap_aligned_alloc(alignment, some(size)), ALIGNED,
    NOTHROW)
DELETE(_ZdlPv)
DELETE(_ZdaPv)
DELETE(_ZdlPvm, SIZED)
DELETE(_ZdaPvm, SIZED)
DELETE(_ZdlPvRKSt9nothrow_t, NOTHROW)
DELETE(_ZdaPvRKSt9nothrow_t, NOTHROW)
DELETE(_ZdlPvSt11align_val_t, UNHEEDED)
DELETE(_ZdaPvSt11align_val_t, UNHEEDED)
DELETE(_ZdlPvmSt11align_val_t, SIZED, UNHEEDED)
DELETE(_ZdaPvmSt11align_val_t, SIZED, UNHEEDED)
