/* ---- the failing run ---------------------------------------------------------------------------- */
enum run_op {
	RUN_LOAD,
	RUN_STORE,
	RUN_RMW,
	RUN_CAS_FAIL,
	RUN_COMMIT,
	RUN_FENCE,
	RUN_SEND,
	RUN_RECV,
	RUN_POLL,
	RUN_FUTEX_WAIT,
	RUN_FUTEX_WAKE,
	RUN_CLOSE,
	RUN_CALL,
	RUN_OBJECT,
	RUN_SIGNAL,
	RUN_KILL,
	/* Of runs with signals and children alone. */
	RUN_SWITCH,
	RUN_YIELD,
	RUN_SLEEP,
	RUN_AWAKE,
	RUN_WAIT,
	RUN_SUSPEND,
	RUN_SIGWAIT,
	RUN_SENT,
	RUN_ALARM,
	RUN_TIME,
};

struct run_step {
	unsigned actor;
	enum run_op op;
	size_t offset, size; /* in the segment; of a fence its order */
	int held; /* the store is seen later, by its commit */
	unsigned long long
		value; /* of a load what it gave, of a store what it wrote, of a call what
				     it returned, of a signal its number, of a pause whether
				     others come before its end */
};

/* What is done to a message; those before RUN_LAST_CHANGE to its bytes alone. */
enum run_what {
	RUN_WHOLE,
	RUN_SHORT,
	RUN_REWRITE,
	RUN_TRIM,
	RUN_EXTEND,
	RUN_LAST_CHANGE = RUN_EXTEND,
	RUN_SPLIT,
	RUN_DUPLICATE,
	RUN_EMPTY,
	RUN_DROP,
	RUN_MERGE,
	RUN_REORDER,
	RUN_STRAY_FD,
};

struct run_damage {
	unsigned actor;
	enum run_op op; /* its sends, or its receives */
	unsigned call; /* which of them, from 0 */
	enum run_what what;
	size_t number, size; /* bytes; of a field its place and size */
	unsigned long long value;
};

struct run_order {
	const struct run_step *step;
	unsigned steps;
	const int *params;
	const struct run_damage *damage; /* up to one that is whole */
};
