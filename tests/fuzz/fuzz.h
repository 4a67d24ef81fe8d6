/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Code shared by the fuzz targets: an input that is consumed from the front, and rules.
 *
 * A target reads its input through struct fuzz_input. Behind its end it reads as zeros, so every
 * input has a meaning and a longer one only adds to it. A broken rule prints its text and ends the
 * process; libFuzzer then keeps the input.
 */
#ifndef FUZZ_H
#define FUZZ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Entry points, which libFuzzer and replay.c call. */
int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define RULE(condition, ...)                                                                       \
	do {                                                                                       \
		if (!(condition)) {                                                                \
			fprintf(stderr, "broken rule: " __VA_ARGS__);                              \
			fprintf(stderr, "\n  %s:%d: %s\n", __FILE__, __LINE__, #condition);        \
			abort();                                                                   \
		}                                                                                  \
	} while (0)

struct fuzz_input {
	const uint8_t *data;
	size_t size;
};

static inline uint8_t fuzz_u8(struct fuzz_input *in)
{
	if (in->size == 0)
		return 0;
	in->size--;
	return *in->data++;
}

static inline uint16_t fuzz_u16(struct fuzz_input *in)
{
	uint16_t high = fuzz_u8(in);

	return high << 8 | fuzz_u8(in);
}

static inline uint32_t fuzz_u32(struct fuzz_input *in)
{
	uint32_t high = fuzz_u16(in);

	return high << 16 | fuzz_u16(in);
}

static inline void fuzz_octets(struct fuzz_input *in, uint8_t *to, size_t size)
{
	for (size_t i = 0; i < size; i++)
		to[i] = fuzz_u8(in);
}

/*
 * A heap block of exactly this size with octets of the input; free() it. A sanitizer sees any
 * access behind its end. Its size is limited to the rest of the input.
 */
static inline uint8_t *fuzz_block(struct fuzz_input *in, size_t *size)
{
	uint8_t *block;

	if (*size > in->size)
		*size = in->size;
	block = malloc(*size ? *size : 1);
	if (!block)
		abort();
	fuzz_octets(in, block, *size);
	return block;
}

#endif /* FUZZ_H */
