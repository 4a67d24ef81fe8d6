// SPDX-License-Identifier: GPL-2.0-or-later
/* Configuration commands for what other programs read: "vrrp events". */
#include <zebra.h>

#include "command.h"
#include "northbound_cli.h"

#include "vrrp_cli_private.h"
#include "vrrp_events.h"
#include "vrrp_nb.h"
#include "vrrp_session.h"
#include "vrrpd/face/vrrp_cli_monitoring_clippy.c"

#define EVENTS_XPATH VRRP_XPATH_GLOBAL "/events-socket"

#define EVENTS_STR	"Events of the history, one JSON object a line\n"
#define EVENTS_SOCK_STR "UNIX stream socket for any number of readers\n"
#define EVENTS_PATH_STR "Absolute path\n"

static bool is_printable(const char *text)
{
	for (; *text; text++)
		if (!isascii(*text) || !isgraph(*text))
			return false;
	return true;
}

/* What the model says, in a sentence. */
static const char *what_is_wrong(const char *path)
{
	if (path[0] != '/' || !is_printable(path))
		return "a path begins with / and is printable ASCII, without blanks";
	if (strlen(path) >= VRRP_SOCKET_PATH_SIZE)
		return "the path of a socket has 107 characters at most";
	return path[1] ? NULL : "a path names a file";
}

static int refuse(struct vty *vty, const char *what, const char *path, const char *why)
{
	char reason[VRRP_REASON_SIZE];

	snprintf(reason, sizeof(reason), "%s %.100s: %s", what, path, why);
	return vrrp_cli_refuse(vty, reason);
}

static int unset_global(struct vty *vty, const char *xpath)
{
	nb_cli_enqueue_change(vty, xpath, NB_OP_DESTROY, NULL);
	return vrrp_session_apply(vty, ".");
}

DEFPY_YANG(vrrp_events_socket, vrrp_events_socket_cmd, "vrrp events socket PATH$path",
	   VRRP_STR EVENTS_STR EVENTS_SOCK_STR EVENTS_PATH_STR)
{
	const char *why = what_is_wrong(path);
	int status;

	if (why)
		return refuse(vty, "events socket", path, why);
	status = vrrp_cli_set_global(vty, EVENTS_XPATH, path);
	if (vrrp_events_fault())
		vty_out(vty, "%% %s; it is tried again\n", vrrp_events_fault());
	return status;
}

DEFPY_YANG(no_vrrp_events_socket, no_vrrp_events_socket_cmd, "no vrrp events socket [PATH]",
	   NO_STR VRRP_STR EVENTS_STR EVENTS_SOCK_STR EVENTS_PATH_STR)
{
	return unset_global(vty, EVENTS_XPATH);
}

VRRP_CLI_SHOW(events_socket)
{
	vty_out(vty, "vrrp events socket %s\n", lyd_get_value(dnode));
}

void vrrp_cli_monitoring_init(void)
{
	install_element(CONFIG_NODE, &vrrp_events_socket_cmd);
	install_element(CONFIG_NODE, &no_vrrp_events_socket_cmd);
}
