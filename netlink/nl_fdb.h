/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Forwarding entries of bridges: that a MAC address is the bridge's own. Without, a bridge
 * below a VMAC takes each frame to the virtual MAC for one to an unknown host, and
 * sends it out of all its ports as well.
 *
 * The entry is of one VLAN where the bridge filters by VLAN, for another router may have
 * the same MAC in another one. It is to be there while Active only: a Backup with it would
 * keep the frames from the Active router behind one of the ports.
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
