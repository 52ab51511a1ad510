/* SPDX-License-Identifier: Apache-2.0
 *
 * told.c - the tree that failed, in words by which another program can make it again: cryofuzz export
 * reads them in the evidence.
 */
#include "told.h"

#include <stdio.h>
#include <string.h>

static const char *const items[TREE_ITEMS] = {
#define NAME(item, part) [TREE_##item] = #part,
	TREE_LIST(NAME)
#undef NAME
};

static struct tree_setting told;
static const char *minds;

static void attach_tree(void)
{
	char carries[1024] = "";

	for (unsigned i = 0; i < TREE_ITEMS; i++)
		if (told.carries >> i & 1)
			snprintf(carries + strlen(carries), sizeof(carries) - strlen(carries),
				 ",%s", items[i]);
	cf_attach("tree: seed=%llu place=%u trap=%u spoils=%u carries=%s minds=%s\n",
		  (unsigned long long)told.seed, told.place, told.trap, told.spoils,
		  carries[0] ? carries + 1 : "nothing", minds ? minds : "nothing");
}

void tell_tree(const struct tree_setting *setting, const char *weakness)
{
	told = *setting;
	minds = weakness;
	cf_on_failure(attach_tree);
}
