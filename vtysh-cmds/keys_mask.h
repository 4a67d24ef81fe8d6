/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The one thing in which our vtysh's own code differs from FRR's.
 *
 * vtysh knows which daemons keep key chains (VTYSH_KEYS in FRR's vtysh.h), and
 * up to 10.3 at least the stock vrrpd is not one of them.  Ours reads key
 * chains, so "key chain" and all below it must reach it too.  FRR's
 * header is read first and its mask kept as a constant; being guarded, it does
 * not take back the wider one when FRR's code includes it again.
 */

#ifndef CROSSVIP_KEYS_MASK_H
#define CROSSVIP_KEYS_MASK_H

#include <zebra.h>
#include "command.h"
#include "linklist.h"
#include "vtysh/vtysh.h"

enum { CROSSVIP_STOCK_KEYS = VTYSH_KEYS };

#undef VTYSH_KEYS
#define VTYSH_KEYS (CROSSVIP_STOCK_KEYS | VTYSH_VRRPD)

#endif /* CROSSVIP_KEYS_MASK_H */
