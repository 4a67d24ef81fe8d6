/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The details of a virtual router's hold, in sentences: "show vrrp" has them below
 * "Held Back By", JSON in holdDetails.
 */
#ifndef VRRP_HOLD_H
#define VRRP_HOLD_H

/* Registers for vrrp_hold_details; answers come from the host's state at that moment. */
void vrrp_hold_init(void);

#endif /* VRRP_HOLD_H */
