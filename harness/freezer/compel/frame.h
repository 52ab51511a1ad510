/* SPDX-License-Identifier: Apache-2.0
 *
 * The signal frame from which a cured victim gets its registers back.
 *
 * libcompel copies the whole XSAVE image into the frame that its default context makes, but leaves
 * the words by which the kernel recognizes one (`magic1` in the software bytes, `magic2` behind the
 * image) empty. So rt_sigreturn restores the 512 bytes of FXSAVE and sets everything else to its
 * initial state: the upper halves of YMM, all of ZMM16 to 31, the mask registers and PKRU are lost.
 * CRIU itself makes its own frames and is not concerned. This completes them likewise.
 */
#ifndef CRYOFUZZ_FRAME_H
#define CRYOFUZZ_FRAME_H

struct infect_ctx;

void complete_frames(struct infect_ctx *context);

#endif
