/* SPDX-License-Identifier: Apache-2.0
 *
 * What the injector says comes whole and in order to who reads it, is lost and counted where nobody does,
 * and is never a reason not to go on; nor is that descriptors 0 to 2 are closed. SIGPIPE would end this.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../../freezer/inject/inject.h"
#include "../../freezer/victim/victim.h"

static struct inject in = INJECT_NONE;
static struct inject_log to;

static void step(const char *name, unsigned state)
{
	(void)name;
	(void)state;
}

static const struct inject_port port = { .step = step, .send = send, .recv = recv, .log = &to };

static void must(int holds, const char *what)
{
	if (holds)
		return;
	fprintf(stderr, "inject_log: %s (said %u, lost %u, stage %s)\n", what, to.said, to.lost,
		in.stage ? in.stage : "none");
	exit(1);
}

static int freeze(const struct victim *v, int fd)
{
	to = (struct inject_log){ .fd = fd };
	return !inject_stop(&in, v->pid, &port, INJECT_CAREFUL) && !inject_infect(&in) &&
	       !inject_command(&in, INJECT_ADD, 137) && !inject_cure(&in) && !inject_resume(&in);
}

static void cycle(struct victim *v, int fd, const char *what)
{
	static const struct victim_setting setting = { .seed = 1 };
	struct victim_regs seen;

	must(!victim_hold(v, &setting), "a victim does not hold still");
	must(freeze(v, fd), what);
	must(!victim_release(v) && !victim_report(v, &seen), "the victim does not go on");
}

/* ---- where it goes ----------------------------------------------------------------------------- */

static void is_read(struct victim *v)
{
	static const char *const steps[] = { "stop",    "map",  "enter", "connect",
					     "command", "fini", "cure",  "resume" };
	enum { STEPS = sizeof(steps) / sizeof(steps[0]) };
	char line[128], want[128];
	FILE *file = tmpfile();

	cycle(v, fileno(file), "with a log that is a file");
	must(to.said == STEPS && !to.lost, "lines are lost");
	rewind(file);
	for (int i = 0; i < STEPS; i++) {
		snprintf(want, sizeof(want), "inject: %d: %s\n", v->pid, steps[i]);
		must(fgets(line, sizeof(line), file) && !strcmp(line, want), want);
	}
	fclose(file);
}

/* One page of two: there is room for a line, and once it has been read for the next one, which says so. */
static void is_full(struct victim *v)
{
	static char page[4096];
	char line[128] = "";
	int ends[2];

	must(!pipe2(ends, O_CLOEXEC) && fcntl(ends[1], F_SETPIPE_SZ, 8192) == 8192, "no pipe");
	must(write(ends[1], page, sizeof(page)) == sizeof(page), "no full page");
	cycle(v, ends[1], "with a pipe that is full");
	must(to.said == 1 && to.lost == 7, "a full pipe takes one line");
	must(read(ends[0], page, sizeof(page)) == sizeof(page), "it can't be read");
	inject_say(&in, "more", -EIO);
	must(to.said == 2 && !to.lost, "one that has been read takes the next line");
	must(read(ends[0], line, sizeof(line) - 1) > 0 && strstr(line, "stop\n") &&
		     strstr(line, "more fails: error 5 (7 lines before are lost)\n"),
	     line);
	close(ends[0]);
	cycle(v, ends[1], "with a pipe that nobody reads");
	must(!to.said && to.lost == 8, "a closed pipe takes none");
	close(ends[1]);
}

/* The pidfd, the memory and the channel would be 0, 1 and 2, where the log goes. */
static int is_closed(struct victim *v)
{
	pid_t child = fork();
	int status;

	if (child == 0) {
		int whole;

		must(!victim_start(v, fork), "no victim");
		must(!victim_hold(v, &(struct victim_setting){ .seed = 2 }), "no stillness");
		close_range(0, 2, 0);
		whole = freeze(v, 2) && !to.said && fcntl(0, F_GETFD) < 0 &&
			fcntl(1, F_GETFD) < 0 && fcntl(2, F_GETFD) < 0;
		victim_end(v);
		_exit(!whole);
	}
	return waitpid(child, &status, 0) == child && !status;
}

int main(void)
{
	struct victim v = { 0 };
	int device;

	alarm(60);
	must(is_closed(&v), "with descriptors 0 to 2 closed");
	must(!victim_start(&v, fork), "no victim");
	is_read(&v);
	is_full(&v);
	device = open("/dev/full", O_WRONLY | O_CLOEXEC);
	cycle(&v, device, "with /dev/full");
	must(!to.said, "a full device takes none");
	victim_end(&v);
	return 0;
}
