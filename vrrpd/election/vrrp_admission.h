/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Checks whether a virtual router has all that it needs to take part in the election. */
#ifndef VRRP_ADMISSION_H
#define VRRP_ADMISSION_H

#include "vrrp_group.h"

/* The reason why it cannot take part, the first by precedence; VRRP_HOLD_NONE when it can. */
enum vrrp_hold vrrp_admission_hold(struct vrrp_router *router);

#endif /* VRRP_ADMISSION_H */
