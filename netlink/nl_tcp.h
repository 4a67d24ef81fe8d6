/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The kernel's counters of a TCP connection, by its descriptor. */
#ifndef NL_TCP_H
#define NL_TCP_H

#include <stdint.h>

/*
 * Octets read from the connection so far, by any process: those received less those still
 * unread. 0 when the kernel does not report it.
 */
uint64_t nl_tcp_octets_read(int fd);

#endif /* NL_TCP_H */
