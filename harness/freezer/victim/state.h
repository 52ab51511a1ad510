/* SPDX-License-Identifier: Apache-2.0
 *
 * What a victim can have besides registers and the like: files, mappings, timers, children and so on,
 * in groups. A victim that is to have a group sets it up before it is held, and looks at it before and
 * after; what it saw is compared outside. All that runs in the victim is system calls without libc,
 * whose own memory may be gone then.
 *
 * What is set up is not taken back: such a victim is used for one freeze.
 */
#ifndef CRYOFUZZ_STATE_H
#define CRYOFUZZ_STATE_H

#include <stddef.h>
#include <stdint.h>

enum state_group {
	STATE_FILES,
	STATE_LAYOUT,
	STATE_TIMERS,
	STATE_FAMILY,
	STATE_CREDENTIALS,
	STATE_PROCESS,
	STATE_THREAD,
	STATE_HANDLERS,
	STATE_GROUPS
};

/* The params of a target that has victims: group, name, greatest value, what it says. They stand
 * together, in this order, and 0 is: as any process. */
#define STATE_PARAMS(PARAM)                                                                       \
	PARAM(STATE_FILES, "files", 1, "1: descriptors of ten kinds")                             \
	PARAM(STATE_LAYOUT, "layout", 4,                                                          \
	      "the lowest mapping is 1: executable, 2: executable and shared, 3: of a file with " \
	      "a long path; 4: pages that are locked, not for children, shared")                  \
	PARAM(STATE_TIMERS, "timers", 1, "1: a real-time and a POSIX timer")                      \
	PARAM(STATE_FAMILY, "family", 1, "1: a child that lives and a dead one")                  \
	PARAM(STATE_CREDENTIALS, "credentials", 3,                                                \
	      "1: groups and fewer capabilities, 2: other user, 3: not dumpable")                 \
	PARAM(STATE_PROCESS, "process", 2,                                                        \
	      "1: limits, umask, name, priority, personality, 2: and a seccomp filter")           \
	PARAM(STATE_THREAD, "thread-area", 2,                                                     \
	      "1: fs base, rseq, robust list, tid address, 2: breakpoints of an earlier tracer")  \
	PARAM(STATE_HANDLERS, "handlers", 1, "1: each signal has a disposition of its own")

enum {
	STATE_THREAD_AREA = 1,
	STATE_THREAD_BREAKPOINTS = 2,
	STATE_HANDLED = 45, /* a signal that has a handler then */
};

/* A wish of 0 is a victim without that group. */
struct state_wish {
	uint8_t of[STATE_GROUPS];
};

enum { STATE_WORDS = 96 };

/* Something the victim saw: of an item (freezer/victim/kept.h), with a name for people, between two
 * bounds; of what does not move by itself they are the same. Texts are at the same address outside. */
struct state_word {
	const char *item, *what;
	uint64_t low, high;
};

struct state_view {
	uint64_t count;
	struct state_word word[STATE_WORDS];
};

/* ---- outside ---- */

int state_any(const struct state_wish *wish);
/* What the victim could not set up, with words; 0: nothing. To be asked once it is held. */
int state_failed(int pid, const struct state_wish *wish, char *text, size_t size);
/* The name of the item that the victim found changed, with words; NULL: none. To be asked after its
 * report. */
const char *state_changed(int pid, const struct state_wish *wish, char *text, size_t size);
/* Whether an item is what somebody has saved, not what the kernel keeps for it. */
int state_is_data(const char *item);

/* ---- inside the victim ---- */

void state_set(const struct state_wish *wish, uint64_t seed);
void state_look_before(void);
/* After that it is all over with what was set up. */
void state_look_after(void);
/* Around the time in which it is held: what its own code could not go on with. */
void state_enter(void);
void state_leave(void);

/* ---- between the groups ---- */

struct state_ops {
	void (*set)(unsigned wish, uint64_t seed);
	void (*look)(struct state_view *view, unsigned wish);
	void (*end)(void); /* of what would stay behind; NULL: nothing would */
};

extern const struct state_ops state_files, state_layout, state_timers, state_family,
	state_credentials, state_process, state_thread, state_handlers;

/* A call of the victim's that must succeed, else the first one's name and error are told outside. */
long state_must(const char *what, long ret);
void state_see(struct state_view *view, const char *item, const char *what, uint64_t value);
void state_see_between(struct state_view *view, const char *item, const char *what, uint64_t low,
		       uint64_t high);
/* Waits for the end of a child, awake: one that sleeps while nobody runs it is taken to be stuck. With
 * WNOWAIT among the options it stays to be waited for. Its status, as waitid tells it. */
int state_await_child(long pid, int options);
uint64_t state_hash(const void *data, size_t size);

#endif
