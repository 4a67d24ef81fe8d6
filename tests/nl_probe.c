// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * needs: ns veth
 *
 * Health checks of real servers: the result of each check; when it changes the health; and the
 * frames on the cable. This program is built with the address sanitizer, which detects use after
 * free.
 */
#include "nl_probe.h"

#include <arpa/nameser.h>

#include "command_link.h"
#include "vrrp_command.h"
#include "vrrp_program.h"

/* ----------------------------------------------------------- results and reasons */

struct row {
	enum vrrp_probe_kind kind;
	const char *server;
	uint16_t port;
	const char *path, *host, *match, *status;
	bool up;
	const char *reason;
	const char *sni, *ca_file, *arguments, *payload, *reply, *query, *helo;
	uint16_t type;
};

/* Files that begin with their names. */
#define FILES "/tmp/nl_probe.file."

/* clang-format off */
static const struct row rows[] = {
	{ TCP, SERVER4, PORT_HTTP, .up = true, .reason = "ok" },
	{ TCP, SERVER6, PORT_HTTP, .up = true, .reason = "ok" },
	{ TCP, SERVER4, PORT_SILENT, .up = true, .reason = "ok" },
	{ TCP, SERVER4, PORT_CLOSED, .reason = "connection refused" },
	{ TCP, SERVER6, PORT_CLOSED, .reason = "connection refused" },
	{ TCP, NOBODY4, PORT_HTTP, .reason = "no answer in 1 s" },
	{ TCP, NOBODY6, PORT_HTTP, .reason = "no answer in 1 s" },
	{ TCP, BLOCKED4, PORT_HTTP, .reason = "no route to host" },
	{ TCP, "203.0.113.1", PORT_HTTP, .reason = "network is unreachable" },

	{ ICMP, SERVER4, .up = true, .reason = "ok" },
	{ ICMP, SERVER6, .up = true, .reason = "ok" },
	{ ICMP, ROUTER4, .up = true, .reason = "ok" },
	{ ICMP, NOBODY4, .reason = "no answer in 1 s" },
	{ ICMP, NOBODY6, .reason = "no answer in 1 s" },
	{ ICMP, BLOCKED4, .reason = "no route to host" },

	{ HTTP, SERVER4, PORT_HTTP, "/", .up = true, .reason = "ok" },
	{ HTTP, SERVER6, PORT_HTTP, "/", .up = true, .reason = "ok" },
	{ HTTP, SERVER4, PORT_HTTP, "/", .status = "204", .reason = "status 200" },
	{ HTTP, SERVER4, PORT_HTTP, "/503", .reason = "status 503" },
	{ HTTP, SERVER6, PORT_HTTP, "/503", .status = "503", .up = true, .reason = "ok" },
	{ HTTP, SERVER4, PORT_HTTP, "/302", .up = true, .reason = "ok" },
	{ HTTP, SERVER4, PORT_HTTP, "/302", .status = "200", .reason = "status 302" },
	{ HTTP, SERVER4, PORT_HTTP, "/", .match = "host=" SERVER4, .up = true, .reason = "ok" },
	{ HTTP, SERVER6, PORT_HTTP, "/", .match = "host=[" SERVER6 "]", .up = true, .reason = "ok" },
	{ HTTP, SERVER4, PORT_HTTP, "/", "www.example.net", "host=www.example.net",
	  .up = true, .reason = "ok" },
	{ HTTP, SERVER4, PORT_HTTP, "/", .match = "absent", .reason = "no match in the answer" },
	{ HTTP, SERVER4, PORT_HTTP, "/big", .match = "early", .up = true, .reason = "ok" },
	{ HTTP, SERVER4, PORT_HTTP, "/big", .match = "late", .reason = "no match in the answer" },
	{ HTTP, SERVER4, PORT_CLOSED, "/", .reason = "connection refused" },
	{ HTTP, SERVER6, PORT_CLOSED, "/", .reason = "connection refused" },
	{ HTTP, SERVER4, PORT_SILENT, "/", .reason = "no answer in 1 s" },
	{ HTTP, NOBODY4, PORT_HTTP, "/", .reason = "no answer in 1 s" },
	{ HTTP, BLOCKED4, PORT_HTTP, "/", .reason = "no route to host" },
	{ HTTP, SERVER4, PORT_HANGUP, "/", .reason = "closed without an answer" },
	{ HTTP, SERVER4, PORT_RESET, "/", .reason = "connection reset by peer" },
	{ HTTP, SERVER4, PORT_CHAT, "/", .reason = "answer is not HTTP" },
	{ HTTP, SERVER4, PORT_SHORT, "/", .match = "welcome", .up = true, .reason = "ok" },
	{ HTTP, SERVER4, PORT_SHORT, "/", .match = "absent", .reason = "answer cut short" },
	{ HTTP, SERVER4, PORT_STREAM, "/", .match = "welcome", .up = true, .reason = "ok" },
	{ HTTP, SERVER4, PORT_STREAM, "/", .match = "absent", .reason = "no answer in 1 s" },
	{ HTTP, SERVER4, PORT_STREAM, "/", .status = "204", .reason = "status 200" },

	{ HTTPS, SERVER4, PORT_HTTPS, "/", .up = true, .reason = "ok" },
	{ HTTPS, SERVER6, PORT_HTTPS, "/", "www.example.net",
	  "name=www.example.net host=www.example.net", .up = true, .reason = "ok" },
	{ HTTPS, SERVER4, PORT_HTTP, "/", .reason = "no TLS" },
	{ HTTPS, SERVER4, PORT_CHAT, "/", .reason = "no TLS" },
	{ HTTPS, SERVER4, PORT_HANGUP, "/", .reason = "closed in the TLS handshake" },
	{ HTTPS, SERVER4, PORT_NAMED, "/", .reason = "TLS wants a host name: set host" },
	{ HTTPS, SERVER4, PORT_NAMED, "/", "www.example.org",
	  .reason = "TLS: the host name is not known there" },
	{ HTTPS, SERVER4, PORT_NAMED, "/", "www.example.net", .up = true, .reason = "ok" },
	{ HTTPS, SERVER4, PORT_CLIENT, "/",
	  .reason = "TLS refused at its end: a client certificate may be wanted" },
	{ HTTPS, SERVER4, PORT_CLIENT12, "/", .reason = "TLS: handshake failed" },
	{ HTTPS, SERVER4, PORT_SILENT, "/", .reason = "no answer in 1 s" },
	{ HTTP, SERVER4, PORT_HTTP, "/302", .status = "204,300-303", .up = true, .reason = "ok" },
	{ HTTP, SERVER4, PORT_HTTP, "/302", .status = "200-299,303", .reason = "status 302" },

	{ HTTPS, SERVER4, PORT_HTTPS, "/", "www.example.net",
	  "name=other.example.net host=www.example.net", .sni = "other.example.net", .up = true,
	  .reason = "ok" },
	{ HTTPS, SERVER6, PORT_HTTPS, "/", .match = "name=other.example.net host=[" SERVER6 "]",
	  .sni = "other.example.net", .up = true, .reason = "ok" },
	{ HTTPS, SERVER4, PORT_NAMED, "/", "www.example.org", .sni = "www.example.net", .up = true,
	  .reason = "ok" },
	{ HTTPS, SERVER4, PORT_HTTPS, "/", .ca_file = CERTIFICATE, .sni = "other", .up = true,
	  .reason = "ok" },
	{ HTTPS, SERVER4, PORT_HTTPS, "/session", .match = "session .", .ca_file = CERTIFICATE,
	  .sni = "other", .up = true, .reason = "ok" },
	{ HTTPS, SERVER4, PORT_HTTPS, "/", "other", .ca_file = CERTIFICATE, .up = true,
	  .reason = "ok" },
	{ HTTPS, SERVER4, PORT_HTTPS, "/", .ca_file = CERTIFICATE,
	  .reason = "certificate is for another name" },
	{ HTTPS, SERVER4, PORT_HTTPS, "/", "other", .sni = "another", .ca_file = CERTIFICATE,
	  .reason = "certificate is for another name" },
	{ HTTPS, SERVER4, PORT_HTTPS, "/", "other", .ca_file = CERTIFICATE_OF_ADDRESS,
	  .reason = "certificate is of another authority" },
	{ HTTPS, SERVER4, PORT_ADDRESS, "/", .ca_file = CERTIFICATE_OF_ADDRESS, .up = true,
	  .reason = "ok" },
	{ HTTPS, SERVER6, PORT_ADDRESS, "/", .ca_file = CERTIFICATE_OF_ADDRESS,
	  .reason = "certificate is for another name" },
	{ HTTPS, SERVER6, PORT_ADDRESS, "/", "www.example.net", .ca_file = CERTIFICATE_OF_ADDRESS,
	  .up = true, .reason = "ok" },
	{ HTTPS, SERVER4, PORT_EXPIRED, "/", "other", .up = true, .reason = "ok" },
	{ HTTPS, SERVER4, PORT_EXPIRED, "/", "other", .ca_file = CERTIFICATE_EXPIRED,
	  .reason = "certificate has expired" },
	{ HTTPS, SERVER4, PORT_HTTPS, "/", "other", .ca_file = "/tmp/none",
	  .reason = "the CA file cannot be read" },
	{ HTTPS, SERVER4, PORT_HTTPS, "/", "other", .ca_file = "/tmp/nl_probe.www/big",
	  .reason = "the CA file is longer than 64 KiB" },

	{ COMMAND, SERVER4, 0, "/bin/true", .up = true, .reason = "ok" },
	{ COMMAND, SERVER4, 0, "/bin/false", .reason = "status 1" },
	{ COMMAND, SERVER4, 0, "/none", .reason = "status 126: there is no such file" },
	{ COMMAND, SERVER4, 0, "/bin", .reason = "status 126: this is not a file that can be run" },
	{ HTTPS, SERVER4, PORT_CLOSED, "/", .reason = "connection refused" },
	{ COMMAND, SERVER4, 80, "/bin/echo", .arguments = "{address} {port} {x}", .up = true,
	  .reason = SERVER4 " 80 {x}" },
	{ COMMAND, SERVER6, 80, "/bin/echo", .arguments = "a{address}b", .up = true,
	  .reason = "a" SERVER6 "b" },

	{ FILED, SERVER4, 0, FILES "0", .up = true, .reason = "ok" },
	{ FILED, SERVER4, 0, FILES "3", .reason = "its number is 3" },
	{ FILED, SERVER4, 0, FILES "254", .reason = "its number is 254" },
	{ FILED, SERVER4, 0, FILES "255", .reason = "it does not begin with a number from 0 to 254" },
	{ FILED, SERVER4, 0, FILES "0x", .reason = "it does not begin with a number from 0 to 254" },
	{ FILED, SERVER4, 0, FILES "none", .reason = "there is no such file" },
	{ FILED, SERVER4, 0, "/bin", .reason = "it is not a regular file" },

	{ UDP, SERVER4, PORT_ECHO, .payload = "12ff00", .reply = "12ff00", .up = true, .reason = "ok" },
	{ UDP, SERVER6, PORT_ECHO, .payload = "12ff00", .reply = "..FF", .up = true, .reason = "ok" },
	{ UDP, SERVER4, PORT_ECHO, .payload = "12ff00", .reply = "12fe",
	  .reason = "another answer than the reply" },
	{ UDP, SERVER4, PORT_ECHO, .payload = "12", .reply = "12..",
	  .reason = "another answer than the reply" },
	{ UDP, SERVER4, PORT_ECHO, .up = true, .reason = "ok" },
	{ UDP, SERVER4, PORT_MUTE, .up = true, .reason = "ok" },
	{ UDP, SERVER4, PORT_MUTE, .reply = "..", .reason = "no answer in 1 s" },
	{ UDP, SERVER4, PORT_CLOSED, .reason = "connection refused" },
	{ UDP, SERVER6, PORT_CLOSED, .reply = "..", .reason = "connection refused" },
	{ UDP, NOBODY4, PORT_ECHO, .up = true, .reason = "ok" },
	{ UDP, NOBODY6, PORT_ECHO, .reply = "..", .reason = "no answer in 1 s" },
	{ UDP, BLOCKED4, PORT_ECHO, .reason = "no route to host" },
	{ UDP, "203.0.113.1", PORT_ECHO, .reason = "network is unreachable" },

	{ DNS, SERVER4, PORT_DNS, .query = "www.example.net", .up = true, .reason = "ok" },
	{ DNS, SERVER6, PORT_DNS, .query = "WWW.example.net.", .up = true, .reason = "ok" },
	{ DNS, SERVER4, PORT_DNS, .query = ".", .up = true, .reason = "ok" },
	{ DNS, SERVER4, PORT_DNS, .query = "www.example.net", .type = ns_t_mx,
	  .reason = "no such record" },
	{ DNS, SERVER4, PORT_DNS_ALIAS, .query = "www.example.net", .type = ns_t_aaaa, .up = true,
	  .reason = "ok" },
	{ DNS, SERVER4, PORT_DNS_CUT, .query = "www.example.net", .up = true, .reason = "ok" },
	{ DNS, SERVER4, PORT_DNS_RCODE, .query = "www.example.net", .reason = "answer is SERVFAIL" },
	{ DNS, SERVER4, PORT_DNS_ID, .query = "www.example.net",
	  .reason = "answer to another question" },
	{ DNS, SERVER4, PORT_DNS_NAME, .query = "www.example.net",
	  .reason = "answer to another question" },
	{ DNS, SERVER4, PORT_DNS_EMPTY, .query = "www.example.net", .reason = "no such record" },
	{ DNS, SERVER4, PORT_DNS_TYPE, .query = "www.example.net", .reason = "no such record" },
	{ DNS, SERVER4, PORT_DNS_BROKEN, .query = "www.example.net", .reason = "answer is not DNS" },
	{ DNS, SERVER4, PORT_ECHO, .query = "www.example.net", .reason = "answer is not DNS" },
	{ DNS, SERVER4, PORT_MUTE, .query = "www.example.net", .reason = "no answer in 1 s" },
	{ DNS, SERVER4, PORT_CLOSED, .query = "www.example.net", .reason = "connection refused" },

	{ SMTP, SERVER4, PORT_SMTP, .up = true, .reason = "ok" },
	{ SMTP, SERVER6, PORT_SMTP, .up = true, .reason = "ok" },
	{ SMTP, SERVER4, PORT_SMTP, .helo = "probe.example.net", .up = true, .reason = "ok" },
	{ SMTP, SERVER4, PORT_SMTP, .helo = "who", .reason = "status 501 to EHLO" },
	{ SMTP, SERVER4, PORT_SMTP_RUDE, .up = true, .reason = "ok" },
	{ SMTP, SERVER4, PORT_SMTP_554, .reason = "status 554 as greeting" },
	{ SMTP, SERVER4, PORT_SMTP_550, .reason = "status 550 to EHLO" },
	{ SMTP, SERVER4, PORT_SMTP_CHAT, .reason = "answer is not SMTP" },
	{ SMTP, SERVER4, PORT_SMTP_LINE, .reason = "answer is too long" },
	{ SMTP, SERVER4, PORT_SMTP_LINES, .reason = "answer is too long" },
	{ SMTP, SERVER4, PORT_SMTP_GONE, .reason = "closed without an answer" },
	{ SMTP, SERVER4, PORT_SILENT, .reason = "no answer in 1 s" },
	{ SMTP, SERVER4, PORT_CLOSED, .reason = "connection refused" },
	{ SMTP, NOBODY4, PORT_SMTP, .reason = "no answer in 1 s" },
};
/* clang-format on */

