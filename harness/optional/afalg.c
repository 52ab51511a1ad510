/* SPDX-License-Identifier: Apache-2.0
 *
 * afalg - what stress-ng did when its children never ended: hashes and ciphers through AF_ALG sockets, each result
 * verified. An operation is a socket: data go in, in parts of which all but the last say that more comes, and the
 * result comes out. What the kernel does is real; when the workers do what is the scenario's.
 *
 * Oracle: a digest is what we make of the same data ourselves; what is encrypted is NIST's example (SP 800-38A, F.2.1),
 * and decrypted it is what it was.
 *
 * verified          each worker has an operation of its own
 * shared-operation  they have one together: their parts are hashed as one text
 * part-ends         a part does not say that more comes: the digest is that of the last one
 * iv-kept           to decrypt, the initialization vector is not set again: it is what encrypting has left
 * no-iv             to encrypt, none is set: it is zero
 */
#define _GNU_SOURCE
#include <errno.h>
#include <linux/futex.h>
#include <linux/if_alg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "cryofuzz.h"
#include "sha256.h"

#ifndef SOL_ALG
#define SOL_ALG 279
#endif

enum { WORKERS, OPERATIONS, PARTS, CIPHERS };
enum { VERIFIED, SHARED_OPERATION, PART_ENDS, IV_KEPT, NO_IV };
enum { TEXT = 64, KEY = 16, IV = 16 };

struct shared {
	atomic_uint opened; /* 1: the first worker has its operation */
};

/* By which the others come to the first one's operation. */
struct ledger {
	int pid, operation;
};

static const uint8_t key[KEY] = { 0x2b, 0x7e, 0x15, 0x16, 0x28, 0xae, 0xd2, 0xa6,
				  0xab, 0xf7, 0x15, 0x88, 0x09, 0xcf, 0x4f, 0x3c };

static const uint8_t plain[TEXT] = {
	0x6b, 0xc1, 0xbe, 0xe2, 0x2e, 0x40, 0x9f, 0x96, 0xe9, 0x3d, 0x7e, 0x11, 0x73,
	0x93, 0x17, 0x2a, 0xae, 0x2d, 0x8a, 0x57, 0x1e, 0x03, 0xac, 0x9c, 0x9e, 0xb7,
	0x6f, 0xac, 0x45, 0xaf, 0x8e, 0x51, 0x30, 0xc8, 0x1c, 0x46, 0xa3, 0x5c, 0xe4,
	0x11, 0xe5, 0xfb, 0xc1, 0x19, 0x1a, 0x0a, 0x52, 0xef, 0xf6, 0x9f, 0x24, 0x45,
	0xdf, 0x4f, 0x9b, 0x17, 0xad, 0x2b, 0x41, 0x7b, 0xe6, 0x6c, 0x37, 0x10,
};

static const uint8_t encrypted[TEXT] = {
	0x76, 0x49, 0xab, 0xac, 0x81, 0x19, 0xb2, 0x46, 0xce, 0xe9, 0x8e, 0x9b, 0x12,
	0xe9, 0x19, 0x7d, 0x50, 0x86, 0xcb, 0x9b, 0x50, 0x72, 0x19, 0xee, 0x95, 0xdb,
	0x11, 0x3a, 0x91, 0x76, 0x78, 0xb2, 0x73, 0xbe, 0xd6, 0xb8, 0xe3, 0xc1, 0x74,
	0x3b, 0x71, 0x16, 0xe6, 0x9e, 0x22, 0x22, 0x95, 0x16, 0x3f, 0xf1, 0xca, 0xa1,
	0x68, 0x1f, 0xac, 0x09, 0x12, 0x0e, 0xca, 0x30, 0x75, 0x86, 0xe1, 0xa7,
};

/* ---- sockets ------------------------------------------------------------------------------------ */

/* A negative errno if there is none. Raw calls: these sockets are the kernel's side, none of the scenario's. */
static int open_algorithm(const char *type, const char *name)
{
	struct sockaddr_alg address = { .salg_family = AF_ALG };
	int fd = (int)syscall(SYS_socket, AF_ALG, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);

	if (fd < 0)
		return -errno;
	strcpy((char *)address.salg_type, type);
	strcpy((char *)address.salg_name, name);
	if (syscall(SYS_bind, fd, &address, sizeof(address)) < 0) {
		int error = errno;

		syscall(SYS_close, fd);
		return -error;
	}
	return fd;
}

