/* ---- a run ----------------------------------------------------------------------------------- */

/* The number of actors that play a role: of a role that names a parameter, its value. */
RUN_BARE static int run_count_of(const struct cf_role *role)
{
	if (!role->count)
		return 1;
	for (unsigned i = 0; cryofuzz_target.params[i].name; i++)
		if (!strcmp(cryofuzz_target.params[i].name, role->count))
			return run_now->params[i];
	return 0;
}

/* ---- connections --------------------------------------------------------------------------------- */

static int run_end_of[CF_MAX_CHANNELS][2];

RUN_BARE static int run_connect(void)
{
	const struct cf_channel *channel = cryofuzz_target.channels;

	for (unsigned i = 0; channel && channel[i].name; i++)
		if (socketpair(AF_UNIX, channel[i].type() | SOCK_CLOEXEC, 0, run_end_of[i]) < 0)
			return 0;
	return 1;
}

RUN_BARE static void run_hang_up(void)
{
	for (unsigned i = 0; i < CF_MAX_CHANNELS; i++)
		for (int side = 0; side < 2; side++)
			if (run_end_of[i][side])
				syscall(SYS_close, run_end_of[i][side]);
	memset(run_end_of, 0, sizeof(run_end_of));
}

/* The first actor of a role has its end of each connection. */
RUN_BARE static void run_take_ends(const struct cf_role *role, int index)
{
	const struct cf_channel *channel = cryofuzz_target.channels;

	for (unsigned i = 0; channel && channel[i].name; i++)
		for (int side = 0; side < 2; side++) {
			const char *whose = side ? channel[i].b : channel[i].a;

			if (index || strcmp(whose, role->name))
				continue;
			run_channel[i] = run_end_of[i][side];
			run_end_of[i][side] = 0;
		}
	run_hang_up();
}

RUN_BARE static void run_play(const struct cf_role *role, int index, int actor)
{
	run_take_ends(role, index);
	while (!__atomic_load_n(&run_control->begun, __ATOMIC_ACQUIRE))
		run_rest();
	run_me = actor;
	role->run((unsigned)index);
	run_settle();
	run_flush();
	run_is_over(&run_control->ended);
	if (cryofuzz_target.flags & CF_CHILDREN_OBEY)
		raise(SIGSTOP); /* the check may ask for them */
	_exit(0);
}

/* Returns the number of actors. */
RUN_BARE static int run_start(pid_t *pids)
{
	int actors = 0;

	for (const struct cf_role *role = cryofuzz_target.roles; role->name; role++)
		for (int i = 0; i < run_count_of(role) && actors < CF_MAX_ACTORS; i++, actors++) {
			pids[actors] = fork();
			if (pids[actors] == 0)
				run_play(role, i, actors);
			run_control->pid[actors] = pids[actors];
		}
	__atomic_store_n(&run_control->begun, 1, __ATOMIC_RELEASE);
	run_hang_up();
	return actors;
}

/* ---- how it ends ----------------------------------------------------------------------------------- */

RUN_BARE static void run_end(const pid_t *pids, int actors)
{
	for (int i = 0; i < actors; i++)
		if (pids[i] > 0)
			kill(pids[i], SIGKILL);
}

/* Those that have stopped at their end. */
RUN_BARE static void run_bury(void)
{
	int status;

	while (waitpid(-1, &status, 0) > 0)
		;
}

/* Whoever was to die has. */
RUN_BARE static int run_is_bad(pid_t *pids, int actors, pid_t ended, int status)
{
	for (int i = 0; i < actors; i++)
		if (pids[i] == ended) {
			if (!WIFSTOPPED(status))
				pids[i] = 0;
			if (run_control->killed >> i & 1)
				return 0;
		}
	return status != 0 && !WIFSTOPPED(status);
}

RUN_BARE static int run_is_at_end(void)
{
	return !run_directed || run_head() == run_now->steps;
}

/* Of a run that has come to its end, but for some who wait, whether that is how it is to fail. */
RUN_BARE static int run_is_stuck(int left)
{
	if (!RUN_WAITS[0] || !run_is_at_end())
		return 0;
	printf("FAILED %s: %d actors wait or spin, and nobody is left who could end that\n", RUN_WAITS,
	       left);
	fflush(stdout);
	return 1;
}

