/* SPDX-License-Identifier: Apache-2.0
 *
 * perfring.h - what the files of this target share: who sends what to which ring, and what is kept of
 * events and rings.
 */
#ifndef PERFRING_H
#define PERFRING_H

#include <linux/perf_event.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "cryofuzz.h"

enum { ROUNDS, THRESHOLD, WATERMARK, EPOLL, REDIRECTED, TRACEPOINT };

enum {
	PINNED,
	MORE_EVENTS,
	OVERWRITE,
	UNPINNED,
	TAIL_BEFORE_COPY,
	SPLIT_READ_AS_WHOLE,
	LOST_NOT_COUNTED,
	OVERWRITE_UNPAUSED,
	HEAD_WITHOUT_ACQUIRE,
};

enum { MAX_ROUNDS = 4, MAX_THRESHOLD = 4 };
enum { MAX_TRIGGERS = MAX_ROUNDS * MAX_THRESHOLD * CF_MAX_PROCESSORS };
enum { RING_SIZE = 4096, RECORD_SIZE = 800 };

/* A record as the kernel writes it, by the sample_type of the events: what is in it where depends on what they
 * are. The stack's bytes are there to make it large: five of them fill a ring, and the sixth is split at its end. */
struct record {
	struct perf_event_header header;
	uint64_t id;
	uint8_t rest[RECORD_SIZE - 16];
};
_Static_assert(sizeof(struct record) == RECORD_SIZE, "as large as what the kernel writes");

/* A second event per processor, whose output goes to the first one's ring. */
enum { FIRST, SECOND, EVENTS };

/* What the truth is, and how the reader comes to the producer's events. */
struct ledger {
	uint32_t pid; /* of the producer */
	int fd[EVENTS][CF_MAX_PROCESSORS];
	uint64_t first, step; /* what records have of its triggers */
	uint32_t sent, done;
	uint8_t ring_of[MAX_TRIGGERS]; /* on which processor that was */
};
_Static_assert(sizeof(struct ledger) <= CF_LEDGER_SIZE, "one for all");

struct handshake {
	atomic_uint opened, mapped;
};

static inline struct ledger *the_ledger(void)
{
	return cf_ledger();
}

static inline struct handshake *the_handshake(void)
{
	return cf_shared();
}

static inline bool overwrites(void)
{
	return cf_variant() == OVERWRITE || cf_variant() == OVERWRITE_UNPAUSED;
}

/* Records of each trigger. */
static inline unsigned events_each(void)
{
	return cf_param(REDIRECTED) ? EVENTS : 1;
}

/* Triggers that the reader waits for. */
static inline unsigned triggers_wanted(void)
{
	return (unsigned)(cf_param(ROUNDS) * cf_param(THRESHOLD));
}

static inline long page_size(void)
{
	return 4096;
}

/* ---- faults.c, calls.c: what the events are ---- */

/* Bytes from a record's beginning; that of the stack is its size, behind which it lies. */
struct layout {
	unsigned cpu, number, stack;
};

struct source {
	struct layout layout[EVENTS];
	/* Before the first event. NULL, or why there are no such events here. */
	const char *(*prepare)(void);
	void (*describe)(struct perf_event_attr *attr, unsigned which);
	/* Before the first trigger of a run. */
	void (*begin)(struct ledger *ledger);
	/* Makes a record of each event, in this order. */
	void (*cause)(unsigned number);
};
extern const struct source faults, calls;

static inline const struct source *the_source(void)
{
	return cf_param(TRACEPOINT) ? &calls : &faults;
}

/* The last word of a record says how many of them were there. */
static inline unsigned stack_bytes(const struct layout *layout)
{
	return RECORD_SIZE - 16 - layout->stack;
}

/* ---- events.c: what the producer does ---- */
void open_events(void);
void events_are_taken(void); /* by the reader */
void trigger(void);
/* NULL, or why there are no such events here. */
const char *events_unsupported(void);

/* ---- rings.c: the reader's way to the rings ---- */
struct ring {
	struct perf_event_mmap_page *page;
	const uint8_t *data; /* behind it lies a page of zeros, for who reads on at its end */
	uint64_t tail;
	unsigned next; /* of the truth: triggers of this ring and their events, that were met */
	uint64_t told; /* lost ones, since the last record */
	uint64_t id[EVENTS];
};

struct rings {
	unsigned count;
	struct ring ring[CF_MAX_PROCESSORS];
	int fd[EVENTS][CF_MAX_PROCESSORS];
	int epoll;
};
extern struct rings rings;

void map_rings(void);
uint64_t head_of(const struct ring *ring);
bool is_unread(const struct ring *ring);
void publish_tail(struct ring *ring, uint64_t tail);
void copy_out(const struct ring *ring, uint64_t from, void *to, unsigned size);
void pause_output(unsigned ring, bool pause);
/* As the kernel counts them. */
uint64_t lost_in(unsigned ring);
/* True if the kernel has woken this actor; false if it has waited for a second in vain. */
bool wait_for_wakeup(void);

/* ---- reader.c ---- */
void read_rings(void);

/* ---- records.c: what a record says, against the truth ---- */
enum { TORN = 8 }; /* the size of a record that can't be one */
unsigned size_of(const struct perf_event_header *header);
/* True if it is one that a trigger has caused. */
bool judge(unsigned ring, const void *record, unsigned size);
/* The same of one that may be any of the ring's, while it overwrites. */
bool judge_sample(unsigned ring, const struct record *record, unsigned size);
/* It tells of others that are lost. */
bool is_lost(const struct perf_event_header *header, unsigned size);
/* Among all records of all rings, from 0. */
unsigned number_of(unsigned ring, const struct record *record);
/* So many the kernel was to write. */
unsigned records_of(unsigned ring);

#endif
