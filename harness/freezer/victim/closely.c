/* SPDX-License-Identifier: Apache-2.0 */
#include "closely.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/rseq.h>
#include <stdio.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/uio.h>

#include "raw.h"

static const struct {
	const char *name, *item;
} fields[CLOSELY_FIELDS] = {
	{ "Name:", "name" },
	{ "Umask:", "umask" },
	{ "Uid:", "credentials" },
	{ "Gid:", "credentials" },
	{ "Groups:", "credentials" },
	{ "CapInh:", "credentials" },
	{ "CapPrm:", "credentials" },
	{ "CapEff:", "credentials" },
	{ "CapBnd:", "credentials" },
	{ "CapAmb:", "credentials" },
	{ "NoNewPrivs:", "credentials" },
	{ "Seccomp:", "seccomp" },
	{ "Seccomp_filters:", "seccomp" },
	{ "Cpus_allowed:", "scheduling" },
};

/* As much of it as fits, from its first line on; the text begins with a newline. */
static int read_text(const char *path, char *text, size_t size)
{
	long fd = raw4(SYS_openat, AT_FDCWD, path, O_RDONLY | O_CLOEXEC, 0), n;
	size_t length = 1;

	if (fd < 0)
		return (int)fd;
	text[0] = '\n';
	while ((n = raw3(SYS_read, fd, text + length, size - 1 - length)) > 0)
		length += (size_t)n;
	raw1(SYS_close, fd);
	text[length] = '\0';
	return (int)n;
}

static uint64_t hash_line(const char *line)
{
	return state_hash(line, strcspn(line, "\n"));
}

/* The line that begins with that name; NULL: there is none. */
static const char *find_line(const char *text, const char *name)
{
	size_t length = strlen(name);

	for (text = strchr(text, '\n'); text; text = strchr(text + 1, '\n'))
		if (strncmp(text + 1, name, length) == 0)
			return text + 1;
	return NULL;
}

static int look_at_status(struct closely *c, int pid)
{
	char path[48], text[8192];
	int ret;

	snprintf(path, sizeof(path), "/proc/%d/status", pid);
	ret = read_text(path, text, sizeof(text));
	for (unsigned i = 0; !ret && i < CLOSELY_FIELDS; i++) {
		const char *line = find_line(text, fields[i].name);

		c->field[i] = line ? hash_line(line) : 0;
	}
	return ret;
}

/* What is left of a timer changes. */
static uint64_t hash_more(const char *text)
{
	uint64_t hash = 0;

	for (text = strchr(text, '\n'); text && text[1]; text = strchr(text + 1, '\n'))
		if (strncmp(text + 1, "pos:", 4) && strncmp(text + 1, "flags:", 6) &&
		    strncmp(text + 1, "it_value:", 9))
			hash = hash * 31 + hash_line(text + 1);
	return hash;
}

static int look_at_file(struct closely *c, int pid, int fd)
{
	char path[64], text[4096];
	long n;
	int ret, i = fd - STATE_FILE;

	snprintf(path, sizeof(path), "/proc/%d/fd/%d", pid, fd);
	n = raw4(SYS_readlinkat, AT_FDCWD, path, text, sizeof(text));
	if (n < 0)
		return (int)n;
	c->file[i].target = state_hash(text, (size_t)n);
	snprintf(path, sizeof(path), "/proc/%d/fdinfo/%d", pid, fd);
	ret = read_text(path, text, sizeof(text));
	if (ret || !find_line(text, "pos:") || !find_line(text, "flags:"))
		return ret ? ret : -ENODATA;
	c->file[i].offset = hash_line(find_line(text, "pos:"));
	c->file[i].flags = hash_line(find_line(text, "flags:"));
	c->file[i].more = hash_more(text);
	return 0;
}

/* The pages lie so low that they are among the first mappings. */
static int look_at_pages(struct closely *c, int pid)
{
	char path[48], text[32768];
	int ret;

	snprintf(path, sizeof(path), "/proc/%d/smaps", pid);
	ret = read_text(path, text, sizeof(text));
	for (unsigned i = 0; !ret && i < STATE_PAGES; i++) {
		char range[24];
		const char *at;

		snprintf(range, sizeof(range), "%lx-", STATE_PAGE(i));
		at = find_line(text, range);
		at = at ? find_line(at, "VmFlags:") : NULL;
		if (!at)
			return -ENODATA;
		c->page[i] = hash_line(at);
	}
	return ret;
}

static int look_at_section(struct closely *c, int pid)
{
	struct __ptrace_rseq_configuration rseq = { 0 };
	struct iovec here = { &c->section, sizeof(c->section) }, there = here;
	long ret = raw4(SYS_ptrace, PTRACE_GET_RSEQ_CONFIGURATION, pid, sizeof(rseq), &rseq);

	if (ret < 0 || !rseq.rseq_abi_pointer)
		return ret < 0 ? (int)ret : -ENODATA;
	there.iov_base = (void *)(rseq.rseq_abi_pointer + offsetof(struct rseq, rseq_cs));
	ret = raw6(SYS_process_vm_readv, pid, &here, 1, &there, 1, 0);
	return ret < 0 ? (int)ret : 0;
}

int closely_look(struct closely *c, int pid, const struct state_wish *wish)
{
	int ret = 0;

	memset(c, 0, sizeof(*c));
	if (!state_any(wish))
		return 0;
	if (wish->of[STATE_PROCESS] || wish->of[STATE_CREDENTIALS])
		ret = look_at_status(c, pid);
	for (int fd = STATE_FILE; !ret && wish->of[STATE_FILES] && fd < STATE_FILES_END; fd++)
		ret = look_at_file(c, pid, fd);
	if (!ret && wish->of[STATE_LAYOUT] == STATE_LAYOUT_PAGES)
		ret = look_at_pages(c, pid);
	if (!ret && wish->of[STATE_THREAD] == STATE_THREAD_AREA)
		ret = look_at_section(c, pid);
	return ret;
}

static const char *compare_files(const struct closely *b, const struct closely *a, char *text,
				 size_t size)
{
	for (int i = 0; i < CLOSELY_FILES; i++) {
		const char *item = b->file[i].target != a->file[i].target   ? "open-files"
				   : b->file[i].more != a->file[i].more     ? "open-files"
				   : b->file[i].flags != a->file[i].flags   ? "file-flags"
				   : b->file[i].offset != a->file[i].offset ? "offsets"
									    : NULL;

		if (!item)
			continue;
		snprintf(text, size, "descriptor %d has other %s", i + STATE_FILE, item);
		return item;
	}
	return NULL;
}

const char *closely_compare(const struct closely *b, const struct closely *a, char *text,
			    size_t size)
{
	for (unsigned i = 0; i < CLOSELY_FIELDS; i++) {
		if (b->field[i] == a->field[i])
			continue;
		snprintf(text, size, "its status has another line %s", fields[i].name);
		return fields[i].item;
	}
	for (unsigned i = 0; i < STATE_PAGES; i++) {
		if (b->page[i] == a->page[i])
			continue;
		snprintf(text, size, "the page at 0x%lx has other VmFlags", STATE_PAGE(i));
		return "mapping-flags";
	}
	/* It is in none in fact, which the kernel says when it sees it. */
	if (a->section != b->section && a->section != 0) {
		snprintf(text, size, "rseq_cs is 0x%llx, was 0x%llx",
			 (unsigned long long)a->section, (unsigned long long)b->section);
		return "rseq";
	}
	return compare_files(b, a, text, size);
}
