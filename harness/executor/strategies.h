/* SPDX-License-Identifier: Apache-2.0
 * strategies.h - one object each; explore.c and portfolio.c know all of them. */
#ifndef CRYOFUZZ_STRATEGIES_H
#define CRYOFUZZ_STRATEGIES_H

#include "explore.h"

extern const struct strategy ex_random, ex_sweep; /* lists.c */
extern const struct strategy ex_pct, ex_pos, ex_surw; /* drawn.c */
extern const struct strategy ex_systematic; /* systematic.c */
extern const struct strategy ex_exhaustive; /* exhaustive.c: for outcomes */
extern const struct strategy ex_portfolio; /* portfolio.c */

#endif
