/* ---- one freeze -------------------------------------------------------------------------------- */
static int has_command_run(struct parasite_ctl *ctl, int cmd)
{
	volatile int *mark = compel_parasite_args_p(ctl);

	*mark = 0;
	if (compel_rpc_call((unsigned)cmd, ctl) || compel_rpc_sync((unsigned)cmd, ctl))
		return -1;
	if (*mark != cmd)
		board->accepted = 1;
	return 0;
}

/* The function of libcompel that returned an error, or NULL. */
static const char *use_parasite(struct parasite_ctl *ctl)
{
	compel_infect_ctx(ctl)->log_fd = STDERR_FILENO;
	parasite_setup_c_header(ctl);
	if (compel_infect(ctl, 1, PARASITE_ARG_SIZE_MIN))
		return "compel_infect";
	infected(ctl);
	for (int i = 0; i < COMMANDS; i++)
		if (has_command_run(ctl, FIRST_COMMAND + i))
			return "compel_rpc_sync";
	return NULL;
}

/* As a careful caller does, it cures whatever was refused. */
static const char *freeze(void)
{
	/* the second one is new in 4.3; those before don't look at it */
	struct parasite_ctl *(*prepare)(int, int) = (void *)compel_prepare;
	struct parasite_ctl *ctl;
	const char *refused;
	int state = compel_stop_task(victim);

	if (state < 0)
		return "compel_stop_task";
	ctl = prepare(victim, 1);
	if (!ctl)
		refused = "compel_prepare";
	else
		refused = use_parasite(ctl);
	if (ctl && compel_cure(ctl))
		return refused ? refused : "compel_cure";
	if (compel_resume_task(victim, state, state))
		return refused ? refused : "compel_resume_task";
	return refused;
}

static int call_libcompel(void)
{
	prepare_disturbance();
	watch(1);
	board->refused = freeze();
	watch(0);
	board->lost = is_child_lost();
	settle(victim);
	return 0;
}

static void log_line(unsigned int level, const char *format, va_list args)
{
	(void)level;
	vfprintf(stderr, format, args);
}

/* Returns how it ended, or STATUS_HUNG. */
static int await(pid_t caller)
{
	int status;

	for (int i = 0; i < DEADLINE * 100; i++) {
		if (waitpid(caller, &status, WNOHANG) == caller)
			return status;
		nap(10);
	}
	return STATUS_HUNG;
}

static void start_victim(void)
{
	const int stop = disturbed ? STOPPED : STOPPED_IN_CONTROL;

	victim = fork();
	if (victim == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		setpgid(0, 0); /* none of a session of its own, which no SIGTSTP would stop */
		victim_becomes();
		victim_lives();
		for (;;)
			pause();
	}
	settle(victim);
	if (stop)
		kill(victim, stop);
	settle(victim);
}

int main(int argc, char **argv)
{
	static char before[LOOK];
	pid_t caller;
	int status, code;

	if (argc > 1)
		disturbed = strcmp(argv[1], "control") != 0;
	board = mmap(NULL, sizeof(*board), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1,
		     0);
	compel_log_init(log_line, COMPEL_LOG_DEBUG);
	start_victim();
	if (strchr("ZX", state_of(victim)))
		return verdict(CANNOT, "the victim can't be made; are you root?");
	look(before);
	caller = fork();
	if (caller == 0)
		_exit(call_libcompel());
	status = await(caller);
	code = judge(status, before);
	kill(caller, SIGKILL);
	kill(victim, SIGKILL);
	return code;
}
