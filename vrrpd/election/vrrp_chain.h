/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Key chains of FRR, as authentication uses them: copies, one for each name that groups use.
 *
 * libfrr does not tell of a change, and lifetimes are wall clock time. So each chain in use is
 * looked at every second. A key is usable if it is for hmac-sha-256, its ID is 1 to 255, and it
 * has 32 to 64 characters. What is taken out of a chain stays in effect until nobody has configured
 * anything for a moment (vrrp_silence.h), since frr-reload may put it back.
 */
#ifndef VRRP_CHAIN_H
#define VRRP_CHAIN_H

#include "typesafe.h"

#include "vrrp_auth.h"

PREDECL_DLIST(vrrp_chains);

struct vrrp_chain {
	struct vrrp_chains_item item;
	unsigned int users;
	char *name;
	bool exists;		       /* in the configuration */
	struct vrrp_auth_key *keys;    /* darr, by ID */
	struct vrrp_chain_key *copies; /* vrrp_chain.c's: darr */
	uint8_t sender;		       /* ID of the key that signs now; 0: there is none */
	bool may_accept;	       /* there is a key that is accepted now */
	time_t ends; /* when there will be no key to sign with; 0: that is not known, or now */
};

/* The chain of this name, for one user more; it need not exist. Given back by vrrp_chain_put(). */
struct vrrp_chain *vrrp_chain_get(const char *name);
/* Its copies of keys are wiped with the last user. */
void vrrp_chain_put(struct vrrp_chain **chain);

/* The key to sign with now; NULL: there is none. */
const struct vrrp_auth_key *vrrp_chain_sender(const struct vrrp_chain *chain);

/* A handler for chains of which sender or may_accept has changed. */
void vrrp_chain_init(void (*changed)(const struct vrrp_chain *chain));
void vrrp_chain_stop(void);

#endif /* VRRP_CHAIN_H */
