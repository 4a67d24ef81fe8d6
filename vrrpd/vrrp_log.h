/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The one place that limits logs. When thousands of virtual routers move at
 * once, a line for each would block the daemon on its log; so each class has a
 * budget of lines a second, and what went over it is summed up in one line.
 */
#ifndef VRRP_LOG_H
#define VRRP_LOG_H

#include <stdbool.h>

enum vrrp_log_class {
	VRRP_LOG_TRANSITION,
	VRRP_LOG_PACKET,
	VRRP_LOG_SOCKET,
	VRRP_LOG_NETLINK,
	VRRP_LOG_IPVS,
	VRRP_LOG_HEALTH,
	VRRP_LOG_CLASSES,
};

/* May one more line of this class be written now? False: it is counted instead. */
bool vrrp_log_allowed(enum vrrp_log_class class);

void vrrp_log_stop(void);

#endif /* VRRP_LOG_H */
