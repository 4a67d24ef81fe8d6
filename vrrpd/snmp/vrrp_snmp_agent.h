/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * vrrp-snmp, as a process: it is started, and again after a pause when it ends; and the socket to
 * it, for which nobody waits.
 */
#ifndef VRRP_SNMP_AGENT_H
#define VRRP_SNMP_AGENT_H

#include <stdbool.h>
#include <stddef.h>

/* Called from the event loop. */
struct vrrp_snmp_agent_user {
	void (*ready)(void); /* it takes packets again, or for the first time, or there is an snmpd */
	void (*asked)(void); /* it wants all rows */
	void (*told)(void);  /* snmpd has taken a notification */
	void (*lost)(void);  /* snmpd or the program has gone, with the notifications under way */
};

/* Starts the program in the event loop, so after the fork of the daemon. */
void vrrp_snmp_agent_start(const struct vrrp_snmp_agent_user *user);

/* Ends the program. */
void vrrp_snmp_agent_stop(void);

/* False: it takes nothing now; user->ready is called when it does. */
bool vrrp_snmp_agent_send(const void *packet, size_t size);

/* There is an snmpd. */
bool vrrp_snmp_agent_has_snmpd(void);

/* A sentence about what is missing; NULL: nothing is. */
const char *vrrp_snmp_agent_fault(void);

#endif /* VRRP_SNMP_AGENT_H */
