/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A connection to this daemon is turned away, and not left waiting, when descriptors lack. */
#ifndef VRRP_ACCEPT_H
#define VRRP_ACCEPT_H

/* Keeps a descriptor for that, from now on. */
void vrrp_accept_init(void);

#endif /* VRRP_ACCEPT_H */
