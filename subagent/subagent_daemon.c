// SPDX-License-Identifier: GPL-2.0-or-later
#include "subagent_daemon.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>

static subagent_daemon_fn handle;

void subagent_daemon_init(subagent_daemon_fn handler)
{
	handle = handler;
}

void subagent_daemon_tell(enum subagent_type type, const char *text)
{
	struct subagent_say say = { .type = type };

	snprintf(say.text, sizeof(say.text), "%s", text);
	if (send(SUBAGENT_FD, &say, sizeof(say), MSG_NOSIGNAL) < 0 && errno == EPIPE)
		exit(0);
}

bool subagent_daemon_wait(int msec)
{
	struct pollfd link = { .fd = SUBAGENT_FD, .events = POLLIN };
	union subagent_packet packet;
	ssize_t size;

	if (poll(&link, 1, msec) <= 0)
		return false;
	size = recv(SUBAGENT_FD, &packet, sizeof(packet), MSG_DONTWAIT);
	if (size == 0 || (size < 0 && errno != EAGAIN && errno != EINTR))
		exit(0);
	if (size < (ssize_t)sizeof(packet.type))
		return false;
	handle(&packet, size);
	return true;
}
