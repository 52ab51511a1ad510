//= look-none
static void look(char *text)
{
	text[0] = 0;
}

//= look-code
/* A hash of the first executable page, where libcompel writes its first system call. */
static void look(char *text)
{
	unsigned long start = 0, hash = 0, word[512];
	char path[40], line[LOOK], access[8];
	FILE *maps;
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/maps", victim);
	maps = fopen(path, "re");
	while (maps && fgets(line, sizeof(line), maps) &&
	       (sscanf(line, "%lx-%*x %4s", &start, access) != 2 || access[2] != 'x'))
		;
	if (maps)
		fclose(maps);
	snprintf(path, sizeof(path), "/proc/%d/mem", victim);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (pread(fd, word, sizeof(word), (off_t)start) != sizeof(word))
		memset(word, 0, sizeof(word));
	close(fd);
	for (int i = 0; i < 512; i++)
		hash = hash * 31 + word[i];
	snprintf(text, LOOK, "the code at %lx begins with %lx, hash %lx", start, word[0], hash);
}

//= look-descriptors
static int is_number(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

static void look(char *text)
{
	struct dirent **entry;
	char path[40];
	int count;

	snprintf(path, sizeof(path), "/proc/%d/fd", victim);
	count = scandir(path, &entry, is_number, versionsort);
	strcpy(text, "descriptors");
	for (int i = 0; i < count; i++) {
		snprintf(text + strlen(text), LOOK - strlen(text), " %s", entry[i]->d_name);
		free(entry[i]);
	}
}

//= look-dispositions
static void look(char *text)
{
	char path[40], line[200];
	FILE *status;

	snprintf(path, sizeof(path), "/proc/%d/status", victim);
	status = fopen(path, "re");
	while (status && fgets(line, sizeof(line), status) && strncmp(line, "SigIgn:", 7))
		;
	if (status)
		fclose(status);
	line[strcspn(line, "\n")] = 0;
	snprintf(text, LOOK, "ignored signals %s", line + 8);
}

//= look-breakpoints
static void look(char *text)
{
	long enabled;

	ptrace(PTRACE_SEIZE, victim, NULL, NULL);
	ptrace(PTRACE_INTERRUPT, victim, NULL, NULL);
	waitpid(victim, NULL, __WALL);
	if (!board->ready && disturbed) {
		ptrace(PTRACE_POKEUSER, victim, offsetof(struct user, u_debugreg[0]), &victim);
		ptrace(PTRACE_POKEUSER, victim, offsetof(struct user, u_debugreg[7]),
		       (void *)0xd0001);
	}
	board->ready = 1;
	enabled = ptrace(PTRACE_PEEKUSER, victim, offsetof(struct user, u_debugreg[7]), NULL);
	snprintf(text, LOOK, "debug register 7 is %lx", enabled);
	ptrace(PTRACE_DETACH, victim, NULL, NULL);
	settle(victim);
}

//= changed
static int judge(int status, const char *before)
{
	char after[LOOK];

	look(after);
	if (!strcmp(before, after))
		return verdict(NOT_SHOWN, "%s, as before", after);
	(void)status;
	return verdict(FAILED, "%s; before: %s%s%s", after, before,
		       board->refused ? "; refused: " : "", board->refused ? board->refused : "");
}

//= stopped
static int judge(int status, const char *before)
{
	int expected = disturbed ? EXPECT_STOPPED : !!STOPPED_IN_CONTROL;
	int stopped = state_of(victim) == 'T';

	(void)status;
	(void)before;
	return verdict(stopped == expected || board->refused ? NOT_SHOWN : FAILED,
		       "the victim is %sstopped at the end%s%s", stopped ? "" : "not ",
		       board->refused ? "; refused: " : "", board->refused ? board->refused : "");
}

//= answer
static int judge(int status, const char *before)
{
	(void)status;
	(void)before;
	__atomic_store_n(&board->go_on, 1, __ATOMIC_RELEASE);
	for (int i = 0; i < 600 && !__atomic_load_n(&board->answered, __ATOMIC_ACQUIRE); i++)
		nap(10);
	if (!board->answered || board->refused)
		return verdict(CANNOT, "the victim has no answer");
	return verdict(board->answer ? FAILED : NOT_SHOWN, ANSWER_WORDS, board->answer);
}

//= hang
static int judge(int status, const char *before)
{
	(void)before;
	return verdict(status == STATUS_HUNG ? FAILED : NOT_SHOWN,
		       status == STATUS_HUNG
			       ? "libcompel is in %s, %d s later; the victim's state is %c"
			       : "its last call was %s",
		       board->call ? board->call : "no call", DEADLINE, state_of(victim));
}

//= crash
static int judge(int status, const char *before)
{
	(void)before;
	if (!WIFSIGNALED(status))
		return verdict(NOT_SHOWN, "libcompel did not crash");
	return verdict(FAILED, "libcompel's process died: %s", strsignal(WTERMSIG(status)));
}

//= refused
static int judge(int status, const char *before)
{
	(void)before;
	if (status == STATUS_HUNG)
		return verdict(FAILED, "libcompel is in %s, %d s later", board->call, DEADLINE);
	return board->refused ? verdict(FAILED, "%s returns an error", board->refused)
			      : verdict(NOT_SHOWN, "libcompel has done all");
}

//= accepted
static int judge(int status, const char *before)
{
	(void)before;
	return verdict(!status && board->accepted && !board->refused ? FAILED : NOT_SHOWN,
		       "the damaged message was %s",
		       board->accepted && !board->refused ? "taken for a whole one" : "refused");
}

//= taken
static int judge(int status, const char *before)
{
	(void)status;
	(void)before;
	return verdict(board->accepted ? FAILED : NOT_SHOWN, "what a stranger says is %s%s%s",
		       board->accepted ? "taken for the parasite's" : "passed over",
		       board->refused ? "; refused later: " : "",
		       board->refused ? board->refused : "");
}

//= child
static int judge(int status, const char *before)
{
	(void)status;
	(void)before;
	return verdict(board->lost ? FAILED : NOT_SHOWN,
		       "the status of a child of libcompel's caller is %s",
		       board->lost ? "gone" : "there");
}

//= orphan
static void look(char *text)
{
	char path[40];
	int fd;
	ssize_t size = 0, got;

	snprintf(path, sizeof(path), "/proc/%d/maps", victim);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	while ((got = read(fd, text + size, (size_t)(LOOK - 1 - size))) > 0)
		size += got;
	text[size] = 0;
	close(fd);
}

static int judge(int status, const char *before)
{
	char after[LOOK];

	(void)status;
	settle(victim);
	if (strchr("ZX", state_of(victim))) {
		waitpid(victim, &status, __WALL);
		return verdict(FAILED, "the victim died: %s", strsignal(WTERMSIG(status)));
	}
	look(after);
	return strcmp(before, after) ? verdict(FAILED, "the parasite's memory is still mapped")
				     : verdict(NOT_SHOWN, "the victim is as it was");
}

//= unended
static int judge(int status, const char *before)
{
	(void)status;
	(void)before;
	for (int i = 0; i < 200 && !strchr("ZX", state_of(victim)); i++)
		nap(10);
	return strchr("ZX", state_of(victim)) || !board->came
		       ? verdict(NOT_SHOWN, "the victim has got its signal")
		       : verdict(FAILED,
				 "%s returns an error, and SIGTERM is gone: the victim lives",
				 board->refused ? board->refused : "nothing");
}
