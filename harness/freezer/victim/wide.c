/* SPDX-License-Identifier: Apache-2.0
 *
 * Registers that only some processors have: mask registers, the upper halves of ZMM, ZMM16 to 31, and
 * PKRU. The processor itself loads and stores them (hold.S), as an image of XSAVE.
 */
#include <cpuid.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/uio.h>

#include "parts.h"
#include "raw.h"

enum { IMAGE = 4096, PARTS = 10, IN_USE = 512, OPMASK = 5, UPPER_ZMM = 6, HIGH_ZMM = 7, PKRU = 9 };

#define AVX512 (1u << OPMASK | 1u << UPPER_ZMM | 1u << HIGH_ZMM)

/* Shared with hold.S; without parts nothing is loaded. */
uint32_t victim_wide_parts;
uint8_t victim_wide[IMAGE] __attribute__((aligned(64)));
uint8_t victim_wide_seen[IMAGE] __attribute__((aligned(64)));

/* Those that the kernel has enabled. */
static uint32_t enabled(void)
{
	uint32_t a, b, c, d;

	if (!__get_cpuid(1, &a, &b, &c, &d) || !(c & bit_OSXSAVE))
		return 0;
	__asm__ volatile("xgetbv" : "=a"(a), "=d"(d) : "c"(0));
	return a;
}

int victim_has_wide(void)
{
	return (enabled() & AVX512) == AVX512;
}

static void find(unsigned part, uint32_t *offset, uint32_t *size)
{
	uint32_t c, d;

	__cpuid_count(0xd, part, *size, *offset, c, d);
	if (*offset + *size > IMAGE)
		*size = 0;
}

static uint32_t fill(uint8_t image[IMAGE], uint64_t seed)
{
	uint32_t parts = enabled() & (AVX512 | 1u << PKRU), offset, size;
	uint64_t state = seed ^ 0x7a6d6d;

	memset(image, 0, IMAGE);
	memcpy(image + IN_USE, &parts, sizeof(parts));
	for (unsigned part = 0; part < PARTS; part++) {
		if (!(parts >> part & 1))
			continue;
		find(part, &offset, &size);
		victim_fill_random(image + offset, size, &state);
		if (part == PKRU) { /* the key of all ordinary memory stays usable */
			image[offset] &= ~3;
			memset(image + offset + 4, 0, size - 4);
		}
	}
	return parts;
}

void wide_set(const struct victim_setting *setting)
{
	victim_wide_parts = 0;
	if (setting->vectors == VICTIM_VECTORS_WIDE)
		victim_wide_parts = fill(victim_wide, setting->seed);
}

int victim_compare_wide(const struct victim *v, char *text, size_t size)
{
	struct iovec here = { victim_wide_seen, IMAGE }, there = here;
	uint32_t parts, offset, length;

	if (v->setting.vectors != VICTIM_VECTORS_WIDE)
		return 0;
	parts = fill(victim_wide, v->setting.seed);
	if (raw6(SYS_process_vm_readv, v->pid, &here, 1, &there, 1, 0) != IMAGE) {
		snprintf(text, size, "memory can't be read");
		return 1;
	}
	for (unsigned part = 0; part < PARTS; part++) {
		find(part, &offset, &length);
		if (!(parts >> part & 1) ||
		    !memcmp(victim_wide + offset, victim_wide_seen + offset, length))
			continue;
		snprintf(text, size, "part %u of the extended state has changed", part);
		return 1;
	}
	return 0;
}
