// SPDX-License-Identifier: GPL-2.0-or-later
/* Which vrrpd this is: "vrrpd --version", "show vrrp version". */
#include <zebra.h>

#include "lib/version.h"

#include "command.h"
#include "json.h"
#include "log.h"
#include "vty.h"

#include "vrrp_version.h"

#define OURS "frr-crossvip " CROSSVIP_VERSION

/*
 * libfrr calls this for --version. It calls it as a dynamic symbol, so this one takes the place of
 * its own; the line begins as that of any daemon.
 */
void print_version(const char *progname)
{
	printf("%s version %s (%s)\n%s\n", progname, FRR_VERSION, OURS, FRR_COPYRIGHT);
}

/* True when the file that it was started from has been replaced or removed, as by an upgrade. */
static bool is_replaced(void)
{
	static const char mark[] = " (deleted)";
	char path[PATH_MAX];
	ssize_t length = readlink("/proc/self/exe", path, sizeof(path) - 1);

	path[MAX(length, 0)] = '\0';
	return length >= (ssize_t)sizeof(mark) && strmatch(path + length - strlen(mark), mark);
}

/* vtysh answers "show version" itself and asks no daemon. */
DEFUN(show_vrrp_version, show_vrrp_version_cmd, "show vrrp version [json]",
      SHOW_STR "Virtual Router Redundancy Protocol\n"
	       "Show which vrrpd runs, and for which FRR it was built\n" JSON_STR)
{
	struct json_object *json;

	if (!use_json(argc, argv)) {
		vty_out(vty, "%s, for FRR %s\n", OURS, FRR_VERSION);
		if (is_replaced())
			vty_out(vty,
				"its file has been replaced since it was started; \"vrrp restart\" starts the new one\n");
		return CMD_SUCCESS;
	}
	json = json_object_new_object();
	json_object_string_add(json, "version", OURS);
	json_object_string_add(json, "frrVersion", FRR_VERSION);
	json_object_boolean_add(json, "replaced", is_replaced());
	return vty_json(vty, json);
}

void vrrp_version_init(void)
{
	install_element(VIEW_NODE, &show_vrrp_version_cmd);
}

void vrrp_version_log(void)
{
	zlog_notice("this is %s", OURS);
}
