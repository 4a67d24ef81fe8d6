// SPDX-License-Identifier: GPL-2.0-or-later
/* "vrrp N description": what a group is for, in the words of who runs it. */
#include <zebra.h>

#include "command.h"
#include "memory.h"

#include "vrrp_cli_private.h"
#include "vrrp_group.h"
#include "vrrpd/face/vrrp_cli_description_clippy.c"

#define XPATH "./frr-crossvip:description"

/* What the model's type says. */
static bool is_fit(const char *text)
{
	size_t length = strlen(text);

	for (size_t i = 0; i < length; i++)
		if (!isascii(text[i]) || !isprint(text[i]))
			return false;
	return length < VRRP_DESCRIPTION_SIZE;
}

/* FRR's grammar has blanks of any number between words; argv_concat() puts one there. */
DEFPY_YANG(vrrp_description, vrrp_description_cmd, "vrrp (1-255)$vrid description LINE...",
	   VRRP_STR VRID_STR "Say what this group is for\n"
			     "Printable ASCII, 80 characters at most\n")
{
	char *text = argv_concat(argv, argc, 3);
	int status;

	if (is_fit(text))
		status = vrrp_cli_set(vty, vrid, XPATH, text);
	else
		status = vrrp_cli_refuse(vty,
					 "a description is printable ASCII, 80 characters at most");
	XFREE(MTYPE_TMP, text);
	return status;
}

DEFPY_YANG(no_vrrp_description, no_vrrp_description_cmd, "no vrrp (1-255)$vrid description",
	   NO_STR VRRP_STR VRID_STR "Say what this group is for\n")
{
	return vrrp_cli_unset(vty, vrid, XPATH);
}

/* FRR's grammar has no optional LINE. */
ALIAS_YANG(no_vrrp_description, no_vrrp_description_line_cmd,
	   "no vrrp (1-255)$vrid description LINE...",
	   NO_STR VRRP_STR VRID_STR "Say what this group is for\n"
				    "Printable ASCII, 80 characters at most\n")

VRRP_CLI_SHOW(description)
{
	vty_out(vty, " vrrp %u description %s\n", vrrp_nb_vrid(vrrp_nb_group(dnode)),
		lyd_get_value(dnode));
}

void vrrp_cli_description_init(void)
{
	install_element(INTERFACE_NODE, &vrrp_description_cmd);
	install_element(INTERFACE_NODE, &no_vrrp_description_cmd);
	install_element(INTERFACE_NODE, &no_vrrp_description_line_cmd);
}
