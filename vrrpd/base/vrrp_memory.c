// SPDX-License-Identifier: GPL-2.0-or-later
#include <zebra.h>

#include "vrrp_memory.h"

DEFINE_MGROUP(VRRPD, "vrrpd");
