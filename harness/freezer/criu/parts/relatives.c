/* SPDX-License-Identifier: Apache-2.0
 *
 * Shared memory that relatives have at other addresses and in other pieces: a child has moved its part of
 * it, a grandchild has but a page, and both live on.
 */
#include "part.h"

#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

enum { PAGE = 4096, ASKED = 0, CHILD_SAW = 1, GRANDCHILD_SAW = 2 };

static uint8_t *whole;
static uint32_t *words; /* the last page of it */
static pid_t child;

static _Noreturn void be_grandchild(uint8_t *piece)
{
	must(munmap(whole, MEMORY / 2) == 0, "munmap");
	await_order(&words[ASKED]);
	piece[1] ^= 0xff;
	words[GRANDCHILD_SAW] = piece[0];
	_exit(0);
}

static _Noreturn void be_child(void)
{
	uint8_t *free_place = map(MAP_PRIVATE | MAP_ANONYMOUS, -1);
	uint8_t *moved =
		mremap(whole, MEMORY / 2, MEMORY / 2, MREMAP_MAYMOVE | MREMAP_FIXED, free_place);
	pid_t grandchild;

	must(moved != MAP_FAILED, "mremap");
	whole = moved;
	grandchild = fork();
	if (grandchild == 0)
		be_grandchild(mremap(moved + 2 * PAGE, 0, PAGE, MREMAP_MAYMOVE)); /* a second one */
	await_order(&words[ASKED]);
	words[CHILD_SAW] = moved[2 * PAGE];
	waitpid(grandchild, NULL, 0);
	_exit(moved[2 * PAGE + 1]);
}

void set_relatives(void)
{
	whole = map(MAP_SHARED | MAP_ANONYMOUS, -1);
	words = (uint32_t *)(whole + MEMORY - PAGE);
	fill(whole, MEMORY - PAGE, TREE_RELATIVES);
	child = fork();
	must(child >= 0, "fork");
	if (child == 0)
		be_child();
}

int relatives_changed(void)
{
	uint8_t want = (uint8_t)~number(TREE_RELATIVES, 2 * PAGE + 1);
	int status = 0;

	if (spoils(TREE_RELATIVES))
		whole = memcpy(map(MAP_PRIVATE | MAP_ANONYMOUS, -1), whole, MEMORY);
	if (!same_bytes(whole, MEMORY - PAGE, TREE_RELATIVES, "memory shared with relatives"))
		return 1;
	whole[2 * PAGE] ^= 0xff;
	order(&words[ASKED]);
	if (waitpid(child, &status, 0) != child || !WIFEXITED(status))
		return differs("the child ended with status 0x%x", status);
	if (words[CHILD_SAW] != whole[2 * PAGE] || words[GRANDCHILD_SAW] != whole[2 * PAGE])
		return differs("what is written is not seen: %02x, child %02x, grandchild %02x",
			       whole[2 * PAGE], words[CHILD_SAW], words[GRANDCHILD_SAW]);
	if (whole[2 * PAGE + 1] != want || WEXITSTATUS(status) != want)
		return differs("the grandchild's byte is %02x here and %02x in the child, is %02x",
			       whole[2 * PAGE + 1], WEXITSTATUS(status), want);
	return 0;
}
