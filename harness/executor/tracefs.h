/* SPDX-License-Identifier: Apache-2.0
 *
 * tracefs.h - what the kernel says of its tracepoints. Where tracefs is mounted nowhere, as on many a server, a
 * privileged process sees it all the same, without a mount that others would see.
 */
#ifndef CRYOFUZZ_TRACEFS_H
#define CRYOFUZZ_TRACEFS_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* Its folder of events, or -errno. */
int tracefs_open(void);
/* A file of that folder, cut to size, as a string; its length, or -errno and "". */
ssize_t tracefs_read(int events, const char *path, char *text, size_t size);
/* In the text of a file "format": where a field is, in bytes from the beginning of what is raw in a sample. */
bool tracefs_field(const char *format, const char *name, unsigned *at);

#endif
