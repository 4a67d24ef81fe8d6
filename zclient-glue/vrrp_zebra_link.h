/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Interfaces and their addresses as zebra reports them; they are libfrr's own objects. */
#ifndef VRRP_ZEBRA_LINK_H
#define VRRP_ZEBRA_LINK_H

#include <zebra.h>

#include "if.h"
#include "zclient.h"

/* An index is unique in all VRFs; NULL when zebra has not reported the interface. */
struct interface *vrrp_zebra_interface(ifindex_t ifindex);

/* An existing interface of this name, in any VRF; NULL when zebra has reported none. */
struct interface *vrrp_zebra_interface_named(const char *ifname);

/* Iterates over all interfaces of all VRFs, even gone ones; NULL: the first, and the end. */
struct interface *vrrp_zebra_interface_next(struct interface *ifp);

/*
 * changed: new, gone, up, down, VRF. The addresses of a link for which is_vip_interface
 * (may be NULL) is true are not kept.
 */
void vrrp_zebra_link_init(void (*changed)(struct interface *ifp),
			  bool (*is_vip_interface)(ifindex_t ifindex));
void vrrp_zebra_link_stop(void);

int vrrp_zebra_on_address(ZAPI_CALLBACK_ARGS);

/* zebra is back: removes the interfaces that went while it was away. */
void vrrp_zebra_link_forget_gone(void);

#endif /* VRRP_ZEBRA_LINK_H */
