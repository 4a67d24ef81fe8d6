// SPDX-License-Identifier: GPL-2.0-or-later
/* libfrr tells of each command by a hook that none of its headers has. */
#include "vrrp_session.h"

#include "hook.h"

#define ASKING_MOST 4

DECLARE_KOOH(cmd_execute_done, (struct vty * vty, const char *cmd_exec), (vty, cmd_exec));

static void (*asking[ASKING_MOST])(void);
static unsigned int asking_count;

static int command_done(struct vty *vty, const char *command)
{
	for (unsigned int i = 0; vty->config && i < asking_count; i++)
		asking[i]();
	return 0;
}

void vrrp_session_init(void (*configuring)(void))
{
	assert(asking_count < ASKING_MOST);
	if (!asking_count)
		hook_register(cmd_execute_done, command_done);
	asking[asking_count++] = configuring;
}
