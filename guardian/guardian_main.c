// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The guardian: a process that waits for the daemon's death, and ends what the daemon had.
 *
 * It is made by the daemon, with descriptors (guardian_link.h) and one capability, and has nothing
 * else of it. All it knows is on the page. It has no event loop: it waits in one place for the
 * death, and then goes through what is to be done, once. When it ends, the kernel closes zebra's
 * connection, if it is still open, and zebra withdraws the routes.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdbool.h>
#include <string.h>
#include <sys/capability.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <syslog.h>
#include <unistd.h>

#include "guardian_end.h"
#include "guardian_link.h"
#include "guardian_slots.h"

#define SECOND_MSEC 1000

/* When memory is out; the daemon has seen to it that this is allowed. */
static void be_spared(void)
{
	int fd = open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);

	if (fd < 0)
		return;
	if (write(fd, GUARDIAN_OOM_SCORE, strlen(GUARDIAN_OOM_SCORE)) < 0)
		syslog(LOG_DEBUG, "oom_score_adj: %m");
	close(fd);
}

/* Only what removing an address takes. */
static bool drop_capabilities(void)
{
	const cap_value_t needed = CAP_NET_ADMIN;
	cap_t caps = cap_init();
	bool done = caps && !cap_set_flag(caps, CAP_PERMITTED, 1, &needed, CAP_SET) &&
		    !cap_set_flag(caps, CAP_EFFECTIVE, 1, &needed, CAP_SET) && !cap_set_proc(caps);

	cap_free(caps);
	return done;
}

static bool prepare(void)
{
	if (!drop_capabilities() || prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0) {
		syslog(LOG_ERR, "capabilities: %m");
		return false;
	}
	be_spared();
	if (!guardian_end_init())
		return false;
	if (mlockall(MCL_CURRENT) < 0)
		syslog(LOG_DEBUG, "memory is not locked: %m");
	return true;
}

/* Somebody calls who should not, since the daemon lives: "vrrpd -C", say. */
static void turn_away(void)
{
	int caller = accept(GUARDIAN_FD_LISTENER, NULL, NULL);

	if (caller >= 0)
		close(caller);
}

/* Until the daemon has died. Its descriptors are closed before that is told. */
static void wait_for_death(void)
{
	struct pollfd fds[] = {
		{ .fd = GUARDIAN_FD_DAEMON, .events = POLLIN },
		{ .fd = GUARDIAN_FD_LINK, .events = POLLIN },
		{ .fd = GUARDIAN_FD_LISTENER, .events = POLLIN },
	};

	while (!fds[0].revents) {
		if (poll(fds, 3, SECOND_MSEC) <= 0)
			guardian_end_if_frozen();
		else if (fds[1].revents && !guardian_slots_receive(GUARDIAN_FD_LINK))
			fds[1].fd = -1;
		else if (fds[2].revents && !fds[0].revents)
			turn_away();
	}
	while (guardian_slots_receive(GUARDIAN_FD_LINK))
		;
}

int main(void)
{
	openlog(GUARDIAN_PROGRAM, LOG_PID, LOG_DAEMON);
	if (!prepare())
		return 1;
	wait_for_death();
	guardian_end();
	return 0;
}
