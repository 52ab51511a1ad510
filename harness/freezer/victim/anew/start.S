/* SPDX-License-Identifier: Apache-2.0
 *
 * The first instructions: they keep what they find in registers, flags and red zone.
 */
#include "anew.h"
#include "../victim.h"
#include "../stores.inc"

	.section .entry, "ax"
	.globl anew_start
anew_start:
	store_gprs anew_letter
	movq %rsp, %rbx
	leaq anew_letter+VICTIM_FLAGS+8(%rip), %rsp
	pushfq
	movq %rbx, %rsp
	read_red 0, anew_letter
	fxsave64 anew_letter+VICTIM_FX(%rip)
	cmpl $0, anew_letter+ANEW_AVX(%rip)
	jz 1f
	store_high anew_letter, 0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15
1:	movq %rsp, %rdi
	andq $-16, %rsp
	subq $128, %rsp
	call anew_live
	ud2
	.section .note.GNU-stack, "", @progbits
