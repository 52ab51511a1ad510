/* SPDX-License-Identifier: Apache-2.0
 *
 * Apart from the plain spin: the handler of a signal, and what has to be whole although it is several
 * instructions, the two stores of a queue and a restartable sequence. A sequence that is left in the
 * middle begins anew: the kernel sends it to its abort handler, once.
 */
#include "codes.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/rseq.h>

#include "calls.h"
#include "raw.h"

/* Shared with hold.S. */
extern char victim_between_stores[], victim_stores[], victim_sequence[], victim_in_sequence[];
extern char victim_found[], victim_call[];
const char *victim_tail = victim_found, *victim_call_tail = victim_found;
uint64_t victim_fifo, victim_next_in;
uint64_t victim_committed, victim_aborted, *victim_sequence_word;
uint8_t victim_nested;

static unsigned handled;
static struct victim_setting nested;
static struct victim_regs nested_want, nested_seen;

/* ---- handlers -------------------------------------------------------------------------------- */

static void on_signal(int signo)
{
	(void)signo;
	handled++;
}

/* Holds other patterns in there than outside, where the kernel has to put them back. */
static void hold_in_handler(int signo)
{
	const struct victim_regs outer = victim_want;

	on_signal(signo);
	victim_want = nested_want;
	victim_spins = 0;
	__atomic_store_n(&victim_nested, 1, __ATOMIC_SEQ_CST);
	victim_hold_registers(1, victim_has_avx(), nested.vectors != VICTIM_VECTORS_CLEAN);
	nested_seen = victim_seen;
	victim_want = outer;
}

static int prepare_handler(void)
{
	struct victim_told none = { 0 };

	handled = 0;
	victim_nested = 0;
	victim_fill_regs(&nested_want, &nested, &none);
	return 0;
}

static const char *check_handler(void)
{
	return handled == 1 ? NULL : "its signal has not been handled once";
}

static const char *check_nested(void)
{
	nested_want.gpr[VICTIM_RCX / 8] = 0;
	if (!victim_same(&nested_want, &nested_seen))
		return "its registers in the handler are others";
	return check_handler();
}

/* ---- stores and sequences ---------------------------------------------------------------------- */

static int prepare_stores(void)
{
	victim_fifo = victim_next_in = 0;
	return 0;
}

static const char *check_stores(void)
{
	return victim_fifo == victim_seen.gpr[VICTIM_RAX / 8] && victim_next_in == 1
		       ? NULL
		       : "the queue is not as both stores leave it";
}

static int prepare_sequence(void)
{
	struct rseq *area = (struct rseq *)((char *)__builtin_thread_pointer() + __rseq_offset);

	victim_committed = victim_aborted = 0;
	victim_sequence_word = (uint64_t *)&area->rseq_cs;
	return __rseq_size ? 0 : -ENOSYS;
}

static const char *check_sequence(void)
{
	*victim_sequence_word = 0;
	if (victim_committed)
		return "a restartable sequence was left and went on in the middle";
	return victim_aborted == 1 ? NULL : "its abort handler did not run once";
}

/* ---- the table --------------------------------------------------------------------------------- */

extern char victim_restorer_code[];

static const struct code codes[VICTIM_PLACES] = {
	[VICTIM_SPINS] = { .name = "a loop" },
	[VICTIM_IN_HANDLER] = { "a signal's handler", LAND_NESTED, .handler = hold_in_handler,
				.prepare = prepare_handler, .check = check_nested },
	[VICTIM_AT_HANDLER] = { "the beginning of a signal's handler", LAND_HANDLER,
				.handler = on_signal, .prepare = prepare_handler,
				.check = check_handler },
	[VICTIM_AT_RETURN] = { "the return from a signal's handler", LAND_HANDLER,
			       victim_restorer_code, .handler = on_signal,
			       .prepare = prepare_handler, .check = check_handler },
	[VICTIM_BETWEEN_STORES] = { "the middle of two stores", LAND_STEPS, victim_between_stores,
				    victim_stores, .prepare = prepare_stores,
				    .check = check_stores },
	[VICTIM_IN_SEQUENCE] = { "a restartable sequence", LAND_BREAKPOINT, victim_in_sequence,
				 victim_sequence, .prepare = prepare_sequence,
				 .check = check_sequence },
	[VICTIM_FORK_BEGINS] = { "the beginning of fork", LAND_CALL_BEGINS, .tail = victim_call },
	[VICTIM_FORK_ENDS] = { "the end of fork", LAND_CALL_ENDS, .tail = victim_call },
	[VICTIM_VFORK_BEGINS] = { "the beginning of vfork", LAND_CALL_BEGINS, .tail = victim_call },
	[VICTIM_THREAD_BEGINS] = { "the beginning of clone3", LAND_CALL_BEGINS,
				   .tail = victim_call },
	[VICTIM_EXEC_ENDS] = { "the first instruction of another program", LAND_CALL_BEGINS,
			       .tail = victim_call },
	[VICTIM_EXITS] = { "exit_group", .tail = victim_call },
	[VICTIM_FIRST_EXITS] = { "the exit of its first thread", .tail = victim_call },
	[VICTIM_THREADS_BEAR] = { "a loop", .prepare = bearing_prepare, .check = bearing_check },
	[VICTIM_THREAD_EXECS] = { "execve of another thread", .tail = victim_call },
	[VICTIM_THREAD_ENDS] = { "the end of clone3", LAND_CALL_ENDS, .tail = victim_call },
};

const struct code *code_of(enum victim_place place)
{
	return codes[place].name ? &codes[place] : NULL;
}

int code_prepare(const struct code *code, const struct victim_setting *setting)
{
	nested = *setting;
	nested.seed = ~setting->seed;
	victim_tail = code->tail ? code->tail : victim_found;
	return code->prepare ? code->prepare() : 0;
}

void code_enter(const struct code *code)
{
	if (code->handler)
		call_handle(code->handler, 1);
}

void code_tidy(const struct code *code)
{
	if (code->handler)
		call_handle(SIG_DFL, 0);
}
