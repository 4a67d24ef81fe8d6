/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Logs that hold nobody up: the one place that limits them, and the thread that
 * writes them.
 *
 * When thousands of virtual routers move at once, a line for each would be work for
 * everyone who reads it; so each class has a budget of lines a second, and what went
 * over it is summed up in one line. And a console that hangs, or a file on a disk that
 * does, must not hold up an advertisement: zlog_info() and its likes, in a file that
 * includes this one, hand their line to a thread of its own and return.
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
	VRRP_LOG_CLASSES,
};

/* May one more line of this class be written now? False: it is counted instead. */
bool vrrp_log_allowed(enum vrrp_log_class class);

/* Starts the thread, after the daemon has forked. Before, lines are written at once. */
void vrrp_log_start(void);

/*
 * Waits, not for long, until the lines that are queued are written, and ends the
 * thread; from here on lines are written at once.
 */
void vrrp_log_stop(void);

/* What zlog_info() and its likes come down to. */
void vrrp_log_line(const struct xref_logmsg *xref, const char *format, ...) PRINTFRR(2, 3);
#define zlog_ref vrrp_log_line

#endif /* VRRP_LOG_H */
