/* SPDX-License-Identifier: Apache-2.0
 *
 * object.h - mutexes, condition variables and the like that lie in the segment.
 *
 * What libc writes into such an object when it is made, by a call or by an initializer, is read, and
 * nothing is ever written there in a run: who has it and who waits for it stands in a table of the
 * run's, by the object's offset. So nobody's memory model sees it, and it begins anew with each run.
 */
#ifndef CRYOFUZZ_OBJECT_H
#define CRYOFUZZ_OBJECT_H

#include <stdbool.h>
#include <stdint.h>

#include "control.h"

enum { RT_OBJECTS = 512, RT_NOBODY = 0 };

enum rt_object_kind {
	RT_MUTEX = 1,
	RT_SPIN,
	RT_CONDITION,
	RT_SEMAPHORE,
	RT_BARRIER,
	RT_RWLOCK,
	RT_ONCE,
};

/* What an actor wants of an object, and waits for. */
enum rt_wish {
	RT_TO_HAVE = 1, /* it alone: a mutex, a turn of a once; or one of a semaphore's */
	RT_TO_SHARE, /* to read */
	RT_TO_BE_WOKEN, /* and to have the mutex then */
	RT_TO_PASS, /* the barrier */
	RT_TO_BEGIN, /* a thread, to be created */
	RT_TO_JOIN, /* another thread, to end */
};

enum rt_object_state {
	RT_USABLE = 0,
	RT_INCONSISTENT, /* a mutex whose owner has died */
	RT_UNRECOVERABLE, /* and was let go without being made consistent */
	RT_DONE, /* a once */
	RT_DESTROYED,
};

struct rt_object {
	uint32_t run; /* that it was used in; of an earlier one: the place is free */
	uint32_t offset;
	uint8_t kind; /* enum rt_object_kind */
	uint8_t type; /* of a mutex: PTHREAD_MUTEX_NORMAL and so on; of a rwlock: PTHREAD_RWLOCK_… */
	uint8_t robust;
	uint8_t state; /* enum rt_object_state */
	uint8_t owner; /* 1 + the actor that has it, or RT_NOBODY */
	uint8_t readers[CF_MAX_ACTORS];
	/* locks of its owner; a semaphore's value; who waits at a barrier; tickets */
	uint32_t count;
	uint32_t limit; /* of a barrier */
	uint32_t round; /* of a barrier */
	uint32_t mutex; /* 1 + the offset of that with which actors wait for this condition */
	uint32_t clock; /* whoever gets it sees the commits up to this one */
	uint32_t site; /* where it was left */
};

struct rt_actor;
struct rt_deal;

/* The object at this place; NULL if that is not in the segment. It is begun anew, and `fresh` set, if it
 * was none of this kind. */
struct rt_object *rt_object(const void *address, enum rt_object_kind kind, bool *fresh);
/* The same if the table has it already, in a run or after it; else NULL. */
const struct rt_object *rt_known_object(const void *address, enum rt_object_kind kind);
/* Where the runtime reads what libc has written into it. */
const void *rt_object_bytes(const void *address);

/* A point at which something is done to an object: `orders` if what was stored before may not come after. */
void rt_object_point(const volatile void *address, uint32_t site, struct rt_deal *deal,
		     bool orders);
/* True if this is one more turn of a loop in which nothing happens, which is no point: the place shows the
 * actor this value again. If it yields, the others have had the token meanwhile; it asks again then. */
bool rt_idle_turn(const struct rt_object *o, uint32_t site, uint64_t value, bool yields);
/* verb: at most 8 characters. */
void rt_object_step(const struct rt_object *o, uint32_t site, const char *verb, int64_t result,
		    unsigned flags);

/* Whether the actor would get what it wants. */
bool rt_is_granted(const struct rt_object *o, const struct rt_actor *actor, enum rt_wish wish);
/* The same of one that is parked. */
bool rt_object_lets(const struct rt_actor *actor);
/* Parks until it is granted; ETIMEDOUT if the time is over before. The address is the target's. */
int rt_object_wait(struct rt_object *o, const void *address, enum rt_wish wish, uint64_t deadline);
/* It is a thread that nobody has created. */
bool rt_never_began(const struct rt_actor *actor);
/* What the actor waits for, in words. */
void rt_name_object_wait(const struct rt_actor *actor, char waits[CF_WAITS]);

/* Whatever this actor has done so far comes before what is done by whoever gets the object after this. */
void rt_object_release(struct rt_object *o, uint32_t site);
void rt_object_acquire(struct rt_object *o, uint32_t site);
/* It is another way: who tries to get it again and again looks again. */
void rt_object_changed(const struct rt_object *o);
/* An actor has ended or died: what it has stays locked, but for what is robust. */
void rt_abandon_objects(unsigned actor);

/* POSIX says nothing of what comes of this: ends the run. */
_Noreturn void rt_misuse(const char *call, uint32_t site, const struct rt_object *o,
			 const char *what);
/* Nobody can come to an object that is not in the segment and would block for ever. */
_Noreturn void rt_own_deadlock(const char *call, uint32_t site);

#endif
