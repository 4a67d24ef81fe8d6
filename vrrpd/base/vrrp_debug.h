/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * "debug vrrp ...": flags that make parts of the daemon log their work.
 * The commands are stock's; the flags are read by the macros below.
 */
#ifndef VRRP_DEBUG_H
#define VRRP_DEBUG_H

#include "debug.h"

#include "vrrp_log.h"

extern struct debug vrrp_debug_arp;
extern struct debug vrrp_debug_autoconfigure;
extern struct debug vrrp_debug_ipvs;
extern struct debug vrrp_debug_ndisc;
extern struct debug vrrp_debug_packets;
extern struct debug vrrp_debug_protocol;
extern struct debug vrrp_debug_sockets;
extern struct debug vrrp_debug_zebra;

#define DEBUGF(part, ...)                                                                          \
	do {                                                                                       \
		if (DEBUG_MODE_CHECK(&vrrp_debug_##part, DEBUG_MODE_ALL))                          \
			zlog_debug(__VA_ARGS__);                                                   \
	} while (0)

/* Registers the commands and the "debug" lines of the running configuration. */
void vrrp_debug_init(void);

#endif /* VRRP_DEBUG_H */
