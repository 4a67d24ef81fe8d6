// SPDX-License-Identifier: GPL-2.0-or-later
/* Servers of datagrams, DNS and SMTP, each of which does one thing; most of them wrong. */
#include "nl_probe.h"

#include <arpa/nameser.h>

/* Behind the question: an IPv4 address of the name that was asked for. */
static const uint8_t record[] = { 0xc0, 12, 0, ns_t_a, 0, ns_c_in, 0, 0, 0, 60, 0, 4, 192, 0, 2, 80 };
#define RECORD_TYPE 3

static size_t append_record(uint8_t *message, size_t len, uint8_t type)
{
	memcpy(message + len, record, sizeof(record));
	message[len + RECORD_TYPE] = type;
	message[7] = 1;
	return len + sizeof(record);
}

/* Makes the answer of a question, in its place. */
static size_t answer_dns(uint16_t port, uint8_t *message, size_t len)
{
	message[2] |= 0x80;
	switch (port) {
	case PORT_DNS_RCODE:
		message[3] |= ns_r_servfail;
		return len;
	case PORT_DNS_ID:
		message[1] ^= 1;
		return append_record(message, len, ns_t_a);
	case PORT_DNS_NAME:
		message[13] ^= 1;
		return append_record(message, len, ns_t_a);
	case PORT_DNS_EMPTY:
		return len;
	case PORT_DNS_CUT:
		message[2] |= 0x02;
		return len;
	case PORT_DNS_BROKEN:
		return append_record(message, len, ns_t_a) - 1;
	case PORT_DNS_ALIAS:
		return append_record(message, len, ns_t_cname);
	case PORT_DNS_TYPE:
		return append_record(message, len, ns_t_txt);
	default:
		return append_record(message, len, ns_t_a);
	}
}

static void __attribute__((noreturn)) serve_datagrams(int fd, uint16_t port)
{
	struct sockaddr_storage from;
	uint8_t message[1024];

	for (;;) {
		socklen_t size = sizeof(from);
		ssize_t len = recvfrom(fd, message, sizeof(message) - sizeof(record), 0,
				       (struct sockaddr *)&from, &size);

		if (len < 0 || port == PORT_MUTE)
			continue;
		if (port != PORT_ECHO)
			len = answer_dns(port, message, len);
		sendto(fd, message, len, 0, (struct sockaddr *)&from, size);
	}
}

/* Reads one line, and says whether it begins so. */
static bool hears(int fd, const char *begin)
{
	char line[512];
	ssize_t len = read(fd, line, sizeof(line) - 1);

	line[MAX(len, 0)] = '\0';
	return !strncmp(line, begin, strlen(begin));
}

static void say(int fd, const char *text)
{
	(void)!write(fd, text, strlen(text));
}

/* Until the other one has had enough. */
static void say_again_and_again(int fd, const char *text)
{
	while (write(fd, text, strlen(text)) > 0)
		;
}

static void greet(int fd)
{
	char line[512];
	ssize_t len;

	say(fd, "220-two li");
	say(fd, "nes\r\n220 of it\r\n");
	len = read(fd, line, sizeof(line) - 1);
	line[MAX(len, 0)] = '\0';
	if (strcmp(line, "EHLO [" ROUTER4 "]\r\n") && strcmp(line, "EHLO probe.example.net\r\n") &&
	    strncmp(line, "EHLO [IPv6:2001:db8::", 21)) {
		say(fd, "501 who?\r\n");
		return;
	}
	say(fd, "250-greetings\r\n250 SIZE\r\n");
	if (hears(fd, "QUIT\r\n"))
		say(fd, "221 bye\r\n");
}

static void answer_smtp(int fd, uint16_t port)
{
	static const struct linger reset = { .l_onoff = 1 };

	switch (port) {
	case PORT_SMTP:
		greet(fd);
		break;
	case PORT_SMTP_554:
		say(fd, "554 not you\r\n");
		break;
	case PORT_SMTP_550:
		say(fd, "220 hello\r\n");
		hears(fd, "EHLO");
		say(fd, "550-not\r\n550 you\r\n");
		break;
	case PORT_SMTP_CHAT:
		say(fd, "SSH-2.0-1\r\n");
		break;
	case PORT_SMTP_LINE:
		say_again_and_again(fd, "2222222222222222");
		break;
	case PORT_SMTP_LINES:
		say_again_and_again(fd, "220-hello\r\n");
		break;
	case PORT_SMTP_RUDE:
		say(fd, "220 hello\r\n");
		hears(fd, "EHLO");
		say(fd, "250 hello\r\n");
		hears(fd, "QUIT");
		setsockopt(fd, SOL_SOCKET, SO_LINGER, &reset, sizeof(reset));
		break;
	default: /* gone at once */
		break;
	}
	close(fd);
}

static void __attribute__((noreturn)) serve_smtp(int fd, uint16_t port)
{
	signal(SIGPIPE, SIG_IGN);
	for (;;)
		answer_smtp(accept(fd, NULL, NULL), port);
}

static int open_datagrams(uint16_t port)
{
	struct sockaddr_in6 any = { .sin6_family = AF_INET6, .sin6_port = htons(port) };
	int fd;

	enter_ns(peer_ns);
	fd = socket(AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	rule(bind(fd, (struct sockaddr *)&any, sizeof(any)) == 0, "cannot use port %u of UDP", port);
	enter_ns(router_ns);
	return fd;
}

static pid_t start(uint16_t port)
{
	bool mail = port >= PORT_SMTP;
	int fd = mail ? listen_on_peer(port) : open_datagrams(port);
	pid_t child = fork();

	if (child == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		mail ? serve_smtp(fd, port) : serve_datagrams(fd, port);
	}
	close(fd);
	return child;
}

static pid_t liars[PORT_DNS_LAST - PORT_ECHO + 1 + PORT_SMTP_LAST - PORT_SMTP + 1];

void start_liars(void)
{
	size_t count = 0;

	/* a port that is closed is told each time */
	rule(on_peer("sysctl -qw net.ipv4.icmp_ratelimit=0 net.ipv6.icmp.ratelimit=0"),
	     "the peer limits its errors");
	for (uint16_t port = PORT_ECHO; port <= PORT_DNS_LAST; port++)
		liars[count++] = start(port);
	for (uint16_t port = PORT_SMTP; port <= PORT_SMTP_LAST; port++)
		liars[count++] = start(port);
}

void stop_liars(void)
{
	for (size_t i = 0; i < array_size(liars); i++)
		end_child(&liars[i]);
}
