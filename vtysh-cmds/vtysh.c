// SPDX-License-Identifier: GPL-2.0-or-later
/* FRR's vtysh/vtysh.c, from the source tree of the installed version. */

#include "vtysh-cmds/keys_mask.h"
#include "vtysh/vtysh.c"