static struct told *begin_row(const struct row *row, uint16_t keepalive_sec)
{
	struct vrrp_probe_conf conf = conf_of(row->kind);

	if (row->kind == HTTP || row->kind == HTTPS)
		conf.keepalive_sec = keepalive_sec;

	if (row->up)
		conf.timeout_msec = 3000; /* this machine may stall */
	conf.path = row->path;
	conf.host = row->host;
	conf.match = row->match;
	conf.status = row->status;
	conf.sni = row->sni;
	conf.ca_file = row->ca_file;
	conf.arguments = row->arguments;
	conf.payload = row->payload;
	conf.reply = row->reply;
	conf.query = row->query;
	conf.record_type = row->type ? row->type : ns_t_a;
	conf.helo = row->helo;
	return begin_probe(&conf, row->server, row->port);
}

static void check_row(const struct told *told, const struct row *row)
{
	struct vrrp_probe_state state = state_of(told);

	rule(told->up == row->up && !strcmp(told->reason, row->reason),
	     "row %zu, port %u of %s%s: it is %s, \"%s\", and should be %s, \"%s\"", row - rows,
	     row->port, row->server, row->path ? row->path : "", told->up ? "up" : "down",
	     told->reason, row->up ? "up" : "down", row->reason);
	rule(state.known && state.up == row->up && state.since > 0,
	     "row %zu: what was reported is not what is shown", row - rows);
	rule(row->up ? !state.failures : !state.successes, "row %zu: results differ", row - rows);
}

