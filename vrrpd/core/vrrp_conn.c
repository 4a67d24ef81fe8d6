// SPDX-License-Identifier: GPL-2.0-or-later
#include "vrrp_conn.h"

#include <arpa/inet.h>
#include <stdlib.h>

/* ------------------------------------------------------------------ a line */

/* In the order of the kernel's numbers. */
static const char *const tcp_states[] = {
	"NONE",	 "ESTABLISHED", "SYN_SENT", "SYN_RECV", "FIN_WAIT", "TIME_WAIT",
	"CLOSE", "CLOSE_WAIT",	"LAST_ACK", "LISTEN",	"SYNACK",   NULL,
};
static const char *const udp_states[] = { "UDP", NULL };
static const char *const sctp_states[] = {
	"NONE",
	"INIT1",
	"INIT",
	"COOKIE_SENT",
	"COOKIE_REPLIED",
	"COOKIE_WAIT",
	"COOKIE",
	"COOKIE_ECHOED",
	"ESTABLISHED",
	"SHUTDOWN_SENT",
	"SHUTDOWN_RECEIVED",
	"SHUTDOWN_ACK_SENT",
	"REJECTED",
	"CLOSED",
	NULL,
};
/* Of templates, whatever their protocol. */
static const char *const template_states[] = { "NONE", "ASSURED", NULL };

static const struct protocol {
	const char *name;
	uint8_t number;
	const char *const *states;
} protocols[] = {
	{ "TCP", IPPROTO_TCP, tcp_states },
	{ "UDP", IPPROTO_UDP, udp_states },
	{ "SCTP", IPPROTO_SCTP, sctp_states },
	{ "IP", IPPROTO_IP, template_states },
};

/* The next word of a line, copied; false at its end, or when it is too long. */
static bool word(const char **at, char *text, size_t size)
{
	const char *begin = *at + strspn(*at, " ");
	size_t len = strcspn(begin, " ");

	*at = begin + len;
	if (!len || len >= size)
		return false;
	memcpy(text, begin, len);
	text[len] = '\0';
	return true;
}

static bool number(const char **at, int base, unsigned long most, unsigned long *value)
{
	char text[12], *end;

	if (!word(at, text, sizeof(text)))
		return false;
	*value = strtoul(text, &end, base);
	return !*end && *value <= most;
}

static bool read_port(const char **at, uint16_t *port)
{
	unsigned long value;

	if (!number(at, 16, UINT16_MAX, &value))
		return false;
	*port = value;
	return true;
}

/* Eight hexadecimal digits are IPv4; IPv6 has all eight groups. */
static bool read_address(const char **at, struct vrrp_addr *address)
{
	char text[VRRP_ADDR_STRLEN], *end;
	uint32_t v4;

	if (!word(at, text, sizeof(text)))
		return false;
	*address = (struct vrrp_addr){ .family = strchr(text, ':') ? VRRP_IPV6 : VRRP_IPV4 };
	if (address->family == VRRP_IPV6)
		return inet_pton(AF_INET6, text, &address->v6) == 1;
	v4 = strtoul(text, &end, 16);
	address->v4.s_addr = htonl(v4);
	return !*end && strlen(text) == 8;
}

static const struct protocol *read_protocol(const char **at)
{
	char text[8];

	if (!word(at, text, sizeof(text)))
		return NULL;
	for (size_t i = 0; i < sizeof(protocols) / sizeof(*protocols); i++)
		if (!strcmp(protocols[i].name, text))
			return &protocols[i];
	return NULL;
}

static bool find_state(const char *const *states, const char *text, uint16_t *state)
{
	for (*state = 0; states[*state]; (*state)++)
		if (!strcmp(states[*state], text))
			return true;
	return false;
}

/* A template has the states of templates, or in old kernels the first one of its protocol. */
static bool read_state(const char **at, const struct protocol *protocol, struct vrrp_conn *conn)
{
	char text[24];

	if (!word(at, text, sizeof(text)))
		return false;
	conn->is_established = !strcmp(text, "ESTABLISHED");
	return find_state(protocol->states, text, &conn->state) ||
	       (!conn->client_port && find_state(template_states, text, &conn->state));
}

