/* SPDX-License-Identifier: Apache-2.0
 *
 * What the kernel complains of during a run: a WARN, a BUG, an oops or a lockup is a finding, and it comes before
 * all others, which may follow from it. Asked of runs that can do something to the kernel, and of those that are to
 * confirm a finding; of many runs at one request (a burst, native ones) once for all of them, so none is slower: there
 * it hides nothing that was found, since the run that confirms that is asked by itself.
 *
 * Other programs are on the machine, too. What the kernel names a living process of theirs for is no finding, only
 * said beside one. It is one if it names none, a thread of its own, which may work for us, or a process that is gone.
 */
#include "kernel_log.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "seen.h"
#include "tracepoints.h"

enum { RECORD = 8192, RECORDS = 1000, FACILITIES = 8, KERNEL = 0, UNKNOWN = -1, KTHREADD = 2 };

static struct {
	int fd; /* 0: not open yet, -1: may not be read */
	int facility; /* of the test's own lines; those of programs are none of the kernel's */
	bool listens;
	char site[64], line[160];
	int pid;
	char of_others[200]; /* the first line that tells of no run, after whose it is */
} log = { .pid = UNKNOWN };

static void open_log(void)
{
	const char *facility = getenv("CRYOFUZZ_LOG_FACILITY");

	log.facility = facility ? atoi(facility) : KERNEL;
	log.fd = open("/dev/kmsg", O_RDONLY | O_NONBLOCK | O_CLOEXEC);
}

/* A burst of one run is a run that nobody has asked it of. */
static bool is_of_many(const struct cf_mailbox *mailbox)
{
	return mailbox->kind > CF_EXPLORE || (mailbox->kind == CF_EXPLORE && mailbox->budget > 1);
}

static bool is_asked(const struct executor *ex)
{
	const struct cf_mailbox *mailbox = &ex->control->mailbox;
	const struct cf_plan *plan = &ex->control->plan;

	return mailbox->kind == CF_FRESH || is_of_many(mailbox) ||
	       (ex->loaded.target->flags & CF_EXTERNAL_CALLS) || ex_has(plan, CF_DO_INFECT) ||
	       ex_has(plan, CF_DO_STOP) || ex_has(plan, CF_DO_CHECKPOINT);
}

void ex_begin_listening(struct executor *ex)
{
	log.listens = is_asked(ex);
	if (log.listens && log.fd == 0)
		open_log();
	log.listens = log.listens && log.fd > 0 && lseek(log.fd, 0, SEEK_END) >= 0;
}

/* ---- whose it is ----------------------------------------------------------------------------------- */

static int parent_of(int pid)
{
	char text[400], *end;
	int parent = 0, got = ex_read_proc(pid, "stat", text, sizeof(text));

	if (got < 0 && got != -ESRCH) /* else it is dying, and has none */
		return UNKNOWN;
	end = strrchr(text, ')');
	if (end != NULL)
		sscanf(end, ") %*c %d", &parent);
	return parent;
}

enum whose { NOBODYS, GONE, OUTSIDE, THREADS, OURS, OTHERS };

static const char *const whose_words[] = {
	[NOBODYS] = "names no process",
	[GONE] = "a process that is gone by now",
	[OUTSIDE] = "a process that can't be told from within a pid namespace",
	[THREADS] = "a thread of its own",
	[OURS] = "a process of this run",
	[OTHERS] = "no process of this run",
};

static enum whose whose(int pid)
{
	if (pid == UNKNOWN)
		return NOBODYS;
	if (!tp_in_initial_namespace())
		return OUTSIDE;
	if (parent_of(pid) == UNKNOWN)
		return GONE;
	while (pid > KTHREADD && pid != getpid())
		pid = parent_of(pid);
	return pid == getpid() ? OURS : pid == KTHREADD ? THREADS : OTHERS;
}

/* ---- a record -------------------------------------------------------------------------------------- */

/* Whether the kernel complains of itself in this line; what it says of programs begins otherwise. */
static bool is_complaint(const char *text)
{
	static const char *const beginnings[] = {
		"BUG: ",
		"kernel BUG at ",
		"Oops: ",
		"Oops - ",
		"general protection fault",
		"Kernel panic ",
		"watchdog: BUG: ",
		"watchdog: Watchdog detected hard LOCKUP",
		"NMI watchdog: ",
	};

	for (size_t i = 0; i < sizeof(beginnings) / sizeof(beginnings[0]); i++)
		if (strncmp(text, beginnings[i], strlen(beginnings[i])) == 0)
			return true;
	/* others than WARN() write so, too, but not with a place in the code */
	return strncmp(text, "WARNING: ", 9) == 0 && strstr(text, "+0x") != NULL;
}

/* Workers of the kernel's own had no processor for long: so it is on any machine that is busy enough, whatever a
 * run does. */
static bool is_of_load(const char *text)
{
	static const char beginning[] = "BUG: workqueue lockup";

	return strncmp(text, beginning, sizeof(beginning) - 1) == 0;
}

static bool is_of_name(char c)
{
	return isalnum((unsigned char)c) || c == '_';
}

/* The function in "… fn.isra.0+0x1/0x2": without what compilers add, so that its name is constant. */
static bool function_in(const char *text, char *name, size_t size)
{
	const char *end = strstr(text, "+0x"), *begin = end;

	if (end == NULL)
		return false;
	while (begin > text && (is_of_name(begin[-1]) || begin[-1] == '.'))
		begin--;
	for (end = begin; is_of_name(*end); end++)
		;
	snprintf(name, size, "%.*s", (int)(end - begin), begin);
	return name[0] != '\0';
}

