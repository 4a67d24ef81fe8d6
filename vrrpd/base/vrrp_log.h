/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Logging that never blocks: the limits of its volume, and the thread that writes the lines.
 *
 * When thousands of virtual routers move at once, a line for each would be too many to read.
 * So each class has a budget of lines a second, and one line gives the number of those beyond
 * it. And a console or a disk that hangs must not delay an advertisement: in a file that
 * includes this one, zlog_info() and the like pass their line to a separate thread and
 * return.
 *
 * Lines wait in a short queue. When it is full, the next ones are counted, and the
 * count is written once the log takes lines again. A line has the time of its writing.
 */
#ifndef VRRP_LOG_H
#define VRRP_LOG_H

#include <stdbool.h>

#include <zebra.h>

#include "log.h"

enum vrrp_log_class {
	VRRP_LOG_TRANSITION,
	VRRP_LOG_PACKET,
	VRRP_LOG_SOCKET,
	VRRP_LOG_NETLINK,
	VRRP_LOG_IPVS,
	VRRP_LOG_HEALTH,
	VRRP_LOG_TRACK,
	VRRP_LOG_CLASSES,
};

/* True when one more line of this class may be written now; else it is counted. */
bool vrrp_log_allowed(enum vrrp_log_class class);

/* Starts the thread, after the daemon has forked. Before, lines are written at once. */
void vrrp_log_start(void);

/*
 * Waits, not for long, until the lines that are queued are written, and ends the
 * thread; from here on lines are written at once.
 */
void vrrp_log_stop(void);

/* The implementation of zlog_info() and the like. */
void vrrp_log_line(const struct xref_logmsg *xref, const char *format, ...) PRINTFRR(2, 3);
#define zlog_ref vrrp_log_line

#endif /* VRRP_LOG_H */
