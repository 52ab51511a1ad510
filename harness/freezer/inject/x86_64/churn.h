/* SPDX-License-Identifier: Apache-2.0
 *
 * The parasite's first instructions, and how it overwrites every register that its own code does
 * not use, as a parasite with vectorised code would.
 */
#ifndef CRYOFUZZ_INJECT_CHURN_H
#define CRYOFUZZ_INJECT_CHURN_H

/* First in the image. Once the parasite has returned it goes out with a call of munmap prepared, or
 * sleeps until the injector interrupts it. */
__asm__(".pushsection .entry,\"ax\",@progbits\n"
	".globl entry\n"
	"entry:	xorl %ebp, %ebp\n"
	"	call parasite\n"
	"	testq %rax, %rax\n"
	"	jz 1f\n"
	"	movq %rax, %rdx\n"
	"	leaq entry(%rip), %rdi\n"
	"	movl $16384, %esi\n"
	"	movl $11, %eax\n" /* munmap */
	"	jmp *%rdx\n"
	"1:	movl $34, %eax\n" /* pause */
	"	syscall\n"
	"	jmp 1b\n"
	".popsection\n");

static inline void churn_x87(void)
{
	__asm__ volatile("fninit\n\t"
			 "fldpi\n\t"
			 "fldpi\n\t"
			 "fldpi\n\t"
			 "fldpi\n\t"
			 "fldpi\n\t"
			 "fldpi\n\t"
			 "fldpi\n\t"
			 "fldpi");
}

static inline void churn_vectors(int avx)
{
	unsigned mxcsr = 0x1fbf; /* all masked, all raised */

	__asm__ volatile("ldmxcsr %0" : : "m"(mxcsr));
	__asm__ volatile(".irp n,0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15\n\t"
			 "pcmpeqd %%xmm\\n, %%xmm\\n\n\t"
			 ".endr" ::
				 : "memory");
	if (avx)
		__asm__ volatile(".irp n,0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15\n\t"
				 "vcmptrueps %%ymm\\n, %%ymm\\n, %%ymm\\n\n\t"
				 ".endr" ::
					 : "memory");
}

#endif
