/* SPDX-License-Identifier: Apache-2.0
 *
 * What a victim with a layout has; of the last kind pages, each between two that are not mapped, at
 * addresses that careless freezers know too.
 */
#ifndef CRYOFUZZ_LAYOUT_H
#define CRYOFUZZ_LAYOUT_H

enum { STATE_LOCKED, STATE_NOT_FORKED, STATE_WIPED, STATE_PRIVATE, STATE_SHARED, STATE_PAGES };

enum {
	STATE_LAYOUT_EXECUTABLE = 1,
	STATE_LAYOUT_SHARED_EXECUTABLE,
	STATE_LAYOUT_LONG_PATH,
	STATE_LAYOUT_PAGES
};

#define STATE_PAGES_AT 0x100000000ul
#define STATE_PAGE(i) (STATE_PAGES_AT + 0x2000ul * (i))

#endif