bool vrrp_conn_read(struct vrrp_conn *conn, const char *line)
{
	const struct protocol *protocol = read_protocol(&line);
	unsigned long expires;

	if (!protocol || !read_address(&line, &conn->client) ||
	    !read_port(&line, &conn->client_port) || !read_address(&line, &conn->virtual) ||
	    !read_port(&line, &conn->virtual_port) || !read_address(&line, &conn->server) ||
	    !read_port(&line, &conn->server_port) || !read_state(&line, protocol, conn) ||
	    !number(&line, 10, UINT32_MAX, &expires))
		return false;
	conn->protocol = protocol->number;
	conn->expires_sec = expires;
	return conn->virtual.family == conn->client.family &&
	       conn->server.family == conn->client.family;
}

/* --------------------------------------------------------------- a message */

#define VERSION 1

/* The header: 0, sync-id, octets of all, connections, version, 0. */
#define HEADER_OCTETS 8
#define AT_SYNC_ID    1
#define AT_SIZE	      2
#define AT_COUNT      4
#define AT_VERSION    5

/* A connection: its octets before the addresses. */
#define FIXED_OCTETS 24
#define COUNT_MOST   UINT8_MAX

/* Of its type and its flags; what else there is follows from the server. */
#define TYPE_IPV6     0x01
#define FLAG_NOOUTPUT 0x0080
#define FLAG_INACTIVE 0x0100
#define FLAG_TEMPLATE 0x1000

static uint8_t *put16(uint8_t *at, uint16_t value)
{
	at[0] = value >> 8;
	at[1] = value & 0xff;
	return at + 2;
}

static uint8_t *put32(uint8_t *at, uint32_t value)
{
	return put16(put16(at, value >> 16), value & 0xffff);
}

static uint8_t *put_address(uint8_t *at, const struct vrrp_addr *address)
{
	size_t size = vrrp_addr_size(address->family);

	memcpy(at, address->octets, size);
	return at + size;
}

void vrrp_conn_message_begin(struct vrrp_conn_message *message, uint8_t sync_id, size_t room)
{
	message->room = room < VRRP_CONN_MESSAGE_MOST ? room : VRRP_CONN_MESSAGE_MOST;
	message->len = HEADER_OCTETS;
	memset(message->octets, 0, HEADER_OCTETS);
	message->octets[AT_SYNC_ID] = sync_id;
	message->octets[AT_VERSION] = VERSION;
	put16(message->octets + AT_SIZE, message->len);
}

unsigned int vrrp_conn_message_count(const struct vrrp_conn_message *message)
{
	return message->octets[AT_COUNT];
}

static uint32_t flags_of(const struct vrrp_conn *conn, const struct vrrp_conn_service *service)
{
	uint32_t flags = service->forwarding;

	if (service->forwarding) /* not masqueraded: answers do not pass */
		flags |= FLAG_NOOUTPUT;
	if (service->persistent_sec)
		flags |= FLAG_TEMPLATE;
	else if (!conn->is_established)
		flags |= FLAG_INACTIVE;
	return flags;
}

/* 0 would be the default of the state, much longer than what is left. */
static uint32_t timeout_of(const struct vrrp_conn *conn, const struct vrrp_conn_service *service)
{
	if (service->persistent_sec)
		return service->persistent_sec;
	return conn->expires_sec ? conn->expires_sec : 1;
}

bool vrrp_conn_message_add(struct vrrp_conn_message *message, const struct vrrp_conn *conn,
			   const struct vrrp_conn_service *service)
{
	size_t size = FIXED_OCTETS + 3 * vrrp_addr_size(conn->client.family);
	uint8_t *at = message->octets + message->len;

	if (message->len + size > message->room || message->octets[AT_COUNT] == COUNT_MOST)
		return false;
	*at++ = conn->client.family == VRRP_IPV6 ? TYPE_IPV6 : 0;
	*at++ = conn->protocol;
	at = put16(at, size); /* version 0 of this part, in the upper four bits */
	at = put32(at, flags_of(conn, service));
	at = put16(at, conn->state);
	at = put16(at, conn->client_port);
	at = put16(at, conn->virtual_port);
	at = put16(at, conn->server_port);
	at = put32(at, service->fwmark);
	at = put32(at, timeout_of(conn, service));
	at = put_address(at, &conn->client);
	at = put_address(at, &conn->virtual);
	put_address(at, &conn->server);
	message->len += size;
	message->octets[AT_COUNT]++;
	put16(message->octets + AT_SIZE, message->len);
	return true;
}
