/* SPDX-License-Identifier: Apache-2.0
 *
 * From one stack to another. What a function must keep for its caller (AAPCS64's callee-saved
 * registers, the control word of floating point) lies on the stack that is left; machine.h knows the
 * order. Where it goes on lies there twice: as what x30 was, and as where to jump, so that the first
 * function of a stack has no caller. It is a jump: a return would be predicted as that of the stack
 * that is left.
 */
	.text

/* void rt_machine_switch(void **from, void *to) */
	.globl	rt_machine_switch
	.hidden	rt_machine_switch
	.type	rt_machine_switch, %function
	.p2align 4
rt_machine_switch:
	sub	sp, sp, #176
	stp	x19, x20, [sp]
	stp	x21, x22, [sp, #16]
	stp	x23, x24, [sp, #32]
	stp	x25, x26, [sp, #48]
	stp	x27, x28, [sp, #64]
	stp	x29, x30, [sp, #80]
	stp	d8, d9, [sp, #96]
	stp	d10, d11, [sp, #112]
	stp	d12, d13, [sp, #128]
	stp	d14, d15, [sp, #144]
	mrs	x9, fpcr
	stp	x9, x30, [sp, #160]
	mov	x10, sp
	str	x10, [x0]
	mov	sp, x1
	ldp	x10, x16, [sp, #160]
	/* To write it is dear, and hardly any code changes it. */
	cmp	x9, x10
	b.ne	2f
1:	ldp	x19, x20, [sp]
	ldp	x21, x22, [sp, #16]
	ldp	x23, x24, [sp, #32]
	ldp	x25, x26, [sp, #48]
	ldp	x27, x28, [sp, #64]
	ldp	x29, x30, [sp, #80]
	ldp	d8, d9, [sp, #96]
	ldp	d10, d11, [sp, #112]
	ldp	d12, d13, [sp, #128]
	ldp	d14, d15, [sp, #144]
	add	sp, sp, #176
	br	x16
2:	msr	fpcr, x10
	b	1b
	.size	rt_machine_switch, . - rt_machine_switch

/* Where a signal handler goes on that leaves a stack for good: the stack pointer is what
 * rt_machine_switch() had stored. */
	.globl	rt_machine_resume
	.hidden	rt_machine_resume
	.type	rt_machine_resume, %function
rt_machine_resume:
	ldp	x10, x16, [sp, #160]
	b	2b
	.size	rt_machine_resume, . - rt_machine_resume

	.section .note.GNU-stack, "", %progbits