static void check_rows(uint16_t keepalive_sec)
{
	for (size_t i = 0; i < array_size(rows); i++)
		begin_row(&rows[i], keepalive_sec);
	for (size_t i = 0; i < array_size(rows); i++)
		wait_for_reports(&pool[i], 1, 10);
	for (size_t i = 0; i < array_size(rows); i++)
		wait_for_tries(&pool[i], 2, 20);
	for (size_t i = 0; i < array_size(rows); i++) {
		check_row(&pool[i], &rows[i]);
		rule(pool[i].reports == 1, "row %zu: %u reports, and nothing changed", i,
		     pool[i].reports);
	}
	free_probes();
}

static void start_all_servers(void)
{
	static const char *const numbers[] = { "0", "3", "254", "255", "0x" };
	char name[64];

	start_nginx();
	start_strange_servers();
	start_certified_servers();
	start_liars();
	for (size_t i = 0; i < array_size(numbers); i++) {
		snprintf(name, sizeof(name), FILES "%s", numbers[i]);
		write_file(name, numbers[i], strlen(numbers[i]));
	}
}

static void each_result_has_its_reason(void **state)
{
	start_all_servers();
	check_rows(0);
	check_rows(3600);
	stop_nginx();
}

/* -------------------------------------------------------------------------- commands */

