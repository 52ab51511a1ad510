//= hold
/* How far libcompel has got the victim. */
enum hold {
	BEFORE, /* it is not traced yet */
	SEIZED, /* not told to stop yet */
	STOPPING, /* told, but nobody has looked yet what is pending */
	HELD,
	CLOSING, /* about to have it close the descriptor of the parasite's memory, or on it */
	LEAVING, /* about to give SIGCHLD back, for the cure */
	ENDING, /* has done so, about to interrupt the parasite */
	AFTER, /* about to be let go, or let go */
};

//= none
static void moment(const char *name)
{
	(void)name;
}

//= comes
static enum hold hold;
static void come(void);

/* Before call number WHEN, and then as soon as libcompel has got so far. */
static void moment(const char *name)
{
	static int calls;

	if (board->came || calls++ < WHEN || !(MOMENT >> hold & 1))
		return;
	printf("disturbed before libcompel's call %d, %s\n", calls - 1, name);
	fflush(stdout);
	board->came = 1;
	come();
}

//= nothing
static void prepare_disturbance(void)
{
}

static int is_child_lost(void)
{
	return 0;
}

//= signal
static void come(void)
{
	syscall(SYS_kill, victim, SIGNAL);
	settle(victim);
}

//= child
static pid_t child;

/* Of libcompel's caller, and none of libcompel's business. */
static void prepare_disturbance(void)
{
	child = fork();
	while (child == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		pause();
	}
}

static void come(void)
{
	siginfo_t info;

	syscall(SYS_kill, child, SIGKILL);
	waitid(P_PID, (id_t)child, &info, WEXITED | WNOWAIT);
}

static int is_child_lost(void)
{
	kill(child, SIGKILL);
	return waitpid(child, NULL, __WALL) != child;
}

//= dies
static void come(void)
{
	for (;;)
		syscall(SYS_kill, getpid(), SIGKILL);
}
