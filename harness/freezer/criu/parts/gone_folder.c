/* SPDX-License-Identifier: Apache-2.0
 *
 * A folder to work in that has been deleted.
 */
#include "part.h"

#include <sys/stat.h>
#include <unistd.h>

static nlink_t links;

void set_gone_folder(void)
{
	struct stat now;

	mkdir(TREE_HOME "/gone", 0750);
	must(chdir(TREE_HOME "/gone") == 0 && rmdir(TREE_HOME "/gone") == 0, "rmdir");
	must(stat(".", &now) == 0, "stat");
	links = now.st_nlink;
}

int gone_folder_changed(void)
{
	struct stat now = { 0 };
	char path[64];

	if (spoils(TREE_GONE_FOLDER))
		must(chdir("/") == 0, "chdir");
	if (stat(".", &now) < 0 || (now.st_mode & 07777) != 0750)
		return differs("the deleted folder's mode is 0%o, was 0750", now.st_mode & 07777);
	if (getcwd(path, sizeof(path)) != NULL && path[0] == '/')
		return differs("the deleted folder is there again: %s", path);
	if (now.st_nlink != links)
		return differs("the deleted folder has %ld links", (long)now.st_nlink);
	return 0;
}
