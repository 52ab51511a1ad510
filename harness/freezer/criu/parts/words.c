/* SPDX-License-Identifier: Apache-2.0
 *
 * What the parts share.
 */
#include "part.h"

#include <errno.h>
#include <linux/futex.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

struct tree_board *board;

void must(int possible, const char *what)
{
	if (possible)
		return;
	snprintf(board->detail, sizeof(board->detail), "%s: %s", what, strerror(errno));
	_exit(100);
}

int differs(const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(board->detail, sizeof(board->detail), format, arguments);
	va_end(arguments);
	return 1;
}

int carries(enum tree_item item)
{
	return item == TREE_MEMORY || item == TREE_PLACE || (board->setting.carries >> item & 1);
}

int spoils(enum tree_item item)
{
	return board->setting.spoils == 1 + (uint32_t)item;
}

int minds(enum tree_weakness weakness)
{
	return board->setting.minds >> weakness & 1;
}

static uint64_t mix(uint64_t a)
{
	a = (a ^ a >> 30) * 0xbf58476d1ce4e5b9ull;
	a = (a ^ a >> 27) * 0x94d049bb133111ebull;
	return a ^ a >> 31;
}

uint64_t number(enum tree_item item, uint64_t n)
{
	return mix(board->setting.seed * 1000003 + item * 65537 + n);
}

void fill(uint8_t *bytes, size_t size, enum tree_item item)
{
	for (size_t i = 0; i < size; i++)
		bytes[i] = (uint8_t)number(item, i);
}

int same_bytes(const uint8_t *bytes, size_t size, enum tree_item item, const char *what)
{
	for (size_t i = 0; i < size; i++)
		if (bytes[i] != (uint8_t)number(item, i))
			return !differs("%s: byte %zu is %02x, was %02x", what, i, bytes[i],
					(uint8_t)number(item, i));
	return 1;
}

const char *protection_at(const void *at)
{
	static char protection[8];
	FILE *maps = fopen("/proc/self/maps", "re");
	unsigned long from, to;
	char line[512];

	must(maps != NULL, "maps");
	snprintf(protection, sizeof(protection), "none");
	while (fgets(line, sizeof(line), maps) != NULL) {
		char how[8];

		if (sscanf(line, "%lx-%lx %7s", &from, &to, how) == 3 &&
		    from <= (unsigned long)at && (unsigned long)at < to)
			memcpy(protection, how, sizeof(how));
	}
	fclose(maps);
	return protection;
}

void futex_wait(uint32_t *word, uint32_t value)
{
	syscall(SYS_futex, word, FUTEX_WAIT, value, NULL, NULL, 0);
}

void futex_wake(uint32_t *word)
{
	syscall(SYS_futex, word, FUTEX_WAKE, 64, NULL, NULL, 0);
}

int told_to_go(void)
{
	return __atomic_load_n(&board->go, __ATOMIC_ACQUIRE) != 0;
}

uint8_t *map(int flags, int fd)
{
	uint8_t *at = mmap(NULL, MEMORY, PROT_READ | PROT_WRITE, flags, fd, 0);

	must(at != MAP_FAILED, "mmap");
	return at;
}

void await_order(uint32_t *order)
{
	while (!__atomic_load_n(order, __ATOMIC_ACQUIRE))
		futex_wait(order, 0);
}

void order(uint32_t *word)
{
	__atomic_store_n(word, 1, __ATOMIC_RELEASE);
	futex_wake(word);
}

void handle(int signo)
{
	(void)signo;
}

const char *own_name(const char *name)
{
	static char own[24];

	snprintf(own, sizeof(own), "%s%u", name, board->setting.berth);
	return own;
}
