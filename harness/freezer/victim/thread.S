/* SPDX-License-Identifier: Apache-2.0
 *
 * void thread_hold(struct thread *t): loads the registers of t, makes the system call that they are,
 * and stores what it finds behind them.
 * long thread_clone(flags, stack, tid, function, argument): a thread that calls the function.
 */
#include "threads.h"
#include "victim.h"

	.text
	.irp name, thread_hold, thread_clone
	.globl \name
	.hidden \name
	.type \name, @function
	.endr
thread_hold:
	.irp reg, rbx, rbp, r12, r13, r14, r15
	pushq %\reg
	.endr
	pushq %rdi
	movq VICTIM_RAX(%rdi), %rax
	movq VICTIM_RBX(%rdi), %rbx
	movq VICTIM_RCX(%rdi), %rcx
	movq VICTIM_RDX(%rdi), %rdx
	movq VICTIM_RSI(%rdi), %rsi
	movq VICTIM_RBP(%rdi), %rbp
	movq VICTIM_R8(%rdi), %r8
	movq VICTIM_R9(%rdi), %r9
	movq VICTIM_R10(%rdi), %r10
	movq VICTIM_R11(%rdi), %r11
	movq VICTIM_R12(%rdi), %r12
	movq VICTIM_R13(%rdi), %r13
	movq VICTIM_R14(%rdi), %r14
	movq VICTIM_R15(%rdi), %r15
	movq VICTIM_RDI(%rdi), %rdi
	syscall
	xchgq %rax, (%rsp)
	movq %rbx, THREAD_SEEN+VICTIM_RBX(%rax)
	movq %rcx, THREAD_SEEN+VICTIM_RCX(%rax)
	movq %rdx, THREAD_SEEN+VICTIM_RDX(%rax)
	movq %rsi, THREAD_SEEN+VICTIM_RSI(%rax)
	movq %rdi, THREAD_SEEN+VICTIM_RDI(%rax)
	movq %rbp, THREAD_SEEN+VICTIM_RBP(%rax)
	movq %r8, THREAD_SEEN+VICTIM_R8(%rax)
	movq %r9, THREAD_SEEN+VICTIM_R9(%rax)
	movq %r10, THREAD_SEEN+VICTIM_R10(%rax)
	movq %r11, THREAD_SEEN+VICTIM_R11(%rax)
	movq %r12, THREAD_SEEN+VICTIM_R12(%rax)
	movq %r13, THREAD_SEEN+VICTIM_R13(%rax)
	movq %r14, THREAD_SEEN+VICTIM_R14(%rax)
	movq %r15, THREAD_SEEN+VICTIM_R15(%rax)
	popq THREAD_SEEN+VICTIM_RAX(%rax)
	.irp reg, r15, r14, r13, r12, rbp, rbx
	popq %\reg
	.endr
	ret
	.size thread_hold, .-thread_hold

thread_clone:
	subq $16, %rsi
	movq %rcx, (%rsi)
	movq %r8, 8(%rsi)
	movq %rdx, %r10 /* where the kernel says that it has ended */
	xorl %edx, %edx
	xorl %r8d, %r8d
	movl $56, %eax /* clone */
	syscall
	testl %eax, %eax
	jz 1f
	ret
1:	popq %rax
	popq %rdi
	call *%rax
	ud2
	.size thread_clone, .-thread_clone
	.section .note.GNU-stack, "", @progbits
