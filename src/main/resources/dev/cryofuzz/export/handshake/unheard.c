/* Nobody waits for signals or children. */
RUN_BARE static void run_deafen(sigset_t *own)
{
	(void)own;
}

RUN_BARE static int run_hears(const sigset_t *mask)
{
	(void)mask;
	return 0;
}

RUN_BARE static void run_listen(const sigset_t *own)
{
	(void)own;
}

RUN_BARE static void run_arrive(void)
{
}
