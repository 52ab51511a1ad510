/* ---- signals and children ------------------------------------------------------------------------
 *
 * They are real, and what tells of them is asked for real when it is this actor's turn. Until then all
 * signals are blocked, so that a handler runs where it ran in that run. Time is that run's: alarms ring
 * and sleeps end where they did.
 */
#include <sys/prctl.h>

enum { RUN_FIRST_PID = 1 << 22 };

static unsigned run_heard; /* signals that this actor has handled so far */

RUN_BARE static void run_deafen(sigset_t *own)
{
	static const int of_instructions[] = { SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGTRAP };
	sigset_t all;

	sigfillset(&all);
	for (unsigned i = 0; i < sizeof(of_instructions) / sizeof(of_instructions[0]); i++)
		sigdelset(&all, of_instructions[i]);
	sigprocmask(SIG_BLOCK, &all, own);
}

RUN_BARE static void run_listen(const sigset_t *own)
{
	sigprocmask(SIG_SETMASK, own, NULL);
}

RUN_BARE static int run_is_handled(int signo)
{
	struct sigaction action;

	return sigaction(signo, NULL, &action) == 0 && action.sa_handler != SIG_DFL &&
	       action.sa_handler != SIG_IGN;
}

/* What has come and is not in the mask; true if that was anything. */
RUN_BARE static int run_hears(const sigset_t *mask)
{
	sigset_t pending, deaf;
	int any = 0;

	sigpending(&pending);
	for (int signo = 1; signo < NSIG; signo++)
		if (sigismember(&pending, signo) == 1 && sigismember(mask, signo) == 0) {
			any = 1;
			run_heard += (unsigned)run_is_handled(signo);
		}
	if (!any)
		return 0;
	sigprocmask(SIG_SETMASK, mask, &deaf);
	sigprocmask(SIG_SETMASK, &deaf, NULL);
	return 1;
}

/* At something that is none of the run's steps. */
RUN_BARE static void run_arrive(void)
{
	run_call(RUN_AWAKE);
}

RUN_BARE static int run_interrupted(const struct run_step *s)
{
	run_done(s);
	errno = EINTR;
	return -1;
}

RUN_BARE static long run_suspend(const sigset_t *mask)
{
	const struct run_step *s = run_turn_with(mask, RUN_SUSPEND, run_segment);

	if (s)
		return run_interrupted(s);
	return mask ? syscall(SYS_rt_sigsuspend, mask, NSIG / 8)
		    : syscall(SYS_ppoll, NULL, 0, NULL, NULL, 0);
}

RUN_BARE int sigsuspend(const sigset_t *mask)
{
	return (int)run_suspend(mask);
}

RUN_BARE int pause(void)
{
	return (int)run_suspend(NULL);
}

/* What was taken in that run is there. */
RUN_BARE int sigtimedwait(const sigset_t *set, siginfo_t *info, const struct timespec *timeout)
{
	const struct run_step *s = run_call(RUN_SIGWAIT);

	run_done(s);
	if (s && (long long)s->value < 0)
		return (int)run_result((long long)s->value);
	return (int)syscall(SYS_rt_sigtimedwait, set, info, timeout, NSIG / 8);
}

RUN_BARE int sigwaitinfo(const sigset_t *set, siginfo_t *info)
{
	return sigtimedwait(set, info, NULL);
}

/* ---- who there is --------------------------------------------------------------------------------- */

/* As it was in that run, whose values have it. */
RUN_BARE pid_t getpid(void)
{
	return run_me < 0 ? (pid_t)syscall(SYS_getpid) : RUN_FIRST_PID + run_me;
}

RUN_BARE int kill(pid_t pid, int signo)
{
	const struct run_step *s;

	if (pid < RUN_FIRST_PID || pid >= RUN_FIRST_PID + CF_MAX_ACTORS)
		return (int)syscall(SYS_kill, pid, signo);
	s = run_call(RUN_SENT);
	pid = run_control->pid[pid - RUN_FIRST_PID];
	syscall(SYS_kill, pid, signo); /* or it has ended */
	run_done(s);
	return 0;
}

/* It is no actor, and ends with the one that it is a child of. */
RUN_BARE int cf_fork_uncontrolled(void)
{
	pid_t parent = (pid_t)syscall(SYS_getpid), child;

	run_settle();
	child = fork();
	if (child != 0)
		return child;
	run_me = -1;
	if (prctl(PR_SET_PDEATHSIG, SIGKILL) < 0 || (pid_t)syscall(SYS_getppid) != parent)
		_exit(RUN_NOT_SHOWN);
	return 0;
}

RUN_BARE void cf_obeyed(void)
{
}

/* Whoever ended, stopped or went on in that run before it was told of has done so. */
RUN_BARE static long run_reap(long call, const long a[5])
{
	const struct run_step *s;
	sigset_t own;
	long result;
	int error;

	run_deafen(&own);
	s = run_turn_with(&own, RUN_WAIT, run_segment);
	run_done(s);
	if (!s || (long long)s->value < 0)
		run_listen(&own);
	if (s && (long long)s->value < 0)
		return run_result((long long)s->value);
	result = syscall(call, a[0], a[1], a[2], a[3], a[4]);
	error = errno;
	run_listen(&own);
	errno = error;
	return result;
}

RUN_BARE pid_t wait4(pid_t pid, int *status, int options, struct rusage *usage)
{
	return (pid_t)run_reap(SYS_wait4,
			       (const long[]){ pid, (long)status, options, (long)usage, 0 });
}

RUN_BARE pid_t waitpid(pid_t pid, int *status, int options)
{
	return wait4(pid, status, options, NULL);
}

RUN_BARE pid_t wait(int *status)
{
	return wait4(-1, status, 0, NULL);
}

RUN_BARE int waitid(idtype_t type, id_t id, siginfo_t *info, int options)
{
	return (int)run_reap(SYS_waitid,
			     (const long[]){ (long)type, (long)id, (long)info, options, 0 });
}
