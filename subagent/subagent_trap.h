/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The notifications of VRRPV3-MIB (RFC 6527): vrrpv3NewMaster and vrrpv3ProtoError. */
#ifndef SUBAGENT_TRAP_H
#define SUBAGENT_TRAP_H

#include "subagent_link.h"

struct snmp_session;

/* snmpd is there, at the other end of this session of libnetsnmp; NULL: it is not. */
void subagent_trap_snmpd(struct snmp_session *session);

/* Tells snmpd, and vrrpd when that has taken it. */
void subagent_trap_send(const struct subagent_trap *trap);

#endif /* SUBAGENT_TRAP_H */
