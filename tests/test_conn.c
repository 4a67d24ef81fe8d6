// SPDX-License-Identifier: GPL-2.0-or-later
/* Connections of IPVS: lines of the kernel as messages of its synchronisation; what directors tell each other. */
#include "core_test.h"

#include "vrrp_conn.h"
#include "vrrp_hello.h"

#define V4 "TCP C0000282 8CA0 CB00710A 0050 C6336483 0050 ESTABLISHED     897"
#define V6                                                                                         \
	"UDP 2001:0db8:0004:0000:0000:0000:0000:0130 8CA0 2001:0db8:ffff:0000:0000:0000:0000:0010 0035 2001:0db8:0005:0000:0000:0000:0000:0131 0035 UDP              12"

static void test_line_of_ipv4_is_read(void **state)
{
	struct vrrp_addr client = address("192.0.2.130"), virtual = address("203.0.113.10");
	struct vrrp_addr server = address("198.51.100.131");
	struct vrrp_conn conn;

	assert_true(vrrp_conn_read(&conn, V4));
	assert_int_equal(conn.protocol, IPPROTO_TCP);
	assert_true(vrrp_addr_same(&conn.client, &client));
	assert_true(vrrp_addr_same(&conn.virtual, &virtual));
	assert_true(vrrp_addr_same(&conn.server, &server));
	assert_int_equal(conn.client_port, 36000);
	assert_int_equal(conn.virtual_port, 80);
	assert_int_equal(conn.server_port, 80);
	assert_int_equal(conn.state, 1);
	assert_true(conn.is_established);
	assert_int_equal(conn.expires_sec, 897);
	(void)state;
}

static void test_line_of_ipv6_is_read(void **state)
{
	struct vrrp_addr virtual = address("2001:db8:ffff::10");
	struct vrrp_conn conn;

	assert_true(vrrp_conn_read(&conn, V6));
	assert_int_equal(conn.protocol, IPPROTO_UDP);
	assert_true(vrrp_addr_same(&conn.virtual, &virtual));
	assert_int_equal(conn.state, 0);
	assert_false(conn.is_established);
	(void)state;
}

/* The states have the kernel's numbers. */
static void test_states_are_the_kernels(void **state)
{
	static const struct {
		const char *line;
		int state; /* -1: it is not read */
	} rows[] = {
		{ "TCP C0000282 8CA0 CB00710A 0050 C6336483 0050 FIN_WAIT 1", 4 },
		{ "TCP C0000282 8CA0 CB00710A 0050 C6336483 0050 CLOSE_WAIT 1", 7 },
		{ "TCP C0000282 8CA0 CB00710A 0050 C6336483 0050 SYNACK 1", 10 },
		{ "SCTP C0000282 8CA0 CB00710A 0050 C6336483 0050 ESTABLISHED 1", 8 },
		{ "SCTP C0000282 8CA0 CB00710A 0050 C6336483 0050 CLOSED 1", 13 },
		{ "TCP C0000282 0000 CB00710A 0050 C6336483 0050 ASSURED 1", 1 },
		{ "TCP C0000282 0000 CB00710A 0050 C6336483 0050 NONE 1", 0 },
		{ "UDP C0000282 0000 CB00710A 0035 C6336483 0035 NONE 1", 0 },
		{ "IP C0000282 0000 00000007 0000 C6336483 0000 NONE 1", 0 },
		{ "TCP C0000282 8CA0 CB00710A 0050 C6336483 0050 ASSURED 1", -1 },
		{ "TCP C0000282 8CA0 CB00710A 0050 C6336483 0050 BUG! 1", -1 },
	};
	struct vrrp_conn conn;

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		bool is_read = vrrp_conn_read(&conn, rows[i].line);

		if (is_read != (rows[i].state >= 0) || (is_read && conn.state != rows[i].state))
			fail_msg("'%s': read %d, state %u", rows[i].line, is_read, conn.state);
	}
	(void)state;
}

