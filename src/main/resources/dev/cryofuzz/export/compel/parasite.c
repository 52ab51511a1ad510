/* ---- the parasite, which libcompel puts into the victim --------------------------------------- */
struct wait {
	long seconds, nanoseconds;
};

/* Of the std plugin, whose headers are not complete in every package. */
int sys_nanosleep(struct wait *time, struct wait *left);
int parasite_daemon_cmd(int cmd, void *args);
int parasite_trap_cmd(int cmd, void *args);
void parasite_cleanup(void);

/* Leaves its mark where the caller can see that it ran. */
int parasite_daemon_cmd(int cmd, void *args)
{
	struct wait time = { 0, COMMAND_TAKES * 1000000L };

	if (COMMAND_TAKES)
		sys_nanosleep(&time, 0);
	*(int *)args = cmd;
	return 0;
}

int parasite_trap_cmd(int cmd, void *args)
{
	(void)cmd;
	(void)args;
	return 0;
}

void parasite_cleanup(void)
{
}
