/* SPDX-License-Identifier: Apache-2.0
 *
 * Between the victim's files: victim.c, its life and orders; registers.c, what it fills them with and
 * what it should find; places.c, where it is while it is frozen; asked.c, what only it can ask the
 * kernel. Some run inside the victim, some outside; the addresses are the same in both.
 */
#ifndef CRYOFUZZ_VICTIM_PARTS_H
#define CRYOFUZZ_VICTIM_PARTS_H

#include "victim.h"

enum { VICTIM_FD = 3 /* orders and reports, in the victim */ };

/* Shared with hold.S. */
extern char victim_after_read[];
extern struct victim_regs victim_want, victim_seen;
extern uint64_t victim_go, victim_gate;
extern uint8_t victim_spins;
void victim_hold_registers(int spin, int avx, int live);

/* registers.c */
uint64_t victim_random(uint64_t *state);
void victim_fill_random(void *data, size_t size, uint64_t *state);
void victim_fill_regs(struct victim_regs *r, const struct victim_setting *setting);
int victim_has_avx(void);

/* places.c */
void place_set_call(struct victim_regs *r, enum victim_place place);
/* Outside: returns once it is in its place. 0 or -errno. */
int place_await(const struct victim *v);
int place_release(const struct victim *v);

/* asked.c, inside */
void asked_now(struct victim_asked *asked);
void asked_set_trap(enum victim_trap trap);
void asked_set_stack(int own);
void asked_drop_pending(void);

#endif
