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
	TALK_TREE_KILLED,
	TALK_BUG, /* its log tells of a bug */
};

enum talk_tree {
	TALK_NO_TREE,
	TALK_TREE_SAME, /* it finds all as it was */
	TALK_TREE_CHANGED,
	TALK_TREE_STILL, /* it does not answer */
	TALK_TREE_GONE,
};

struct talk {
	struct ward cage;
	int trusted; /* it can be used again */
	int fd; /* the caller's end, -1: none */
	uint32_t pid; /* of criu, in the cage */
	uint32_t tree; /* the pid of its root, in the cage */
	uint32_t version; /* 402 of criu 4.2.1 */
	/* A descriptor of the folder of images, as criu may name it in a request. */
	uint32_t folder;
	char text[160]; /* what went wrong, or who waits for what */
};

#define TALK_NONE                            \
	{                                    \
		.cage = WARD_NONE, .fd = -1, \
	}

/* How to start a process; criu as it is installed, unless the user chose one; the program of trees. */
struct talk_place {
	int (*fork_it)(void); /* returns as fork() does */
	const char *criu, *tree;
};

struct talk_end {
	uint32_t signal; /* that it died of */
	uint32_t hung; /* it did not end though its socket was closed */
	uint32_t code; /* its exit code */
	uint32_t left; /* somebody is there beside the tree */
	uint32_t bug; /* its log tells of one, or of a child that was killed */
	enum talk_tree tree;
	uint32_t log; /* it has got so far as to open its log */
	char text[160];
};

/* What is wrong with how it ended, the first of these. */
enum talk_fault { TALK_WELL, TALK_DIES, TALK_HAS_BUG, TALK_HANGS, TALK_LEAVES, TALK_FAULTS };

/* In a cage of its own, which is kept from talk to talk. 0 or -errno; in words in the text. */
int talk_begin(struct talk *t, const struct talk_place *place, enum talk_with with,
	       enum talk_about about);
/* Until something comes over the socket, or its end: 1. 0: nobody in the cage will ever run again; then
 * who waits for what is in the text. */
int talk_await(struct talk *t);
/* Closes the socket, and hears how criu has ended. */
int talk_end(struct talk *t, struct talk_end *end);
enum talk_fault talk_fault(const struct talk_end *end);
/* Does what a slip does in the middle of the talk. */
int talk_spoil(struct talk *t, enum talk_slip slip);
/* The beginning of an image that criu has written; its size, or -errno. */
long talk_read_image(const struct talk *t, const char *name, uint8_t *bytes, size_t room);
/* Planted: it has so many bytes only. */
void talk_cut_image(const struct talk *t, const char *name, size_t size);

#endif