static const char *why_not(const char *type, const char *name, int error)
{
	static char text[160];

	snprintf(text, sizeof(text), "AF_ALG: %s (%s): %s; it takes CONFIG_CRYPTO_USER_API_%s",
		 name, type, strerror(error), strcmp(type, "hash") == 0 ? "HASH" : "SKCIPHER");
	return text;
}

static const struct {
	const char *type, *name;
} algorithms[] = { { "hash", "sha256" }, { "skcipher", "cbc(aes)" } };

static const char *unsupported(void)
{
	for (unsigned i = 0; i < 2; i++) {
		int fd = open_algorithm(algorithms[i].type, algorithms[i].name);

		if (fd < 0)
			return why_not(algorithms[i].type, algorithms[i].name, -fd);
		syscall(SYS_close, fd);
	}
	return NULL;
}

static int open_operation(unsigned which)
{
	const char *type = algorithms[which].type, *name = algorithms[which].name;
	int fd = open_algorithm(type, name), operation;

	if (fd < 0)
		cf_unsupported("%s", why_not(type, name, -fd));
	if (which == 1 && syscall(SYS_setsockopt, fd, SOL_ALG, ALG_SET_KEY, key, KEY) < 0)
		cf_broken("ALG_SET_KEY: %s", strerror(errno));
	operation = (int)syscall(SYS_accept4, fd, NULL, NULL, SOCK_CLOEXEC);
	if (operation < 0)
		cf_broken("accept: %s", strerror(errno));
	syscall(SYS_close, fd);
	return operation;
}

static void give(struct ledger *ledger, int operation)
{
	prctl(PR_SET_PTRACER, PR_SET_PTRACER_ANY); /* else Yama may keep the others from it */
	ledger->operation = operation;
	ledger->pid = (int)syscall(SYS_getpid);
	atomic_store(&((struct shared *)cf_shared())->opened, 1);
	syscall(SYS_futex, cf_shared(), FUTEX_WAKE, 8, NULL, NULL, 0);
}

static int take(const struct ledger *ledger)
{
	int pidfd, operation;

	while (!atomic_load(&((struct shared *)cf_shared())->opened))
		syscall(SYS_futex, cf_shared(), FUTEX_WAIT, 0, NULL, NULL, 0);
	pidfd = (int)syscall(SYS_pidfd_open, ledger->pid, 0);
	operation = (int)syscall(SYS_pidfd_getfd, pidfd, ledger->operation, 0);
	syscall(SYS_close, pidfd);
	if (operation < 0)
		cf_unsupported("pidfd_getfd: %s", strerror(errno));
	return operation;
}

/* ---- operations --------------------------------------------------------------------------------- */

/* In as many parts as the scenario says; others may come between them. */
static void send_parts(int operation, const uint8_t *text, bool ends)
{
	unsigned parts = (unsigned)cf_param(PARTS), size = TEXT / parts;

	for (unsigned i = 0; i < parts; i++) {
		bool last = i + 1 == parts;
		unsigned now = last ? TEXT - size * i : size;

		if (syscall(SYS_sendto, operation, text + size * i, now,
			    last || ends ? 0 : MSG_MORE, NULL, 0) != (long)now)
			cf_broken("a part is refused: %s", strerror(errno));
		cf_mark("part");
	}
}

static void receive(int operation, void *result, unsigned size)
{
	if (syscall(SYS_read, operation, result, size) != (long)size)
		cf_broken("no result: %s", strerror(errno));
	cf_mark("result");
}

static void hash(int operation, unsigned index, unsigned round)
{
	uint8_t text[TEXT], digest[SHA256_SIZE], ours[SHA256_SIZE];

	for (unsigned i = 0; i < TEXT; i++)
		text[i] = (uint8_t)(plain[i] + index * 64 + round);
	send_parts(operation, text, cf_variant() == PART_ENDS);
	receive(operation, digest, sizeof(digest));
	sha256(text, sizeof(text), ours);
	if (memcmp(digest, ours, sizeof(ours)) != 0)
		cf_fail(CF_INVARIANT, "afalg.digest",
			"round %u of worker %u: it begins with %02x%02x, ours with %02x%02x", round,
			index, digest[0], digest[1], ours[0], ours[1]);
}

