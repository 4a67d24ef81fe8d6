/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * From one daemon to the next: a socket in the runtime directory, where the guardian of a dead
 * daemon answers (guardian_link.h), and holds what that one had until it is released.
 */
#ifndef VRRP_SUCCESSION_H
#define VRRP_SUCCESSION_H

#include <stdbool.h>
#include <stdint.h>

/*
 * At the start: calls a guardian that has outlived its daemon. From then on it holds the routes,
 * and takes no address away. True when there is one; *table: of those routes, and zebra's
 * instance. Until the release, no route must be announced by the same instance, since zebra
 * withdraws all of it then.
 */
bool vrrp_succession_hold(uint16_t *table);

/* It lets go of the routes, and has ended when this returns. Its addresses are left as they are. */
void vrrp_succession_release(void);

/* The socket for our own guardian: a copy, which the caller closes. -1 and errno. */
int vrrp_succession_listener(void);
void vrrp_succession_close(void);

#endif /* VRRP_SUCCESSION_H */
