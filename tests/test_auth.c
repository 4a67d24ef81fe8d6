// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The HMAC trailer of draft-cassen-vrrp-auth-hmac: the vectors of the draft, each of their bits
 * flipped, and the rules of keys, time and replay. The HMAC is libfrr's, as in the daemon.
 */
#include "vrrp_hmac.h"

#include "core_test.h"

#define KEY		   "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"
#define SEC		   ((uint64_t)1000000)
#define AT_SEC		   0x68000000ULL /* the second of the vectors' stamps */
#define STAMP		   (AT_SEC << 32 | 0x80000000ULL)
#define SIZE_MAX_OF_VECTOR 64

static const struct vector {
	const char *name, *src, *dst, *message, *trailer;
} vectors[] = {
	{ "draft vector, IPv4", "198.51.100.10", "224.0.0.18", "3133c80100644402c0000264",
	  "0101000068000000800000001b84bc4e8e43892dc6d98448f8ee2265" },
	{ "draft vector, IPv6", "fe80::10", "fe80::20",
	  "3133c8010064a2e9fe800000000000000000000000000100",
	  "010100006800000080000000c8c56146ebfd66ee10ec4d8186461b78" },
};

static size_t octets(const char *hex, uint8_t *buf)
{
	unsigned int value;
	size_t n = 0;

	for (; sscanf(hex, "%2x", &value) == 1; hex += 2)
		buf[n++] = value;
	return n;
}

/* The key of the draft, and what expects it at the time of the vectors. */
static struct vrrp_hmac_key material;
static struct vrrp_auth_key key;

static struct vrrp_auth_expect enforce(void)
{
	uint8_t secret[64];
	size_t size = octets(KEY, secret);

	vrrp_hmac_set_key(&material, secret, size);
	key = (struct vrrp_auth_key){ .id = 1,
				      .is_usable = true,
				      .may_accept = true,
				      .may_send = true,
				      .material = &material };
	return (struct vrrp_auth_expect){ .keys = &key,
					  .n_keys = 1,
					  .hmac = vrrp_hmac,
					  .must_sign = true,
					  .window = 5 * SEC,
					  .now = STAMP };
}

static struct vrrp_datagram read_vector(const struct vector *vector, uint8_t *buf)
{
	size_t size = octets(vector->message, buf);

	size += octets(vector->trailer, buf + size);
	return (struct vrrp_datagram){ .src = address(vector->src),
				       .dst = address(vector->dst),
				       .ttl = VRRP_TTL,
				       .data = buf,
				       .size = size };
}

/* What the daemon would say of it: the codec first. */
static enum vrrp_verdict judge(const struct vrrp_datagram *dgram,
			       const struct vrrp_auth_expect *expect, struct vrrp_auth_mark *mark)
{
	struct vrrp_advert advert;
	enum vrrp_verdict verdict = vrrp_packet_decode(dgram, &advert);

	return verdict == VRRP_ACCEPTED ? vrrp_auth_check(dgram, &advert, expect, mark) : verdict;
}

static void assert_verdict(enum vrrp_verdict want, enum vrrp_verdict got)
{
	if (want != got)
		fail_msg("must be %s, is %s", vrrp_verdicts[want].yang, vrrp_verdicts[got].yang);
}

/* --------------------------------------------------------------------- vectors */

static void test_vector_is_accepted(void **state)
{
	struct vrrp_auth_expect expect = enforce();
	struct vrrp_auth_mark mark = {};
	uint8_t buf[SIZE_MAX_OF_VECTOR];
	struct vrrp_datagram dgram = read_vector(*state, buf);

	assert_verdict(VRRP_ACCEPTED, judge(&dgram, &expect, &mark));
	assert_true(mark.is_set);
	assert_true(mark.stamp == STAMP);
	assert_int_equal(vrrp_auth_key_id(&dgram), 1);
}

static void test_vector_is_sent(void **state)
{
	const struct vector *vector = *state;
	uint8_t want[SIZE_MAX_OF_VECTOR], buf[SIZE_MAX_OF_VECTOR];
	struct vrrp_datagram dgram = read_vector(vector, want);
	size_t size = octets(vector->message, buf);

	enforce();
	size = vrrp_auth_sign(buf, size, &dgram.src, &key, vrrp_hmac, STAMP);
	assert_int_equal(size, dgram.size);
	vrrp_packet_readdress(buf, size, dgram.src.family, VRRP_CHECKSUM_MESSAGE, &dgram.src,
			      &dgram.dst);
	assert_memory_equal(buf, want, size);
}

