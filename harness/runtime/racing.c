/* SPDX-License-Identifier: Apache-2.0
 * What is done at every access, once more for runs that look for data races. */
#define RT_RACING

#include "loads.c"
#include "rmw.c"
#include "settle.c"
#include "stores.c"
