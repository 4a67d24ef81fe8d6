/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What differs between the releases of FRR that this is built for, 10.3 and 10.7, and between
 * the releases of libyang below them. No other file asks for a release.
 *
 * FRR_RELEASE is 1003, 1007, …; configure has it from the installed libfrr.
 */
#ifndef FRR_RELEASE_H
#define FRR_RELEASE_H

#include <zebra.h>

#include <libyang/libyang.h>

#include "log.h"
#include "vty.h"

/* libyang 6 renames the macros of its arrays. */
#ifndef LYA_FOR
#define LYA_FOR	    LY_ARRAY_FOR
#define LYA_COUNT_T LY_ARRAY_COUNT_TYPE
#endif

/* Stock's running configuration has "vrrp 5 version 3", though it is the default. */
#define FRR_PRINTS_VRRP_VERSION (FRR_RELEASE >= 1004)

#if FRR_RELEASE >= 1007
/* The arguments of callbacks of cmd_init_config_callbacks(). */
#define FRR_CONFIG_CALLBACK_ARGS struct vty *session
/* vtysh's own session. */
#define FRR_VTYSH_VTY gvty
/* What pending_cmds_buf of a session is allocated as; libfrr frees it. */
#define FRR_MTYPE_PENDING MTYPE_NB_CMDS
#else
#define FRR_CONFIG_CALLBACK_ARGS void
#define FRR_VTYSH_VTY		 vty
#define FRR_MTYPE_PENDING	 MTYPE_TMP
#endif

/* The command that made the session wait, by mgmt_req_pending_cmd, ends with this status. */
static inline void frr_resume(struct vty *session, int status)
{
#if FRR_RELEASE >= 1007
	session->mgmt_req_pending_cmd = NULL;
	vty_resume_response(session, status);
#else
	vty_mgmt_resume_response(session, status);
#endif
}

/* True when zebra has routes of a protocol of this name; it is -1, or the same in eight bits. */
static inline bool frr_has_protocol(int afi, const char *name)
{
	return (uint8_t)proto_redistnum(afi, name) != UINT8_MAX;
}

#endif /* FRR_RELEASE_H */
