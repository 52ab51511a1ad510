/* SPDX-License-Identifier: Apache-2.0
 *
 * The params of the target compel: the victim, what it is asked for, who and what disturbs it.
 */
#ifndef CRYOFUZZ_COMPEL_PARAMS_H
#define CRYOFUZZ_COMPEL_PARAMS_H

#include <cryofuzz.h>

enum compel_param {
	COMMANDS,
	PLACE,
	SEED,
	VECTORS,
	TRAP,
	STACK,
	FIRST,
	STRANGER,
	FAILS,
	NTH,
	ERROR,
	CODE,
	PENDING,
	STOPPED,
	DISTURBS,
	WHEN,
	HOME,
	THREADS,
	STDIO,
	LOG,
	STATE,
};

extern const struct cf_param_spec compel_params[];

#endif
