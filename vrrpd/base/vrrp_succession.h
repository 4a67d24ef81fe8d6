/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * From one daemon to the next: a socket in the runtime directory, where the guardian of a dead
 * daemon answers (guardian_link.h), and holds what that one had until it is released.
 */
#ifndef VRRP_SUCCESSION_H
#define VRRP_SUCCESSION_H

#include <stdbool.h>
#include <stdint.h>

#include "vrrp_usec.h"

/*
 * At the start: calls a guardian that has outlived its daemon. From then on it holds the routes,
 * and takes no address away. False: nobody has told others to take over, so virtual routers may go
 * on as if nothing had been; true also when the guardian has done all that it had to.
 */
bool vrrp_succession_begin(void);

/*
 * zebra's instance for routes of a table. While an earlier daemon's routes are held it is another
 * one than theirs, since zebra withdraws all of theirs at the release.
 */
uint16_t vrrp_succession_instance(uint16_t table);

/*
 * Until then, on vrrp_now()'s clock, the guardian advertises for the earlier daemon's virtual routers as
 * that one did, those that vrrp_farewell_repeats() names, if it is not released before. 0: it does not.
 */
vrrp_usec_t vrrp_succession_speaks_until(void);

/* An earlier daemon's routes are held. */
bool vrrp_succession_is_held(void);

/* It lets go of the routes, and has ended when this returns. Its addresses are left as they are. */
void vrrp_succession_release(void);

/* The socket for our own guardian: a copy, which the caller closes. -1 and errno. */
int vrrp_succession_listener(void);
void vrrp_succession_close(void);

#endif /* VRRP_SUCCESSION_H */
