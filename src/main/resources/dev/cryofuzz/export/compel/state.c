//= none
static void victim_becomes(void)
{
}

//= trap-ignored
static void victim_becomes(void)
{
	if (disturbed)
		signal(SIGTRAP, SIG_IGN);
}

//= handles-tstp
static void handle(int signo)
{
	(void)signo;
}

static void victim_becomes(void)
{
	const struct sigaction action = { .sa_handler = handle, .sa_flags = SA_RESTART };

	sigaction(SIGTSTP, &action, NULL);
}

//= shared-executable
/* Its first executable mapping is a shared one. */
static void victim_becomes(void)
{
	int fd = memfd_create("first", 0);

	if (!disturbed)
		return;
	if (fd < 0 || ftruncate(fd, 4096) ||
	    mmap((void *)0x10000, 4096, PROT_READ | PROT_EXEC, MAP_SHARED | MAP_FIXED_NOREPLACE, fd,
		 0) == MAP_FAILED)
		_exit(CANNOT);
	close(fd);
}

//= long-path
/* Its first mapping is of a file with a long path, which may look like the permissions of a mapping
 * wherever a reader begins anew. In a mount namespace of its own, with which the folders vanish. */
static void victim_becomes(void)
{
	enum { NAME = 240, DEPTH = 16 };
	char name[NAME + 1] = { 0 };
	int fd;

	if (!disturbed)
		return;
	for (int i = 0; i < NAME; i++)
		name[i] = (char)('x' + (SEED + i) % 3);
	if (unshare(CLONE_NEWNS) || mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) ||
	    mount("none", "/tmp", "tmpfs", 0, NULL) || chdir("/tmp"))
		_exit(CANNOT);
	for (int i = 0; i < DEPTH; i++)
		if (mkdir(name, 0700) || chdir(name))
			_exit(CANNOT);
	fd = open(name, O_CREAT | O_RDWR, 0600);
	if (fd < 0 || ftruncate(fd, 4096) ||
	    mmap((void *)0x10000, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED_NOREPLACE,
		 fd, 0) == MAP_FAILED)
		_exit(CANNOT);
	close(fd);
}
