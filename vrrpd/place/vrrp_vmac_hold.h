/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The reason why a VMAC cannot be made or used, in words. */
#ifndef VRRP_VMAC_HOLD_H
#define VRRP_VMAC_HOLD_H

#include "vrrp_warning.h"

/* Adds the sentence; none when it can be had. */
void vrrp_vmac_explain(const struct vrrp_router *router, struct vrrp_sentences *sentences);

#endif /* VRRP_VMAC_HOLD_H */
