/* SPDX-License-Identifier: Apache-2.0
 *
 * fanotify: a mark on a file, and one that lets some events of a folder pass.
 */
#include "part.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/fanotify.h>
#include <sys/stat.h>
#include <unistd.h>

#define MARKED TREE_HOME "/marked"

static int group;

static void touch(const char *path)
{
	close(open(path, O_CREAT | O_RDWR, 0600));
}

void set_fanotify(void)
{
	mkdir(MARKED, 0700);
	touch(MARKED "/file");
	touch(MARKED "/other");
	group = fanotify_init(FAN_CLASS_NOTIF | FAN_NONBLOCK | FAN_CLOEXEC, O_RDONLY);
	must(group >= 0, "fanotify_init");
	must(fanotify_mark(group, FAN_MARK_ADD, FAN_CLOSE_WRITE, AT_FDCWD, MARKED "/file") == 0,
	     "fanotify_mark");
	must(fanotify_mark(group, FAN_MARK_ADD, FAN_OPEN | FAN_EVENT_ON_CHILD, AT_FDCWD, MARKED) ==
		     0,
	     "fanotify_mark");
}

/* All that has happened since, of all files. */
static uint64_t heard(void)
{
	_Alignas(struct fanotify_event_metadata) char bytes[4096];
	ssize_t size = read(group, bytes, sizeof(bytes));
	const struct fanotify_event_metadata *event = (const void *)bytes;
	uint64_t mask = 0;

	for (; size > 0 && FAN_EVENT_OK(event, size); event = FAN_EVENT_NEXT(event, size)) {
		mask |= event->mask;
		close(event->fd);
	}
	return mask;
}

static int expect_heard(const char *path, uint64_t mask)
{
	uint64_t told;

	touch(path);
	told = heard();
	return told != mask ? differs("fanotify tells 0x%llx of %s, should tell 0x%llx",
				      (unsigned long long)told, path, (unsigned long long)mask)
			    : 0;
}

int fanotify_changed(void)
{
	if (spoils(TREE_FANOTIFY))
		fanotify_mark(group, FAN_MARK_FLUSH, 0, AT_FDCWD, NULL);
	return expect_heard(MARKED "/file", FAN_OPEN | FAN_CLOSE_WRITE) ||
	       expect_heard(MARKED "/other", FAN_OPEN);
}