static void wait_for_no_command(void)
{
	double end = seconds() + 10;

	while (vrrp_command_count() && seconds() < end)
		turn();
	rule(!vrrp_command_count(), "%u commands are left", vrrp_command_count());
}

static void a_command_that_hangs_is_killed(void **state)
{
	struct vrrp_probe_conf conf = conf_of(COMMAND);
	struct told *told;

	conf.path = "/bin/sleep";
	conf.arguments = " 60  60 ";
	told = begin_probe(&conf, SERVER4, 0);
	wait_for_reports(told, 1, 10);
	rule(!told->up && !strcmp(told->reason, "no answer in 1 s"), "%s", told->reason);
	wait_for_tries(told, 3, 20);
	free_probes();
	wait_for_no_command();
}

static void commands_of_a_crowd_take_turns(void **state)
{
	struct vrrp_probe_conf conf = conf_of(COMMAND);
	unsigned int most = 0, up = 0;
	double end = seconds() + 60;

	conf.path = "/bin/sleep";
	conf.arguments = "0.5";
	conf.timeout_msec = conf.interval_msec = 60000;
	for (unsigned int i = 0; i < 100; i++)
		begin_probe(&conf, SERVER4, 0);
	while (up < begun && seconds() < end) {
		turn();
		most = MAX(most, vrrp_command_count());
		up = 0;
		for (unsigned int i = 0; i < begun; i++)
			up += pool[i].up;
	}
	rule(up == begun && most == 32, "%u of %u are up; %u ran at once", up, begun, most);
	free_probes();
	wait_for_no_command();
}

