/* SPDX-License-Identifier: Apache-2.0
 *
 * Static data and thread-local storage of the target: a copy from before the first run is laid back
 * before every run. Fibers share one image of the target, at one address as in forked processes: each
 * one's data lies there while it runs, and is kept aside, if it has changed at all, while it does not.
 */
#include <link.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "hot.h"

extern char __start_cf_kept[] __attribute__((visibility("hidden")));
extern char __stop_cf_kept[] __attribute__((visibility("hidden")));
extern void *__tls_get_addr(size_t index[2]);

struct region {
	char *start;
	char *copy;
	size_t size;
	bool per_thread;
};

static RT_KEPT struct region region[8];
static RT_KEPT unsigned regions;
static RT_KEPT size_t total;
/* All words of all regions, where they are as few as in most targets; what is left over is always the same. */
enum { FEW = 8 };
static RT_KEPT struct {
	const rt_any_word *now;
	rt_any_word before;
} word[FEW];
static RT_KEPT unsigned words;
static RT_KEPT struct {
	char *copy;
	bool changed;
} aside[CF_MAX_ACTORS];

static char *room(size_t size)
{
	char *memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (memory == MAP_FAILED)
		abort();
	return memory;
}

static void add_region(char *start, char *end)
{
	struct region *r = &region[regions];

	if (start >= end)
		return;
	if (regions == sizeof(region) / sizeof(region[0]))
		abort();
	r->start = start;
	r->size = (size_t)(end - start);
	r->copy = room(r->size);
	memcpy(r->copy, start, r->size);
	total += r->size;
	regions++;
}

/* Without what the loader made read-only and what is kept. */
static void add_image(char *start, char *end, char *relro_end)
{
	if (start < relro_end)
		start = relro_end;
	if (__start_cf_kept >= start && __stop_cf_kept <= end) {
		add_region(start, __start_cf_kept);
		start = __stop_cf_kept;
	}
	add_region(start, end);
}

static int find_regions(struct dl_phdr_info *info, size_t size, void *unused)
{
	char *relro_end = NULL;

	(void)size;
	(void)unused;
	if (info->dlpi_addr != rt.base)
		return 0;
	for (int i = 0; i < info->dlpi_phnum; i++)
		if (info->dlpi_phdr[i].p_type == PT_GNU_RELRO)
			relro_end = (char *)rt.base + info->dlpi_phdr[i].p_vaddr +
				    info->dlpi_phdr[i].p_memsz;
	for (int i = 0; i < info->dlpi_phnum; i++) {
		const ElfW(Phdr) *header = &info->dlpi_phdr[i];
		char *start = (char *)rt.base + header->p_vaddr;

		if (header->p_type == PT_LOAD && (header->p_flags & PF_W))
			add_image(start, start + header->p_memsz, relro_end);
		if (header->p_type != PT_TLS)
			continue;
		start = __tls_get_addr((size_t[2]){ info->dlpi_tls_modid, 0 });
		add_region(start, start + header->p_memsz);
		region[regions - 1].per_thread = header->p_memsz > 0;
	}
	return 1;
}

static void add_word(const rt_any_word *now, rt_any_word before)
{
	if (words < FEW) {
		word[words].now = now;
		word[words].before = before;
	}
	words++;
}

static void find_words(void)
{
	for (unsigned i = 0; i < regions; i++) {
		const struct region *r = &region[i];
		size_t size = r->size / sizeof(rt_any_word);

		for (size_t at = 0; at < size; at++)
			add_word((const rt_any_word *)r->start + at,
				 ((const rt_any_word *)r->copy)[at]);
		if (r->size % sizeof(rt_any_word) != 0)
			words = FEW + 1; /* by bytes */
	}
	for (unsigned i = words; i < FEW; i++)
		word[i].now = &word[i].before;
}

void rt_find_data(void)
{
	dl_iterate_phdr(find_regions, NULL);
	find_words();
}

void rt_reset_data(void)
{
	for (unsigned i = 0; i < regions; i++)
		memcpy(region[i].start, region[i].copy, region[i].size);
}

bool rt_statics_changed(void)
{
	for (unsigned i = 0; i < regions; i++)
		if (!region[i].per_thread &&
		    memcmp(region[i].start, region[i].copy, region[i].size) != 0)
			return true;
	return false;
}

bool rt_is_static(const void *address)
{
	for (unsigned i = 0; i < regions; i++)
		if ((size_t)((const char *)address - region[i].start) < region[i].size)
			return true;
	return false;
}

/* ---- fibers ------------------------------------------------------------------------------------ */

void rt_begin_data(void)
{
	rt_reset_data();
	for (unsigned i = 0; i < CF_MAX_ACTORS; i++)
		aside[i].changed = false;
}

static RT_SELDOM bool is_changed_anywhere(void)
{
	for (unsigned i = 0; i < regions; i++)
		if (memcmp(region[i].start, region[i].copy, region[i].size) != 0)
			return true;
	return false;
}

/* At each switch: to go through the regions would cost more than to look at what is in them. */
RT_HOT bool is_changed(void)
{
	uint64_t difference = 0;

	if (__builtin_expect(words > FEW, 0))
		return is_changed_anywhere();
#pragma GCC unroll 8
	for (unsigned i = 0; i < FEW; i++)
		difference |= *word[i].now ^ word[i].before;
	return difference != 0;
}

static void put_aside(unsigned actor)
{
	char *at = aside[actor].copy;

	if (at == NULL)
		at = aside[actor].copy = room(total);
	for (unsigned i = 0; i < regions; i++) {
		memcpy(at, region[i].start, region[i].size);
		at += region[i].size;
	}
}

static void lay_back(unsigned actor)
{
	const char *at = aside[actor].copy;

	for (unsigned i = 0; i < regions; i++) {
		memcpy(region[i].start, at, region[i].size);
		at += region[i].size;
	}
}

void rt_swap_data(unsigned from, unsigned to)
{
	bool changed = is_changed();

	aside[from].changed = changed;
	if (changed)
		put_aside(from);
	if (aside[to].changed)
		lay_back(to);
	else if (changed)
		rt_reset_data();
}
