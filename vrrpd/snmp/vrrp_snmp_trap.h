/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The notifications of VRRPV3-MIB (RFC 6527), told to vrrp-snmp: vrrpv3NewMaster and
 * vrrpv3ProtoError. They follow the notifications of YANG, and wait until snmpd has taken them. One that goes
 * meanwhile may have taken some, which the next one is told again.
 */
#ifndef VRRP_SNMP_TRAP_H
#define VRRP_SNMP_TRAP_H

#include <stdbool.h>

/* Hears of them from now on; calls came when there is one to be sent. */
void vrrp_snmp_trap_init(void (*came)(void));
void vrrp_snmp_trap_stop(void);

/*
 * Sends those that wait, if there is an snmpd, and not too many are under way. False: vrrp-snmp takes
 * nothing now.
 */
bool vrrp_snmp_trap_send(void);

/* snmpd has taken one; or has gone with those that were under way. */
void vrrp_snmp_trap_told(void);
void vrrp_snmp_trap_lost(void);

#endif /* VRRP_SNMP_TRAP_H */
