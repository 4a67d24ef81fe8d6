/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Forwarding entries of bridges which say that a MAC address is the bridge's own. Without
 * one, a bridge below a VMAC treats each frame to the virtual MAC as one to an unknown host,
 * and floods it to all its ports.
 *
 * On a bridge that filters by VLAN the entry is for one VLAN, since another router may have
 * the same MAC in another. It must exist only while Active: on a Backup it would keep
 * frames from reaching the Active router behind one of the ports.
 */
#ifndef NL_FDB_H
#define NL_FDB_H

#include <stdint.h>

#include "nl_link.h"

struct nl_fdb_key {
	int bridge;    /* ifindex; 0: there is none */
	uint16_t vlan; /* 0: the bridge does not filter by VLAN */
	uint8_t mac[NL_MAC_BYTES];
};

/* The bridge that a link is, or is a VLAN of. 0; -ENODEV: neither; other negative errno. */
int nl_fdb_find(struct nl_conn *conn, int ifindex, const uint8_t mac[NL_MAC_BYTES],
		struct nl_fdb_key *key);

/*
 * Adds it, also in place of one that the bridge has learned from a port. 0; -EEXIST:
 * there is a permanent one, which is left as it is; other negative errno.
 */
int nl_fdb_add(struct nl_conn *conn, const struct nl_fdb_key *key);

/* Removes it. 0, also when it is gone; negative errno. */
int nl_fdb_del(struct nl_conn *conn, const struct nl_fdb_key *key);

#endif /* NL_FDB_H */
