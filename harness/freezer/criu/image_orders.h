/* SPDX-License-Identifier: Apache-2.0
 *
 * A cage (cage.h) in which criu restores trees (tree.h) from damaged images: the order that its process
 * 1 takes, and what came of it. Each tree is dumped once; its images are kept.
 */
#ifndef CRYOFUZZ_IMAGE_ORDERS_H
#define CRYOFUZZ_IMAGE_ORDERS_H

#include "damage.h"
#include "tree.h"
#include "ward.h"

enum image_outcome {
	IMAGES_SAME, /* restored, and the tree finds all as it was */
	IMAGES_CHANGED, /* restored, and the tree finds something else */
	IMAGES_DEAD, /* restored, but the tree does not answer */
	IMAGES_REFUSED,
	IMAGES_REFUSED_MUTELY, /* without a word */
	IMAGES_CRASHED, /* criu died of a signal */
	IMAGES_TASK_CRASHED, /* a task did, while it was restored */
	IMAGES_HUNG, /* criu never ended */
	IMAGES_LEFT, /* refused, but somebody of the tree is still there */
	IMAGES_NO_DUMP, /* there are no good images */
	IMAGES_OUTCOMES,
};

/* What goes wrong on purpose, for checks of the oracles: criu's wrapper is careless. */
enum image_slip {
	IMAGES_CAREFUL,
	IMAGES_EXIT_IGNORED, /* an error is taken for success */
	IMAGES_KILLED, /* criu gets a SIGSEGV */
	IMAGES_STOPPED, /* criu never ends */
	IMAGES_LEFT_OVER, /* somebody is not cleaned up */
	IMAGES_MUTE, /* criu's log is lost */
	IMAGES_SPOILT, /* the tree loses a byte of its memory */
	IMAGES_LOST, /* an image of those that are whole is gone */
};

struct image_case {
	struct tree_setting setting;
	struct damage damage;
	uint32_t tree; /* which of the kept ones it is, below IMAGES_TREES */
	uint32_t slip; /* enum image_slip */
};

enum { IMAGES_TREES = 8 };

struct image_result {
	enum image_outcome outcome;
	int damaged; /* there was something to damage */
	char kind[IMAGE_KIND]; /* of the damaged image */
	char text[160]; /* what was done, and what criu or the tree says */
};

int cage_open_for_images(struct ward *w, int (*fork_it)(void), const char *criu, const char *tree);
/* 0, or -errno if the cage does not answer. */
int cage_restore(struct ward *w, const struct image_case *c, struct image_result *result);

#endif
