/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Refuses connections to this daemon while there are no free descriptors. */
#ifndef VRRP_ACCEPT_H
#define VRRP_ACCEPT_H

/* Reserves a descriptor for that. */
void vrrp_accept_init(void);

#endif /* VRRP_ACCEPT_H */
