//= none
static int is_to_fail(const char *name)
{
	(void)name;
	return 0;
}

//= fails
static int is_to_fail(const char *name)
{
	static int calls;

	if (strcmp(name, FAILING_CALL) || calls++ != FAILING_NUMBER)
		return 0;
	printf("libcompel's %s fails with %s\n", name, strerror(FAILING_ERROR));
	fflush(stdout);
	errno = FAILING_ERROR;
	return 1;
}
