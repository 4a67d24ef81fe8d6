/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Time as the state machine counts it. */
#ifndef VRRP_USEC_H
#define VRRP_USEC_H

#include <stdint.h>

/* Microseconds of a monotonic clock, or a span of them. */
typedef uint64_t vrrp_usec_t;

#define VRRP_MSEC_PER_CS   10
#define VRRP_USEC_PER_MSEC 1000ULL
#define VRRP_USEC_PER_CS   10000ULL
#define VRRP_USEC_PER_SEC  1000000ULL

#endif /* VRRP_USEC_H */
