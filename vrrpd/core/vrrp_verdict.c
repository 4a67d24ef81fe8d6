// SPDX-License-Identifier: GPL-2.0-or-later
/* The verdict table: see vrrp_verdict.h. */
#include "vrrp_verdict.h"

#include <stddef.h>

const struct vrrp_verdict_info vrrp_verdicts[VRRP_VERDICTS] = {
	[VRRP_ACCEPTED] = { "advertisement-rcvd", "advertisementRcvd", NULL,
			    "nothing is wrong with it" },
	[VRRP_BAD_TTL] = { "ip-ttl-errors", "ipTtlErrors", "ip-ttl-error",
			   "its TTL or hop limit is too low: it came from further away than allowed" },
	[VRRP_BAD_VERSION] = { "version-errors", "versionErrors", "version-error",
			       "its VRRP version is not the one in use here" },
	[VRRP_BAD_TYPE] = { "invalid-type-pkts-rcvd", "invalidTypePktsRcvd", "invalid-type-error",
			    "its type is not ADVERTISEMENT" },
	[VRRP_BAD_LENGTH] = { "packet-length-errors", "packetLengthErrors", "packet-length-error",
			      "its length does not fit its contents" },
	[VRRP_BAD_CHECKSUM] = { "checksum-errors", "checksumErrors", "checksum-error",
				"its checksum is wrong" },
	[VRRP_BAD_VRID] = { "vrid-errors", "vridErrors", "vrid-error",
			    "no virtual router with its VRID takes part here" },
	[VRRP_BAD_COUNT] = { "address-count-errors", "addressCountErrors", "address-count-error",
			     "it carries no virtual address" },
	[VRRP_BAD_INTERVAL] = { "interval-errors", "intervalErrors", "interval-error",
				"its advertisement interval is zero, or (VRRPv2) not ours" },
	[VRRP_BAD_AUTH_TYPE] = { "auth-type-errors", "authTypeErrors", "auth-type-error",
				 "it asks for VRRPv2 authentication, which is not supported" },
	[VRRP_BAD_ADDRESS_LIST] = { "address-list-errors", "addressListErrors", "address-list-error",
				    "its virtual addresses are not the ones configured here" },
	[VRRP_BAD_MODE] = { "mode-mismatch-errors", "modeMismatchErrors", "mode-mismatch-error",
			    "one side uses unicast and the other multicast" },
	[VRRP_BAD_PEER] = { "peer-source-errors", "peerSourceErrors", "peer-source-error",
			    "it is not from a configured peer, or not sent to our source" },
};
