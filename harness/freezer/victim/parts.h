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

/* What lets it go on. */
#define VICTIM_WORD 0x676f206f6e21ull

/* Shared with hold.S. */
extern char victim_after_read[];
extern struct victim_regs victim_want, victim_seen;
extern uint64_t victim_go;
extern uint8_t victim_spins, victim_nested;
extern const char *victim_tail, *victim_call_tail;
void victim_restorer(void);
void victim_hold_registers(int spin, int avx, int live);

/* registers.c */
uint64_t victim_random(uint64_t *state);
void victim_fill_random(void *data, size_t size, uint64_t *state);
void victim_fill_regs(struct victim_regs *r, const struct victim_setting *setting,
		      const struct victim_told *told);
int victim_has_avx(void);
/* Without words, as the victim itself compares. */
int victim_same(const struct victim_regs *want, const struct victim_regs *seen);

/* wide.c */
extern uint32_t victim_wide_parts;
void wide_set(const struct victim_setting *setting);

/* places.c. Inside: goes there, to be frozen; says what it found wrong, and tidies up. */
int place_prepare(const struct victim_setting *setting, struct victim_told *told);
/* Once all else is set up. */
void place_enter(const struct victim_setting *setting, struct victim_told *told);
void place_judge(const struct victim_setting *setting, int64_t result, struct victim_told *told);
void place_tidy(const struct victim_setting *setting);
/* Outside: what it can't be together with its place is left out. */
void place_adapt(struct victim_setting *setting);
/* Returns once it is in its place. 0 or -errno. */
int place_await(struct victim *v);
int place_release(const struct victim *v);
/* Returns once it has something to say, or may be asked for it. 0, or -ETIME if it still sleeps
 * although its time is over. */
int place_await_end(const struct victim *v);
/* True if it sleeps in its call. */
int place_still_sleeps(const struct victim *v);
/* What its call should have returned. */
int64_t place_result(const struct victim *v);
int64_t place_now(void);

/* await.c, inside: until the word is another one. 0, or -ETIMEDOUT if whoever should change it stands still: the one
 * with that pid in /proc, if that is not 0. */
int place_await_word(const uint32_t *word, uint32_t not_any_more, int pid);

/* asked.c, inside */
void asked_now(struct victim_asked *asked);
void asked_set_trap(enum victim_trap trap);
void asked_set_stack(enum victim_stack own);
void asked_drop_pending(void);

#endif
