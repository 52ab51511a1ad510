/* SPDX-License-Identifier: Apache-2.0
 *
 * The same with a time-out: a semaphore's try_acquire_for and try_acquire_until.
 */
#pragma GCC system_header
#ifndef CRYOFUZZ_ATOMIC_TIMED_WAIT_H
#define CRYOFUZZ_ATOMIC_TIMED_WAIT_H

#include <bits/atomic_wait.h>

#define __atomic_wait_address_until_v __process_wait_address_until_v
#define __atomic_wait_address_until __process_wait_address_until
#define __atomic_wait_address_until_bare __process_wait_address_until_bare
#define __atomic_wait_address_for_v __process_wait_address_for_v
#define __atomic_wait_address_for __process_wait_address_for
#define __atomic_wait_address_for_bare __process_wait_address_for_bare
#include_next <bits/atomic_timed_wait.h>
#undef __atomic_wait_address_until_v
#undef __atomic_wait_address_until
#undef __atomic_wait_address_until_bare
#undef __atomic_wait_address_for_v
#undef __atomic_wait_address_for
#undef __atomic_wait_address_for_bare

#ifdef __cpp_lib_atomic_wait
namespace std
{
namespace __detail
{

template <typename _Clock, typename _Dur>
timespec __to_timespec(const chrono::time_point<_Clock, _Dur> &__atime) noexcept
{
	auto __time = __detail::__to_wait_clock(__atime).time_since_epoch();
	auto __seconds = chrono::floor<chrono::seconds>(__time);

	return { static_cast<time_t>(__seconds.count()),
		 static_cast<long>(chrono::nanoseconds(__time - __seconds).count()) };
}

template <typename _Rep, typename _Period>
auto __after(const chrono::duration<_Rep, _Period> &__rtime) noexcept
{
	return __wait_clock_t::now() + chrono::ceil<__wait_clock_t::duration>(__rtime);
}

} // namespace __detail

template <typename _Tp, typename _Pred, typename _Clock, typename _Dur>
bool __atomic_wait_address_until(const _Tp *__addr, _Pred __pred,
				 const chrono::time_point<_Clock, _Dur> &__atime) noexcept
{
	timespec __until = __detail::__to_timespec(__atime);

	return __detail::__wait_for_true(__addr, __pred, &__until);
}

template <typename _Tp, typename _Pred, typename _Rep, typename _Period>
bool __atomic_wait_address_for(const _Tp *__addr, _Pred __pred,
			       const chrono::duration<_Rep, _Period> &__rtime) noexcept
{
	return std::__atomic_wait_address_until(__addr, __pred, __detail::__after(__rtime));
}

template <typename _Tp, typename _Pred, typename _Clock, typename _Dur>
bool __atomic_wait_address_until_bare(const _Tp *__addr, _Pred __pred,
				      const chrono::time_point<_Clock, _Dur> &__atime) noexcept
{
	return std::__atomic_wait_address_until(__addr, __pred, __atime);
}

template <typename _Tp, typename _Pred, typename _Rep, typename _Period>
bool __atomic_wait_address_for_bare(const _Tp *__addr, _Pred __pred,
				    const chrono::duration<_Rep, _Period> &__rtime) noexcept
{
	return std::__atomic_wait_address_for(__addr, __pred, __rtime);
}

template <typename _Tp, typename _ValFn, typename _Clock, typename _Dur>
bool __atomic_wait_address_until_v(const _Tp *__addr, _Tp &&__old, _ValFn &&__vfn,
				   const chrono::time_point<_Clock, _Dur> &__atime) noexcept
{
	timespec __until = __detail::__to_timespec(__atime);

	return __detail::__wait_for_another(__addr, __old, __vfn, &__until);
}

template <typename _Tp, typename _ValFn, typename _Rep, typename _Period>
bool __atomic_wait_address_for_v(const _Tp *__addr, _Tp &&__old, _ValFn &&__vfn,
				 const chrono::duration<_Rep, _Period> &__rtime) noexcept
{
	return std::__atomic_wait_address_until_v(__addr, std::move(__old), __vfn,
						  __detail::__after(__rtime));
}

} // namespace std
#endif
#endif
