/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the kernel tells of a TCP connection, by its descriptor. */
#ifndef NL_TCP_H
#define NL_TCP_H

#include <stdint.h>

/*
 * How many octets were read of it so far, by whoever: all that came, less what still
 * waits. 0 when the kernel does not tell.
 */
uint64_t nl_tcp_octets_read(int fd);

#endif /* NL_TCP_H */
