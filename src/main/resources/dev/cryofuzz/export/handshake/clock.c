/* ---- time: that of the run ------------------------------------------------------------------------- */
#include <sys/time.h>

enum { RUN_EPOCH = 1700000000, RUN_SECOND = 1000000000 };

/* Others may come before its end, and signals, one of which ends it: then it says so. */
RUN_BARE static int run_pause(enum run_op op)
{
	unsigned heard = run_heard;
	const struct run_step *s = run_call(op);

	run_done(s);
	if (s && (long long)s->value < 0)
		return 1;
	if (s && s->value)
		run_arrive();
	if (!s)
		run_rest();
	return run_heard != heard;
}

RUN_BARE int sched_yield(void)
{
	if (run_me >= 0)
		run_pause(RUN_YIELD);
	return 0;
}

RUN_BARE int nanosleep(const struct timespec *time, struct timespec *left)
{
	if (run_me < 0)
		return (int)syscall(SYS_nanosleep, time, left);
	if (!run_pause(RUN_SLEEP))
		return 0;
	if (left)
		*left = *time;
	errno = EINTR;
	return -1;
}

RUN_BARE unsigned sleep(unsigned seconds)
{
	const struct timespec time = { (time_t)seconds, 0 };

	return nanosleep(&time, NULL) ? seconds : 0;
}

RUN_BARE int usleep(useconds_t microseconds)
{
	const struct timespec time = { microseconds / 1000000, microseconds % 1000000 * 1000 };

	return nanosleep(&time, NULL);
}

RUN_BARE static unsigned long long run_time(void)
{
	const struct run_step *s = run_call(RUN_TIME);

	run_done(s);
	return s ? s->value : 0;
}

RUN_BARE int clock_gettime(clockid_t clock, struct timespec *time)
{
	unsigned long long now;

	if (run_me < 0)
		return (int)syscall(SYS_clock_gettime, clock, time);
	now = run_time();
	time->tv_sec = (time_t)(RUN_EPOCH + now / RUN_SECOND);
	time->tv_nsec = (long)(now % RUN_SECOND);
	return 0;
}

RUN_BARE time_t time(time_t *out)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	if (out)
		*out = now.tv_sec;
	return now.tv_sec;
}

/* It rings where it did; what was left of the one before is nobody's step. */
RUN_BARE unsigned alarm(unsigned seconds)
{
	(void)seconds;
	run_done(run_call(RUN_ALARM));
	return 0;
}

RUN_BARE int setitimer(__itimer_which_t which, const struct itimerval *value, struct itimerval *old)
{
	if (which != ITIMER_REAL)
		return (int)syscall(SYS_setitimer, which, value, old);
	run_done(run_call(RUN_ALARM));
	if (old)
		memset(old, 0, sizeof(*old));
	return 0;
}

RUN_BARE int getitimer(__itimer_which_t which, struct itimerval *value)
{
	const struct run_step *s;

	if (which != ITIMER_REAL)
		return (int)syscall(SYS_getitimer, which, value);
	s = run_call(RUN_ALARM);
	run_done(s);
	memset(value, 0, sizeof(*value));
	value->it_value.tv_sec = s ? (time_t)(s->value / RUN_SECOND) : 0;
	value->it_value.tv_usec = s ? (suseconds_t)(s->value % RUN_SECOND / 1000) : 0;
	return 0;
}
