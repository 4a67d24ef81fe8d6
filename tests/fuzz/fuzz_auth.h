/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Authentication, as fuzz_receive tries and judges it: a key chain, stories of signatures, and a
 * second opinion on each advertisement that is sent or received. The HMAC is libfrr's here as well,
 * over octets that are put together in another way.
 */
#ifndef FUZZ_AUTH_H
#define FUZZ_AUTH_H

#include "fuzz.h"
#include "vrrp_auth.h"
#include "vrrp_group.h"

/* What is known of senders, by the last octet of their addresses, and of ourselves. */
struct fuzz_auth {
	struct vrrp_auth_conf conf;
	struct vrrp_auth_mark heard[UINT8_MAX + 1];
	struct vrrp_auth_mark sent;
	uint8_t again[VRRP_PACKET_MAX]; /* the last signed advertisement, */
	size_t again_size;		/* 0: there was none */
	struct vrrp_addr again_src;
};

/* One octet of configuration: whether, mode, replays, window. */
void fuzz_auth_take(struct fuzz_auth *auth, uint8_t how);

/*
 * Signs a message of size octets, and spoils that, as the input says; or puts one in its place that
 * was signed before. Returns the size. The checksum is to be set anew.
 */
size_t fuzz_auth_sign(struct fuzz_auth *auth, struct fuzz_input *in, struct vrrp_addr *src,
		      uint8_t *message, size_t size);

/* What the daemon has to say of an advertisement with which nothing else is wrong. */
enum vrrp_verdict fuzz_auth_judge(const struct fuzz_auth *auth, const struct vrrp_datagram *dgram,
				  bool has_trailer, uint32_t interval_cs);
/* It was accepted. */
void fuzz_auth_accepted(struct fuzz_auth *auth, const struct vrrp_datagram *dgram);
/* Rules for what is sent; conf: what is in effect. */
void fuzz_auth_sent(struct fuzz_auth *auth, const struct vrrp_auth_conf *conf,
		    const struct vrrp_datagram *dgram, bool has_trailer);

#endif /* FUZZ_AUTH_H */
