/* ---- mutexes, conditions and the like ----------------------------------------------------------
 *
 * They are libc's own, taken when it is this actor's turn; what would wait is tried again and again
 * instead, so it does not matter whether they were made for several processes. Conditions and
 * barriers are lists of who waits.
 */

RUN_BARE static int run_has_passed(const struct timespec *until)
{
	struct timespec now;

	if (!until)
		return 0;
	syscall(SYS_clock_gettime, CLOCK_REALTIME, &now);
	return now.tv_sec > until->tv_sec ||
	       (now.tv_sec == until->tv_sec && now.tv_nsec >= until->tv_nsec);
}

/* Tries until it has it; of one that had no time left in that run, says so. */
RUN_BARE static int run_get(int (*attempt)(void *), void *object, const struct timespec *until)
{
	const struct run_step *s = run_turn(RUN_OBJECT, (void *)object);
	int status = s && s->value == ETIMEDOUT ? ETIMEDOUT : attempt(object);

	for (; status == EBUSY || status == EAGAIN; status = attempt(object)) {
		if (!s && run_has_passed(until))
			return ETIMEDOUT;
		run_rest();
	}
	run_done(s);
	return status;
}

RUN_BARE static int run_do(int (*once)(void *), void *object)
{
	const struct run_step *s = run_turn(RUN_OBJECT, (void *)object);
	int status = once(object);

	run_done(s);
	return status;
}

#define RUN_ATTEMPT(name, type)                        \
	RUN_BARE static int run_##name(void *object)   \
	{                                              \
		return RUN_REAL(name)((type *)object); \
	}
