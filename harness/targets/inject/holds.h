/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CRYOFUZZ_INJECT_HOLDS_H
#define CRYOFUZZ_INJECT_HOLDS_H

/* What the tracer itself holds: descriptors and mappings. */
struct holds {
	int files, mappings;
};

struct holds holds_now(void);

#endif
