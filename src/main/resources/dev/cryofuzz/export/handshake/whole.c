/* It has no messages. */
RUN_BARE static int run_flushes(unsigned at, enum run_op op)
{
	(void)at;
	(void)op;
	return 0;
}

RUN_BARE static void run_flush(void)
{
}
