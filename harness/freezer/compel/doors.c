/* SPDX-License-Identifier: Apache-2.0
 *
 * The driver's side of the doors: where libcompel's calls arrive.
 */
#include "doors.h"

#include "driver.h"

const struct compel_doors *driver_doors;

#define DOOR(type, name, parameters, names)      \
	type driver_##name parameters;           \
	type driver_##name parameters            \
	{                                        \
		return driver_doors->name names; \
	}
COMPEL_DOORS(DOOR)
