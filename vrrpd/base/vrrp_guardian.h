/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The guardian: a process of ours that ends what this daemon has, when the daemon is killed.
 * Rooms above put on its page what it must know then; guardian/ has the process itself.
 */
#ifndef VRRP_GUARDIAN_H
#define VRRP_GUARDIAN_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "guardian_link.h"
#include "guardian_page.h"

/* The page, before anything is put on it. Without memory for it, there is no guardian. */
void vrrp_guardian_init(void);

/*
 * "vrrp guardian": whether there is to be one. It is made when a virtual router first listens. One
 * that dies is replaced.
 */
void vrrp_guardian_want(bool is_wanted);

/* "vrrp address-lease". */
void vrrp_guardian_tell(uint32_t lease_sec);
/* zebra's instance of the routes. */
void vrrp_guardian_tell_instance(uint16_t instance);

/* The planned end: the guardian does nothing more, and is gone when this returns. */
void vrrp_guardian_stop(void);

/*
 * The daemon ends at once, to be started again: for so long the guardian keeps everything as it is,
 * and says nothing.
 */
void vrrp_guardian_await(uint32_t msec);

/*
 * Puts a record on the page, or changes it; *place belongs to the caller (guardian_page.h), and
 * stays 0 when there is no page.
 */
void vrrp_guardian_put_vip(uint32_t *place, const struct guardian_vip *vip);
void vrrp_guardian_put_datagram(uint32_t *place, const struct guardian_datagram *head,
				const uint8_t *octets);
void vrrp_guardian_erase(uint32_t *place);
/* The datagram at a place; NULL: none. */
const struct guardian_datagram *vrrp_guardian_datagram(uint32_t place);

/*
 * Lends a raw socket, or zebra's connection, which is taken back before the daemon closes it. The slot of a
 * socket; GUARDIAN_SLOT_NONE when there is no room.
 */
uint8_t vrrp_guardian_lend_socket(int fd);
void vrrp_guardian_lend_zebra(int fd);
void vrrp_guardian_take_back(uint8_t slot);

struct vrrp_guardian_status {
	bool is_wanted;
	pid_t pid;	     /* 0: it does not run */
	unsigned int deaths; /* of guardians that nobody had ended */
	int error;	     /* negative errno of the last attempt to start one; 0 = it worked */
};
struct vrrp_guardian_status vrrp_guardian_status(void);

#endif /* VRRP_GUARDIAN_H */
