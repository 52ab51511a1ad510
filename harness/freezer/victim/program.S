/* SPDX-License-Identifier: Apache-2.0
 *
 * The code of the program that a victim becomes, as executes.c writes it.
 */
	.section .rodata
	.globl victim_program, victim_program_end
	.hidden victim_program, victim_program_end
	.balign 16
victim_program:
	.incbin "anew.bin"
victim_program_end:
	.section .note.GNU-stack, "", @progbits
