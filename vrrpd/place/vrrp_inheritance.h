/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Addresses on VIP interfaces that an earlier vrrpd left there, and that may still serve.
 *
 * They are noted before the configuration is read. A VIP of the configuration takes its own; what
 * none has taken when the configuration has been read is removed. On a LAN nothing is inherited,
 * since two routers may not have an address there.
 */
#ifndef VRRP_INHERITANCE_H
#define VRRP_INHERITANCE_H

#include "nl_addr.h"
#include "vrrp_addr.h"

/* One that a VIP has taken. */
struct vrrp_inherited {
	int ifindex;
	uint32_t left_sec; /* until the kernel removes it; UINT32_MAX: never */
};

/*
 * An address of protocol 112 that no VIP has put there. True: it stays for the time being. False:
 * it is on no VIP interface, or the configuration has been read.
 */
bool vrrp_inheritance_note(const struct nl_addr_info *info);

/* The kernel has removed it. */
void vrrp_inheritance_lost(const struct vrrp_addr *address, int ifindex);

/* True when there is one on whatever link. */
bool vrrp_inheritance_has(const struct vrrp_addr *address);

/* Takes an address on the link of this name. False: there is none. */
bool vrrp_inheritance_take(const struct vrrp_addr *address, const char *link,
			   struct vrrp_inherited *inherited);

/* The configuration has been read: removes the others. */
void vrrp_inheritance_settle(void);
void vrrp_inheritance_stop(void);

#endif /* VRRP_INHERITANCE_H */
