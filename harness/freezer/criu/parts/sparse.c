/* SPDX-License-Identifier: Apache-2.0
 *
 * A mapping of tebibytes with a few pages in it.
 */
#include "part.h"

#include <sys/mman.h>

/* CRIU before 4.3 dies while it restores a mapping that a child shares if it is too large: 2^31 pages, 8 TiB,
 * are one too many. Only a strict tree minds. */
static uint8_t *sparse_bytes;
static const size_t tebibyte = (size_t)1 << 40;

enum { SPARSE_PAGES = 4 };

static size_t sparse_size(void)
{
	return (minds(TREE_HUGE_MAPPING) ? 16 : 6) * tebibyte;
}

/* The last one is near the end, and in a mapping of 16 TiB beyond 2^31 pages. */
static uint8_t *sparse_page(unsigned i)
{
	size_t spacing = sparse_size() / SPARSE_PAGES;

	return sparse_bytes + i * spacing + spacing / 2 +
	       (number(TREE_SPARSE, 900 + i) & 0xffff000);
}

void set_sparse(void)
{
	sparse_bytes = mmap(NULL, sparse_size(), PROT_READ | PROT_WRITE,
			    MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	must(sparse_bytes != MAP_FAILED, "mmap");
	for (unsigned i = 0; i < SPARSE_PAGES; i++)
		fill(sparse_page(i), 4096, TREE_SPARSE);
}

int sparse_changed(void)
{
	if (spoils(TREE_SPARSE))
		madvise(sparse_page(SPARSE_PAGES - 1), 4096, MADV_DONTNEED);
	for (unsigned i = 0; i < SPARSE_PAGES; i++)
		if (!same_bytes(sparse_page(i), 4096, TREE_SPARSE, "a page of a large mapping"))
			return 1;
	if (sparse_page(1)[4096] != 0)
		return differs("a page of a large mapping is there that never was");
	return 0;
}
