/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The way from an address of this host to a peer: the route that leads there, and whether the
 * peer answers ICMP echoes.
 *
 * A way is tested while it has users, by at most one echo a second for all of them: an echo
 * is sent every second, and as soon as zebra's next-hop tracking reports another route if the
 * last one could not be sent. An answer counts until a later echo has none after a second, or
 * cannot be sent, or the route is lost: zebra reports a shorter prefix, or none.
 */
#ifndef VRRP_WAY_H
#define VRRP_WAY_H

#include <zebra.h>

#include "prefix.h"
#include "typesafe.h"
#include "vrf.h"

#include "vrrp_addr.h"
#include "vrrp_group.h"

PREDECL_DLIST(vrrp_way_users);

struct vrrp_way_ends {
	vrf_id_t vrf_id;
	ifindex_t ifindex; /* the link of a link-local peer; else 0 */
	struct vrrp_addr source, peer;
};

/* The ends of the way from the source of a router to one of its peers. */
struct vrrp_way_ends vrrp_way_ends_of(const struct vrrp_router *router,
				      const struct vrrp_addr *peer);

/* A user of a way, owned by the caller; all zero when it uses none. */
struct vrrp_way_user {
	/* Called when a value below has changed; may query, but not begin or end a use. */
	void (*changed)(struct vrrp_way_user *user);

	/* vrrp_way.c's */
	struct vrrp_way_users_item item;
	struct vrrp_way *way;
};

/* Begins to use a way; does nothing when the user has one. user->changed must be set. */
void vrrp_way_begin(struct vrrp_way_user *user, const struct vrrp_way_ends *ends);
void vrrp_way_end(struct vrrp_way_user *user);

/* Queries for a user that has a way. */
const struct vrrp_addr *vrrp_way_peer(const struct vrrp_way_user *user);
/* The time since when echoes are answered; 0: they are not. */
vrrp_usec_t vrrp_way_answered(const struct vrrp_way_user *user);
/* The time since when a route other than the default leads there; 0: none does. */
vrrp_usec_t vrrp_way_route_since(const struct vrrp_way_user *user);
/* The route that leads there; NULL: none, or not known. */
const struct prefix *vrrp_way_route(const struct vrrp_way_user *user);
/* Echoes sent since the last answer, and the errno of the last try to send one; 0: it was sent. */
unsigned int vrrp_way_echoes(const struct vrrp_way_user *user);
int vrrp_way_error(const struct vrrp_way_user *user);

/* To be called when no way has users any more. */
void vrrp_way_stop(void);

#endif /* VRRP_WAY_H */
