// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * libfrr has this for commands that wait for mgmtd. What it needs is a name to log; it does
 * not mind who is waited for. Nothing is written to the session meanwhile, and nothing read, so
 * it cannot end before the answer.
 */
#include "vrrp_answer.h"

#include "frr_release.h"

bool vrrp_answer_later(struct vty *vty)
{
	if (vty->type != VTY_SHELL_SERV)
		return false;
	vty->mgmt_req_pending_cmd = "VRRP";
	return true;
}

void vrrp_answer(struct vty *vty, int status)
{
	frr_resume(vty, status);
}
