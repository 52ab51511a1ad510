/* SPDX-License-Identifier: Apache-2.0
 *
 * void victim_hold_registers(int spin, int avx, int live): loads victim_want into all registers, flags
 * and the red zone, waits, and stores what it finds into victim_seen. The upper vector halves are
 * loaded only if they are live, else they stay unused; and with them what wide.c has parts of. From the load to the store no instruction
 * touches a register, flag or byte of red zone, but for those that the wait itself
 * changes: a system call rax, rcx and r11; the spin, which reads its word through rcx because
 * jrcxz is the one conditional jump that needs no flags.
 */
#include "victim.h"
#include "stores.inc"

/* Of XSAVE: the upper halves of YMM, mask registers, upper halves of ZMM, ZMM16 to 31. What libc's own
 * vector code has left in them is no part of the scenario. */
#define VECTOR_PARTS 0xe4

	.macro load_gprs
	movq victim_want+VICTIM_RAX(%rip), %rax
	movq victim_want+VICTIM_RBX(%rip), %rbx
	movq victim_want+VICTIM_RCX(%rip), %rcx
	movq victim_want+VICTIM_RDX(%rip), %rdx
	movq victim_want+VICTIM_RSI(%rip), %rsi
	movq victim_want+VICTIM_RDI(%rip), %rdi
	movq victim_want+VICTIM_RBP(%rip), %rbp
	movq victim_want+VICTIM_R8(%rip), %r8
	movq victim_want+VICTIM_R9(%rip), %r9
	movq victim_want+VICTIM_R10(%rip), %r10
	movq victim_want+VICTIM_R11(%rip), %r11
	movq victim_want+VICTIM_R12(%rip), %r12
	movq victim_want+VICTIM_R13(%rip), %r13
	movq victim_want+VICTIM_R14(%rip), %r14
	movq victim_want+VICTIM_R15(%rip), %r15
	.endm

	.macro fill_red from=0
	movq victim_want+VICTIM_RED+\from(%rip), %rax
	movq %rax, \from-128(%rsp)
	.if \from < 120
	fill_red \from+8
	.endif
	.endm

	.macro load_high number, rest:vararg
	vbroadcastf128 victim_want+VICTIM_HIGH+16*\number(%rip), %ymm\number
	.ifnb \rest
	load_high \rest
	.endif
	.endm

	.macro load_flags
	movq %rsp, victim_rsp(%rip)
	leaq victim_want+VICTIM_FLAGS(%rip), %rsp
	popfq
	movq victim_rsp(%rip), %rsp
	.endm

	.text
	.irp name, victim_hold_registers, victim_after_read, victim_found, victim_stores, \
		victim_between_stores, victim_sequence, victim_in_sequence, victim_after_vfork, \
		victim_restorer_code, victim_call, victim_after_birth
	.globl \name
	.hidden \name
	.endr
	.type victim_hold_registers, @function
victim_hold_registers:
	endbr64
	pushq %rbx
	pushq %rbp
	pushq %r12
	pushq %r13
	pushq %r14
	pushq %r15
	pushfq
	movl %esi, victim_avx(%rip)
	fill_red
	testl %esi, %esi
	jz 1f
	movl %edx, %ecx
	movl $VECTOR_PARTS, %eax
	xorl %edx, %edx
	xrstor64 victim_unused(%rip)
	testl %ecx, %ecx
	jz 1f
	load_high 0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15
	movl victim_wide_parts(%rip), %eax
	testl %eax, %eax
	jz 1f
	xrstor64 victim_wide(%rip)
1:	fxrstor64 victim_want+VICTIM_FX(%rip)
	testl %edi, %edi
	jnz 3f

	load_flags
	load_gprs
victim_call:
	syscall
victim_after_read:
	jmp *victim_call_tail(%rip)

3:	load_flags
	load_gprs
	movb $1, victim_spins(%rip)
4:	movq victim_go(%rip), %rcx
	jrcxz 5f
	jmp 4b
5:	jmp *victim_tail(%rip)

	/* Two stores, of which the second says that the first has happened. */
victim_stores:
	movq %rax, victim_fifo(%rip)
