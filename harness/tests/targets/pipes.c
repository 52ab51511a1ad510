/* SPDX-License-Identifier: Apache-2.0
 *
 * pipes - each clerk keeps notes in a pipe of its own until all of them are written, and adds up what it
 * reads there. A pipe may take a part of what is written.
 */
#include <errno.h>
#include <stdatomic.h>
#include <unistd.h>

#include "cryofuzz.h"

enum { WHOLE, PART };
enum { CLERKS, NOTE = 4 };

struct shared {
	_Alignas(8) atomic_int written;
};

static void write_note(int fd)
{
	static const char note[NOTE] = { 1, 2, 3, 4 };

	for (size_t done = 0; done < NOTE;) {
		ssize_t n = write(fd, note + done, NOTE - done);

		if (n < 0 && errno != EINTR)
			return;
		if (cf_variant() == PART && n > 0)
			return;
		done += n > 0 ? (size_t)n : 0;
	}
}

static int add_up(int fd)
{
	char notes[NOTE];
	int sum = 0;

	for (;;) {
		ssize_t n = read(fd, notes, NOTE);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return n < 0 ? -1 : sum;
		for (ssize_t i = 0; i < n; i++)
			sum += notes[i];
	}
}

static void keep_notes(unsigned index)
{
	struct shared *s = cf_shared();
	int ends[2], sum;

	(void)index;
	if (pipe(ends) < 0)
		return;
	write_note(ends[1]);
	close(ends[1]);
	atomic_fetch_add(&s->written, 1);
	sum = add_up(ends[0]);
	close(ends[0]);
	if (sum >= 0 && sum != 1 + 2 + 3 + 4)
		cf_fail(CF_MISREAD_MESSAGE, "pipes.clerk", "the notes add up to %d", sum);
}

static const struct cf_role roles[] = { { "clerk", "clerks", keep_notes }, { 0 } };
static const struct cf_param_spec params[] = {
	[CLERKS] = { "clerks", 1, 3, 2, "actors, with a pipe each" },
	{ 0 },
};
static const struct cf_variant_spec variants[] = {
	[WHOLE] = { "whole", "goes on where a write has ended", CF_SC, NULL },
	[PART] = { "part", "takes a part for the whole", CF_SC, "misread-message in pipes.clerk",
		   .faults = 1 },
	{ 0 },
};

CRYOFUZZ_TARGET = {
	.abi = CF_TARGET_ABI,
	.name = "pipes",
	.summary = "notes to oneself",
	.shared_size = sizeof(struct shared),
	.flags = CF_SURVIVES_FAULTS | CF_FIBERS,
	.roles = roles,
	.params = params,
	.variants = variants,
};