/* Each bit in turn; the checksum is made right again, as an attacker would. */
static void test_flipped_bits_are_refused(void **state)
{
	struct vrrp_auth_expect expect = enforce();
	struct vrrp_auth_mark mark = {};
	uint8_t buf[SIZE_MAX_OF_VECTOR];
	struct vrrp_datagram dgram = read_vector(*state, buf);

	for (size_t bit = 0; bit < dgram.size * 8; bit++) {
		read_vector(*state, buf);
		buf[bit / 8] ^= 0x80 >> bit % 8;
		if (bit / 8 == 6 || bit / 8 == 7) /* the checksum itself is not covered */
			continue;
		vrrp_packet_readdress(buf, dgram.size, dgram.src.family, VRRP_CHECKSUM_MESSAGE,
				      &dgram.src, &dgram.dst);
		if (judge(&dgram, &expect, &mark) == VRRP_ACCEPTED || mark.is_set)
			fail_msg("bit %zu of %zu is flipped, and it is accepted", bit % 8, bit / 8);
	}
}

/* The source is covered, and the destination is not. */
static void test_addresses(void **state)
{
	struct vrrp_auth_expect expect = enforce();
	struct vrrp_auth_mark mark = {};
	uint8_t buf[SIZE_MAX_OF_VECTOR];
	struct vrrp_datagram dgram = read_vector(*state, buf);
	struct vrrp_addr src = dgram.src;

	for (unsigned int bit = 0; bit < vrrp_addr_size(src.family) * 8; bit++) {
		dgram.src = src;
		dgram.src.octets[bit / 8] ^= 1 << bit % 8;
		vrrp_packet_readdress(buf, dgram.size, src.family, VRRP_CHECKSUM_MESSAGE,
				      &dgram.src, &dgram.dst);
		assert_verdict(VRRP_BAD_AUTH_DIGEST, judge(&dgram, &expect, &mark));
	}
	dgram.src = src;
	dgram.dst = src.family == VRRP_IPV4 ? address("192.0.2.9") : address("2001:db8::9");
	vrrp_packet_readdress(buf, dgram.size, src.family, VRRP_CHECKSUM_MESSAGE, &dgram.src,
			      &dgram.dst);
	assert_verdict(VRRP_ACCEPTED, judge(&dgram, &expect, &mark));
}

/* No part of a trailer is one. */
static void test_cut_short(void **state)
{
	struct vrrp_auth_expect expect = enforce();
	struct vrrp_auth_mark mark = {};
	uint8_t buf[SIZE_MAX_OF_VECTOR];
	struct vrrp_datagram dgram = read_vector(*state, buf);
	size_t size = dgram.size - VRRP_TRAILER_SIZE;

	for (dgram.size--; dgram.size > size; dgram.size--)
		assert_verdict(VRRP_BAD_LENGTH, judge(&dgram, &expect, &mark));
	vrrp_packet_readdress(buf, dgram.size, dgram.src.family, VRRP_CHECKSUM_MESSAGE, &dgram.src,
			      &dgram.dst);
	assert_verdict(VRRP_BAD_AUTH_MISSING, judge(&dgram, &expect, &mark));
	expect.must_sign = false;
	assert_verdict(VRRP_ACCEPTED, judge(&dgram, &expect, &mark));
	assert_false(mark.is_set);
}

/* ------------------------------------------------------- keys, time and replay */

