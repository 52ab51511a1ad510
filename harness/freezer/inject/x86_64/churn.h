/* SPDX-License-Identifier: Apache-2.0
 *
 * The parasite's first instructions, and how it overwrites every register that its own code does
 * not use, as a parasite with vectorised code would.
 */
#ifndef CRYOFUZZ_INJECT_CHURN_H
#define CRYOFUZZ_INJECT_CHURN_H

/* First in the image. Once the parasite has returned it sleeps until the injector interrupts it. */
__asm__(".pushsection .entry,\"ax\",@progbits\n"
	".globl entry\n"
	"entry:	xorl %ebp, %ebp\n"
	"	call parasite\n"
	"1:	movl $34, %eax\n" /* pause */
	"	syscall\n"
	"	jmp 1b\n"
	".popsection\n");

static inline int churn_has_avx(void)
{
	unsigned eax = 1, ebx, ecx = 0, edx;

	__asm__ volatile("cpuid" : "+a"(eax), "=b"(ebx), "+c"(ecx), "=d"(edx));
	return (ecx >> 27 & 3) == 3; /* OSXSAVE and AVX */
}

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
