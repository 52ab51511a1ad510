/* SPDX-License-Identifier: Apache-2.0
 * Loading a target: its descriptor, its build id, and the numbers of its sites. */
#include <dlfcn.h>
#include <elf.h>
#include <errno.h>
#include <link.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "executor.h"

enum { LOADED_WITHIN_S = 10 };

struct line {
	unsigned long offset;
	char *name; /* file:line */
};

static int by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Reads NAME.sites beside NAME.so; the number of lines or -1. */
static long read_lines(const char *so, struct line **lines)
{
	char path[4096], name[256];
	unsigned long offset;
	long count = 0, room = 0;
	FILE *file;

	snprintf(path, sizeof(path), "%.*s.sites", (int)(strlen(so) - 3), so);
	file = fopen(path, "re");
	if (file == NULL) {
		fprintf(stderr, "%s: %s; build the target again\n", path, strerror(errno));
		return -1;
	}
	*lines = NULL;
	while (fscanf(file, "%lx %255s", &offset, name) == 2) {
		if (count == room) {
			room = room * 2 + 256;
			*lines = realloc(*lines, (size_t)room * sizeof(**lines));
		}
		(*lines)[count++] = (struct line){ offset, strdup(name) };
	}
	fclose(file);
	return count;
}

/* Dense ids: 1 + the place in the sorted list of different names. */
static size_t sorted_names(const struct line *lines, long count, char ***names)
{
	size_t different = 0;

	*names = calloc((size_t)count + 1, sizeof(char *));
	for (long i = 0; i < count; i++)
		(*names)[i] = lines[i].name;
	qsort(*names, (size_t)count, sizeof(char *), by_name);
	for (long i = 0; i < count; i++)
		if (i == 0 || strcmp((*names)[i], (*names)[different - 1]) != 0)
			(*names)[different++] = (*names)[i];
	return different;
}

static uint16_t id_of(char **names, size_t count, char *name)
{
	char **found = bsearch(&name, names, count, sizeof(char *), by_name);
	size_t id = (size_t)(found - names) + 1;

	return id < RT_SITES ? (uint16_t)id : 0;
}

/* As long as the code, be it without lines: hooks look there without asking. */
static uint16_t *table_of(const struct loaded *loaded)
{
	size_t size = loaded->site_table_size;

	return calloc((size > loaded->code_size ? size : loaded->code_size) + 1, sizeof(uint16_t));
}

static int number_sites(const char *so, struct loaded *loaded)
{
	struct line *lines;
	char **names;
	size_t different;
	long count = read_lines(so, &lines);

	if (count < 0)
		return -1;
	different = sorted_names(lines, count, &names);
	loaded->site_table_size = count > 0 ? lines[count - 1].offset + 4096 : 0;
	loaded->sites = table_of(loaded);
	loaded->covered = table_of(loaded);
	for (long i = 0; i < count; i++) {
		size_t end = i + 1 < count ? lines[i + 1].offset : loaded->site_table_size;
		uint16_t id = id_of(names, different, lines[i].name);

		for (size_t at = lines[i].offset; at < end; at++)
			loaded->sites[at] = id;
	}
	loaded->place = calloc(different + 1, sizeof(char *));
	for (size_t i = 0; i < different; i++)
		loaded->place[i] = strdup(names[i]);
	loaded->places = different;
	free(names);
	for (long i = 0; i < count; i++)
		free(lines[i].name);
	free(lines);
	return 0;
}

static int look_at_image(struct dl_phdr_info *info, size_t size, void *data)
{
	struct loaded *loaded = data;

	(void)size;
	if (info->dlpi_addr != loaded->base)
		return 0;
	for (int i = 0; i < info->dlpi_phnum; i++) {
		const ElfW(Phdr) *header = &info->dlpi_phdr[i];
		const char *at = (const char *)(loaded->base + header->p_vaddr);
		const char *end = at + header->p_memsz;

		if (header->p_type == PT_LOAD && (header->p_flags & PF_X))
			loaded->code_size = header->p_vaddr + header->p_memsz;
		while (header->p_type == PT_NOTE && at + sizeof(ElfW(Nhdr)) < end) {
			const ElfW(Nhdr) *note = (const void *)at;
			const char *name = at + sizeof(*note);
			const char *value = name + ((note->n_namesz + 3) & ~3u);

			if (note->n_type == NT_GNU_BUILD_ID && note->n_descsz >= 8)
				memcpy(&loaded->build, value, 8);
			at = value + ((note->n_descsz + 3) & ~3u);
		}
	}
	return 1;
}

static void give_up(int signal)
{
	static const char text[] =
		"it has not ended loading after 10 s: does a constructor hang?\n";

	(void)signal;
	_exit(write(STDERR_FILENO, text, sizeof(text) - 1) < 0 ? 1 : 3);
}

/* Loading runs constructors, which are the target's. */
static void *load(const char *path)
{
	void *handle;

	signal(SIGALRM, give_up);
	alarm(LOADED_WITHIN_S);
	handle = dlopen(path, RTLD_NOW | RTLD_LOCAL);
	alarm(0);
	signal(SIGALRM, SIG_DFL);
	return handle;
}

int ex_load(const char *path, struct loaded *loaded)
{
	void *handle;
	struct link_map *map;
	size_t length = strlen(path);

	memset(loaded, 0, sizeof(*loaded));
	if (length < 4 || strcmp(path + length - 3, ".so") != 0) {
		fprintf(stderr, "%s: a target's name ends in .so\n", path);
		return -1;
	}
	if (realpath(path, loaded->path) == NULL) {
		fprintf(stderr, "%s: %s\n", path, strerror(errno));
		return -1;
	}
	if (ex_check_file(path) < 0)
		return -1;
	handle = load(loaded->path);
	if (handle == NULL || dlinfo(handle, RTLD_DI_LINKMAP, &map) < 0) {
		fprintf(stderr, "%s; type: ./cryofuzz cc SOURCE -o %s\n", dlerror(), path);
		return -1;
	}
	loaded->base = map->l_addr;
	loaded->target = dlsym(handle, "cryofuzz_target");
	loaded->ops = dlsym(handle, "cryofuzz_runtime");
	dl_iterate_phdr(look_at_image, loaded);
	return ex_check_fit(path, loaded) < 0 ? -1 : number_sites(path, loaded);
}
