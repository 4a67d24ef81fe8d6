/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the daemon and the program that runs the command of a check both know. */
#ifndef COMMAND_LINK_H
#define COMMAND_LINK_H

#include <signal.h>

/* It is in the folder of the daemon. Arguments: the daemon's process id, the path, its arguments. */
#define COMMAND_PROGRAM "vrrp-command"

/* Its status when the path was not run; why is on its standard output. */
#define COMMAND_NOT_RUN 126

/* With this signal it kills the command with its process group, and ends when that has ended. */
#define COMMAND_KILL SIGHUP

#endif /* COMMAND_LINK_H */
