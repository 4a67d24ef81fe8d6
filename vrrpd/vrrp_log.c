// SPDX-License-Identifier: GPL-2.0-or-later
#include "vrrp_log.h"

#include <zebra.h>

#include "frrevent.h"
#include "log.h"

#include "vrrp_router.h"

#define LINES_PER_SEC 20

static struct {
	const char *noun;
	unsigned int written, suppressed;
} classes[VRRP_LOG_CLASSES] = {
	[VRRP_LOG_TRANSITION] = { .noun = "transitions" },
	[VRRP_LOG_PACKET] = { .noun = "packet messages" },
	[VRRP_LOG_SOCKET] = { .noun = "socket errors" },
	[VRRP_LOG_NETLINK] = { .noun = "address messages" },
	[VRRP_LOG_IPVS] = { .noun = "IPVS messages" },
	[VRRP_LOG_HEALTH] = { .noun = "changes of a server's health" },
};

static struct event *t_second;

static void second_over(struct event *event)
{
	for (unsigned int i = 0; i < array_size(classes); i++) {
		if (classes[i].suppressed)
			zlog_warn("%u more %s in the last second, not logged one by one",
				  classes[i].suppressed, classes[i].noun);
		classes[i].written = classes[i].suppressed = 0;
	}
}

bool vrrp_log_allowed(enum vrrp_log_class class)
{
	if (!t_second)
		event_add_timer(master, second_over, NULL, 1, &t_second);
	if (classes[class].written >= LINES_PER_SEC) {
		classes[class].suppressed++;
		return false;
	}
	classes[class].written++;
	return true;
}

void vrrp_log_stop(void)
{
	event_cancel(&t_second);
	second_over(NULL);
}
