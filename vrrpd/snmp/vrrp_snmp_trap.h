/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The notifications of VRRPV3-MIB (RFC 6527): vrrpv3NewMaster and vrrpv3ProtoError. */
#ifndef VRRP_SNMP_TRAP_H
#define VRRP_SNMP_TRAP_H

#include <zebra.h>

#include <net-snmp/net-snmp-config.h>
#include <net-snmp/net-snmp-includes.h>

#include "smux.h"

#include "vrrp_verdict.h"

#define VRRP_SNMP_MIB 1, 3, 6, 1, 2, 1, 207

/* vrrpv3StatisticsNewMasterReason, vrrpv3StatisticsProtoErrReason */
enum vrrp_snmp_reason {
	VRRP_SNMP_NOT_MASTER,
	VRRP_SNMP_PRIORITY,
	VRRP_SNMP_PREEMPTED,
	VRRP_SNMP_NO_RESPONSE,
};
enum vrrp_snmp_error {
	VRRP_SNMP_NO_ERROR,
	VRRP_SNMP_TTL_ERROR,
	VRRP_SNMP_VERSION_ERROR,
	VRRP_SNMP_CHECKSUM_ERROR,
	VRRP_SNMP_VRID_ERROR,
};

/* The last protocol error that was told of, of any virtual router or of none. */
enum vrrp_snmp_error vrrp_snmp_last_error(void);

/* Sends them from now on; the variables are those of the MIB, for their values. */
void vrrp_snmp_trap_init(struct variable *variables, size_t count);

#endif /* VRRP_SNMP_TRAP_H */
