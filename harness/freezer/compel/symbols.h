/* SPDX-License-Identifier: Apache-2.0
 *
 * Names of functions that the dynamic linker does not know, static ones too, from a file's own table.
 */
#ifndef CRYOFUZZ_SYMBOLS_H
#define CRYOFUZZ_SYMBOLS_H

#include <stddef.h>
#include <stdint.h>

/* The function that has this offset from the file's load address, and where it begins. 1 if there is
 * one. */
int symbols_find(const char *file, uintptr_t offset, char *name, size_t size, uintptr_t *start);

#endif
