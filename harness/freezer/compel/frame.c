/* SPDX-License-Identifier: Apache-2.0 */
#include "frame.h"

#include <cpuid.h>
#include <stdint.h>
#include <string.h>

#include <compel/infect.h>

enum { XSAVE_LEAF = 0xd, LEGACY_AND_HEADER = 576 };

static make_sigframe_t make_plain;

/* Bytes of a standard XSAVE image with these parts in it. */
static uint32_t image_size(uint64_t parts)
{
	uint32_t size = LEGACY_AND_HEADER;

	for (int i = 2; i < 63; i++) {
		unsigned int eax, ebx, ecx, edx;

		if (!(parts >> i & 1))
			continue;
		__cpuid_count(XSAVE_LEAF, i, eax, ebx, ecx, edx);
		if (eax + ebx > size)
			size = eax + ebx;
	}
	return size;
}

static void complete(struct xsave_struct *x)
{
	struct fpx_sw_bytes *words = (void *)&x->i387.sw_reserved;
	const uint32_t end = FP_XSTATE_MAGIC2;
	uint64_t parts = x->xsave_hdr.xstate_bv | XSTATE_FP | XSTATE_SSE;

	memset(words, 0, sizeof(*words));
	words->magic1 = FP_XSTATE_MAGIC1;
	words->xstate_bv = parts;
	words->xstate_size = image_size(parts);
	words->extended_size = words->xstate_size + FP_XSTATE_MAGIC2_SIZE;
	x->xsave_hdr.xstate_bv = parts;
	memcpy((uint8_t *)x + words->xstate_size, &end, sizeof(end));
}

static int make_complete(void *registers, struct rt_sigframe *local, struct rt_sigframe *remote,
			 k_rtsigset_t *blocked)
{
	int ret = make_plain(registers, local, remote, blocked);

	if (!ret && local->is_native)
		complete(&local->native.fpu_state.fpu_state_64.xsave);
	return ret;
}

void complete_frames(struct infect_ctx *context)
{
	make_plain = context->make_sigframe;
	context->make_sigframe = make_complete;
}
