//= read
/* Sleeps in a call that has no end of its own. */
static void victim_lives(void)
{
	char byte;
	int end[2];

	if (!pipe(end))
		board->answer = read(end[0], &byte, 1);
}

//= spin
static void victim_lives(void)
{
	while (!__atomic_load_n(&board->go_on, __ATOMIC_ACQUIRE))
		;
}

//= poll
/* Sleeps in a call with a time-out, which the control does not; the answer is what it returned. */
static void victim_lives(void)
{
	if (disturbed)
		board->answer = poll(NULL, 0, 2000) < 0 ? -errno : 0;
	__atomic_store_n(&board->answered, 1, __ATOMIC_RELEASE);
}

//= nanosleep
/* Sleeps in a call with a time-out, which the control does not; the answer is what it returned. */
static void victim_lives(void)
{
	const struct timespec time = { 2, 0 };

	if (disturbed)
		board->answer = nanosleep(&time, NULL) ? -errno : 0;
	__atomic_store_n(&board->answered, 1, __ATOMIC_RELEASE);
}

//= vectors
/* Has something in the upper half of a vector register, and looks at it again and again. */
static void victim_lives(void)
{
	unsigned long in[4] = { 1, 2, 3, 4 }, out[4];
	unsigned char go_on;

	if (!disturbed)
		in[2] = in[3] = 0;
	__asm__ volatile("vmovdqu %2, %%ymm7\n\t"
			 "1: pause\n\t"
			 "movb %3, %1\n\t"
			 "testb %1, %1\n\t"
			 "jz 1b\n\t"
			 "vmovdqu %%ymm7, %0"
			 : "=m"(out), "=&q"(go_on)
			 : "m"(in), "m"(*(unsigned char *)&board->go_on)
			 : "xmm7", "memory", "cc");
	board->answer = memcmp(in, out, sizeof(in));
	__atomic_store_n(&board->answered, 1, __ATOMIC_RELEASE);
}
