/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Checks whether a virtual router has all that it needs to take part in the election. */
#ifndef VRRP_ADMISSION_H
#define VRRP_ADMISSION_H

#include "vrrp_group.h"

/*
 * Each file that judges a need of the router sets its hold or takes it back; the link for VIPs is
 * made if it lacks nothing else. Other holds stay as they are. False: see vrrp_source_look().
 */
bool vrrp_admission_look(struct vrrp_router *router);

/* The daemon ends: whatever is configured from now on, all have the hold of a shutdown. */
void vrrp_admission_close(void);

#endif /* VRRP_ADMISSION_H */
