// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The lines under way are a ring, the oldest first. They belong to one connection, that of vrrpd:
 * when it breaks, they are lost, and FRR's vtysh opens it again for the next line.
 */
#include <zebra.h>

#include "command.h"
#include "vty.h"
#include "vtysh/vtysh.h"

#include "vtysh-cmds/pipeline.h"
#include "zclient-glue/frr_release.h"

/* More would fill the socket's buffer, in which each answer takes almost a kilobyte. */
#define LINES_MAX 512

/* libfrr drops what it has read when a line is not complete within 4096 octets; it reads 512. */
#define LINE_SIZE 512

/* An answer ends with three zeros and the status. */
#define STATUS_SIZE 4

static struct {
	uint32_t number;
	char text[LINE_SIZE];
} lines[LINES_MAX];
static unsigned int oldest, under_way;
static int connection = -1;
static int failure = CMD_SUCCESS;

static struct {
	char octets[4096];
	size_t length;
} received;

/* The status is that of the oldest line; the sentence is the one of FRR's vtysh. */
static void end_line(int status)
{
	if (status != CMD_SUCCESS && status != CMD_WARNING) {
		failure = status;
		fprintf(stderr, "line %u: Failure to communicate[%d] to %s, line: %s\n",
			lines[oldest].number, status, "vrrpd", lines[oldest].text);
	}
	oldest = (oldest + 1) % LINES_MAX;
	under_way--;
}

/* Prints what has arrived, and ends the lines that are answered; keeps an incomplete end. */
static void take_answers(void)
{
	char *at = received.octets, *end = at + received.length;

	while (at < end) {
		size_t length = strnlen(at, end - at);

		if (length)
			vty_out(FRR_VTYSH_VTY, "%.*s", (int)length, at);
		at += length;
		if (end - at < STATUS_SIZE)
			break;
		if (under_way)
			end_line((unsigned char)at[STATUS_SIZE - 1]);
		at += STATUS_SIZE;
	}
	received.length = end - at;
	memmove(received.octets, at, received.length);
}

static void lose_lines(void)
{
	fprintf(stderr,
		"vrrpd closed the connection before it answered %u lines, the first is line %u\n",
		under_way, lines[oldest].number);
	failure = CMD_WARNING_CONFIG_FAILED;
	received.length = under_way = 0;
}

static void wait_until(unsigned int wanted)
{
	while (under_way > wanted) {
		ssize_t size = read(connection, received.octets + received.length,
				    sizeof(received.octets) - received.length);

		if (size > 0) {
			received.length += size;
			take_answers();
		} else if (size == 0 || errno != EINTR)
			lose_lines();
	}
}

/* The connection of vrrpd, if no other daemon that is there has the command; otherwise -1. */
static int vrrpd_alone(const struct cmd_element *command)
{
	int found = -1;

	for (unsigned int i = 0; i < array_size(vtysh_client); i++) {
		const struct vtysh_client *client = &vtysh_client[i];

		if (!(command->daemon & client->flag))
			continue;
		if (client->flag == VTYSH_VRRPD && !client->next)
			found = client->fd;
		else if (client->fd != -1 || client->next)
			return -1;
	}
	return found;
}

static bool send_ahead(const struct cmd_element *command, const char *text, uint32_t number)
{
	unsigned int newest = (oldest + under_way) % LINES_MAX;
	size_t size = strlen(text) + 1;
	int to = command->func ? -1 : vrrpd_alone(command);

	if (to < 0 || size > LINE_SIZE || write(to, text, size) != (ssize_t)size)
		return false;
	connection = to;
	lines[newest].number = number;
	memcpy(lines[newest].text, text, size);
	under_way++;
	return true;
}

/* A line of ours, as "show running-config" writes it; vtysh has no function of its own for any. */
static bool is_ours(const char *text)
{
	text += strspn(text, " \t");
	if (strncmp(text, "no ", 3) == 0)
		text += 3;
	return strncmp(text, "vrrp ", 5) == 0 || strncmp(text, "ipvs ", 5) == 0;
}

int pipeline_read_line(struct vty *file, const struct cmd_element **command, uint32_t number,
		       int use_daemon)
{
	bool may_wait = is_ours(file->buf);
	int result;

	wait_until(may_wait ? LINES_MAX - 1 : 0);
	result = command_config_read_one_line(file, command, number, use_daemon);
	if (may_wait && result == CMD_SUCCESS_DAEMON && send_ahead(*command, file->buf, number))
		return CMD_SUCCESS;
	wait_until(0);
	if (result != CMD_SUCCESS && result != CMD_SUCCESS_DAEMON)
		failure = CMD_SUCCESS; /* the caller remembers this one */
	return result;
}

int pipeline_finish(int result)
{
	wait_until(0);
	result = failure ? failure : result;
	failure = CMD_SUCCESS;
	return result;
}
