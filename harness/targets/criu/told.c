/* SPDX-License-Identifier: Apache-2.0
 *
 * told.c - the tree that failed, in words by which another program can make it again: cryofuzz export
 * reads them in the evidence. And what criu said, as CRIU's issues are to have it.
 */
#include "told.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static const char *const items[TREE_ITEMS] = {
#define NAME(item, part) [TREE_##item] = #part,
	TREE_LIST(NAME)
#undef NAME
};

enum { LOG = 6000 };

static const struct ward *ward;
static struct tree_setting told;
static const char *minds;

static void attach_tree(void)
{
	char carries[1024] = "";

	for (unsigned i = 0; i < TREE_ITEMS; i++)
		if (told.carries >> i & 1)
			snprintf(carries + strlen(carries), sizeof(carries) - strlen(carries),
				 ",%s", items[i]);
	cf_attach("tree: seed=%llu place=%u trap=%u spoils=%u carries=%s minds=%s\n",
		  (unsigned long long)told.seed, told.place, told.trap, told.spoils,
		  carries[0] ? carries + 1 : "nothing", minds ? minds : "nothing");
}

/* The end of it, from a line's beginning. */
static void attach_log(const char *name)
{
	char path[64], text[LOG + 1], *begin = text;
	ssize_t size = 0;
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/root%s/%s", ward->pid, WARD_IMAGES, name);
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	if (fd < 0)
		return;
	if (lseek(fd, -LOG, SEEK_END) >= 0)
		begin = NULL;
	size = read(fd, text, LOG);
	close(fd);
	text[size > 0 ? size : 0] = '\0';
	if (begin == NULL && (begin = strchr(text, '\n')) != NULL)
		begin++;
	if (begin != NULL && *begin)
		cf_attach("the end of %s:\n%s", name, begin);
}

static void attach_all(void)
{
	attach_tree();
	attach_log("dump.log");
	attach_log("restore.log");
}

void tell_tree(const struct ward *in, const struct tree_setting *setting, const char *weakness)
{
	ward = in;
	told = *setting;
	minds = weakness;
	cf_on_failure(attach_all);
}
