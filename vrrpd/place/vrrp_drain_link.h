/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The links of VIPs that a router still answers for, without being Active: in each VRF a dummy of
 * its own, made when it is first needed and removed when the daemon ends. It is not the VIP
 * interface, so that nothing redistributes what is on it, and not lo, where routing protocols may run.
 */
#ifndef VRRP_DRAIN_LINK_H
#define VRRP_DRAIN_LINK_H

#include <stdbool.h>

#include "nl_drain.h"
#include "vrrp_addr.h"

/*
 * The index of that of a VRF (its ifindex; 0: the default one); it is made when there is none. 0:
 * it cannot be had, which the log says.
 */
int vrrp_drain_link(int vrf);

/* Its name; NULL when it is none of them. */
const char *vrrp_drain_link_name(int ifindex);

/*
 * Queues an address to be put on it, for so many milliseconds as the kernel counts them by
 * itself (in seconds), or to be taken off; and carries out what was queued.
 */
void vrrp_drain_link_put(int ifindex, const struct vrrp_addr *address, uint32_t msec);
void vrrp_drain_link_take(int ifindex, const struct vrrp_addr *address);
void vrrp_drain_link_commit(void);

/* That link, or (0) any, has changed or gone. */
void vrrp_drain_link_look(int ifindex);

void vrrp_drain_link_init(void);
void vrrp_drain_link_stop(void);

#endif /* VRRP_DRAIN_LINK_H */
