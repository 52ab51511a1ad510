/* SPDX-License-Identifier: Apache-2.0
 *
 * From one stack to another. What a function must keep for its caller (the psABI's callee-saved
 * registers, the control words of SSE and x87) lies on the stack that is left; machine.h knows the
 * order. The return goes through a register: the processor's own stack of return addresses would
 * predict that of the stack that is left.
 */
	.text

/* void rt_machine_switch(void **from, void *to) */
	.globl	rt_machine_switch
	.hidden	rt_machine_switch
	.type	rt_machine_switch, @function
	.p2align 4
rt_machine_switch:
	pushq	%rbp
	pushq	%rbx
	pushq	%r12
	pushq	%r13
	pushq	%r14
	pushq	%r15
	subq	$8, %rsp
	stmxcsr	(%rsp)
	fnstcw	4(%rsp)
	movl	(%rsp), %eax
	movzwl	4(%rsp), %edx
	movq	%rsp, (%rdi)
	movq	%rsi, %rsp
	/* To load them is dear, and hardly any code changes them. */
	cmpl	(%rsp), %eax
	jne	2f
	cmpw	4(%rsp), %dx
	jne	2f
1:	addq	$8, %rsp
	popq	%r15
	popq	%r14
	popq	%r13
	popq	%r12
	popq	%rbx
	popq	%rbp
	popq	%rcx
	jmpq	*%rcx
2:	ldmxcsr	(%rsp)
	fldcw	4(%rsp)
	jmp	1b
	.size	rt_machine_switch, . - rt_machine_switch

/* Where a signal handler goes on that leaves a stack for good: the stack pointer is what
 * rt_machine_switch() had stored. */
	.globl	rt_machine_resume
	.hidden	rt_machine_resume
	.type	rt_machine_resume, @function
rt_machine_resume:
	cld
	jmp	2b
	.size	rt_machine_resume, . - rt_machine_resume

	.section .note.GNU-stack, "", @progbits
