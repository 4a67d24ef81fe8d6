// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A session up to EHLO: the server greets with 220 and answers EHLO by 250, which is good. What follows
 * is politeness: QUIT, so that the server logs a session like any other, and its answer or its end.
 *
 * Of each line four octets are kept: the status, and whether another line follows.
 */
#include "vrrp_probe_private.h"

#define READ_SIZE 512
/* An answer of EHLO has a line for each extension of the server. */
#define READ_MOST (16 * 1024)

#define STATUS_READY 220
#define STATUS_DONE  250

static void say(struct vrrp_probe *probe, const char *line)
{
	ssize_t len = strlen(line), sent = send(probe->watch.fd, line, len, MSG_NOSIGNAL);

	if (sent == len)
		return;
	if (probe->answered)
		vrrp_probe_result(probe, true, "ok");
	else
		vrrp_probe_error(probe, sent < 0 ? errno : ENOBUFS);
}

/* Who has no name gives its address instead (RFC 5321, 4.1.3). */
static void greet(struct vrrp_probe *probe)
{
	char line[VRRP_PROBE_HELO_MOST + 16], text[VRRP_ADDR_STRLEN];
	struct sockaddr_storage own = {};
	socklen_t len = sizeof(own);
	struct vrrp_addr address;

	if (probe->conf.helo) {
		snprintf(line, sizeof(line), "EHLO %s\r\n", probe->conf.helo);
	} else {
		getsockname(probe->watch.fd, (struct sockaddr *)&own, &len);
		address = vrrp_addr_of_sockaddr(&own);
		snprintf(line, sizeof(line), "EHLO [%s%s]\r\n",
			 address.family == VRRP_IPV6 ? "IPv6:" : "", vrrp_addr_str(&address, text));
	}
	probe->smtp.is_presented = true;
	say(probe, line);
}

static void go_on(struct vrrp_probe *probe, int status)
{
	if (status < 0) {
		vrrp_probe_result(probe, false, "answer is not SMTP");
	} else if (probe->answered) {
		vrrp_probe_result(probe, true, "ok");
	} else if (!probe->smtp.is_presented && status == STATUS_READY) {
		greet(probe);
	} else if (probe->smtp.is_presented && status == STATUS_DONE) {
		probe->answered = true;
		say(probe, "QUIT\r\n");
	} else {
		vrrp_probe_result(probe, false, "status %d %s", status,
				  probe->smtp.is_presented ? "to EHLO" : "as greeting");
	}
}

static int status_of(const char *line)
{
	if (line[0] < '2' || line[0] > '5' || !isdigit((unsigned char)line[1]) ||
	    !isdigit((unsigned char)line[2]))
		return -1;
	return (line[0] - '0') * 100 + (line[1] - '0') * 10 + line[2] - '0';
}

/* The status when the last line of an answer is whole, negative for what has none; 0: not yet. */
static int take_octet(struct vrrp_probe_smtp *smtp, char octet)
{
	bool another;
	int status;

	if (octet != '\n') {
		if (smtp->length < sizeof(smtp->line))
			smtp->line[smtp->length++] = octet;
		return 0;
	}
	status = smtp->length < 3 ? -1 : status_of(smtp->line);
	another = smtp->length > 3 && smtp->line[3] == '-';
	smtp->length = 0;
	return status > 0 && another ? 0 : status;
}

static void ended(struct vrrp_probe *probe, int error)
{
	if (probe->answered)
		vrrp_probe_result(probe, true, "ok");
	else if (error)
		vrrp_probe_error(probe, error);
	else
		vrrp_probe_result(probe, false, "closed without an answer");
}

static void on_ready(struct vrrp_watch *watch, uint32_t events)
{
	struct vrrp_probe *probe = container_of(watch, struct vrrp_probe, watch);
	char text[READ_SIZE];
	ssize_t len = recv(watch->fd, text, sizeof(text), 0);
	int status = 0;

	if (len < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (len <= 0) {
		ended(probe, len ? errno : 0);
		return;
	}
	probe->smtp.read += len;
	for (ssize_t i = 0; i < len && !status; i++)
		status = take_octet(&probe->smtp, text[i]);
	if (status)
		go_on(probe, status);
	else if (probe->smtp.read > READ_MOST)
		vrrp_probe_result(probe, false, "answer is too long");
}

static void smtp_begin(struct vrrp_probe *probe)
{
	int error = vrrp_probe_open(probe, SOCK_STREAM);

	probe->smtp = (struct vrrp_probe_smtp){};
	probe->watch.ready = on_ready;
	if (!error)
		error = vrrp_probe_connect(probe, EPOLLIN);
	if (error)
		vrrp_probe_error(probe, -error);
}

const struct vrrp_probe_method vrrp_probe_smtp = {
	.takes_descriptor = true,
	.begin = smtp_begin,
	.end = vrrp_probe_close,
};