/* What stands for it where no function is named: the line up to the first thing that varies. */
static void beginning_of(const char *text, char *name, size_t size)
{
	const char *dash = strstr(text, " - ");
	size_t n = strcspn(text, "0123456789#![(");

	if (dash != NULL && (size_t)(dash - text) < n)
		n = (size_t)(dash - text);
	while (n > 0 && strchr(" :-,", text[n - 1]) != NULL)
		n--;
	snprintf(name, size, "%.*s", (int)n, text);
}

/* "PID: 7", "[comm:7]" or "comm/7" at the end. */
static int pid_in(const char *text)
{
	const char *words[] = { "PID: ", "PID:" }, *at = strrchr(text, ':');

	for (int i = 0; i < 2; i++)
		if (strstr(text, words[i]) != NULL)
			return atoi(strstr(text, words[i]) + strlen(words[i]));
	if (at != NULL && at[1 + strspn(at + 1, "0123456789")] == ']')
		return atoi(at + 1);
	at = strrchr(text, '/');
	return at != NULL && isdigit((unsigned char)at[1]) &&
			       at[1 + strspn(at + 1, "0123456789")] == '\0'
		       ? atoi(at + 1)
		       : UNKNOWN;
}

static void hear_complaint(const char *text)
{
	snprintf(log.line, sizeof(log.line), "%s", text);
	if (!function_in(text, log.site, sizeof(log.site)))
		beginning_of(text, log.site, sizeof(log.site));
	log.pid = pid_in(text);
}

/* The lines after it say where and whose, if it does not. */
static void hear_more(const char *text)
{
	if (strncmp(text, "RIP: 0010:", 10) == 0 && strstr(log.line, "+0x") == NULL)
		function_in(text, log.site, sizeof(log.site));
	if (log.pid == UNKNOWN && strncmp(text, "CPU: ", 5) == 0)
		log.pid = pid_in(text);
}

/* What is no run's makes room for the next complaint. */
static bool forget_others(void)
{
	const char *of = is_of_load(log.line) ? "" : " of another program";

	if (log.line[0] == '\0' || (!is_of_load(log.line) && whose(log.pid) != OTHERS))
		return log.line[0] == '\0';
	if (log.of_others[0] == '\0')
		snprintf(log.of_others, sizeof(log.of_others), "%s: %s", of, log.line);
	log.line[0] = '\0';
	return true;
}

/* "priority,number,microseconds,flags;text", then lines of other things. */
static void hear(char *record)
{
	char *text = strchr(record, ';');
	int facility = atoi(record) / FACILITIES;

	if (text == NULL || (facility != KERNEL && facility != log.facility))
		return;
	*text++ = '\0';
	text[strcspn(text, "\n")] = '\0';
	if (is_complaint(text) && forget_others())
		hear_complaint(text);
	else if (log.line[0] != '\0')
		hear_more(text);
}

/* ---- the verdict ----------------------------------------------------------------------------------- */

static void raise_it(struct executor *ex)
{
	const struct cf_mailbox *mailbox = &ex->control->mailbox;
	struct cf_result *result = &ex->control->result;
	char range[48] = "";

	if (is_of_many(mailbox))
		snprintf(range, sizeof(range), "; during %u runs, in one of them", mailbox->runs);
	snprintf(result->site, sizeof(result->site), "%s", log.site);
	snprintf(result->detail, sizeof(result->detail), "the kernel said: %s; %s%s", log.line,
		 whose_words[whose(log.pid)], range);
	result->kind = CF_KERNEL_LOG;
	result->outcome = CF_VIOLATED;
	result->hash ^= (uint64_t)CF_KERNEL_LOG << 40;
	/* so that a table of what runs came to has it, too */
	if (is_of_many(mailbox) && mailbox->kind != CF_EXPLORE)
		seen_count(&ex->control->outcomes, result);
}

/* Beside what has failed. */
static void add(struct cf_result *result, const char *of, const char *line)
{
	size_t said = strlen(result->detail);

	snprintf(result->detail + said, sizeof(result->detail) - said,
		 "; meanwhile the kernel said%s%s", of, line);
}

static void judge(struct executor *ex)
{
	struct cf_result *result = &ex->control->result;
	bool failed = result->outcome == CF_VIOLATED;

	if (failed && log.of_others[0] != '\0')
		add(result, "", log.of_others);
	if (log.line[0] == '\0' || result->outcome == CF_BROKEN)
		return; /* if something of our own is broken nothing can be said of the run */
	if (failed && ex->control->mailbox.kind == CF_EXPLORE)
		add(result, ": ", log.line);
	else
		raise_it(ex);
}

void ex_end_listening(struct executor *ex)
{
	char record[RECORD + 1];
	ssize_t size;

	if (!log.listens)
		return;
	log.line[0] = log.of_others[0] = '\0';
	for (int i = 0; i < RECORDS; i++) {
		size = read(log.fd, record, RECORD);
		if (size < 0 && errno == EPIPE)
			continue; /* some were overwritten before they were read */
		if (size <= 0)
			break;
		record[size] = '\0';
		hear(record);
	}
	forget_others();
	judge(ex);
}