/* In the midst of everything: of waiting, of running, of dying. */
static void commands_can_be_freed_at_any_time(void **state)
{
	struct vrrp_probe_conf conf = conf_of(COMMAND);

	conf.path = "/bin/sleep";
	conf.arguments = "0.02";
	conf.timeout_msec = conf.interval_msec = 50;
	for (unsigned int round = 0; round < 10; round++) {
		for (unsigned int i = 0; i < 50; i++)
			begin_probe(&conf, SERVER4, 0);
		run_for(0.03 * round);
		free_probes();
	}
	wait_for_no_command();
	begin_probe(&conf, SERVER4, 0); /* and the end with one that runs */
	run_for(0.3);
}

/* --------------------------------------------------------------------- rise and fall */

static void the_first_result_alone_decides(void **state)
{
	struct vrrp_probe_conf conf = conf_of(TCP);
	struct told *told;

	conf.fall = conf.rise = 20;
	told = begin_probe(&conf, SERVER4, PORT_CLOSED);
	rule(!state_of(told).known && state_of(told).up, "it does not count as up at first");
	wait_for_reports(told, 1, 10);
	rule(!told->up && state_of(told).failures == 1, "down after %u failures",
	     (unsigned int)state_of(told).failures);
}

static void health_changes_after_results_in_a_row(void **state)
{
	struct vrrp_probe_conf conf = conf_of(TCP);
	struct told *told;
	uint64_t good, bad;
	int fd = listen_on_peer(PORT_HTTP);

	conf.fall = 3;
	conf.rise = 2;
	told = begin_probe(&conf, SERVER4, PORT_HTTP);
	wait_for_reports(told, 1, 10);
	rule(told->up, "a server that listens is down: %s", told->reason);

	good = state_of(told).successes;
	close(fd);
	wait_for_reports(told, 2, 15);
	rule(!told->up && !strcmp(told->reason, "connection refused"), "it is gone, but %s",
	     told->reason);
	rule(state_of(told).failures == conf.fall && state_of(told).successes <= good + 1,
	     "down after %u failures, not %u", (unsigned int)state_of(told).failures, conf.fall);

	bad = state_of(told).failures;
	good = state_of(told).successes;
	fd = listen_on_peer(PORT_HTTP);
	wait_for_reports(told, 3, 15);
	rule(told->up && state_of(told).successes == good + conf.rise &&
		     state_of(told).failures <= bad + 1,
	     "up after %u successes, not %u", (unsigned int)(state_of(told).successes - good),
	     conf.rise);
	close(fd);
}

