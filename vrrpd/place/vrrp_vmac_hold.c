// SPDX-License-Identifier: GPL-2.0-or-later
/* The error is stored with the VMAC; its cause is looked up on demand. */
#include "vrrp_vmac_hold.h"

#include "lib_errors.h"
#include "libfrr.h"
#include "log.h"

#include "vrrp_daemon.h"
#include "vrrp_netlink.h"
#include "vrrp_vmac_link_private.h"

static void explain_error(const struct vrrp_router *router, struct vrrp_sentences *sentences)
{
	const char *parent = router->group->ifp->name, *reason = safe_strerror(-router->vmac->error);
	struct nl_link link, master;

	if (router->vmac->link.ifindex)
		vrrp_sentence_add(sentences, "%s cannot be set up: %s", router->vmac->link.name,
				  reason);
	else if (!nl_link_get_index(vrrp_netlink, router->group->ifp->ifindex, &link) &&
		 link.master && !nl_link_get_index(vrrp_netlink, link.master, &master) &&
		 router->vmac->error == -EBUSY)
		vrrp_sentence_add(sentences,
				  "%s is a port of %s and can carry no virtual MAC: put the group on %s",
				  parent, master.name, master.name);
	else if (router->vmac->error == -ENOSPC || router->vmac->error == -EROFS)
		vrrp_sentence_add(sentences,
				  "no virtual MAC can be made on %s: %s in %s, where vrrpd notes the sysctls that it changes: make room there",
				  parent, reason, frr_runstatedir);
	else
		vrrp_sentence_add(sentences, "no virtual MAC can be made on %s: %s", parent, reason);
}

void vrrp_vmac_explain(const struct vrrp_router *router, struct vrrp_sentences *sentences)
{
	const struct vrrp_vmac *vmac = router->vmac;

	if (vmac && vmac->error)
		explain_error(router, sentences);
	else if (vmac && vmac->set_down)
		vrrp_sentence_add(sentences,
				  "%s was set down by someone else: set it up, or delete it, and another is made",
				  vmac->link.name);
}
