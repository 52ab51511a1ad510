/* SPDX-License-Identifier: Apache-2.0
 *
 *   executor --describe TARGET.so             what the target says of itself, as JSON
 *   executor --serve TARGET.so CONTROL        runs scenarios; standard input is the lifeline
 *   executor --stage TARGET.so CONTROL        one run, in a ward: see stage.c
 *
 * Exit status: 0, 2 for wrong usage or a file that is no target, 3 for our own faults.
 */
#include <stdio.h>
#include <string.h>
#include <sys/personality.h>
#include <unistd.h>

#include "executor.h"

/* Addresses must be the same in every run of every executor. */
static void without_randomized_addresses(char **argv)
{
	int now = personality(0xffffffff);

	if (now < 0 || (now & ADDR_NO_RANDOMIZE))
		return;
	if (personality((unsigned long)now | ADDR_NO_RANDOMIZE) >= 0)
		execv("/proc/self/exe", argv);
}

int main(int argc, char **argv)
{
	bool describe = argc == 3 && strcmp(argv[1], "--describe") == 0;
	bool serve = argc == 4 && strcmp(argv[1], "--serve") == 0;
	bool stage = argc == 4 && strcmp(argv[1], "--stage") == 0;
	static struct loaded loaded;

	if (!describe && !serve && !stage) {
		fprintf(stderr,
			"usage: executor --describe TARGET.so | --serve TARGET.so CONTROL\n");
		return 2;
	}
	without_randomized_addresses(argv);
	if (ex_load(argv[2], &loaded) < 0)
		return 2;
	if (serve)
		return ex_serve(&loaded, argv[3]);
	if (stage)
		return ex_stage(&loaded, argv[3]);
	ex_describe(&loaded);
	return 0;
}
