/* SPDX-License-Identifier: Apache-2.0
 *
 * params.h - the params of the target criu: what the tree has, and how it is dumped.
 */
#ifndef CRYOFUZZ_CRIU_PARAMS_H
#define CRYOFUZZ_CRIU_PARAMS_H

#include <cryofuzz.h>

enum criu_param {
	PLACE,
	RUNS_ON,
	SEED,
	SOCKETS,
	PIPE,
	COUNTERS,
	FILES,
	SIGNALS,
	TIMERS,
	THREAD,
	CHILD,
	PROCESS,
	IPC,
	DISPOSITIONS,
	SPARSE,
	MAPPINGS,
	ENDS,
	ROUNDS,
	WAY,
	BESIDE,
	HURT,
	FAULT,
	CALLS,
	DIES_AT,
	FAILS_AT,
	LOG,
	CODE,
	NO_PARAM,
};

extern const struct cf_param_spec criu_params[];

#endif
