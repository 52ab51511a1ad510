/* SPDX-License-Identifier: Apache-2.0 */
#include "attend.h"

#include <dirent.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "keeper.h"

enum { LOOK_MS = 100, LEAVE_MS = 600 };

/* That is how programs die of their own faults. */
static int is_crash(int signo)
{
	return signo == SIGSEGV || signo == SIGBUS || signo == SIGABRT || signo == SIGFPE ||
	       signo == SIGILL || signo == SIGTRAP || signo == SIGSYS;
}

/* ---- does anybody run? -------------------------------------------------------------------------- */

struct sight {
	unsigned long switches; /* of all processes */
	int runs; /* one could go on */
	long cpu_ms; /* of the one that has run longest */
	int count;
	char names[120];
};

static void note(struct sight *s, const char *pid, const char *name, char state, const char *where)
{
	size_t used = strlen(s->names);

	s->count++;
	s->runs |= state == 'R' || state == 'D';
	snprintf(s->names + used, sizeof(s->names) - used, "%s%s %s %c %s", used ? ", " : "", name,
		 pid, state, where);
}

static void look_at(struct sight *s, const char *pid)
{
	char line[128], name[32] = "?", where[48] = "", state = '?';
	FILE *file = keeper_look_up(atoi(pid), "wchan");
	unsigned long number;

	if (file != NULL) {
		(void)!fgets(where, sizeof(where), file);
		fclose(file);
	}
	file = keeper_look_up(atoi(pid), "status");
	if (file == NULL)
		return;
	while (fgets(line, sizeof(line), file) != NULL) {
		sscanf(line, "Name: %31s", name);
		sscanf(line, "State: %c", &state);
		if (sscanf(line, "voluntary_ctxt_switches: %lu", &number) == 1 ||
		    sscanf(line, "nonvoluntary_ctxt_switches: %lu", &number) == 1)
			s->switches += number;
	}
	fclose(file);
	if (state != 'Z')
		note(s, pid, name, state, where);
}

static long cpu_ms_of(const char *pid)
{
	FILE *file = keeper_look_up(atoi(pid), "stat");
	char line[512], *after;
	unsigned long user = 0, system = 0;

	if (file == NULL)
		return 0;
	after = fgets(line, sizeof(line), file) != NULL ? strrchr(line, ')') : NULL;
	if (after != NULL)
		sscanf(after, ") %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu", &user,
		       &system);
	fclose(file);
	return (long)((user + system) * 1000 / (unsigned long)sysconf(_SC_CLK_TCK));
}

static void look(struct sight *s)
{
	DIR *all = opendir("/proc");
	struct dirent *entry;

	memset(s, 0, sizeof(*s));
	while (all != NULL && (entry = readdir(all)) != NULL)
		if (atoi(entry->d_name) > 1) {
			long cpu = cpu_ms_of(entry->d_name);

			look_at(s, entry->d_name);
			s->cpu_ms = cpu > s->cpu_ms ? cpu : s->cpu_ms;
		}
	if (all != NULL)
		closedir(all);
}

int attend_look(unsigned long *switches, char *text, size_t size)
{
	struct sight s;
	int still;

	look(&s);
	still = !s.runs && s.switches == *switches;
	*switches = s.switches;
	snprintf(text, size, "%s", s.names);
	return still;
}

void attend(pid_t pid, struct attended *a)
{
	long begin = keeper_now_ms(), still_since = begin, next = begin + LOOK_MS;
	struct standstill stopped = { .pid = pid };
	struct sight last = { 0 }, now;

	memset(a, 0, sizeof(*a));
	while (!keeper_reap(pid, &a->status)) {
		long time = keeper_now_ms();

		if (time >= next) {
			look(&now);
			if (now.runs || now.switches != last.switches)
				still_since = time;
			last = now;
			next = time + LOOK_MS;
		}
		if (keeper_stands_still(&stopped) || time - still_since > ATTEND_STILL_MS ||
		    last.cpu_ms > ATTEND_CPU_MS || time - begin > ATTEND_MS) {
			a->hung = 1;
			snprintf(a->text, sizeof(a->text), "%s", last.names);
			return;
		}
		keeper_await_child(LOOK_MS / 2);
	}
}

/* ---- what it says ------------------------------------------------------------------------------- */

/* That it may not raise limits it says in every run without the right to. */
static const char *complaint_in(const char *line)
{
	const char *error = strstr(line, "Error (");

	return error != NULL && strstr(error, "RLIMIT_NOFILE") == NULL ? error : NULL;
}

int attend_read_log(const char *log, struct attended *a)
{
	FILE *file = fopen(log, "re");
	char line[512];
	int found = 0;

	while (file != NULL && fgets(line, sizeof(line), file) != NULL) {
		const char *killed = strstr(line, "killed by signal "), *error;

		line[strcspn(line, "\n")] = '\0';
		error = complaint_in(line);
		if (killed != NULL && !a->task_signal && is_crash(atoi(killed + 17)))
			a->task_signal = atoi(killed + 17);
		a->bug |= strstr(line, "BUG at") != NULL;
		if (error != NULL && !found++)
			snprintf(a->text, sizeof(a->text), "%s", error);
	}
	if (file != NULL)
		fclose(file);
	return found;
}

int attend_somebody_left(char *text, size_t size)
{
	long end = keeper_now_ms() + LEAVE_MS;
	struct sight s;
	int status;

	for (;;) {
		keeper_reap(0, &status);
		if (kill(-1, 0) < 0 && errno == ESRCH)
			return 0;
		if (keeper_now_ms() > end)
			break;
		keeper_await_child(2);
	}
	look(&s);
	if (!s.count)
		return 0;
	snprintf(text, size, "%s", s.names);
	return s.count;
}
