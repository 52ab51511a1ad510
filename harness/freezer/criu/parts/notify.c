/* SPDX-License-Identifier: Apache-2.0
 *
 * Who watches files: inotify with a watch on a folder and one on a file.
 */
#include "part.h"

#include <fcntl.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

#define WATCHED TREE_HOME "/watched"

static int inotify, folder_watch, file_watch;

void set_notify(void)
{
	int fd;

	mkdir(WATCHED, 0700);
	unlink(WATCHED "/new");
	fd = open(WATCHED "/file", O_CREAT | O_RDWR, 0600);
	inotify = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
	must(fd >= 0 && inotify >= 0, "inotify_init1");
	close(fd);
	close(open(WATCHED "/early", O_CREAT | O_RDWR, 0600));
	folder_watch = inotify_add_watch(inotify, WATCHED, IN_CREATE | IN_DELETE);
	must(inotify_rm_watch(inotify, folder_watch) == 0, "inotify_rm_watch");
	/* So its number is not the first one. */
	folder_watch = inotify_add_watch(inotify, WATCHED, IN_CREATE | IN_DELETE);
	file_watch = inotify_add_watch(inotify, WATCHED "/file",
				       IN_ATTRIB | (minds(TREE_ONCE_FORGOTTEN) ? IN_ONESHOT : 0));
	must(folder_watch > 1 && file_watch > 0, "inotify_add_watch");
	must(read(inotify, (char[512]){ 0 }, 512) > 0, "inotify"); /* IN_IGNORED */
	if (minds(TREE_EVENTS_LOST))
		unlink(WATCHED "/early");
}

static int next_event(struct inotify_event *event)
{
	static _Alignas(struct inotify_event) char bytes[4096];
	static ssize_t size, at;

	if (at >= size) {
		size = read(inotify, bytes, sizeof(bytes));
		at = 0;
	}
	if (size <= 0)
		return 0;
	memcpy(event, bytes + at, sizeof(*event));
	at += (ssize_t)(sizeof(*event) + event->len);
	return 1;
}

static int expect_event(int watch, uint32_t mask)
{
	struct inotify_event event = { 0 };

	if (!next_event(&event))
		return differs("inotify tells nothing, should tell 0x%x of %d", mask, watch);
	if (event.wd != watch || event.mask != mask)
		return differs("inotify tells 0x%x of %d, should tell 0x%x of %d", event.mask,
			       event.wd, mask, watch);
	return 0;
}

/* Events that were there and not read. CRIU documents that it drops them. */
static int early_changed(void)
{
	return expect_event(folder_watch, IN_DELETE);
}

int notify_changed(void)
{
	if (minds(TREE_EVENTS_LOST) && early_changed())
		return 1;
	if (spoils(TREE_NOTIFY))
		inotify_rm_watch(inotify, file_watch);
	close(open(WATCHED "/new", O_CREAT | O_RDWR, 0600));
	chmod(WATCHED "/file", 0640);
	chmod(WATCHED "/file", 0600);
	if (expect_event(folder_watch, IN_CREATE) || expect_event(file_watch, IN_ATTRIB))
		return 1;
	return minds(TREE_ONCE_FORGOTTEN) && expect_event(file_watch, IN_IGNORED);
}
