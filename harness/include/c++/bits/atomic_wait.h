/* SPDX-License-Identifier: Apache-2.0
 *
 * Waits of C++20's atomics, and of the latches, barriers and semaphores that are made of them, for targets.
 * libstdc++ counts in static data who waits, and if it is no int in which turn; actors are processes, each
 * with such data of its own, and would never wake each other. So whoever waits does so at the atomic itself, of
 * whatever size; the predicates, orders and spurious wake-ups of the standard are as they were.
 */
#pragma GCC system_header
#ifndef CRYOFUZZ_ATOMIC_WAIT_H
#define CRYOFUZZ_ATOMIC_WAIT_H

#include <bits/c++config.h>

#if _GLIBCXX_RELEASE > 14
#error "cryofuzz knows the waits of libstdc++ up to release 14: build with that, or without <atomic>'s waits"
#endif

#define __atomic_wait_address_v __process_wait_address_v
#define __atomic_wait_address __process_wait_address
#define __atomic_wait_address_bare __process_wait_address_bare
#define __atomic_notify_address __process_notify_address
#define __atomic_notify_address_bare __process_notify_address_bare
#define __atomic_spin __process_spin
#include_next <bits/atomic_wait.h>
#undef __atomic_wait_address_v
#undef __atomic_wait_address
#undef __atomic_wait_address_bare
#undef __atomic_notify_address
#undef __atomic_notify_address_bare
#undef __atomic_spin

#ifdef __cpp_lib_atomic_wait
#include "cryofuzz_wait.h"

namespace std
{
namespace __detail
{

/* Whoever only tries does so once. */
template <typename _Pred> bool __atomic_spin(_Pred &__pred) noexcept
{
	return __pred();
}

/* False: it is too late. */
template <typename _Tp>
bool __wait_while(const _Tp *__addr, const _Tp &__old, const timespec *__until) noexcept
{
	return cf_wait_while(__addr, &__old, sizeof(_Tp), __until) != -ETIMEDOUT;
}

template <typename _Tp, typename _ValFn>
bool __wait_for_another(const _Tp *__addr, const _Tp &__old, _ValFn &__vfn,
			const timespec *__until) noexcept
{
	bool __in_time = true;

	while (__detail::__atomic_compare(__old, __vfn())) {
		if (!__in_time)
			return false;
		__in_time = __detail::__wait_while(__addr, __old, __until);
	}
	return true;
}

template <typename _Tp, typename _Pred>
bool __wait_for_true(const _Tp *__addr, _Pred &__pred, const timespec *__until) noexcept
{
	bool __in_time = true;

	for (;;) {
		_Tp __seen;

		__atomic_load(__addr, &__seen, __ATOMIC_ACQUIRE);
		if (__pred())
			return true;
		if (!__in_time)
			return false;
		__in_time = __detail::__wait_while(__addr, __seen, __until);
	}
}

} // namespace __detail

template <typename _Tp, typename _ValFn>
void __atomic_wait_address_v(const _Tp *__addr, _Tp __old, _ValFn __vfn) noexcept
{
	__detail::__wait_for_another(__addr, __old, __vfn, nullptr);
}

template <typename _Tp, typename _Pred>
void __atomic_wait_address(const _Tp *__addr, _Pred __pred) noexcept
{
	__detail::__wait_for_true(__addr, __pred, nullptr);
}

template <typename _Tp, typename _Pred>
void __atomic_wait_address_bare(const _Tp *__addr, _Pred __pred) noexcept
{
	__detail::__wait_for_true(__addr, __pred, nullptr);
}

template <typename _Tp> void __atomic_notify_address(const _Tp *__addr, bool __all) noexcept
{
	cf_wake(__addr, __all);
}

template <typename _Tp> void __atomic_notify_address_bare(const _Tp *__addr, bool __all) noexcept
{
	cf_wake(__addr, __all);
}

} // namespace std
#endif
#endif
