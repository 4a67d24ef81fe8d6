// SPDX-License-Identifier: GPL-2.0-or-later
/* A look at a file: a number of 0 is good. Whoever takes a server out of service writes another one. */
#include "vrrp_probe_private.h"

#include "vrrp_number_file.h"

static void file_begin(struct vrrp_probe *probe)
{
	const char *why = NULL;
	int number = vrrp_number_file_read(probe->conf.path, &why);

	if (number == -EMFILE || number == -ENFILE || number == -ENOMEM)
		vrrp_probe_error(probe, -number);
	else if (number < 0)
		vrrp_probe_result(probe, false, "%s", why);
	else if (number > 0)
		vrrp_probe_result(probe, false, "its number is %d", number);
	else
		vrrp_probe_result(probe, true, "ok");
}

/* Each try ends as it begins. */
static void file_end(struct vrrp_probe *probe)
{
}

const struct vrrp_probe_method vrrp_probe_file = {
	.takes_descriptor = true,
	.begin = file_begin,
	.end = file_end,
};
