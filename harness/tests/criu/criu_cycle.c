/* SPDX-License-Identifier: Apache-2.0
 *
 * Dumps and restores trees with the real criu, without the runtime: each item alone in each place,
 * and all of them together, must come back. Then the process that opened a ward is killed, and
 * nobody of the ward may be left.
 *
 *   criu_cycle [cycles]   default 30; prints the median of a dump and of a restore
 *
 * CRYOFUZZ_CRIU names the program; without one the check is skipped, which it says.
 */
#include <dirent.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "../../freezer/criu/tree_orders.h"
#include "../../freezer/victim/victim.h"

enum { MOST = 10000, PLACES = TREE_POLLS + 1 };

/* What one process can have at once; the others are alone. */
static const uint64_t everything = ((1ull << TREE_POSIX_MEMORY) - 1) & ~(1ull << TREE_BIRTHS);

static struct ward ward = WARD_NONE;
static double dumps[MOST], restores[MOST];

static int complain(const char *what, int code)
{
	fprintf(stderr, "criu_cycle: %s: %d in %s: %s\n", what, code, ward.stage, ward.detail);
	return 1;
}

static double now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static int cycle(const struct tree_setting *setting, double *dump, double *restore)
{
	double begin;
	int ret = ward_raise(&ward, setting);

	if (ret)
		return complain("no tree", ret);
	begin = now_ms();
	ret = ward_dump(&ward, 0, WARD_CAREFUL);
	*dump = now_ms() - begin;
	if (ret)
		return complain("no dump", ret);
	begin = now_ms();
	ret = ward_restore(&ward, WARD_CAREFUL);
	*restore = now_ms() - begin;
	if (ret)
		return complain("no restore", ret);
	ret = ward_ask(&ward);
	if (ret || ward.changed)
		return complain("not as it was", ret ? ret : (int)ward.changed);
	return 0;
}

static int every_item(void)
{
	double unused;

	for (unsigned i = 0; i <= TREE_PLACE; i++) {
		const struct tree_setting setting = {
			.seed = i + 1,
			.place = i % PLACES,
			.carries = i < TREE_PLACE ? 1ull << i : everything,
			.trap = i % 2 ? TREE_TRAP_HANDLED : TREE_TRAP_IGNORED,
			.code = VICTIM_FORK_ENDS - VICTIM_VFORK,
		};

		if (cycle(&setting, &unused, &unused))
			return complain("item", (int)i);
	}
	return 0;
}

/* Each in which a process can be met that makes another one, becomes another one, or ends. */
static int every_birth(void)
{
	double unused;

	for (unsigned place = VICTIM_VFORK + 1; place < VICTIM_PLACES; place++) {
		const struct tree_setting setting = {
			.seed = place,
			.carries = 1ull << TREE_BIRTHS,
			.code = place - VICTIM_VFORK,
		};

		if (cycle(&setting, &unused, &unused))
			return complain("birth", (int)place);
	}
	return 0;
}

/* ---- nobody is left ---------------------------------------------------------------------------- */

/* Whoever lives in the same pid namespace. */
static int count_in(const char *namespace)
{
	char path[300], theirs[64];
	DIR *all = opendir("/proc");
	struct dirent *entry;
	int count = 0;

	while (all != NULL && (entry = readdir(all)) != NULL) {
		ssize_t length;

		snprintf(path, sizeof(path), "/proc/%s/ns/pid", entry->d_name);
		length = readlink(path, theirs, sizeof(theirs) - 1);
		if (length <= 0)
			continue; /* not a process, or a zombie: it has no namespace any more */
		theirs[length] = '\0';
		count += strcmp(theirs, namespace) == 0;
	}
	if (all != NULL)
		closedir(all);
	return count;
}

static _Noreturn void own_a_ward(int tell, const char *criu, const char *tree)
{
	const struct tree_setting setting = { .seed = 1, .carries = everything };

	ward = (struct ward)WARD_NONE;
	if (ward_open_for_trees(&ward, fork, criu, tree) || ward_raise(&ward, &setting))
		_exit(complain("no ward of its own", 0));
	if (write(tell, &ward.pid, sizeof(ward.pid)) < 0)
		_exit(1);
	for (;;)
		pause();
}

/* Process 1, the tree and its living child; the dead one is not counted. */
static int dies_with_its_owner(const char *criu, const char *tree)
{
	char path[64], namespace[64] = "";
	int ends[2], first = 0, count;
	pid_t owner;

	if (pipe(ends) < 0)
		return complain("pipe", errno);
	owner = fork();
	if (owner == 0)
		own_a_ward(ends[1], criu, tree);
	close(ends[1]);
	if (read(ends[0], &first, sizeof(first)) != sizeof(first))
		return complain("it has no ward", 0);
	snprintf(path, sizeof(path), "/proc/%d/ns/pid_for_children", first);
	if (readlink(path, namespace, sizeof(namespace) - 1) < 0)
		return complain(path, errno);
	count = count_in(namespace);
	kill(owner, SIGKILL);
	waitpid(owner, NULL, 0);
	if (count < 3)
		return complain("its ward lacks processes", count);
	for (int i = 0; (count = count_in(namespace)) > 0 && i < 100; i++)
		usleep(20000);
	return count ? complain("so many outlive their owner", count) : 0;
}

static int by_size(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static double median(double *values, int count)
{
	qsort(values, (size_t)count, sizeof(*values), by_size);
	return values[count / 2];
}

static int measure(int cycles)
{
	const struct tree_setting plain = { .seed = 1 };

	for (int i = 0; i < cycles; i++)
		if (cycle(&plain, &dumps[i], &restores[i]))
			return 1;
	printf("criu_cycle: %d cycles, dump %.1f ms, restore %.1f ms\n", cycles,
	       median(dumps, cycles), median(restores, cycles));
	return 0;
}

int main(int argc, char **argv)
{
	const char *own = getenv("CRYOFUZZ_CRIU"), *criu = own != NULL ? own : CRIU_PROGRAM;
	const char *reason = ward_unsupported_for_trees(criu, CRIU_TREE);
	int cycles = argc > 1 ? atoi(argv[1]) : 30, failed, ret;

	if (reason != NULL) {
		printf("criu_cycle: skipped: %s\n", reason);
		return 0;
	}
	if (cycles < 1 || cycles > MOST)
		return complain("expected 1 to 10000 cycles", cycles);
	ret = ward_open_for_trees(&ward, fork, criu, CRIU_TREE);
	if (ret)
		return complain("no ward", ret);
	failed = (argc == 1 &&
		  (every_item() || every_birth() || dies_with_its_owner(criu, CRIU_TREE))) ||
		 measure(cycles);
	ward_close(&ward);
	return failed;
}
