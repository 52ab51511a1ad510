/* SPDX-License-Identifier: Apache-2.0
 *
 * talk_orders.h - what the two ends of the orders about a talk share: talk.c is the caller's, talk_orders.c
 * process 1's.
 */
#ifndef CRYOFUZZ_TALK_ORDERS_H
#define CRYOFUZZ_TALK_ORDERS_H

#include "talk.h"

/* Of process 1. */
enum { TALK_SOCKET_FD = 90, TALK_FOLDER_FD = 91 };

enum talk_order_kind { TALK_BEGIN, TALK_TAKEN, TALK_LOOK, TALK_SPOIL, TALK_END };

struct talk_order {
	uint32_t kind; /* enum talk_order_kind */
	uint32_t with, about, slip;
};

/* The answer to TALK_END, in `changed`. */
union talk_answer {
	uint32_t word;
	struct {
		uint32_t signal : 7, hung : 1, bug : 1, left : 1, tree : 3, log : 1, code : 8;
	};
};

_Static_assert(sizeof(union talk_answer) == sizeof(uint32_t), "answer");

/* As ward_open; tree is the program that plays one. */
int talk_open_cage(struct ward *w, int (*fork_it)(void), const char *criu, const char *tree);

#endif