/* ------------------------------------------------------------------------- frames */

static void source_is_used(enum vrrp_probe_kind kind, const char *server, const char *source)
{
	struct vrrp_probe_conf conf = conf_of(kind);
	struct told *told;
	struct seen seen = {};
	char text[VRRP_ADDR_STRLEN];

	conf.source = address(source);
	listen_on_cable(router_mac, 0, see_frame, &seen);
	told = begin_probe(&conf, server, PORT_HTTP);
	wait_for_reports(told, 1, 10);
	rule(told->up, "kind %d from %s: %s", kind, source, told->reason);
	memset(&seen, 0, sizeof(seen));
	wait_for_reports(told, 1, 0);
	run_for(1.2);
	listen_on_cable(router_mac, 0, see_frame, &seen);
	rule(seen.count && !strcmp(vrrp_addr_str(&seen.source, text), source),
	     "kind %d to %s: it came from %s and not from %s", kind, server, text, source);
	free_probes();
}

static void the_source_wanted_is_used(void **state)
{
	start_nginx();
	source_is_used(TCP, SERVER4, SOURCE4);
	source_is_used(TCP, SERVER6, SOURCE6);
	source_is_used(ICMP, SERVER4, SOURCE4);
	source_is_used(ICMP, SERVER6, SOURCE6);
	source_is_used(HTTP, SERVER4, SOURCE4);
	source_is_used(HTTP, SERVER6, SOURCE6);
	stop_nginx();
}

static void a_source_that_is_not_here_is_told(void **state)
{
	static const enum vrrp_probe_kind kinds[] = { TCP, ICMP, HTTP, UDP, SMTP };

	for (size_t i = 0; i < 2 * array_size(kinds); i++) {
		struct vrrp_probe_conf conf = conf_of(kinds[i / 2]);

		conf.source = address(i % 2 ? "2001:db8::77" : "192.0.2.77");
		begin_probe(&conf, i % 2 ? SERVER6 : SERVER4, PORT_HTTP);
	}
	for (size_t i = 0; i < 2 * array_size(kinds); i++) {
		wait_for_reports(&pool[i], 1, 10);
		rule(!pool[i].up && !strcmp(pool[i].reason, "no such source address here"),
		     "kind %d: %s", kinds[i / 2], pool[i].reason);
	}
}

