/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Links of any kind, and the VIP dummy. They are looked up, made and removed by request. A link is
 * removed only if it is ours (marked by its alias). The VMAC has a header of its own, nl_macvlan.h.
 */
#ifndef NL_LINK_H
#define NL_LINK_H

#include <net/if.h>
#include <stdbool.h>

#include "nl_sock.h"

/* IFLA_IFALIAS of links made here: how a later start knows its own. */
#define NL_LINK_ALIAS "frr-crossvip vrrpd"

#define NL_MAC_BYTES 6

struct nl_link {
	int ifindex;
	char name[IFNAMSIZ];
	char kind[16];	/* "dummy", "ifb", ...; "" for hardware */
	bool up;	/* IFF_UP */
	bool ours;	/* carries NL_LINK_ALIAS */
	bool running;	/* up, and so are all links below it: IFF_LOWER_UP */
	bool private;	/* a macvlan in private mode */
	bool ethernet;	/* mac is valid */
	bool protodown; /* a protocol keeps it without carrier, though it is up */
	uint8_t mac[NL_MAC_BYTES];
	unsigned int mtu;
	int parent;    /* ifindex of the link below it; 0: none, or in another namespace */
	int lower;     /* the same, wherever that is ... */
	int lower_ns;  /* ... by the kernel's number for that namespace; -1: this one */
	uint16_t vlan; /* of a VLAN: its ID */
	int master;    /* the VRF, bridge or bond it is a member of; 0: none */
};

/* 0 and *link filled, or negative errno: -ENODEV when there is none of that name. */
int nl_link_get(struct nl_conn *conn, const char *name, struct nl_link *link);
int nl_link_get_index(struct nl_conn *conn, int ifindex, struct nl_link *link);

/* All links, or those of one kind (kind not NULL), by dump. fn may use conn. */
typedef void (*nl_link_fn)(const struct nl_link *link, void *arg);
int nl_link_dump(struct nl_conn *conn, const char *kind, nl_link_fn fn, void *arg);

/*
 * Makes a dummy of that name, marked as ours, with IPv6 address generation off
 * (no link-local address of its own, so nothing is chosen from it by accident)
 * in that VRF (0: none) and sets it up. -EEXIST when the name is taken; -EOPNOTSUPP when the kernel
 * has no dummy; -EINVAL for a name no link can have. *link is filled on success,
 * and nothing is left behind on failure.
 */
int nl_link_add_dummy(struct nl_conn *conn, const char *name, int vrf, struct nl_link *link);

/*
 * Each changes one attribute of a link, whoever made it; an attribute that has the value already is
 * not an error. -ENODEV when there is no such link. Into a VRF or out of it (master 0), a link that
 * is up goes down and up again, and loses its IPv6 addresses.
 */
int nl_link_set_up(struct nl_conn *conn, int ifindex);
int nl_link_set_down(struct nl_conn *conn, int ifindex);
int nl_link_set_mtu(struct nl_conn *conn, int ifindex, unsigned int mtu);
int nl_link_set_master(struct nl_conn *conn, int ifindex, int master);

/*
 * Clears a link's protodown that zebra has set (reason 7) or that has no reason. FRR's own vrrpd
 * uses it to silence a Backup's macvlan. -EBUSY: there are other reasons.
 */
int nl_link_end_protodown(struct nl_conn *conn, int ifindex);

/* Removes the link with that index if it is ours; -EPERM: it is not, -ENODEV: it is gone. */
int nl_link_del(struct nl_conn *conn, int ifindex);

#endif /* NL_LINK_H */