/* A change of what enforce() expects of the IPv4 vector. */
static const struct rule_row {
	const char *rule;
	enum vrrp_verdict verdict;
	uint8_t id; /* 0: as it is */
	bool unusable, expired, monotonic, no_keys;
	bool permissive;
	bool spoilt;	    /* its digest */
	bool bare;	    /* it has no trailer */
	int64_t clock_usec; /* ours, after the sender's */
	int64_t mark;	    /* of the sender, after this stamp; with has_mark */
	bool has_mark;
} rule_rows[] = {
	{ "no key of that ID", VRRP_BAD_AUTH_KEY, .id = 2 },
	{ "no keys at all", VRRP_BAD_AUTH_KEY, .no_keys = true },
	{ "a key that is too short", VRRP_BAD_AUTH_KEY_UNUSABLE, .unusable = true },
	{ "a key outside its lifetime", VRRP_BAD_AUTH_EXPIRED, .expired = true },
	{ "enforce: one without a trailer", VRRP_BAD_AUTH_MISSING, .bare = true },
	{ "permissive: one without a trailer", VRRP_ACCEPTED, .bare = true, .permissive = true },
	{ "permissive: a wrong digest", VRRP_BAD_AUTH_DIGEST, .spoilt = true, .permissive = true },
	{ "permissive: no key of that ID", VRRP_BAD_AUTH_KEY, .id = 2, .permissive = true },
	{ "the clock comes before the digest", VRRP_BAD_AUTH_CLOCK, .spoilt = true,
	  .clock_usec = 6 * SEC },
	{ "a replay comes before the digest", VRRP_BAD_AUTH_REPLAY, .spoilt = true,
	  .has_mark = true },
	{ "our clock is ahead by the window", VRRP_ACCEPTED, .clock_usec = 5 * SEC },
	{ "our clock is ahead by more", VRRP_BAD_AUTH_CLOCK, .clock_usec = 5 * SEC + 100 },
	{ "our clock is behind by the window", VRRP_ACCEPTED, .clock_usec = -5 * (int64_t)SEC },
	{ "our clock is behind by more", VRRP_BAD_AUTH_CLOCK,
	  .clock_usec = -5 * (int64_t)SEC - 100 },
	{ "monotonic: our clock does not matter", VRRP_ACCEPTED, .monotonic = true,
	  .clock_usec = -400 * 86400 * (int64_t)SEC },
	{ "the same again", VRRP_BAD_AUTH_REPLAY, .has_mark = true },
	{ "one before the last one", VRRP_BAD_AUTH_REPLAY, .has_mark = true, .mark = 1 },
	{ "one long before the last one", VRRP_BAD_AUTH_REPLAY, .has_mark = true,
	  .mark = 3600LL << 32, .monotonic = true },
	{ "the next one", VRRP_ACCEPTED, .has_mark = true, .mark = -1 },
	{ "monotonic: the same again", VRRP_BAD_AUTH_REPLAY, .has_mark = true, .monotonic = true },
	{ "serial arithmetic: the last one was before the seconds wrapped", VRRP_ACCEPTED,
	  .has_mark = true, .mark = -(0x68000001LL << 32), .monotonic = true },
};

static void test_rule(void **state)
{
	const struct rule_row *row = *state;
	struct vrrp_auth_expect expect = enforce();
	struct vrrp_auth_mark mark = { .stamp = STAMP + row->mark, .is_set = row->has_mark };
	const struct vrrp_auth_mark before = mark;
	uint8_t buf[SIZE_MAX_OF_VECTOR];
	struct vrrp_datagram dgram = read_vector(&vectors[0], buf);
	bool accepted = row->verdict == VRRP_ACCEPTED;

	key.id = row->id ? row->id : 1;
	key.is_usable = !row->unusable;
	key.may_accept = !row->expired;
	expect.n_keys = row->no_keys ? 0 : 1;
	expect.is_monotonic = row->monotonic;
	expect.must_sign = !row->permissive;
	buf[dgram.size - 1] ^= row->spoilt;
	dgram.size -= row->bare ? VRRP_TRAILER_SIZE : 0;
	expect.now = vrrp_stamp_of(AT_SEC * SEC + SEC / 2 + row->clock_usec);
	assert_verdict(row->verdict, judge(&dgram, &expect, &mark));
	assert_true(mark.stamp == (accepted ? STAMP : before.stamp));
}

/* A mark moves for none that is refused, last of all for a wrong signature from the future. */
static void test_forged_stamp_moves_no_mark(void **state)
{
	struct vrrp_auth_expect expect = enforce();
	struct vrrp_auth_mark mark = { .stamp = STAMP - 1, .is_set = true };
	uint8_t buf[SIZE_MAX_OF_VECTOR];
	struct vrrp_datagram dgram = read_vector(&vectors[0], buf);

	buf[dgram.size - VRRP_TRAILER_SIZE + 7] ^= 4; /* seconds later */
	assert_verdict(VRRP_BAD_AUTH_DIGEST, judge(&dgram, &expect, &mark));
	assert_true(mark.stamp == STAMP - 1);
	read_vector(&vectors[0], buf);
	assert_verdict(VRRP_ACCEPTED, judge(&dgram, &expect, &mark));
	(void)state;
}

static void test_key_of_wrong_octets(void **state)
{
	struct vrrp_auth_expect expect = enforce();
	struct vrrp_auth_mark mark = {};
	uint8_t buf[SIZE_MAX_OF_VECTOR];
	struct vrrp_datagram dgram = read_vector(&vectors[0], buf);

	vrrp_hmac_set_key(&material, "another secret of thirty-two let", 32);
	assert_verdict(VRRP_BAD_AUTH_DIGEST, judge(&dgram, &expect, &mark));
	(void)state;
}