static void a_source_of_the_other_family_is_not_used(void **state)
{
	struct vrrp_probe_conf conf = conf_of(ICMP);
	struct told *told;

	conf.source = address(SOURCE6);
	told = begin_probe(&conf, SERVER4, 0);
	wait_for_reports(told, 1, 10);
	rule(told->up, "an IPv6 source, an IPv4 server: %s", told->reason);
}

static void the_servers_program_hears_of_no_tcp_try(void **state)
{
	struct vrrp_probe_conf conf = conf_of(TCP);
	int fd = listen_on_peer(PORT_HTTP);
	struct pollfd waiting = { .fd = fd, .events = POLLIN };
	struct told *told;

	told = begin_probe(&conf, SERVER4, PORT_HTTP);
	wait_for_reports(told, 1, 10);
	rule(told->up, "it listens, but %s", told->reason);
	rule(poll(&waiting, 1, 200) == 0, "there is a connection to accept");
	rule(!strstr(output("ss -Htan"), "TIME-WAIT"), "a socket stays behind: %s",
	     output("ss -Htan"));
	close(fd);
}

/*
 * The peer answers an echo request by hand, with one of its octets changed (-1: none);
 * the checksum is that of the answer, or still that of the request.
 */
static void answer_by_hand(const struct seen *seen, int octet, bool checksum)
{
	struct ether_header ether = { .ether_type = htons(ETHERTYPE_IP),
				      .ether_dhost = { 2, 0, 0, 0, 0, 1 },
				      .ether_shost = { 2, 0, 0, 0, 0, 2 } };
	uint8_t frame[sizeof(ether) + sizeof(seen->echo)];
	uint8_t *ip = frame + sizeof(ether), *icmp = ip + 20;
	uint16_t sum;

	memcpy(frame, &ether, sizeof(ether));
	memcpy(ip, seen->echo, seen->echo_len);
	memcpy(ip + 12, seen->echo + 16, 4);
	memcpy(ip + 16, seen->echo + 12, 4);
	memset(ip + 10, 0, 2);
	sum = in_cksum(ip, 20);
	memcpy(ip + 10, &sum, 2);
	icmp[0] = ICMP_ECHOREPLY;
	if (octet >= 0)
		icmp[octet] ^= 1;
	if (checksum) {
		memset(icmp + 2, 0, 2);
		sum = in_cksum(icmp, seen->echo_len - 20);
		memcpy(icmp + 2, &sum, 2);
	}
	rule(send(cable, frame, sizeof(ether) + seen->echo_len, 0) > 0, "the peer cannot answer");
}

static void only_the_servers_own_answer_is_believed(void **state)
{
	enum { TYPE = 0, IDENTIFIER = 4, SEQUENCE = 6, COOKIE = 8 };
	struct vrrp_probe_conf conf = conf_of(ICMP);
	struct told *told;
	struct seen seen = {};
	double limit = seconds() + 10;

	rule(on_peer("sysctl -qw net.ipv4.icmp_echo_ignore_all=1"), "the peer answers itself");
	conf.timeout_msec = 60000;
	told = begin_probe(&conf, SERVER4, 0);
	while (!seen.count && seconds() < limit) {
		turn();
		listen_on_cable(router_mac, 0, see_frame, &seen);
	}
	rule(seen.count == 1, "%u echo requests", seen.count);
	answer_by_hand(&seen, TYPE, true);
	answer_by_hand(&seen, IDENTIFIER, true);
	answer_by_hand(&seen, SEQUENCE, true);
	answer_by_hand(&seen, COOKIE, true);
	answer_by_hand(&seen, -1, false);
	run_for(0.3);
	rule(!told->reports, "a wrong answer was believed");
	memcpy(seen.echo + 16, (uint8_t[]){ 192, 0, 2, 3 }, 4);
	answer_by_hand(&seen, -1, true);
	run_for(0.1);
	rule(!told->reports, "somebody else's answer was believed");
	memcpy(seen.echo + 16, (uint8_t[]){ 192, 0, 2, 2 }, 4);
	answer_by_hand(&seen, -1, true);
	wait_for_reports(told, 1, 10);
	rule(told->up, "the right answer was not believed: %s", told->reason);
}