static void test_what_is_no_such_line_is_not_read(void **state)
{
	static const char *const lines[] = {
		"",
		"Pro FromIP   FPrt ToIP     TPrt DestIP   DPrt State       Expires PEName PEData",
		"ESP C0000282 8CA0 CB00710A 0050 C6336483 0050 NONE 1",
		"TCP C0000282 8CA0 CB00710A 0050 C6336483 0050 ESTABLISHED",
		"TCP C0000282 8CA0 CB00710A 0050 C6336483 0050 ESTABLISHED soon",
		"TCP C0000282 18CA0 CB00710A 0050 C6336483 0050 ESTABLISHED 1",
		"TCP C00002 8CA0 CB00710A 0050 C6336483 0050 ESTABLISHED 1",
		"TCP C0000282 8CA0 CB00710A 0050 2001:db8::1 0050 ESTABLISHED 1",
		"TCP C0000282 8CA0 CB00710A",
	};
	struct vrrp_conn conn;

	for (size_t i = 0; i < ARRAY_SIZE(lines); i++)
		if (vrrp_conn_read(&conn, lines[i]))
			fail_msg("'%s' is read", lines[i]);
	(void)state;
}

static void begin_with(struct vrrp_conn_message *message, const char *line,
		       const struct vrrp_conn_service *service)
{
	struct vrrp_conn conn;

	vrrp_conn_message_begin(message, 5, VRRP_CONN_MESSAGE_MOST);
	assert_true(vrrp_conn_read(&conn, line));
	assert_true(vrrp_conn_message_add(message, &conn, service));
}

/* As the kernel's ip_vs_sync.c draws it. */
static void test_message_of_ipv4_has_the_kernels_octets(void **state)
{
	static const uint8_t expected[] = {
		0,   5, 0,    44,   1,	 1,  0,	  0,	/* sync-id, size, count, version */
		0,   6, 0,    36,   0,	 0,  0,	  0x82, /* type, protocol, size, flags: tunnel */
		0,   1, 0x8c, 0xa0, 0,	 80, 0,	  80,	/* state, ports */
		0,   0, 0,    7,    0,	 0,  3,	  0x81, /* mark, timeout */
		192, 0, 2,    130,  203, 0,  113, 10,	198, 51, 100, 131,
	};
	struct vrrp_conn_message message;

	begin_with(&message, V4, &(struct vrrp_conn_service){ .forwarding = 2, .fwmark = 7 });
	assert_int_equal(message.len, sizeof(expected));
	assert_memory_equal(message.octets, expected, sizeof(expected));
	(void)state;
}

static void test_message_of_ipv6_has_the_kernels_octets(void **state)
{
	static const uint8_t expected[] = {
		0,    5,  0,	80,   1, 1,  0, 0,  /* sync-id, size, count, version */
		1,    17, 0,	72,   0, 0,  1, 0,  /* type, protocol, size, flags: not active */
		0,    0,  0x8c, 0xa0, 0, 53, 0, 53, /* state, ports */
		0,    0,  0,	0,    0, 0,  0, 12, /* mark, timeout */
		0x20, 1,  0xd,	0xb8, 0, 4,
	};
	struct vrrp_conn_message message;

	begin_with(&message, V6, &(struct vrrp_conn_service){});
	assert_int_equal(message.len, 80);
	assert_memory_equal(message.octets, expected, sizeof(expected));
	assert_int_equal(message.octets[8 + 24 + 47], 0x31);
	(void)state;
}

/* A template lasts as long as its service says, whatever is left of it here. */
static void test_template_has_its_flag_and_whole_timeout(void **state)
{
	struct vrrp_conn_message message;

	begin_with(&message, "TCP C0000282 0000 CB00710A 0050 C6336483 0050 ASSURED 9",
		   &(struct vrrp_conn_service){ .forwarding = 3, .persistent_sec = 300 });
	assert_int_equal(message.octets[8 + 6], 0x10);
	assert_int_equal(message.octets[8 + 7], 0x83);
	assert_int_equal(message.octets[8 + 22], 300 >> 8);
	assert_int_equal(message.octets[8 + 23], 300 & 0xff);
	(void)state;
}

