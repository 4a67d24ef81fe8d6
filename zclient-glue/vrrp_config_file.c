// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A daemon in the background has a read-only stderr. When a command of a file writes to it, FRR
 * 10.3 closes the file that it is reading, and crashes.
 */
#include <zebra.h>

#include <fcntl.h>

#include "command.h"
#include "libfrr.h"
#include "log.h"

#include "frr_release.h"
#include "vrrp_config_file.h"

static void (*on_begin)(void), (*on_end)(void), (*on_own_end)(void);

static int mend_stderr(struct event_loop *loop)
{
	int flags = fcntl(STDERR_FILENO, F_GETFL), fd;

	if (flags >= 0 && (flags & O_ACCMODE) != O_RDONLY)
		return 0;
	fd = open("/dev/null", O_RDWR | O_NOCTTY);
	if (fd < 0 || dup2(fd, STDERR_FILENO) < 0)
		zlog_warn("cannot open /dev/null for writing: %m");
	if (fd > STDERR_FILENO)
		close(fd);
	return 0;
}

static int own_ended(struct event_loop *loop)
{
	on_own_end();
	return 0;
}

static void sent_begins(FRR_CONFIG_CALLBACK_ARGS)
{
	on_begin();
}

static void sent_ends(FRR_CONFIG_CALLBACK_ARGS)
{
	on_end();
}

void vrrp_config_file_init(void (*begins)(void), void (*ends)(void), void (*own_ends)(void))
{
	on_begin = begins;
	on_end = ends;
	on_own_end = own_ends;
	hook_register(frr_config_pre, mend_stderr);
	hook_register(frr_config_post, own_ended);
	cmd_init_config_callbacks(sent_begins, sent_ends);
}
