/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The notifications of VRRPV3-MIB (RFC 6527): vrrpv3NewMaster and vrrpv3ProtoError. */
#ifndef SUBAGENT_TRAP_H
#define SUBAGENT_TRAP_H

#include "subagent_link.h"

/* Tells snmpd. */
void subagent_trap_send(const struct subagent_trap *trap);

#endif /* SUBAGENT_TRAP_H */