static void test_sender(void **state)
{
	struct vrrp_auth_key keys[] = { { .id = 1, .is_usable = true },
					{ .id = 2, .may_send = true },
					{ .id = 3, .is_usable = true, .may_send = true },
					{ .id = 4, .is_usable = true, .may_send = true } };

	assert_int_equal(vrrp_auth_sender(keys, 4)->id, 3);
	assert_null(vrrp_auth_sender(keys, 2));
	assert_null(vrrp_auth_sender(NULL, 0));
	(void)state;
}

static void test_stamps_grow(void **state)
{
	struct vrrp_auth_mark last = {};
	vrrp_stamp_t first = vrrp_stamp_next(&last, AT_SEC * SEC + SEC / 2, 5 * SEC);

	assert_true(first == STAMP);
	assert_true(vrrp_stamp_next(&last, AT_SEC * SEC + SEC / 2, 5 * SEC) == STAMP + 1);
	assert_true(vrrp_stamp_next(&last, AT_SEC * SEC - 4 * SEC, 5 * SEC) == STAMP + 2);
	assert_true(vrrp_stamp_next(&last, AT_SEC * SEC + SEC, 5 * SEC) == (AT_SEC + 1) << 32);
	/* a clock that was far ahead, and is right now */
	assert_true(vrrp_stamp_next(&last, AT_SEC * SEC - 100 * SEC, 0) == ((AT_SEC + 1) << 32) + 1);
	assert_true(vrrp_stamp_next(&last, AT_SEC * SEC - 100 * SEC, 5 * SEC) == (AT_SEC - 100)
											 << 32);
	/* after 2038, before the first one */
	last = (struct vrrp_auth_mark){};
	assert_true(vrrp_stamp_next(&last, 0x90000000ULL * SEC, 5 * SEC) == 0x90000000ULL << 32);
	(void)state;
}

static void test_stamp_difference(void **state)
{
	vrrp_stamp_t noon = vrrp_stamp_of(AT_SEC * SEC);

	assert_true(vrrp_stamp_since(vrrp_stamp_of(AT_SEC * SEC + 300 * SEC), noon) ==
		    300 * (int64_t)SEC);
	assert_true(vrrp_stamp_since(noon, vrrp_stamp_of(AT_SEC * SEC + 300 * SEC)) ==
		    -300 * (int64_t)SEC);
	assert_true(vrrp_stamp_since(noon + 7, noon) == 0);
	(void)state;
}

/* RFC 4231 section 4.3, in two parts. */
static void test_hmac(void **state)
{
	struct vrrp_auth_part parts[] = { { "what do ya want ", 16 }, { "for nothing?", 12 } };
	uint8_t want[VRRP_AUTH_HMAC_SIZE], got[VRRP_AUTH_HMAC_SIZE];

	octets("5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843", want);
	vrrp_hmac_set_key(&material, "Jefe", 4);
	vrrp_hmac(&material, parts, 2, got);
	assert_memory_equal(got, want, sizeof(want));
	vrrp_hmac(&material, parts, 2, got); /* the key is as before */
	assert_memory_equal(got, want, sizeof(want));
	(void)state;
}

int main(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(vectors); i++) {
		add_test(vectors[i].name, test_vector_is_accepted, &vectors[i]);
		add_test("... is what is sent", test_vector_is_sent, &vectors[i]);
		add_test("... with any bit flipped is refused", test_flipped_bits_are_refused,
			 &vectors[i]);
		add_test("... covers the source, not the destination", test_addresses, &vectors[i]);
		add_test("... cut short is refused", test_cut_short, &vectors[i]);
	}
	for (size_t i = 0; i < ARRAY_SIZE(rule_rows); i++)
		add_test(rule_rows[i].rule, test_rule, &rule_rows[i]);
	add_test("a forged stamp moves no mark", test_forged_stamp_moves_no_mark, NULL);
	add_test("another key of the same ID", test_key_of_wrong_octets, NULL);
	add_test("the first usable key that is valid signs", test_sender, NULL);
	add_test("stamps grow, whatever the clock does", test_stamps_grow, NULL);
	add_test("the difference of stamps in microseconds", test_stamp_difference, NULL);
	add_test("RFC 4231 4.3 HMAC-SHA-256", test_hmac, NULL);
	return run_added_tests("auth");
}
