// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * libfrr reports each command by a hook that is in none of its headers.
 *
 * libfrr commits after each line of a file that it reads for the daemon, and a commit walks
 * the whole configuration: 1000 groups took half a minute. With vty->pending_allowed, lines
 * wait as if vtysh sent them, and are committed at the end, or after some thousands. libfrr
 * does not set that for a daemon's own file, and only a command of the file sees its session.
 *
 * Lines that wait are edited into the candidate here, since libfrr evaluates an XPath and looks for
 * the end of all lines that wait each time. They are noted where libfrr expects them: it prints them
 * if the commit fails.
 */
#include "vrrp_session.h"

#include "command.h"
#include "hook.h"
#include "northbound_cli.h"

#include "frr_release.h"

/*
 * A commit walks the whole configuration, so there are to be few; but what one commit brings is done
 * at one time, also when timers expire later.
 */
#define LINES_PER_COMMIT 12000

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

static bool lines_wait(const struct vty *vty)
{
	return vty->pending_allowed && frr_get_cli_mode() == FRR_CLI_CLASSIC;
}

/* Adds the line to those that libfrr would print. */
static void note_line(struct vty *vty)
{
	size_t needed = vty->pending_cmds_bufpos + strlen(vty->buf) + sizeof("- ");

	if (needed > vty->pending_cmds_buflen) {
		vty->pending_cmds_buflen = MAX(2 * needed, (size_t)BUFSIZ);
		vty->pending_cmds_buf = XREALLOC(FRR_MTYPE_PENDING, vty->pending_cmds_buf,
						 vty->pending_cmds_buflen);
	}
	vty->pending_cmds_bufpos += snprintf(vty->pending_cmds_buf + vty->pending_cmds_bufpos,
					     vty->pending_cmds_buflen - vty->pending_cmds_bufpos,
					     "- %s", vty->buf);
}

/* False, with the reason printed, if the model does not take one of the edits. */
static bool edit(struct vty *vty, const char *base)
{
	bool is_below = base[0] == '.' && vty->xpath_index > 0;
	char xpath[XPATH_MAXLEN], words[BUFSIZ];
	bool failed = false;

	snprintf(xpath, sizeof(xpath), "%s%s", is_below ? VTY_CURR_XPATH : "",
		 is_below ? base + 1 : base);
	nb_candidate_edit_config_changes(vty->candidate_config, vty->cfg_changes,
					 vty->num_cfg_changes, xpath, false, words, sizeof(words),
					 &failed);
	if (failed)
		vty_out(vty, "%s", words);
	return !failed;
}

static int edit_and_wait(struct vty *vty, const char *base)
{
	if (!edit(vty, base))
		return CMD_WARNING_CONFIG_FAILED;
	note_line(vty);
	vty->pending_commit = 1;
	vty->buffer_cmd_count++;
	return vty->buffer_cmd_count < LINES_PER_COMMIT ? CMD_SUCCESS
							: nb_cli_pending_commit_check(vty);
}

/* A line counts whole or not at all; libfrr would commit the edits that worked. */
static int edit_and_commit(struct vty *vty, const char *base)
{
	if (!edit(vty, base)) {
		nb_config_replace(vty->candidate_config, running_config, true);
		return CMD_WARNING_CONFIG_FAILED;
	}
	vty->num_cfg_changes = 0;
	return nb_cli_apply_changes(vty, NULL);
}

int vrrp_session_apply(struct vty *vty, const char *xpath, ...)
{
	char base[XPATH_MAXLEN];
	va_list args;

	va_start(args, xpath);
	vsnprintfrr(base, sizeof(base), xpath, args);
	va_end(args);
	vrrp_session_gather(vty);
	if (lines_wait(vty))
		return edit_and_wait(vty, base);
	if (frr_get_cli_mode() == FRR_CLI_CLASSIC)
		return edit_and_commit(vty, base);
	return nb_cli_apply_changes(vty, "%s", base);
}
