/* SPDX-License-Identifier: Apache-2.0
 *
 * Each leaf of the queue's fault tree is said when it is so, and no other one: those that no variant of the
 * queue brings about, too.
 */
#include "../targets/queue_truth.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char said[64];
static _Alignas(8) unsigned char ledger[CF_LEDGER_SIZE];
static long pool[4];

void *cf_ledger(void)
{
	return ledger;
}

void cf_fact(const char *id)
{
	strncat(said, id, sizeof(said) - strlen(said) - 1);
}

static void up_to_the_reader(const void *made, unsigned id, void *put, void *taken)
{
	truth_made(made, 1);
	truth_put(put, id);
	truth_taken(taken, pool, pool + 4, sizeof(pool[0]));
}

/* The way of item 1 through the queue, as each step sees its pointer. */
static void way(const void *made, unsigned id, void *put, void *taken, const void *used)
{
	up_to_the_reader(made, id, put, taken);
	truth_reached(taken, 1);
	truth_used(used, 1);
}

/* The reader finds something else than item 1 there. */
static void wrong_way(void *item, void *taken)
{
	up_to_the_reader(item, 1, item, taken);
	truth_reached(taken, 0);
}

static int check(const char *what, const char *expected)
{
	const int wrong = strcmp(said, expected) != 0;

	if (wrong)
		printf("queue_truth: %s: said '%s', expected '%s'\n", what, said, expected);
	memset(said, 0, sizeof(said));
	memset(ledger, 0, sizeof(ledger));
	return wrong;
}

int main(void)
{
	void *item = &pool[1];
	int wrong = 0;

	way(item, 1, item, item, item);
	wrong += check("all is well", "");
	way(NULL, 1, item, item, item);
	wrong += check("no memory", "X1");
	way(item, 1, (char *)item + 1, (char *)item + 1, (char *)item + 1);
	wrong += check("an offset", "X2");
	way(item, 1, item, item, item);
	truth_freed(1);
	wrong += check("freed twice", "X3");
	way(item, 2, item, item, item);
	wrong += check("changed before", "X4");
	way(item, 1, item, &pool[2], &pool[2]);
	wrong += check("changed inside", "X5");
	way(item, 1, item, item, &pool[2]);
	wrong += check("changed after", "X6");
	wrong_way(item, item);
	wrong += check("not there yet", "Y1");
	wrong_way(item, &pool[2]);
	wrong += check("changed inside, and so is what it leads to", "X5");
	truth_rejected(1);
	wrong += check("full", "rejected");
	printf("queue_truth: 10 ways, %d wrong\n", wrong);
	return wrong ? EXIT_FAILURE : EXIT_SUCCESS;
}
