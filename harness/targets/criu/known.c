/* SPDX-License-Identifier: Apache-2.0 */
#include "known.h"

#include <errno.h>

#include "hurt.h"

/* Whether a parasite that nobody listens to any more is ended by SIGPIPE, and its process with it, is chance; and
 * nobody can give registers back to a process that can't be reached. */
int known_harm(const struct ward *w, uint32_t better)
{
	if (criu_is_killed(0))
		return !criu_expects(better, KILLED_DUMP_HARMS);
	if (criu_cant_hear(w->failed) || criu_is_refused(0, w->failed))
		return 1;
	return criu_is_interrupted(0, w->failed) &&
	       (criu_harms_by_chance() || !criu_expects(better, INTERRUPTED_WAIT_HARMS));
}

/* It may give up by a signal to itself if its wait was interrupted. */
int known_failure(const struct ward *w, int ret)
{
	return ret == -EIO || (ret == -EFAULT && criu_is_interrupted(0, w->failed));
}

static int hang_in_dump(const struct ward *w, uint32_t better)
{
	return (criu_is_cut_short(w->failed) && !criu_expects(better, CUT_SHORT_HANGS)) ||
	       (criu_has_failed_call(w->failed) && w->waits_for &&
		!criu_expects(better, REFUSED_HANGS));
}

static int crash_in_dump(const struct ward *w, uint32_t better)
{
	return (criu_cant_map(w->failed) && !criu_expects(better, UNMAPPED_CRASHES)) ||
	       (criu_cant_list(0, w->failed) && !criu_expects(better, UNLISTED_CRASHES)) ||
	       (criu_cant_hear(w->failed) && !criu_expects(better, UNHEARD_CRASHES));
}

/* What is known of a criu whose call failed in a dump; an image may lack what could not be listed or read. */
int known_dump(const struct ward *w, uint32_t better, int ret)
{
	if (ret == -ETIME)
		return hang_in_dump(w, better);
	if (ret == -EFAULT)
		return crash_in_dump(w, better);
	return ret == 0 &&
	       ((criu_cant_list(0, w->failed) && !criu_expects(better, UNLISTED_FORGETS)) ||
		(criu_cant_read(w->failed) && !criu_expects(better, UNREAD_FORGETS)));
}

/* The same of a restore; what criu says that it has restored may be spoilt. */
int known_restore(const struct ward *w, uint32_t better, int ret)
{
	const int interrupted = criu_is_interrupted(1, w->failed);
	const int refused = criu_is_refused(1, w->failed);

	if (ret == -ETIME)
		return (interrupted && !criu_expects(better, INTERRUPTED_RESTORE_HANGS)) ||
		       (refused && !criu_expects(better, REFUSED_RESTORE_HANGS));
	if (ret == -EFAULT)
		return criu_cant_list(1, w->failed) && !criu_expects(better, UNLISTED_CRASHES);
	return ret == 0 && (interrupted || refused) && !criu_expects(better, REFUSED_RESTORE_HARMS);
}
