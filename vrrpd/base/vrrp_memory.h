/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The daemon's group of memory types, "show memory vrrpd". */
#ifndef VRRP_MEMORY_H
#define VRRP_MEMORY_H

#include "memory.h"

DECLARE_MGROUP(VRRPD);

#endif /* VRRP_MEMORY_H */
