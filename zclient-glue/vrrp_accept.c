// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * accept() of this process, for libfrr.
 *
 * Without free descriptors, libfrr can neither accept a connection to a vty socket nor
 * refuse it. The socket stays ready, and the event loop logs that thousands of times a
 * second. So a descriptor is reserved for this case: with it the connection is accepted and
 * closed, so that the client sees it, and libfrr logs it once.
 *
 * The linker prefers a program's own function to the C library's, also for libraries.
 */
#include <zebra.h>

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "vrrp_accept.h"

static int spare = -1;

static void keep_spare(void)
{
	if (spare < 0)
		spare = open("/dev/null", O_RDONLY | O_CLOEXEC);
}

static void turn_away(int fd)
{
	int visitor;

	if (spare < 0)
		return;
	close(spare);
	visitor = accept4(fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
	if (visitor >= 0)
		close(visitor);
	spare = -1;
	keep_spare();
}

int accept(int fd, struct sockaddr *restrict address, socklen_t *restrict len)
{
	int visitor = accept4(fd, address, len, 0), error = errno;

	if (visitor < 0 && (error == EMFILE || error == ENFILE))
		turn_away(fd);
	else
		keep_spare();
	errno = error;
	return visitor;
}

void vrrp_accept_init(void)
{
	keep_spare();
}