#define RUN_GETS(name, attempt, type)                                \
	RUN_BARE int name(type *object)                              \
	{                                                            \
		return run_get(run_##attempt, (void *)object, NULL); \
	}
#define RUN_GETS_IN_TIME(name, attempt, type)                         \
	RUN_BARE int name(type *object, const struct timespec *until) \
	{                                                             \
		return run_get(run_##attempt, (void *)object, until); \
	}
#define RUN_DOES(name, type)                               \
	RUN_ATTEMPT(name, type)                            \
	RUN_BARE int name(type *object)                    \
	{                                                  \
		return run_do(run_##name, (void *)object); \
	}

RUN_DOES(pthread_mutex_unlock, pthread_mutex_t)
RUN_DOES(pthread_mutex_consistent, pthread_mutex_t)
RUN_DOES(pthread_mutex_trylock, pthread_mutex_t)
RUN_DOES(pthread_rwlock_unlock, pthread_rwlock_t)
RUN_DOES(pthread_rwlock_tryrdlock, pthread_rwlock_t)
RUN_DOES(pthread_rwlock_trywrlock, pthread_rwlock_t)
RUN_DOES(pthread_spin_trylock, pthread_spinlock_t)
RUN_DOES(pthread_spin_unlock, pthread_spinlock_t)
RUN_GETS(pthread_rwlock_rdlock, pthread_rwlock_tryrdlock, pthread_rwlock_t)
RUN_GETS(pthread_rwlock_wrlock, pthread_rwlock_trywrlock, pthread_rwlock_t)
RUN_GETS(pthread_spin_lock, pthread_spin_trylock, pthread_spinlock_t)
RUN_GETS_IN_TIME(pthread_rwlock_timedrdlock, pthread_rwlock_tryrdlock, pthread_rwlock_t)
RUN_GETS_IN_TIME(pthread_rwlock_timedwrlock, pthread_rwlock_trywrlock, pthread_rwlock_t)

/* Not trylock, which does not know of EDEADLK. */
RUN_BARE static int run_lock(void *mutex)
{
	static const struct timespec past = { 0, 0 };
	int status = RUN_REAL(pthread_mutex_timedlock)((pthread_mutex_t *)mutex, &past);

	return status == ETIMEDOUT ? EBUSY : status;
}

RUN_BARE int pthread_mutex_lock(pthread_mutex_t *mutex)
{
	return run_get(run_lock, mutex, NULL);
}

RUN_BARE int pthread_mutex_timedlock(pthread_mutex_t *mutex, const struct timespec *until)
{
	return run_get(run_lock, mutex, until);
}

/* ---- semaphores: errors by errno ---------------------------------------------------------------- */

RUN_BARE static int run_sem_trywait(void *semaphore)
{
	return RUN_REAL(sem_trywait)((sem_t *)semaphore) < 0 ? errno : 0;
}

RUN_BARE static int run_sem_post(void *semaphore)
{
	return RUN_REAL(sem_post)((sem_t *)semaphore) < 0 ? errno : 0;
}

RUN_BARE static int run_errno(int status)
{
	if (status)
		errno = status;
	return status ? -1 : 0;
}

RUN_BARE int sem_wait(sem_t *semaphore)
{
	return run_errno(run_get(run_sem_trywait, semaphore, NULL));
}

RUN_BARE int sem_timedwait(sem_t *semaphore, const struct timespec *until)
{
	return run_errno(run_get(run_sem_trywait, semaphore, until));
}

RUN_BARE int sem_trywait(sem_t *semaphore)
{
	return run_errno(run_do(run_sem_trywait, semaphore));
}

RUN_BARE int sem_post(sem_t *semaphore)
{
	return run_errno(run_do(run_sem_post, semaphore));
}

/* ---- conditions --------------------------------------------------------------------------------- */

RUN_BARE static unsigned run_woken(void)
{
	return __atomic_load_n(&run_control->sleeper[run_me].woken, __ATOMIC_ACQUIRE);
}

RUN_BARE static int run_sleep(const struct timespec *until)
{
	for (; !run_woken(); run_rest())
		if (run_has_passed(until))
			return ETIMEDOUT;
	return 0;
}

RUN_BARE static void run_lie_down(const void *at)
{
	run_control->sleeper[run_me].woken = 0;
	run_control->sleeper[run_me].since =
		__atomic_fetch_add(&run_control->sleeps, 1, __ATOMIC_SEQ_CST);
	__atomic_store_n(&run_control->sleeper[run_me].at, at, __ATOMIC_SEQ_CST);
}

/* Two steps: it lets go of the mutex, and has it again. */
RUN_BARE static int run_await(pthread_cond_t *cond, pthread_mutex_t *mutex,
			      const struct timespec *until)
{
	const struct run_step *s = run_turn(RUN_OBJECT, cond);
	int status, taken;

	run_lie_down(cond);
	RUN_REAL(pthread_mutex_unlock)(mutex);
	run_done(s);
	s = run_turn(RUN_OBJECT, cond);
	status = s ? (int)s->value : run_sleep(until);
	__atomic_store_n(&run_control->sleeper[run_me].at, NULL, __ATOMIC_SEQ_CST);
	while ((taken = run_lock(mutex)) == EBUSY)
		run_rest();
	run_done(s);
	return taken ? taken : status;
}

RUN_BARE int pthread_cond_wait(pthread_cond_t *cond, pthread_mutex_t *mutex)
{
	return run_await(cond, mutex, NULL);
}

RUN_BARE int pthread_cond_timedwait(pthread_cond_t *cond, pthread_mutex_t *mutex,
				    const struct timespec *until)
{
	return run_await(cond, mutex, until);
}

/* The one that has waited longest. */
RUN_BARE static int run_first_sleeper(const void *at)
{
	int first = -1;

	for (int i = 0; i < CF_MAX_ACTORS; i++)
		if (__atomic_load_n(&run_control->sleeper[i].at, __ATOMIC_SEQ_CST) == at &&
		    !run_control->sleeper[i].woken &&
		    (first < 0 ||
		     run_control->sleeper[i].since < run_control->sleeper[first].since))
			first = i;
	return first;
}

RUN_BARE static int run_wake(pthread_cond_t *cond, int most)
{
	const struct run_step *s = run_turn(RUN_OBJECT, cond);
	int who;

	for (; most > 0 && (who = run_first_sleeper(cond)) >= 0; most--)
		__atomic_store_n(&run_control->sleeper[who].woken, 1, __ATOMIC_RELEASE);
	run_done(s);
	return 0;
}

RUN_BARE int pthread_cond_signal(pthread_cond_t *cond)
{
	return run_wake(cond, 1);
}

RUN_BARE int pthread_cond_broadcast(pthread_cond_t *cond)
{
	return run_wake(cond, CF_MAX_ACTORS);
}

/* ---- barriers ----------------------------------------------------------------------------------- */

RUN_BARE static unsigned run_barrier(const void *at)
{
	unsigned i = 0;

	while (i < RUN_BARRIERS - 1 && run_control->barrier[i].at &&
	       run_control->barrier[i].at != at)
		i++;
	run_control->barrier[i].at = at;
	return i;
}

RUN_BARE int pthread_barrier_init(pthread_barrier_t *barrier, const pthread_barrierattr_t *as,
				  unsigned count)
{
	(void)as;
	run_control->barrier[run_barrier(barrier)].limit = count;
	return count ? 0 : EINVAL;
}

/* Two steps: it comes, and goes on. */
RUN_BARE int pthread_barrier_wait(pthread_barrier_t *barrier)
{
	const struct run_step *s = run_turn(RUN_OBJECT, barrier);
	unsigned i = run_barrier(barrier);
	unsigned round = __atomic_load_n(&run_control->barrier[i].round, __ATOMIC_SEQ_CST);
	int last = __atomic_add_fetch(&run_control->barrier[i].there, 1, __ATOMIC_SEQ_CST) ==
		   run_control->barrier[i].limit;

	if (last) {
		run_control->barrier[i].there = 0;
		__atomic_fetch_add(&run_control->barrier[i].round, 1, __ATOMIC_SEQ_CST);
	}
	run_done(s);
	s = run_turn(RUN_OBJECT, barrier);
	while (__atomic_load_n(&run_control->barrier[i].round, __ATOMIC_SEQ_CST) == round)
		run_rest();
	run_done(s);
	return last ? PTHREAD_BARRIER_SERIAL_THREAD : 0;
}
