// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A module for any daemon of FRR that writes down each YANG notification it sends, as libyang
 * prints it: one line of JSON. For tests, and for people who want to see them:
 *
 *	vrrpd -M /build/tests/notify_witness.so:/tmp/notifications …
 */
#include <zebra.h>

#include "hook.h"
#include "module.h"
#include "northbound.h"

static int write_down(const char *xpath, const struct lyd_node *tree)
{
	FILE *file = fopen(THIS_MODULE->load_args, "a");

	if (!file)
		return 1;
	lyd_print_file(file, tree, LYD_JSON, LYD_PRINT_SHRINK | LYD_PRINT_WITHSIBLINGS);
	fputc('\n', file);
	fclose(file);
	return 0;
}

static int notify_witness_init(void)
{
	if (!THIS_MODULE->load_args)
		return -1;
	hook_register(nb_notification_tree_send, write_down);
	return 0;
}

FRR_MODULE_SETUP(.name = "notify_witness", .version = "1",
		 .description = "writes down YANG notifications", .init = notify_witness_init, );
