/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * BFD sessions in bfdd: whether another router can be reached, reported within milliseconds.
 *
 * bfdd has one multihop session for each (VRF, source, peer), which all watches of it share, and
 * which has one profile. Watches with different profiles get the one whose name sorts first.
 */
#ifndef VRRP_BFD_H
#define VRRP_BFD_H

#include <zebra.h>

#include "bfd.h"
#include "prefix.h"
#include "typesafe.h"
#include "vrf.h"

PREDECL_DLIST(vrrp_bfd_watches);

enum vrrp_bfd_state {
	VRRP_BFD_UNKNOWN, /* bfdd has not reported yet, or it or zebra is away */
	VRRP_BFD_ADMIN_DOWN,
	VRRP_BFD_DOWN,
	VRRP_BFD_UP,
};

struct vrrp_bfd_ends {
	vrf_id_t vrf_id;
	struct prefix source, peer; /* of hosts, of one family, not link-local */
};

/* A watch, owned by the caller; all zero when it does not watch. */
struct vrrp_bfd_watch {
	/*
	 * Called when bfdd reports another state; may query, but not begin or end a watch.
	 * has_failed: the session was up since bfdd has it, and is down, not by an administrator
	 * of this host.
	 */
	void (*changed)(struct vrrp_bfd_watch *watch, bool has_failed);

	/* vrrp_bfd.c's */
	struct vrrp_bfd_watches_item item;
	struct vrrp_bfd_session *session; /* NULL: it does not watch */
	char profile[BFD_PROFILE_NAME_LEN];
};

/* Begins a watch; profile "": bfdd's defaults. Set changed first. */
void vrrp_bfd_begin(struct vrrp_bfd_watch *watch, const struct vrrp_bfd_ends *ends,
		    const char *profile);
void vrrp_bfd_end(struct vrrp_bfd_watch *watch);

/* True when it watches these ends, and was begun with this profile. */
bool vrrp_bfd_is_of(const struct vrrp_bfd_watch *watch, const struct vrrp_bfd_ends *ends,
		    const char *profile);

enum vrrp_bfd_state vrrp_bfd_state(const struct vrrp_bfd_watch *watch);
/* "unknown", "admin-down", "down", "up". */
const char *vrrp_bfd_state_name(enum vrrp_bfd_state state);
/* The profile that the session has; "": none. */
const char *vrrp_bfd_profile(const struct vrrp_bfd_watch *watch);

/* When no watch is left. */
void vrrp_bfd_stop(void);

#endif /* VRRP_BFD_H */
