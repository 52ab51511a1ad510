/* SPDX-License-Identifier: Apache-2.0
 *
 * What libcompel's calls (doors.h) come to here:
 *   - messages are sent and received from code with line numbers, as points that frame events can be
 *     pinned to;
 *   - what was delivered to libcompel is on record, over-long frames and their senders too;
 *   - its waits, none of which has an end of its own, end when the one who must answer stands still
 *     (patience.h): then the wait is named in `hung` and the call fails with ETIMEDOUT;
 *   - a frame longer than the buffer, of which the kernel would cut the end without a word, is
 *     refused with EMSGSIZE;
 *   - who connects, or sends, and is not the victim, is passed over;
 *   - any one call can be made to fail, and somebody can do something before it.
 * What a careful caller would do wire_rules switches off. All else is given to libcompel as the kernel
 * would.
 */
#ifndef CRYOFUZZ_WIRE_H
#define CRYOFUZZ_WIRE_H

#include <stdint.h>
#include <sys/types.h>

#include "doors.h"
#include "stacks.h"

/* A control message of libcompel, in both directions. */
struct wire_message {
	uint32_t cmd, ack;
	int32_t err;
};

/* What can be made to fail: a call by the name of its door; of ptrace's, reading and writing the
 * victim's words, and letting the victim close a descriptor, are kinds by themselves. */
enum wire_call {
	WIRE_NO_CALL,
#define DOOR(type, name, parameters, names) WIRE_##name,
	COMPEL_DOORS(DOOR)
#undef DOOR
		WIRE_peek,
	WIRE_poke,
	WIRE_close,
	WIRE_CALLS,
};

/* How far libcompel has got the victim. */
enum wire_hold {
	WIRE_BEFORE, /* it is not traced yet */
	WIRE_SEIZED, /* not told to stop yet */
	WIRE_STOPPING, /* told, but nobody has looked yet what is pending */
	WIRE_HELD,
	WIRE_CLOSING, /* about to have it close the memory's descriptor, or on it */
	WIRE_LEAVING, /* about to give SIGCHLD back, for the cure */
	WIRE_ENDING, /* has done so, about to interrupt the parasite */
	WIRE_AFTER, /* about to be let go, or let go */
};

struct wire_rules {
	int pid; /* of the one who must answer */
	int recv_waits; /* recv waits whatever the other one does */
	int recv_cuts; /* recv gives the beginning of an over-long frame */
	int takes_anyone; /* accept takes whoever connects first */
	int hears_anyone; /* recv takes a message whoever sent it */
	/* Planted: */
	unsigned ack_cut; /* recv gives 8 bytes of all but the first messages */
	int turns_away; /* accept throws the first connection away */
	int interrupts_not; /* the victim is not told to stop */
	int stranger; /* enum stranger (stranger.h): what a third party does */
	enum wire_call fails; /* a call of this kind fails */
	unsigned nth; /* which one of them, from 0 */
	int error; /* with this errno */
	/* May be NULL: before each call but those whose number is chance; once the victim has been
	 * told to stop; and before it is let go. */
	void (*before)(const char *call);
	void (*stopping)(void);
	void (*letting_go)(void);
	int swallows; /* signals that come while the victim is being stopped are kept from it */
	const char *parasite; /* a file with the names of its functions, for stacks */
};

struct wire {
	const char *hung; /* the first wait that ended without an answer, or NULL */
	char other[64]; /* what the one who did not answer was doing then */
	struct stacks stacks; /* of both then */
	unsigned received; /* messages delivered to libcompel */
	long length; /* of the last one, before it was cut to libcompel's buffer */
	struct wire_message last; /* its beginning */
	int sender; /* of the last one: its pid; 0: an event has made it */
	int sleeps; /* milliseconds that the parasite was told to sleep */
	int peer; /* the pid of the one who was accepted */
	unsigned calls; /* of the kind that fails */
	enum wire_call failed; /* the call that was made to fail */
	unsigned strange; /* what a third party did */
	enum wire_hold hold;
	long number; /* of the system call for which it has set the victim's registers last */
	int gone, status; /* libcompel has been told that the victim has ended, and how */
};

extern struct wire wire;
extern struct wire_rules wire_rules;
extern const struct compel_doors wire_doors;

/* Forgets everything that was recorded. */
void wire_reset(const struct wire_rules *rules);
/* To be asked while a recv that waits (recv_waits) goes on: true if nobody will ever answer it; text
 * then says why. */
int wire_is_hopeless(char *text, unsigned size);
const char *wire_call_name(enum wire_call call);
/* True, with errno, if this call is the one to fail. Each door asks once. */
int wire_fails(enum wire_call call);
/* The victim has stopped, as libcompel sees it. */
void wire_has_stopped(void);
/* Says that nobody will answer; -1 with ETIMEDOUT. */
int wire_give_up(const char *wait);

/* messages.c */
int door_accept(int fd, struct sockaddr *name, socklen_t *size);
ssize_t door_send(int fd, const void *data, size_t size, int flags);
ssize_t door_sendmsg(int fd, const struct msghdr *message, int flags);
ssize_t door_recv(int fd, void *data, size_t size, int flags);
ssize_t door_recvmsg(int fd, struct msghdr *message, int flags);
/* waits.c */
pid_t door_wait4(pid_t pid, int *status, int flags, struct rusage *usage);
pid_t door_waitpid(pid_t pid, int *status, int flags);
long door_syscall(long nr, long a, long b, long c, long d, long e, long f);

#endif
