/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The two tables that bind nodes of the YANG models to callbacks. */
#ifndef VRRP_NB_TABLE_H
#define VRRP_NB_TABLE_H

#include <zebra.h>

#include "northbound.h"

/* Stock's nodes (the installed frr-vrrpd.yang) and ours (yang/frr-crossvip.yang). */
extern const struct frr_yang_module_info frr_vrrpd_info;
extern const struct frr_yang_module_info frr_crossvip_info;

#endif /* VRRP_NB_TABLE_H */
