// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A daemon that detached itself (-d) is started again by watchfrr or by nobody; watchfrr's command
 * line has the daemons that it watches. It tries to connect for a period before it does that, which
 * is too long for most intervals: an operator, or a package's script, runs its command himself. One
 * that did not detach has a parent, of which nothing is known.
 */
#include <zebra.h>

#include "vrrp_cli_restart.h"

#include "command.h"
#include "libfrr.h"
#include "vty.h"

#include "vrrp_cli_private.h"

#include "vrrpd/face/vrrp_cli_restart_clippy.c"

static void (*restart)(void);

static pid_t pid_of_watchfrr(void)
{
	char path[MAXPATHLEN];
	FILE *file;
	int pid = 0;

	snprintfrr(path, sizeof(path), "%s/watchfrr.pid", frr_runstatedir);
	file = fopen(path, "re");
	if (!file)
		return 0;
	if (fscanf(file, "%d", &pid) != 1)
		pid = 0;
	fclose(file);
	return pid;
}

static bool is_program(const char *path, const char *name)
{
	const char *slash = strrchr(path, '/');

	return strmatch(slash ? slash + 1 : path, name);
}

/* How a process was started: its words, each with its end. */
struct command_line {
	char words[4096];
	size_t length;
};

static void read_command_line(pid_t pid, struct command_line *line)
{
	char path[64];
	FILE *file;

	line->length = 0;
	line->words[0] = '\0';
	snprintfrr(path, sizeof(path), "/proc/%d/cmdline", (int)pid);
	file = fopen(path, "re");
	if (!file)
		return;
	line->length = fread(line->words, 1, sizeof(line->words) - 1, file);
	fclose(file);
	line->words[line->length] = '\0';
}

static bool has_word(const struct command_line *line, const char *word)
{
	for (size_t at = 0; at < line->length; at += strlen(line->words + at) + 1)
		if (strmatch(line->words + at, word))
			return true;
	return false;
}

static bool is_watched(void)
{
	struct command_line line;

	read_command_line(pid_of_watchfrr(), &line);
	return is_program(line.words, "watchfrr") && has_word(&line, "vrrpd");
}

/* Whoever started vrrpd in the foreground, as systemd or a container does, sees it end. */
static bool is_in_background(void)
{
	struct command_line line;

	read_command_line(getpid(), &line);
	return has_word(&line, "-d") || has_word(&line, "--daemon");
}

DEFPY_YANG(vrrp_restart, vrrp_restart_cmd, "vrrp restart",
	   VRRP_STR
	   "Ends vrrpd without telling other routers, so that watchfrr starts it again\n")
{
	bool watched = is_watched();

	if (!watched && is_in_background()) {
		vty_out(vty,
			"%% nothing would start vrrpd again: watchfrr does not run, or does not watch it\n");
		return CMD_WARNING_CONFIG_FAILED;
	}
	vty_out(vty,
		watched ? "watchfrr starts vrrpd again, but not before 5 seconds; \"watchfrr.sh restart vrrpd\" does it at once\n"
			: "watchfrr does not watch vrrpd: whoever runs it must start it again at once\n");
	restart();
	return CMD_SUCCESS;
}

void vrrp_cli_restart_init(void (*fn)(void))
{
	restart = fn;
	install_element(ENABLE_NODE, &vrrp_restart_cmd);
}
