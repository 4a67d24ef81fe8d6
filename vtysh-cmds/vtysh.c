// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * FRR's vtysh/vtysh.c, from the source tree of the installed version. Its function that sends a
 * file reads the lines by pipeline.h.
 */

#include "vtysh-cmds/keys_mask.h"
#include "vtysh-cmds/pipeline.h"

#define command_config_read_one_line pipeline_read_line
#define vtysh_config_from_file	     frrs_config_from_file

#include "vtysh/vtysh.c"

#undef vtysh_config_from_file

int vtysh_config_from_file(struct vty *file, FILE *fp)
{
	return pipeline_finish(frrs_config_from_file(file, fp));
}
