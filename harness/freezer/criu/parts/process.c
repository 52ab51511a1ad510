/* SPDX-License-Identifier: Apache-2.0
 *
 * What a process has besides.
 */
#include "part.h"

#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

void set_process(void)
{
	const struct rlimit files = { 77, 99 };

	umask(0137);
	must(chdir(TREE_HOME) == 0 && setrlimit(RLIMIT_NOFILE, &files) == 0, "process");
	must(setpriority(PRIO_PROCESS, 0, 7) == 0 && prctl(PR_SET_NAME, "trunk") == 0, "process");
	must(prctl(PR_SET_CHILD_SUBREAPER, 1) == 0, "prctl");
}

int process_changed(void)
{
	char folder[64] = "", name[16] = "";
	struct rlimit files;
	int reaper = 0;
	mode_t mask;

	if (spoils(TREE_PROCESS))
		umask(0);
	mask = umask(0);
	getrlimit(RLIMIT_NOFILE, &files);
	prctl(PR_GET_NAME, name);
	prctl(PR_GET_CHILD_SUBREAPER, &reaper);
	if (mask != 0137)
		return differs("the umask is 0%o, was 0137", mask);
	if (getcwd(folder, sizeof(folder)) == NULL || strcmp(folder, TREE_HOME) != 0)
		return differs("the folder is %s, was " TREE_HOME, folder);
	if (files.rlim_cur != 77 || files.rlim_max != 99)
		return differs("the limit of descriptors has changed");
	if (getpriority(PRIO_PROCESS, 0) != 7)
		return differs("the priority is %d, was 7", getpriority(PRIO_PROCESS, 0));
	if (strcmp(name, "trunk") != 0)
		return differs("the name is %s, was trunk", name);
	if (!reaper)
		return differs("it is no subreaper any more");
	return 0;
}
