/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CRYOFUZZ_KERNEL_LOG_H
#define CRYOFUZZ_KERNEL_LOG_H

#include "executor.h"

/* Around a request, or around each run that is asked for. Where the kernel's log may not be read nothing is heard;
 * doctor says so. */
void ex_begin_listening(struct executor *ex);
void ex_end_listening(struct executor *ex);

#endif
