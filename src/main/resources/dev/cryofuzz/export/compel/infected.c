//= none
static void infected(struct parasite_ctl *ctl)
{
	(void)ctl;
}

//= peer
/* Who is taken for the parasite. */
static void infected(struct parasite_ctl *ctl)
{
	struct ucred who = { 0 };
	socklen_t size = sizeof(who);

	getsockopt(compel_rpc_sock(ctl), SOL_SOCKET, SO_PEERCRED, &who, &size);
	board->accepted = who.pid != victim;
}
