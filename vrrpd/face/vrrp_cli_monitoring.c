// SPDX-License-Identifier: GPL-2.0-or-later
/* Configuration commands for what other programs read: "vrrp metrics", "vrrp events". */
#include <zebra.h>

#include "command.h"
#include "northbound_cli.h"

#include "vrrp_cli_private.h"
#include "vrrp_events.h"
#include "vrrp_nb.h"
#include "vrrp_session.h"
#include "vrrp_word.h"
#include "vrrpd/face/vrrp_cli_monitoring_clippy.c"

#define METRICS_XPATH VRRP_XPATH_GLOBAL "/metrics-file"
#define EVENTS_XPATH  VRRP_XPATH_GLOBAL "/events-socket"

#define METRICS_STR	 "Metrics for Prometheus\n"
#define METRICS_FILE_STR "File for node_exporter's textfile collector\n"
#define METRICS_PATH_STR "Absolute path that ends with .prom\n"
#define EVENTS_STR	 "Events of the history, one JSON object a line\n"
#define EVENTS_SOCK_STR	 "UNIX stream socket for any number of readers\n"
#define EVENTS_PATH_STR	 "Absolute path\n"

/* Both paths: what the model says, in a sentence. size: with the final zero. */
static const char *what_is_wrong(const char *path, size_t size, const char *suffix)
{
	size_t length = strlen(path), end = strlen(suffix);

	if (length >= size)
		return size == VRRP_SOCKET_PATH_SIZE
			       ? "the path of a socket has 107 characters at most"
			       : "a path has 255 characters at most";
	if (path[0] != '/' || !vrrp_word_is_printable(path, false))
		return "a path begins with / and is printable ASCII, without blanks";
	if (length < end + 2 || !strmatch(path + length - end, suffix))
		return *suffix ? "the name of the file ends with .prom, or node_exporter does not read it"
			       : "a path names a file";
	return NULL;
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

DEFPY_YANG(vrrp_metrics_file, vrrp_metrics_file_cmd, "vrrp metrics file PATH$path",
	   VRRP_STR METRICS_STR METRICS_FILE_STR METRICS_PATH_STR)
{
	const char *why = what_is_wrong(path, VRRP_PATH_SIZE, ".prom");

	if (why)
		return refuse(vty, "metrics file", path, why);
	return vrrp_cli_set_global(vty, METRICS_XPATH, path);
}

DEFPY_YANG(no_vrrp_metrics_file, no_vrrp_metrics_file_cmd, "no vrrp metrics file [PATH]",
	   NO_STR VRRP_STR METRICS_STR METRICS_FILE_STR METRICS_PATH_STR)
{
	return unset_global(vty, METRICS_XPATH);
}

DEFPY_YANG(vrrp_events_socket, vrrp_events_socket_cmd, "vrrp events socket PATH$path",
	   VRRP_STR EVENTS_STR EVENTS_SOCK_STR EVENTS_PATH_STR)
{
	const char *why = what_is_wrong(path, VRRP_SOCKET_PATH_SIZE, "");
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

VRRP_CLI_SHOW(metrics_file)
{
	vty_out(vty, "vrrp metrics file %s\n", lyd_get_value(dnode));
}

VRRP_CLI_SHOW(events_socket)
{
	vty_out(vty, "vrrp events socket %s\n", lyd_get_value(dnode));
}

void vrrp_cli_monitoring_init(void)
{
	install_element(CONFIG_NODE, &vrrp_metrics_file_cmd);
	install_element(CONFIG_NODE, &no_vrrp_metrics_file_cmd);
	install_element(CONFIG_NODE, &vrrp_events_socket_cmd);
	install_element(CONFIG_NODE, &no_vrrp_events_socket_cmd);
}