static void test_message_takes_what_fits(void **state)
{
	struct vrrp_conn_service service = {};
	struct vrrp_conn_message message;
	struct vrrp_conn conn;

	assert_true(vrrp_conn_read(&conn, V4));
	vrrp_conn_message_begin(&message, 0, 8 + 3 * 36 + 35);
	for (unsigned int i = 0; i < 3; i++)
		assert_true(vrrp_conn_message_add(&message, &conn, &service));
	assert_false(vrrp_conn_message_add(&message, &conn, &service));
	assert_int_equal(vrrp_conn_message_count(&message), 3);
	assert_int_equal(message.octets[2] << 8 | message.octets[3], message.len);
	vrrp_conn_message_begin(&message, 0, 100000);
	while (vrrp_conn_message_add(&message, &conn, &service))
		;
	assert_true(message.len >= VRRP_CONN_MESSAGE_MOST - 36);
	assert_true(message.len <= VRRP_CONN_MESSAGE_MOST);
	(void)state;
}

/* ------------------------------------------------------------------- hello */

static void test_hello_is_read_as_it_was_written(void **state)
{
	struct vrrp_hello hello = { .sync_id = 9, .listens = true, .run = 0xfedcba98 }, read;
	uint8_t octets[VRRP_HELLO_MOST];
	size_t len;

	for (hello.count = 0; hello.count < VRRP_HELLO_SERVICES; hello.count++)
		hello.services[hello.count] = (struct vrrp_hello_service){ 0x80000000 + hello.count,
									   ~hello.count };
	len = vrrp_hello_write(&hello, octets);
	assert_int_equal(len, VRRP_HELLO_MOST);
	assert_true(vrrp_hello_read(&read, octets, len));
	assert_int_equal(read.sync_id, 9);
	assert_true(read.listens);
	assert_int_equal(read.run, 0xfedcba98);
	assert_int_equal(read.count, VRRP_HELLO_SERVICES);
	assert_memory_equal(read.services, hello.services, sizeof(read.services));
	(void)state;
}

static void test_what_is_no_hello_is_not_read(void **state)
{
	struct vrrp_hello hello = { .count = 2 }, read;
	uint8_t octets[VRRP_HELLO_MOST + 1] = {};
	size_t len = vrrp_hello_write(&hello, octets);

	assert_true(vrrp_hello_read(&read, octets, len));
	for (size_t cut = 0; cut < len; cut++)
		assert_false(vrrp_hello_read(&read, octets, cut));
	assert_false(vrrp_hello_read(&read, octets, len + 1));
	for (size_t i = 0; i < 5; i++) { /* the magic, and the version */
		octets[i] ^= 1;
		assert_false(vrrp_hello_read(&read, octets, len));
		octets[i] ^= 1;
	}
	octets[7] = VRRP_HELLO_SERVICES + 1;
	assert_false(vrrp_hello_read(&read, octets, sizeof(octets)));
	(void)state;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_line_of_ipv4_is_read),
		cmocka_unit_test(test_line_of_ipv6_is_read),
		cmocka_unit_test(test_states_are_the_kernels),
		cmocka_unit_test(test_what_is_no_such_line_is_not_read),
		cmocka_unit_test(test_message_of_ipv4_has_the_kernels_octets),
		cmocka_unit_test(test_message_of_ipv6_has_the_kernels_octets),
		cmocka_unit_test(test_template_has_its_flag_and_whole_timeout),
		cmocka_unit_test(test_message_takes_what_fits),
		cmocka_unit_test(test_hello_is_read_as_it_was_written),
		cmocka_unit_test(test_what_is_no_hello_is_not_read),
	};

	return cmocka_run_group_tests_name("conn", tests, NULL, NULL);
}
