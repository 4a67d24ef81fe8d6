/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Verdicts about received packets: the only list of reasons.
 *
 * Counter, log text, JSON key, YANG leaf and YANG identity of every reason come from this
 * table; the daemon has no second list of error kinds. The order is that of the checks.
 */
#ifndef VRRP_VERDICT_H
#define VRRP_VERDICT_H

#include <stdbool.h>
#include <stdint.h>

enum vrrp_verdict {
	VRRP_ACCEPTED,
	VRRP_BAD_TTL,
	VRRP_BAD_VERSION,
	VRRP_BAD_TYPE,
	VRRP_BAD_LENGTH,
	VRRP_BAD_CHECKSUM,
	VRRP_BAD_VRID, /* no virtual router of that VRID takes part here */
	VRRP_BAD_COUNT,
	VRRP_BAD_INTERVAL,
	VRRP_BAD_AUTH_TYPE,	    /* VRRPv2 with an authentication type other than 0 */
	VRRP_BAD_ADDRESS_LIST,	    /* VRRPv2; in VRRPv3 a difference is only noted */
	VRRP_BAD_MODE,		    /* multicast for a unicast virtual router, or the reverse */
	VRRP_BAD_PEER,		    /* unicast from no configured peer, or not to our source */
	VRRP_BAD_AUTH_MISSING,	    /* no trailer, and one is demanded */
	VRRP_BAD_AUTH_KEY,	    /* no such key */
	VRRP_BAD_AUTH_KEY_UNUSABLE, /* too short or too long, or for another algorithm */
	VRRP_BAD_AUTH_EXPIRED,	    /* its accept-lifetime has not begun, or is over */
	VRRP_BAD_AUTH_CLOCK,	    /* the stamp is outside the window */
	VRRP_BAD_AUTH_REPLAY,	    /* the stamp is not after the last one */
	VRRP_BAD_AUTH_DIGEST,
	VRRP_VERDICTS,
};

struct vrrp_verdict_info {
	const char *yang;     /* leaf name; RFC 8347's where it has one */
	const char *json;     /* the same in camelCase */
	const char *identity; /* of YANG, in notifications; NULL for VRRP_ACCEPTED */
	const char *text;     /* completes "packet from X discarded: " */
};

extern const struct vrrp_verdict_info vrrp_verdicts[VRRP_VERDICTS];

/* Packets by verdict; element VRRP_ACCEPTED counts the accepted ones. */
struct vrrp_verdict_counters {
	uint64_t count[VRRP_VERDICTS];
};

#endif /* VRRP_VERDICT_H */
