/* SPDX-License-Identifier: Apache-2.0
 *
 * told.c - the tree that failed, in words by which another program can make it again: cryofuzz export
 * reads them in the evidence. And what criu said, as CRIU's issues are to have it.
 */
#include "told.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "hurt.h"
#include "plant.h"

static const char *const items[TREE_ITEMS] = {
#define NAME(item, part) [TREE_##item] = #part,
	TREE_LIST(NAME)
#undef NAME
};

enum { LOG_END = 6000 };

static const struct ward *ward;
static struct {
	const char *stage;
	unsigned call, nth; /* as struct ward has them */
} failure;

static struct tree_setting told;
static const char *minds;

static void attach_tree(void)
{
	char carries[1024] = "";

	for (unsigned i = 0; i < TREE_ITEMS; i++)
		if (told.carries >> i & 1)
			snprintf(carries + strlen(carries), sizeof(carries) - strlen(carries),
				 ",%s", items[i]);
	cf_attach("tree: seed=%llu place=%u trap=%u spoils=%u carries=%s minds=%s expects=%d\n",
		  (unsigned long long)told.seed, told.place, told.trap, told.spoils,
		  carries[0] ? carries + 1 : "nothing", minds ? minds : "nothing",
		  criu_planted().expects != 0);
}

/* As strace counts calls, and makes them fail. Those that a program's loader makes, too, nobody counts alike. */
static void attach_failure(void)
{
	static const struct {
		long number;
		const char *name, *error;
	} calls[] = {
		{ SYS_ptrace, "ptrace", "ESRCH" },
		{ SYS_getdents64, "getdents64", "ENOMEM" },
		{ SYS_recvmsg, "recvmsg", "ENOBUFS" },
	};

	if (criu_hurt(0).fault)
		cf_attach("hurt: fault=%u\n", criu_hurt(0).fault);
	for (unsigned i = 0; failure.nth && i < sizeof(calls) / sizeof(calls[0]); i++)
		if (failure.call == 1 + calls[i].number)
			cf_attach("hurt: in=%s call=%s error=%s nth=%u\n", failure.stage,
				  calls[i].name, calls[i].error, failure.nth);
}

/* The end of it, from a line's beginning. */
static void attach_log(const char *name)
{
	char path[64], text[LOG_END + 1], *begin = text;
	ssize_t size = 0;
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/root%s/%s", ward->pid, WARD_IMAGES, name);
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	if (fd < 0)
		return;
	if (lseek(fd, -LOG_END, SEEK_END) >= 0)
		begin = NULL;
	size = read(fd, text, LOG_END);
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
	attach_failure();
	attach_log("dump.log");
	attach_log("restore.log");
}

void tell_tree(const struct ward *in, const struct tree_setting *setting, const char *weakness)
{
	ward = in;
	told = *setting;
	minds = weakness;
	failure.nth = 0;
	cf_on_failure(attach_all);
}

void tell_failed_call(const char *stage)
{
	if (!ward->failed)
		return;
	failure.stage = stage;
	failure.call = ward->failed;
	failure.nth = ward->nth;
}
