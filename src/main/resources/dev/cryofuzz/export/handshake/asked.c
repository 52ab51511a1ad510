/* ---- what the target asks for ---------------------------------------------------------------- */

static int run_channel[CF_MAX_CHANNELS]; /* this actor's end of each */

RUN_BARE void *cf_shared(void)
{
	return run_segment;
}

RUN_BARE int cf_param(unsigned index)
{
	return run_now->params[index];
}

RUN_BARE unsigned cf_variant(void)
{
	return RUN_VARIANT;
}

RUN_BARE void *cf_ledger(void)
{
	return run_control->ledger;
}

RUN_BARE int cf_channel_fd(unsigned index)
{
	return run_channel[index];
}

RUN_BARE unsigned cf_killed(void)
{
	return (unsigned)__builtin_popcount(run_control->killed);
}

RUN_BARE unsigned cf_broken_connections(void)
{
	return run_control->broken;
}

RUN_BARE unsigned cf_damaged_frames(void)
{
	return run_control->damaged;
}

RUN_BARE void cf_mark(const char *what)
{
	(void)what;
	run_arrive();
}

RUN_BARE void cf_fact(const char *id)
{
	(void)id;
}

RUN_BARE void cf_state(unsigned state)
{
	(void)state;
}

static const char *const run_kinds[] = {
	"",
	"saved-data-modified",
	"state-changed",
	"trimmed-message",
	"misread-message",
	"lost-message",
	"duplicate-message",
	"stale-read",
	"double-free",
	"invariant",
	"data-race",
	"deadlock",
	"hang",
	"lost-wakeup",
	"lost-signal",
	"zombie",
	"leak",
	"crash",
	"bad-accept",
	"kernel-log",
	"divergence",
};

RUN_BARE void cf_fail(enum cf_kind kind, const char *site, const char *detail, ...)
{
	char text[512];
	va_list list;

	va_start(list, detail);
	vsnprintf(text, sizeof(text), detail, list);
	va_end(list);
	if (!__atomic_exchange_n(&run_control->failed, 1, __ATOMIC_SEQ_CST)) {
		printf("FAILED %s in %s: %s\n", run_kinds[kind], site, text);
		fflush(stdout);
	}
	_exit(RUN_FAILED);
}

/* What is needed for this run can't be had here. */
RUN_BARE static _Noreturn void run_give_up(const char *reason, va_list list)
{
	vprintf(reason, list);
	printf("\n");
	fflush(stdout);
	_exit(RUN_NOT_SHOWN);
}

RUN_BARE void cf_unsupported(const char *reason, ...)
{
	va_list list;

	va_start(list, reason);
	run_give_up(reason, list);
}

RUN_BARE void cf_broken(const char *reason, ...)
{
	va_list list;

	va_start(list, reason);
	run_give_up(reason, list);
}

RUN_BARE static unsigned char *run_item(unsigned number, const char *site)
{
	if (number >= CF_MAX_ITEMS)
		cf_fail(CF_INVARIANT, site, "item %u is no item", number);
	return &run_control->item[number];
}

RUN_BARE void cf_item_made(unsigned number, const char *site)
{
	unsigned char *state = run_item(number, site);

	if (*state != RUN_NONE && *state != RUN_FREED)
		cf_fail(CF_INVARIANT, site, "item %u is allocated again", number);
	*state = RUN_MADE;
}

RUN_BARE void cf_item_handed(unsigned number, const char *site)
{
	unsigned char *state = run_item(number, site);

	if (*state != RUN_MADE)
		cf_fail(CF_INVARIANT, site, "item %u is handed over, and is not its own", number);
	*state = RUN_HANDED;
}

RUN_BARE void cf_item_taken(unsigned number, const char *site)
{
	unsigned char *state = run_item(number, site);

	if (*state != RUN_HANDED)
		cf_fail(CF_STALE_READ, site, "item %u is taken, and was not handed over", number);
	*state = RUN_TAKEN;
}

RUN_BARE void cf_item_freed(unsigned number, const char *site)
{
	unsigned char *state = run_item(number, site);

	if (*state == RUN_FREED || *state == RUN_NONE)
		cf_fail(CF_DOUBLE_FREE, site, "item %u is freed, and is free", number);
	*state = RUN_FREED;
}

RUN_BARE void cf_items_check(const char *site)
{
	for (unsigned i = 0; i < CF_MAX_ITEMS; i++) {
		if (run_control->item[i] == RUN_HANDED)
			cf_fail(CF_LOST_MESSAGE, site, "item %u was never taken", i);
		if (run_control->item[i] == RUN_MADE || run_control->item[i] == RUN_TAKEN)
			cf_fail(CF_LEAK, site, "item %u was never freed", i);
	}
}
