/* SPDX-License-Identifier: Apache-2.0
 *
 * The parasite's image, as inject.c copies it.
 */
	.section .rodata
	.globl inject_image, inject_image_end
	.hidden inject_image, inject_image_end
	.balign 16
inject_image:
	.incbin "parasite.bin"
inject_image_end:
	.section .note.GNU-stack, "", @progbits
