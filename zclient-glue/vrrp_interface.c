// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * When vtysh sends a file, commands only edit the candidate, and the edits are committed at
 * the end, or after some thousands. But libfrr's "interface" commits at once, and a commit
 * walks the whole configuration, several times. So a file with a thousand interfaces, or with
 * a thousand lines from frr-reload, which writes "interface" before each, took minutes.
 *
 * Our command replaces libfrr's, and calls it except while a file is read.
 */
#include <zebra.h>

#include "command.h"
#include "northbound_cli.h"
#include "vrf.h"

#include "vrrp_interface.h"
#include "vrrp_session.h"

#define LIBFRRS "interface IFNAME [vrf NAME$vrf_name]"

static const struct cmd_element *libfrrs;
static struct cmd_element ours;

/* The name of an interface is a sufficient key, unless VRFs are network namespaces. */
static bool may_wait(const struct vty *vty)
{
	return vty->pending_allowed && !vrf_is_backend_netns();
}

static int enter_interface(const struct cmd_element *self, struct vty *vty, int argc,
			   struct cmd_token *argv[])
{
	char xpath[XPATH_MAXLEN];
	int result;

	vrrp_session_gather(vty);
	if (!may_wait(vty))
		return libfrrs->func(libfrrs, vty, argc, argv);
	snprintf(xpath, sizeof(xpath), "/frr-interface:lib/interface[name='%s']", argv[1]->arg);
	nb_cli_enqueue_change(vty, ".", NB_OP_CREATE, NULL);
	result = vrrp_session_apply(vty, "%s", xpath);
	if (result == CMD_SUCCESS)
		VTY_PUSH_XPATH(INTERFACE_NODE, xpath);
	return result;
}

static const struct cmd_element *find(enum node_type type, const char *line)
{
	const struct cmd_node *node = vector_lookup(cmdvec, type);
	const struct cmd_element *command;

	for (unsigned int i = 0; node && i < vector_active(node->cmd_vector); i++) {
		command = vector_slot(node->cmd_vector, i);
		if (command && strmatch(command->string, line))
			return command;
	}
	return NULL;
}

void vrrp_interface_init(void)
{
	libfrrs = find(CONFIG_NODE, LIBFRRS);
	if (!libfrrs)
		return;
	ours = *libfrrs;
	ours.func = enter_interface;
	uninstall_element(CONFIG_NODE, libfrrs);
	_install_element(CONFIG_NODE, &ours); /* without the macro, which tells vtysh of a new one */
}
