/* SPDX-License-Identifier: GPL-2.0-or-later */
/* UDP sockets for multicast of IPv4 on one link. */
#ifndef VRRP_LINK_SOCKET_H
#define VRRP_LINK_SOCKET_H

#include <stdint.h>

/*
 * A socket that sends on that link alone, and that this host does not hear; it does not block. The
 * descriptor or negative errno.
 */
int vrrp_link_socket(const char *ifname, uint8_t ttl);

/* Makes it hear what comes by that link for a group and port (network order). 0 or negative errno. */
int vrrp_link_socket_hear(int fd, const char *ifname, uint32_t group, uint16_t port);

#endif /* VRRP_LINK_SOCKET_H */
