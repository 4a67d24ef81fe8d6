/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a virtual router's hold waits for, in words: "show vrrp" has them below
 * "Held Back By", JSON in holdDetails.
 */
#ifndef VRRP_HOLD_H
#define VRRP_HOLD_H

/* Answers for vrrp_hold_details, from what the host is like when it is asked. */
void vrrp_hold_init(void);

#endif /* VRRP_HOLD_H */
