// SPDX-License-Identifier: GPL-2.0-or-later
/* The kernel is asked each time. */
#include "nl_here.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define BOOT_ID_FILE "/proc/sys/kernel/random/boot_id"

int nl_here_find(struct nl_here *here)
{
	socklen_t len = sizeof(here->netns);
	FILE *file = fopen(BOOT_ID_FILE, "re");
	int fd;

	memset(here, 0, sizeof(*here));
	if (!file)
		return -errno;
	if (fscanf(file, "%63s", here->boot) != 1)
		here->boot[0] = '\0';
	fclose(file);

	fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return -errno;
	/* Before Linux 5.14 there is no cookie: then all namespaces count as one. */
	(void)getsockopt(fd, SOL_SOCKET, SO_NETNS_COOKIE, &here->netns, &len);
	close(fd);
	return here->boot[0] ? 0 : -EBADMSG;
}
