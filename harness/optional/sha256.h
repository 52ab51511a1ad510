/* SPDX-License-Identifier: Apache-2.0
 * sha256.h - SHA-256 as FIPS 180-4 has it, of a text that is there as a whole: slow, and nobody else's. */
#ifndef CRYOFUZZ_SHA256_H
#define CRYOFUZZ_SHA256_H

#include <stddef.h>
#include <stdint.h>

enum { SHA256_SIZE = 32, SHA256_BLOCK = 64, SHA256_ROUNDS = 64 };

static inline uint32_t sha256_rotated(uint32_t word, unsigned by)
{
	return word >> by | word << (32 - by);
}

/* Byte `at` of the padded text: the text, a bit, zeros, the number of bits. */
static inline uint8_t sha256_byte(const uint8_t *text, size_t size, size_t padded, size_t at)
{
	if (at < size)
		return text[at];
	if (at == size)
		return 0x80;
	return at < padded - 8 ? 0 : (uint8_t)((uint64_t)size * 8 >> (padded - 1 - at) * 8);
}

static inline void sha256_expand(uint32_t w[SHA256_ROUNDS])
{
	for (unsigned i = 16; i < SHA256_ROUNDS; i++) {
		uint32_t a = w[i - 15], b = w[i - 2];

		w[i] = w[i - 16] + w[i - 7] +
		       (sha256_rotated(a, 7) ^ sha256_rotated(a, 18) ^ a >> 3) +
		       (sha256_rotated(b, 17) ^ sha256_rotated(b, 19) ^ b >> 10);
	}
}

static inline void sha256_mix(uint32_t state[8], const uint32_t w[SHA256_ROUNDS])
{
	static const uint32_t k[SHA256_ROUNDS] = {
		0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4,
		0xab1c5ed5, 0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe,
		0x9bdc06a7, 0xc19bf174, 0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f,
		0x4a7484aa, 0x5cb0a9dc, 0x76f988da, 0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7,
		0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967, 0x27b70a85, 0x2e1b2138, 0x4d2c6dfc,
		0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85, 0xa2bfe8a1, 0xa81a664b,
		0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070, 0x19a4c116,
		0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
		0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7,
		0xc67178f2,
	};
	uint32_t s[8];

	for (unsigned i = 0; i < 8; i++)
		s[i] = state[i];
	for (unsigned i = 0; i < SHA256_ROUNDS; i++) {
		uint32_t e = sha256_rotated(s[4], 6) ^ sha256_rotated(s[4], 11) ^
			     sha256_rotated(s[4], 25);
		uint32_t a = sha256_rotated(s[0], 2) ^ sha256_rotated(s[0], 13) ^
			     sha256_rotated(s[0], 22);
		uint32_t t = s[7] + e + ((s[4] & s[5]) ^ (~s[4] & s[6])) + k[i] + w[i];

		a += (s[0] & s[1]) ^ (s[0] & s[2]) ^ (s[1] & s[2]);
		for (unsigned j = 7; j > 0; j--)
			s[j] = s[j - 1];
		s[4] += t;
		s[0] = t + a;
	}
	for (unsigned i = 0; i < 8; i++)
		state[i] += s[i];
}

static inline void sha256(const void *text, size_t size, uint8_t digest[SHA256_SIZE])
{
	uint32_t state[8] = { 0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
			      0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19 };
	size_t padded = (size + 8) / SHA256_BLOCK * SHA256_BLOCK + SHA256_BLOCK;

	for (size_t at = 0; at < padded; at += SHA256_BLOCK) {
		uint32_t w[SHA256_ROUNDS] = { 0 };

		for (unsigned i = 0; i < SHA256_BLOCK; i++)
			w[i / 4] = w[i / 4] << 8 | sha256_byte(text, size, padded, at + i);
		sha256_expand(w);
		sha256_mix(state, w);
	}
	for (unsigned i = 0; i < SHA256_SIZE; i++)
		digest[i] = (uint8_t)(state[i / 4] >> (3 - i % 4) * 8);
}

#endif
