// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * libfrr reports each command by a hook that is in none of its headers.
 *
 * libfrr commits after each line of a file that it reads for the daemon, and a commit walks
 * the whole configuration: 1000 groups took half a minute. With vty->pending_allowed, lines
 * wait as if vtysh sent them, and are committed at the end, or after some thousands. libfrr
 * does not set that for a daemon's own file, and only a command of the file sees its session.
 */
#include "vrrp_session.h"

#include "hook.h"
#include "northbound_cli.h"

DECLARE_KOOH(cmd_execute_done, (struct vty * vty, const char *cmd_exec), (vty, cmd_exec));

static void (*on_configuring)(void);

static int command_done(struct vty *vty, const char *command)
{
	if (vty->config)
		on_configuring();
	return 0;
}

void vrrp_session_init(void (*configuring)(void))
{
	on_configuring = configuring;
	hook_register(cmd_execute_done, command_done);
}

void vrrp_session_gather(struct vty *vty)
{
	if (vty->type == VTY_FILE)
		vty->pending_allowed = true;
}

int vrrp_session_apply(struct vty *vty, const char *xpath, ...)
{
	char base[XPATH_MAXLEN];
	va_list args;

	va_start(args, xpath);
	vsnprintfrr(base, sizeof(base), xpath, args);
	va_end(args);
	vrrp_session_gather(vty);
	return nb_cli_apply_changes(vty, "%s", base);
}