/* What is to be done, and from where it begins. */
static void prepare(int operation, uint32_t what, bool sets_iv)
{
	_Alignas(struct cmsghdr) char control[CMSG_SPACE(4) + CMSG_SPACE(4 + IV)] = { 0 };
	struct msghdr message = { .msg_control = control, .msg_controllen = CMSG_SPACE(4) };
	const uint32_t iv_size = IV;
	struct cmsghdr *header;

	if (sets_iv)
		message.msg_controllen = sizeof(control);
	header = CMSG_FIRSTHDR(&message);
	*header = (struct cmsghdr){ CMSG_LEN(4), SOL_ALG, ALG_SET_OP };
	memcpy(CMSG_DATA(header), &what, sizeof(what));
	if (sets_iv) {
		header = CMSG_NXTHDR(&message, header);
		*header = (struct cmsghdr){ CMSG_LEN(4 + IV), SOL_ALG, ALG_SET_IV };
		memcpy(CMSG_DATA(header), &iv_size, sizeof(iv_size));
		for (uint8_t i = 0; i < IV; i++)
			CMSG_DATA(header)[4 + i] = i;
	}
	if (syscall(SYS_sendmsg, operation, &message, MSG_MORE) < 0)
		cf_broken("the operation is refused: %s", strerror(errno));
}

/* Where the result is another one than expected: TEXT if it is not. */
static unsigned convert(int operation, const uint8_t *text, const uint8_t *expected)
{
	uint8_t result[TEXT];
	unsigned at = 0;

	send_parts(operation, text, false);
	receive(operation, result, sizeof(result));
	while (at < TEXT && result[at] == expected[at])
		at++;
	return at;
}

static void cipher(int operation)
{
	unsigned at;

	prepare(operation, ALG_OP_ENCRYPT, cf_variant() != NO_IV);
	at = convert(operation, plain, encrypted);
	if (at < TEXT)
		cf_fail(CF_INVARIANT, "afalg.encrypted", "from byte %u on", at);
	prepare(operation, ALG_OP_DECRYPT, cf_variant() != IV_KEPT);
	at = convert(operation, encrypted, plain);
	if (at < TEXT)
		cf_fail(CF_INVARIANT, "afalg.decrypted", "from byte %u on", at);
}

static void worker(unsigned index)
{
	struct ledger *ledger = cf_ledger();
	bool together = cf_variant() == SHARED_OPERATION && !cf_param(CIPHERS);
	int operation = together && index > 0 ? take(ledger) : open_operation(cf_param(CIPHERS));

	if (together && index == 0)
		give(ledger, operation);
	for (unsigned round = 0; round < (unsigned)cf_param(OPERATIONS); round++) {
		if (cf_param(CIPHERS))
			cipher(operation);
		else
			hash(operation, index, round);
	}
	if (!together) /* one of all may be in use by another one */
		syscall(SYS_close, operation);
}

static const struct cf_role roles[] = { { "worker", "workers", worker }, { 0 } };

static const struct cf_param_spec params[] = {
	[WORKERS] = { "workers", 1, 4, 2, "actors that hash, or encrypt" },
	[OPERATIONS] = { "operations", 1, 4, 1, "of each worker" },
	[PARTS] = { "parts", 1, 4, 1, "in which the data of one come" },
	[CIPHERS] = { "ciphers", 0, 1, 0, "1: they encrypt and decrypt" },
	{ 0 },
};

static const struct cf_variant_spec variants[] = {
	[VERIFIED] = { "verified", "each worker has an operation of its own", CF_SC, NULL },
	[SHARED_OPERATION] = { "shared-operation", "all workers have one operation", CF_SC,
			       "invariant in afalg.digest" },
	[PART_ENDS] = { "part-ends", "a part does not say that more comes", CF_SC,
			"invariant in afalg.digest" },
	[IV_KEPT] = { "iv-kept", "to decrypt, no vector is set", CF_SC,
		      "invariant in afalg.decrypted" },
	[NO_IV] = { "no-iv", "to encrypt, no vector is set", CF_SC,
		    "invariant in afalg.encrypted" },
	{ 0 },
};

CRYOFUZZ_TARGET = {
	.abi = CF_TARGET_ABI,
	.name = "afalg",
	.summary = "hashes and ciphers by the kernel, through AF_ALG sockets",
	.shared_size = sizeof(struct shared),
	.flags = CF_KEEPS_DATA,
	.roles = roles,
	.params = params,
	.variants = variants,
	.unsupported = unsupported,
};
