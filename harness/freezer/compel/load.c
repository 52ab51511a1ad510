/* SPDX-License-Identifier: Apache-2.0
 *
 * The user's side of a driver.
 */
#include <dlfcn.h>
#include <string.h>

#include "../victim/raw.h"
#include "driver.h"

static const struct driver *give_up(char *why, size_t size, const char *reason)
{
	snprintf(why, size, "%s", reason);
	return NULL;
}

const struct driver *driver_load(const char *path, char *why, size_t size)
{
	const struct driver *found;
	void *handle;

	if (raw2(SYS_access, path, 0))
		return give_up(why, size, "no libcompel is installed (ci/setup-compel does it)");
	handle = dlopen(path, RTLD_NOW | RTLD_LOCAL);
	if (!handle)
		return give_up(why, size, dlerror());
	found = dlsym(handle, "compel_driver");
	if (!found || found->size != sizeof(*found))
		return give_up(why, size,
			       "the driver of libcompel is of another build (./cryofuzz build)");
	return found;
}

void spy_parasite_log(const struct spy *s, char *text, unsigned size)
{
	long n = s->log < 0 ? 0 : raw4(SYS_pread64, s->log, text, size - 1, 0);

	text[n > 0 ? n : 0] = 0;
}
