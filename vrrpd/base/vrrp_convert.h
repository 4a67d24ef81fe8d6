/* SPDX-License-Identifier: GPL-2.0-or-later */
/* An address as libfrr knows it. */
#ifndef VRRP_CONVERT_H
#define VRRP_CONVERT_H

#include <zebra.h>

#include "prefix.h"

#include "vrrp_addr.h"

/* The prefix of that one host; address is set. */
struct prefix vrrp_addr_prefix(const struct vrrp_addr *address);

#endif /* VRRP_CONVERT_H */
