/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What stands between a virtual router and its majority, as warnings (vrrp_warning.h). */
#ifndef VRRP_WITNESS_EXPLAIN_H
#define VRRP_WITNESS_EXPLAIN_H

void vrrp_witness_explain_init(void);

#endif /* VRRP_WITNESS_EXPLAIN_H */