/* ------------------------------------------------------------------------- freeing */

static void probes_can_be_freed_at_any_time(void **state)
{
	start_all_servers();
	for (int round = 0; round < 12; round++) {
		for (size_t i = 0; i < array_size(rows); i++)
			begin_row(&rows[i], round % 2 ? 3600 : 0);
		run_for(round * 0.15);
		free_probes();
	}
	stop_nginx();
}

static void a_report_may_free_its_probe(void **state)
{
	start_all_servers();
	for (size_t i = 0; i < array_size(rows); i++)
		begin_row(&rows[i], i % 2 ? 3600 : 0)->free_it = true;
	for (size_t i = 0; i < array_size(rows); i++) {
		wait_for_reports(&pool[i], 1, 10);
		rule(!pool[i].probe && !strcmp(pool[i].reason, rows[i].reason), "row %zu: %s", i,
		     pool[i].reason);
	}
	stop_nginx();
}

/* ------------------------------------------------------------------- configuration */

static void a_probe_knows_its_configuration(void **state)
{
	struct vrrp_probe_conf conf = conf_of(HTTP), other;
	char path[] = "/health";
	struct told *told;

	conf.path = path;
	conf.match = "fine";
	told = begin_probe(&conf, SERVER4, PORT_HTTP);
	rule(vrrp_probe_is(told->probe, &conf), "it is another one from the start");
	other = conf;
	other.path = "/health";
	rule(vrrp_probe_is(told->probe, &other), "the same text elsewhere is another one");
	path[1] = 'w';
	rule(!vrrp_probe_is(told->probe, &conf), "the caller's text is not copied");
	path[1] = 'h';
#define DIFFERS(field, value)                                                                      \
	other = conf;                                                                              \
	other.field = value;                                                                       \
	rule(!vrrp_probe_is(told->probe, &other), "another %s is the same", #field)
	DIFFERS(kind, HTTPS);
	DIFFERS(interval_msec, 2000);
	DIFFERS(timeout_msec, 2000);
	DIFFERS(fall, 2);
	DIFFERS(rise, 2);
	DIFFERS(source, address(SOURCE4));
	DIFFERS(host, "www.example.net");
	DIFFERS(status, "200");
	DIFFERS(sni, "www.example.net");
	DIFFERS(ca_file, "/tmp/x");
	DIFFERS(match, NULL);
	DIFFERS(keepalive_sec, 60);
	DIFFERS(arguments, "a");
	DIFFERS(query, "www.example.net");
	DIFFERS(record_type, ns_t_mx);
	DIFFERS(payload, "00");
	DIFFERS(reply, "..");
	DIFFERS(helo, "www.example.net");
	vrrp_probe_free(&told->probe);
	rule(!told->probe, "it is freed, but not forgotten");
}

/* What is in the folder of the daemon is to be in that of this program. */
static void find_program(void)
{
	char path[PATH_MAX];

	vrrp_program_path(COMMAND_PROGRAM, path, sizeof(path));
	if (symlink("../vrrpd/" COMMAND_PROGRAM, path) && errno != EEXIST)
		perror(path);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		test_probe(each_result_has_its_reason),
		test_probe(a_command_that_hangs_is_killed),
		test_probe(commands_of_a_crowd_take_turns),
		test_probe(commands_can_be_freed_at_any_time),
		test_probe(the_first_result_alone_decides),
		test_probe(health_changes_after_results_in_a_row),
		test_probe(the_source_wanted_is_used),
		test_probe(a_source_that_is_not_here_is_told),
		test_probe(a_source_of_the_other_family_is_not_used),
		test_probe(the_servers_program_hears_of_no_tcp_try),
		test_probe(only_the_servers_own_answer_is_believed),
		test_probe(probes_can_be_freed_at_any_time),
		test_probe(a_report_may_free_its_probe),
		test_probe(a_probe_knows_its_configuration),
	};

	find_program();
	return run_probe_tests(tests);
}
