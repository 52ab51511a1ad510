/* SPDX-License-Identifier: Apache-2.0
 *
 * One row for each way in which CRIU 4.1.1, 4.2.1 or 4.3 goes wrong. A scenario of each is in
 * corpus/criu-images, as one of the variant `unforgiving`.
 */
#include "known.h"

#include <string.h>

#define D(kind) (1u << DAMAGE_##kind)
#define O(kind) (1u << IMAGES_##kind)

enum {
	ENDS_EARLY = D(CUT_AFTER) | D(REMOVED),
	LOST = O(CHANGED) | O(DEAD),
	DIES = O(CRASHED) | O(TASK_CRASHED),
};

static const struct {
	const char *images; /* names between blanks, or NULL: any */
	unsigned damages, outcomes;
} known[] = {
	/* A length of 2^31 or more is a negative number to the reader of images: BUG in bfd.c. So is
	 * garbage, where another record is looked for. */
	{ NULL, D(LENGTH) | D(GARBAGE), DIES },
	/* Images have no count of records, and one that is not there is one without any. So what is
	 * missing is not missed, … */
	{ " fdinfo pipes-data ipcns-sem pagemap pagemap-shmem pstree pages ", ENDS_EARLY, LOST },
	{ " pages ", D(CUT_INSIDE) | D(EMPTY), LOST | DIES },
	/* … or missed by a null pointer, or by a BUG, */
	{ " fdinfo files fs ids memfd mm pagemap pages pstree sk-queues ", ENDS_EARLY, DIES },
	/* … or waited for: pages that are not there are asked for again and again. */
	{ " pages pagemap ", D(CUT_INSIDE) | D(EMPTY) | ENDS_EARLY | D(TWICE), O(HUNG) },
	/* Nobody looks for two records of one name: two tasks wait for each other, or BUG in pstree.c. */
	{ " fdinfo ", D(TWICE), O(HUNG) },
	{ " files pstree ", D(TWICE), DIES },
	/* Nor whether pages are in order. */
	{ " pagemap ", D(SWAPPED), LOST },
	/* References that lead nowhere: a null pointer after the complaint about it; memory without
	 * pages; a pipe without bytes; a process group that is waited for. */
	{ " fs ", D(DANGLING), DIES },
	{ " pagemap-shmem pipes-data ", D(DANGLING), LOST },
	{ " pstree ", D(DANGLING), O(HUNG) },
	/* Numbers that make two tasks wait for each other, or pages be asked for again and again. */
	{ " fdinfo pagemap ", D(NUMBER) | D(BIT), O(HUNG) },
	/* An end of code or data in the midst of a page: the restorer goes round for ever. */
	{ " mm ", D(NUMBER) | D(BIT), O(HUNG) },
	/* A memory file that is in no list: BUG after the complaint about it. */
	{ " files memfd ", D(NUMBER) | D(BIT) | D(DANGLING), DIES },
	/* 4.3 leaves a half-made task behind, that waits for ever. */
	{ " mm ", ENDS_EARLY, O(LEFT) },
};

static int is_among(const char *image, const char *images)
{
	char name[IMAGE_KIND + 2] = " ";

	if (images == NULL)
		return 1;
	strncat(name, image, IMAGE_KIND);
	strcat(name, " ");
	return strstr(images, name) != NULL;
}

int is_known(const char *image, unsigned damage, enum image_outcome outcome)
{
	for (unsigned i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if ((known[i].damages >> damage & 1) && (known[i].outcomes >> outcome & 1) &&
		    is_among(image, known[i].images))
			return 1;
	return 0;
}