RUN_BARE static time_t run_seconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec;
}

/* Who fails ends all, who waits too long does, and so does a deadlock. */
RUN_BARE static int run_finish(pid_t *pids, int actors)
{
	int result = 0, status;
	time_t since = run_seconds(), begun = since;

	for (int left = actors; left > 0;) {
		pid_t ended = waitpid(-1, &status, WNOHANG | WUNTRACED);

		if (ended < 0)
			return RUN_NOT_SHOWN;
		if (ended == 0) {
			run_rest();
			if (result ||
			    (run_seconds() - begun < RUN_DEADLINE_SECONDS &&
			     (run_seconds() - since < RUN_QUIET_SECONDS || !run_is_at_end())))
				continue;
			result = run_is_stuck(left) ? RUN_FAILED : RUN_NOT_SHOWN;
			run_end(pids, actors);
			continue;
		}
		left--;
		since = run_seconds();
		if (!run_is_bad(pids, actors, ended, status) || result)
			continue;
		result = WIFEXITED(status) ? WEXITSTATUS(status) : RUN_NOT_SHOWN;
		run_end(pids, actors);
	}
	return result;
}

RUN_BARE static int run_check(void)
{
	int status;
	pid_t pid = fork();

	if (pid == 0) {
		if (cryofuzz_target.check)
			cryofuzz_target.check();
		_exit(0);
	}
	if (pid < 0 || waitpid(pid, &status, 0) < 0 || !WIFEXITED(status))
		return RUN_NOT_SHOWN;
	return WEXITSTATUS(status);
}

RUN_BARE static int run_once(void)
{
	pid_t pids[CF_MAX_ACTORS];
	int actors, result;

	fflush(stdout);
	memset(run_segment, 0, RUN_SEGMENT_SIZE);
	memset(run_control, 0, sizeof(*run_control));
	if (cryofuzz_target.init)
		cryofuzz_target.init();
	if (!run_connect())
		return RUN_NOT_SHOWN;
	actors = run_start(pids);
	result = run_finish(pids, actors);
	if (!result && (!run_control->killed || cryofuzz_target.flags & CF_SURVIVES_FAULTS))
		result = run_check();
	run_end(pids, actors);
	run_bury();
	return result;
}

RUN_BARE static int run_freely(long times)
{
	long failed = 0;

	for (long i = 0; i < times; i++)
		failed += run_once() == RUN_FAILED;
	printf("%ld of %ld free runs failed\n", failed, times);
	return failed ? RUN_FAILED : 0;
}

RUN_BARE static int run_map(void)
{
	void *got = mmap(run_segment, RUN_SEGMENT_SIZE, PROT_READ | PROT_WRITE,
			 MAP_SHARED | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);

	run_control = mmap(NULL, sizeof(*run_control), PROT_READ | PROT_WRITE,
			   MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	return got == run_segment && run_control != MAP_FAILED;
}

RUN_BARE int main(int argc, char **argv)
{
	int result;

	if (!run_map()) {
		perror("mmap");
		return RUN_NOT_SHOWN;
	}
	if (argc == 3 && !strcmp(argv[1], "free") && !RUN_HAS_OWN_TIME)
		return run_freely(atol(argv[2]));
	if (argc > 2 || (argc == 2 && strcmp(argv[1], "control")) || !run_has_hooks) {
		fprintf(stderr,
			"usage: %s | %s control | %s free N; without N compiled with "
			"-fsanitize=thread, see the head of the source\n",
			argv[0], argv[0], argv[0]);
		return RUN_NOT_SHOWN;
	}
	run_now = argc == 2 ? &run_passing : &run_failing;
	if (!run_now->steps) {
		fprintf(stderr, "there is no run that passes\n");
		return RUN_NOT_SHOWN;
	}
	run_directed = 1;
	result = run_once();
	if (result != RUN_FAILED)
		printf("does not fail here\n");
	return run_now == &run_passing || result == RUN_FAILED ? result : RUN_NOT_SHOWN;
}