victim_between_stores:
	movq $1, victim_next_in(%rip)
	jmp victim_found

	/* A restartable sequence of one store. */
victim_sequence:
	movq %rax, victim_spare(%rip)
	movq %rdx, victim_spare+8(%rip)
	movq victim_sequence_word(%rip), %rdx
	leaq victim_sequence_bounds(%rip), %rax
	movq %rax, (%rdx)
sequence_begin:
	movq victim_spare(%rip), %rax
	movq victim_spare+8(%rip), %rdx
victim_in_sequence:
	movq $1, victim_committed(%rip)
sequence_end:
	jmp victim_found
	.long 0x53053053 /* without it the kernel would not go on there */
sequence_abort:
	movq victim_aborted(%rip), %rax
	leaq 1(%rax), %rax
	movq %rax, victim_aborted(%rip)
	movq victim_spare(%rip), %rax
	movq victim_spare+8(%rip), %rdx
	jmp victim_found

	/* The parent and its child, which has no memory of its own, come out of one call. */
victim_after_vfork:
	xchgq %rax, %rcx
	jrcxz 7f
	xchgq %rax, %rcx
	jmp victim_found
7:	movl $35, %eax /* nanosleep */
	leaq victim_child_time(%rip), %rdi
	xorl %esi, %esi
	syscall
	movl $60, %eax /* exit */
	movl $VICTIM_CHILD_STATUS, %edi
	syscall
	ud2

	/* Likewise, but the child has a memory or a stack of its own: it keeps what it finds. */
victim_after_birth:
	xchgq %rax, %rcx
	jrcxz 8f
	xchgq %rax, %rcx
	jmp victim_found
8:	xchgq %rax, %rcx
	store_gprs victim_born
	movq %rsp, victim_born_rsp(%rip)
	leaq victim_born+VICTIM_FLAGS+8(%rip), %rsp
	pushfq
	movq victim_born_rsp(%rip), %rsp
	read_red 0, victim_born
	fxsave64 victim_born+VICTIM_FX(%rip)
	fninit
	ldmxcsr victim_plain_mxcsr(%rip)
	subq $128, %rsp
	pushq $2
	popfq
	andq $-16, %rsp
	call victim_is_born
	ud2

victim_found:
	store_gprs victim_seen
	movq %rsp, victim_rsp(%rip)
	leaq victim_seen+VICTIM_FLAGS+8(%rip), %rsp
	pushfq
	movq victim_rsp(%rip), %rsp
	read_red 0, victim_seen
	fxsave64 victim_seen+VICTIM_FX(%rip)
	cmpl $0, victim_avx(%rip)
	jz 6f
	store_high victim_seen, 0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15
	movl victim_wide_parts(%rip), %eax
	xorl %edx, %edx
	testl %eax, %eax
	jz 7f
	xsave64 victim_wide_seen(%rip)
7:	vzeroupper
6:	fninit
	ldmxcsr victim_plain_mxcsr(%rip)
	popfq
	popq %r15
	popq %r14
	popq %r13
	popq %r12
	popq %rbp
	popq %rbx
	ret
	.size victim_hold_registers, .-victim_hold_registers

/* Where signal handlers return to. */
	.globl victim_restorer
	.hidden victim_restorer
	.type victim_restorer, @function
victim_restorer:
victim_restorer_code:
	movl $15, %eax /* rt_sigreturn */
	syscall
	.size victim_restorer, .-victim_restorer

	.section .rodata
	.balign 4
victim_plain_mxcsr:
	.long 0x1f80
	.balign 64
victim_unused:
	.zero 24
	.long 0x1f80
	.zero 576-28

	.balign 8
victim_child_time:
	.quad 0, 5000000

	.section .data.rel.ro, "aw"
	.balign 32
victim_sequence_bounds:
	.long 0, 0
	.quad sequence_begin, sequence_end - sequence_begin, sequence_abort

	.local victim_rsp, victim_avx, victim_spare, victim_born_rsp
	.comm victim_born_rsp, 8, 8
	.comm victim_spare, 16, 8
	.comm victim_rsp, 8, 8
	.comm victim_avx, 4, 4
	.section .note.GNU-stack, "", @progbits
