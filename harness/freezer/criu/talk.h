/* SPDX-License-Identifier: Apache-2.0
 *
 * A cage (cage.h) in which a criu is talked to over a socket: `criu swrk`, which takes requests, or
 * `criu page-server`, which takes pages. Process 1 starts it, with a tree (tree.h) beside it where
 * there is something to dump, and attends to its end; the other end of the socket is the caller's.
 */
#ifndef CRYOFUZZ_TALK_H
#define CRYOFUZZ_TALK_H

#include <stddef.h>
#include <stdint.h>

#include "tree.h"
#include "ward.h"

enum talk_with { TALK_SWRK, TALK_PAGE_SERVER };

/* What is in the cage beside it. */
enum talk_about { TALK_ALONE, TALK_TREE, TALK_IMAGES /* of a tree that was killed by its dump */ };

/* What goes wrong on purpose, for checks of the oracles. */
enum talk_slip {
	TALK_CAREFUL,
	TALK_KILLED, /* it gets a SIGABRT while it is talked to */
	TALK_STOPPED, /* it is stopped then */
	TALK_LEFT_OVER, /* somebody is not cleaned up */
	TALK_TREE_STOPPED, /* the tree does not go on */
	TALK_TREE_SPOILT, /* the tree loses a byte of its memory */
};

enum talk_tree {
	TALK_NO_TREE,
	TALK_TREE_SAME, /* it finds all as it was */
	TALK_TREE_CHANGED,
	TALK_TREE_STILL, /* it does not answer */
	TALK_TREE_GONE,
};

struct talk {
	int fd; /* the caller's end, -1: none */
	uint32_t pid; /* of criu, in the cage */
	uint32_t tree; /* the pid of its root, in the cage */
	uint32_t version; /* 402 of criu 4.2.1 */
	/* A descriptor of the folder of images, as criu may name it in a request. */
	uint32_t folder;
	char text[160];
};

struct talk_end {
	int32_t signal; /* that it died of */
	int32_t hung; /* it did not end though its socket was closed */
	int32_t code; /* its exit code */
	int32_t left; /* so many are there beside the tree */
	int32_t bug; /* its log tells of one, or of a child that was killed */
	enum talk_tree tree;
	int32_t images; /* there are some */
	int32_t log; /* it has got so far as to open its log */
	char text[160];
};

int cage_open_for_talks(struct ward *w, int (*fork_it)(void), const char *criu, const char *tree);
/* 0 or -errno; in words in the text. */
int talk_begin(struct ward *w, enum talk_with with, enum talk_about about, struct talk *t);
/* Nobody in the cage will ever run again, unless something comes over the socket: then who waits for
 * what is in the text. To be asked every few milliseconds. */
int talk_is_still(struct ward *w, struct talk *t);
/* The caller has closed the socket. */
int talk_end(struct ward *w, struct talk_end *end);
/* Sends it what a slip sends in the middle of the talk. */
int talk_spoil(struct ward *w, enum talk_slip slip);
/* The beginning of an image that criu has written; its size, or -errno. */
long talk_read_image(const struct ward *w, const char *name, uint8_t *bytes, size_t room);

#endif
