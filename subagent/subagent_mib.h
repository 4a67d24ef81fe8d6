/* SPDX-License-Identifier: GPL-2.0-or-later */
/* VRRPV3-MIB (RFC 6527): its objects. All can be read, and none can be written. */
#ifndef SUBAGENT_MIB_H
#define SUBAGENT_MIB_H

#define SUBAGENT_MIB 1, 3, 6, 1, 2, 1, 207

/* Has libnetsnmp answer for them; to be called between its init_agent() and init_snmp(). */
void subagent_mib_init(void);

#endif /* SUBAGENT_MIB_H */
