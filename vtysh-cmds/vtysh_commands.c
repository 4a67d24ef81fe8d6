// SPDX-License-Identifier: GPL-2.0-or-later
/* The commands of all daemons, as extract.sh found them. */

#include "vtysh-cmds/keys_mask.h"
#include "vtysh/vtysh_cmd.c"
