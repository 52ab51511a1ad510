/* SPDX-License-Identifier: Apache-2.0 */
#include "symbols.h"

#include <elf.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include "../victim/raw.h"

/* A whole file in memory. */
struct image {
	const uint8_t *bytes;
	size_t size;
};

/* Bytes of the image, NULL if they are not all in it. */
static const void *part(const struct image *f, uint64_t offset, uint64_t size)
{
	return offset <= f->size && size <= f->size - offset ? f->bytes + offset : NULL;
}

static const Elf64_Shdr *sections(const struct image *f, size_t *count)
{
	const Elf64_Ehdr *header = part(f, 0, sizeof(*header));

	if (!header || memcmp(header->e_ident, ELFMAG, SELFMAG) ||
	    header->e_ident[EI_CLASS] != ELFCLASS64)
		return NULL;
	*count = header->e_shnum;
	return part(f, header->e_shoff, *count * sizeof(Elf64_Shdr));
}

/* Code from an assembler may have neither a type nor a size. */
static int may_contain(const Elf64_Sym *s, uintptr_t offset)
{
	unsigned type = ELF64_ST_TYPE(s->st_info);

	return (type == STT_FUNC || type == STT_NOTYPE) && s->st_name && s->st_shndx != SHN_UNDEF &&
	       s->st_shndx < SHN_LORESERVE && offset >= s->st_value &&
	       (!s->st_size || offset < s->st_value + s->st_size);
}

static int search(const struct image *f, const Elf64_Shdr *table, const Elf64_Shdr *names,
		  uintptr_t offset, char *name, size_t size, uintptr_t *start)
{
	const Elf64_Sym *symbols = part(f, table->sh_offset, table->sh_size);
	const char *text = part(f, names->sh_offset, names->sh_size);

	const Elf64_Sym *best = NULL;

	for (size_t i = 0; symbols && text && i < table->sh_size / sizeof(*symbols); i++)
		if (may_contain(&symbols[i], offset) && symbols[i].st_name < names->sh_size &&
		    (!best || symbols[i].st_value >= best->st_value))
			best = &symbols[i];
	if (!best)
		return 0;
	snprintf(name, size, "%.*s", (int)(names->sh_size - best->st_name), text + best->st_name);
	*start = best->st_value;
	return 1;
}

static int find(const struct image *f, uintptr_t offset, char *name, size_t size, uintptr_t *start)
{
	size_t count = 0;
	const Elf64_Shdr *section = sections(f, &count);

	for (size_t i = 0; section && i < count; i++)
		if (section[i].sh_type == SHT_SYMTAB && section[i].sh_link < count)
			return search(f, &section[i], &section[section[i].sh_link], offset, name,
				      size, start);
	return 0;
}

int symbols_find(const char *file, uintptr_t offset, char *name, size_t size, uintptr_t *start)
{
	long fd = raw4(SYS_openat, AT_FDCWD, file, O_RDONLY | O_CLOEXEC, 0), at;
	struct stat status;
	struct image image;
	int found;

	if (fd < 0)
		return 0;
	if (fstat((int)fd, &status)) {
		raw1(SYS_close, fd);
		return 0;
	}
	at = raw6(SYS_mmap, 0, status.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	raw1(SYS_close, fd);
	if (at < 0)
		return 0;
	image = (struct image){ (const uint8_t *)at, (size_t)status.st_size };
	found = find(&image, offset, name, size, start);
	raw2(SYS_munmap, at, status.st_size);
	return found;
}
