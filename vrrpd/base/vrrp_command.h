/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Commands: programs that the daemon runs, without a shell, and whose end it hears.
 *
 * A command has a session and a process group of its own, has no capability and cannot get one, an environment
 * of PATH and LC_ALL=C, no standard input, and no descriptor of the daemon's. What is left of its group
 * is killed when it ends; all of the group is when the daemon stops or is killed.
 */
#ifndef VRRP_COMMAND_H
#define VRRP_COMMAND_H

#include <stdbool.h>

/* Octets of its output's first line that are kept, with the zero. */
#define VRRP_COMMAND_LINE_SIZE 64
/* One that writes more octets than this is killed. */
#define VRRP_COMMAND_MOST (1024 * 1024)

struct vrrp_command;

struct vrrp_command_result {
	int status;		   /* of waitpid(2) */
	bool has_written_too_much; /* and was killed for that */
	const char *line;	   /* of its output or its errors, printable ASCII; "": nothing */
};

/* It has ended; it is freed when this returns. Called from the event loop. */
typedef void (*vrrp_command_fn)(const struct vrrp_command_result *result, void *arg);

/* NULL, or why a file cannot be a command's: a short sentence, static. It may hang with its file system. */
const char *vrrp_command_fault(const char *path);

/* Runs a file with arguments that blanks separate (NULL: none). 0 or negative errno. */
int vrrp_command_start(struct vrrp_command **command, const char *path, const char *arguments,
		       vrrp_command_fn ended, void *arg);

/* Kills it with all of its group; ended is called soon, or when the kernel lets it end. */
void vrrp_command_kill(struct vrrp_command *command);

/* Kills it, since who has it goes; instead of ended this is called, without an argument. */
void vrrp_command_leave(struct vrrp_command **command, vrrp_command_fn ended);

/* How many there are, also of those that were killed and have not ended yet. */
unsigned int vrrp_command_count(void);

/* Kills all, and waits for none. */
void vrrp_command_stop(void);

#endif /* VRRP_COMMAND_H */
