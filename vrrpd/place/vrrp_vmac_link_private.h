/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Shared by the files of the VMAC, and private to them. */
#ifndef VRRP_VMAC_LINK_PRIVATE_H
#define VRRP_VMAC_LINK_PRIVATE_H

#include "nl_fdb.h"
#include "nl_link.h"
#include "nl_sysctl.h"
#include "vrrp_vmac_link.h"

/* A sysctl that has a wrong value and cannot be set. */
struct vrrp_vmac_lack {
	bool of_parent;
	enum nl_sysctl_key key;
	int wanted;
	int error;
};

struct vrrp_vmac {
	struct nl_link link; /* ifindex 0: not there */
	int parent;	     /* ifindex of the link on which sysctls are held; 0 = none */
	bool wanted_up;
	bool set_down;	       /* by someone else, while it was wanted up */
	int error;	       /* why it cannot be made, or set up; 0: nothing is wrong */
	struct nl_fdb_key fdb; /* vrrp_vmac_bridge's: the entry that was added; bridge 0 = none */

	/* vrrp_vmac_keep's */
	bool look_due;
	vrrp_usec_t mended;	      /* when somebody had set back what we set; 0 = never */
	vrrp_usec_t pause;	      /* time for which it is left alone, from mended on */
	struct vrrp_vmac_lack *lacks; /* darr */
	bool is_set[NL_SYSCTL_KEYS];  /* by us, since the VMAC exists ... */
	int set_to[NL_SYSCTL_KEYS];   /* ... the last time to this */
};

int vrrp_vmac_af(const struct vrrp_router *router);

/* Adds the route to a link-local VIP's neighbours, if the kernel has removed it. */
void vrrp_vmac_route_link_local(struct vrrp_router *router);

#endif /* VRRP_VMAC_LINK_PRIVATE_H */
