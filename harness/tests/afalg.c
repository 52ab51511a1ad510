/* SPDX-License-Identifier: Apache-2.0
 *
 * The target afalg: where the kernel has AF_ALG, which schedule and which params make which variant fail, and that the
 * good one passes the same; else that it says what is missing. What verifies digests is tried everywhere.
 */
#include <errno.h>
#include <linux/if_alg.h>
#include <stdbool.h>
#include <sys/socket.h>

#include "../optional/sha256.h"
#include "drive.h"

enum { VERIFIED, SHARED_OPERATION, PART_ENDS, IV_KEPT, NO_IV };

static void check_digest(const char *text, const char *expected)
{
	uint8_t digest[SHA256_SIZE];
	char hex[2 * SHA256_SIZE + 1];

	sha256(text, strlen(text), digest);
	for (unsigned i = 0; i < SHA256_SIZE; i++)
		snprintf(hex + 2 * i, 3, "%02x", digest[i]);
	CHECK(strcmp(hex, expected) == 0, "of '%s': %s", text, hex);
}

/* NIST's examples: one block, none, and one whose length needs a block of its own. */
static void check_digests(void)
{
	check_digest("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
	check_digest("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
	check_digest("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
		     "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
}

/* Each part is a point of its worker's, each result another one. */
static const struct {
	unsigned variant;
	int params[4]; /* workers, operations, parts, ciphers */
	int away; /* the point at which the first worker waits for the others, -1: none */
	enum cf_kind kind;
	const char *site;
} expectations[] = {
	{ VERIFIED, { 2, 1, 1, 0 }, -1, CF_NO_KIND, "" },
	{ VERIFIED, { 4, 2, 4, 0 }, 1, CF_NO_KIND, "" },
	{ VERIFIED, { 4, 2, 4, 1 }, 1, CF_NO_KIND, "" },
	{ SHARED_OPERATION, { 2, 4, 4, 0 }, -1, CF_NO_KIND, "" },
	{ SHARED_OPERATION, { 2, 1, 4, 0 }, 3, CF_INVARIANT, "afalg.digest" },
	{ PART_ENDS, { 2, 1, 1, 0 }, -1, CF_NO_KIND, "" },
	{ PART_ENDS, { 2, 1, 2, 0 }, -1, CF_INVARIANT, "afalg.digest" },
	{ IV_KEPT, { 2, 1, 1, 0 }, -1, CF_NO_KIND, "" },
	{ IV_KEPT, { 2, 1, 1, 1 }, -1, CF_INVARIANT, "afalg.decrypted" },
	{ NO_IV, { 2, 1, 1, 0 }, -1, CF_NO_KIND, "" },
	{ NO_IV, { 2, 1, 1, 1 }, -1, CF_INVARIANT, "afalg.encrypted" },
};

static void check_row(struct drive *d, unsigned i)
{
	const struct cf_result *r;

	d->control->plan =
		(struct cf_plan){ .budget = DRIVE_BUDGET, .variant = expectations[i].variant };
	memcpy(d->control->plan.params, expectations[i].params, sizeof(expectations[i].params));
	if (expectations[i].away >= 0)
		drive_event(d, 0, (unsigned)expectations[i].away, CF_DO_DELAY, 50);
	r = drive_run(d, CF_RUN);
	CHECK(r->kind == expectations[i].kind && strcmp(r->site, expectations[i].site) == 0 &&
		      (r->outcome == CF_PASSED) == (r->kind == CF_NO_KIND),
	      "row %u: outcome %u kind %u %s: %s", i, r->outcome, r->kind, r->site, r->detail);
}

static bool has_af_alg(void)
{
	int fd = socket(AF_ALG, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);

	close(fd);
	return fd >= 0;
}

int main(void)
{
	unsigned count = sizeof(expectations) / sizeof(expectations[0]);
	struct drive d;

	check_digests();
	d = drive_open("optional/afalg");
	if (has_af_alg()) {
		for (unsigned i = 0; i < count; i++)
			check_row(&d, i);
		printf("afalg: %u plans end as they must\n", count);
	} else {
		d.control->plan.params[0] = d.control->plan.params[1] = 1;
		d.control->plan.params[2] = 1;
		CHECK(drive_run(&d, CF_RUN)->outcome == CF_UNSUPPORTED &&
			      strstr(d.control->result.detail, "AF_ALG: sha256 (hash): "),
		      "outcome %u: %s", d.control->result.outcome, d.control->result.detail);
		printf("afalg: digests only: %s\n", d.control->result.detail);
	}
	drive_close(&d);
	return 0;
}
