/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Authentication of a virtual router's advertisements: "vrrp N authentication".
 *
 * Modes. enforce: all are signed, and none is accepted without a good signature; a group that has
 * no valid key is held. permissive: all are signed, and those without a trailer are accepted too.
 * receive-only: the same, but none is signed. As long as the key chain has no valid key, neither
 * of these two signs or checks anything.
 */
#ifndef VRRP_SEAL_H
#define VRRP_SEAL_H

#include "vrrp_group.h"

/* Takes or gives back the key chain, as the group's applied configuration says. */
void vrrp_seal_follow(struct vrrp_group *group);
/* The group goes: gives back the key chain, and frees what is remembered of senders. */
void vrrp_seal_forget(struct vrrp_group *group);

/* Sets the hold of a router that lacks a key. */
void vrrp_seal_look(struct vrrp_router *router);

/*
 * Signs an encoded message, which has room for a trailer, if the group signs; *size grows. False:
 * it must not be sent unsigned, and there is no key. The checksum is to be set anew when it has
 * grown.
 */
bool vrrp_seal_sign(struct vrrp_router *router, uint8_t *message, size_t *size);

/* Judges an advertisement that is accepted but for this, and moves its sender's mark. */
enum vrrp_verdict vrrp_seal_check(struct vrrp_router *router, const struct vrrp_datagram *dgram,
				  const struct vrrp_advert *advert);

/* In effect: how far a clock may be off, in seconds; 0 with monotonic. */
unsigned int vrrp_seal_window_sec(const struct vrrp_group *group);
/* The ID of the key that signs; 0: none. */
uint8_t vrrp_seal_key_id(const struct vrrp_group *group);
/* "enforce", "permissive", "receive-only" */
const char *vrrp_seal_mode_name(enum vrrp_auth_mode mode);

/* What is in effect, in words: "key chain k, enforce, time (5 s), signs with key 1". */
#define VRRP_SEAL_STRLEN 160
const char *vrrp_seal_words(const struct vrrp_group *group, char text[VRRP_SEAL_STRLEN]);

/* How far the clock of who signed it is ahead of ours, in milliseconds; negative: behind. */
int64_t vrrp_seal_ahead_msec(const struct vrrp_datagram *dgram);

void vrrp_seal_init(void);
void vrrp_seal_stop(void);

#endif /* VRRP_SEAL_H */
