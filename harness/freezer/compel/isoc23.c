/* SPDX-License-Identifier: Apache-2.0
 *
 * A libcompel built against glibc 2.38 or later calls these two. An older glibc has only their
 * predecessors, which differ in binary literals alone ("0b1"); libcompel reads hexadecimal.
 */
#include <features.h>

#if !__GLIBC_PREREQ(2, 38)
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

int __isoc23_sscanf(const char *text, const char *format, ...);
unsigned long __isoc23_strtoul(const char *text, char **end, int base);

int __isoc23_sscanf(const char *text, const char *format, ...)
{
	va_list args;
	int ret;

	va_start(args, format);
	ret = vsscanf(text, format, args);
	va_end(args);
	return ret;
}

unsigned long __isoc23_strtoul(const char *text, char **end, int base)
{
	return strtoul(text, end, base);
}
#else
typedef int not_empty;
#endif
