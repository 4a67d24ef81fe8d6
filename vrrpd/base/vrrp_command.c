// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A command is in the list from its start to its end. It is run by a program of ours
 * (guardian/command_main.c), since the daemon stands still from vfork to exec, and may not wait there
 * for the file system of the command; and since that program outlives a daemon that is killed.
 */
#include "vrrp_command.h"

#include <zebra.h>

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "memory.h"
#include "typesafe.h"

#include "command_file.h"
#include "command_link.h"
#include "vrrp_memory.h"
#include "vrrp_program.h"
#include "vrrp_watch.h"

DEFINE_MTYPE_STATIC(VRRPD, VRRP_COMMAND, "VRRP command that runs");

/* With the program's own three and the zero at the end. */
#define MOST_ARGUMENTS 64
#define CHUNK	       16384

PREDECL_DLIST(commands);

struct vrrp_command {
	struct commands_item item;
	pid_t pid;		  /* of that program */
	struct vrrp_watch end;	  /* a pidfd */
	struct vrrp_watch output; /* of a pipe; -1: closed */
	char line[VRRP_COMMAND_LINE_SIZE];
	size_t length;
	bool line_is_over;
	size_t written;
	vrrp_command_fn ended;
	void *arg;
};

DECLARE_DLIST(commands, struct vrrp_command, item);

static struct commands_head commands = INIT_DLIST(commands);

const char *vrrp_command_fault(const char *path)
{
	return command_file_fault(path);
}

unsigned int vrrp_command_count(void)
{
	return commands_count(&commands);
}

/* ------------------------------------------------------------------------ output */

static void keep_line(struct vrrp_command *command, const char *text, size_t length)
{
	for (size_t i = 0; i < length && !command->line_is_over; i++) {
		if (text[i] == '\n' || command->length == sizeof(command->line) - 1)
			command->line_is_over = true;
		else
			command->line[command->length++] = isprint((unsigned char)text[i]) ? text[i]
											   : '?';
	}
}

static void close_output(struct vrrp_command *command)
{
	if (command->output.fd < 0)
		return;
	vrrp_watch_end(&command->output);
	close(command->output.fd);
	command->output.fd = -1;
}

static bool has_written_too_much(const struct vrrp_command *command)
{
	return command->written > VRRP_COMMAND_MOST;
}

/* One piece; false: there is no more now. */
static bool read_output(struct vrrp_command *command)
{
	char text[CHUNK];
	ssize_t length = read(command->output.fd, text, sizeof(text));

	if (length < 0 && (errno == EAGAIN || errno == EINTR))
		return false;
	if (length > 0) {
		keep_line(command, text, length);
		command->written += length;
	}
	if (length > 0 && !has_written_too_much(command))
		return true;
	close_output(command);
	return false;
}

static void on_output(struct vrrp_watch *watch, uint32_t events)
{
	struct vrrp_command *command = container_of(watch, struct vrrp_command, output);

	read_output(command);
	if (has_written_too_much(command))
		vrrp_command_kill(command);
}

/* ------------------------------------------------------------------------ end */

static void forget(struct vrrp_command *command)
{
	close_output(command);
	vrrp_watch_end(&command->end);
	close(command->end.fd);
	commands_del(&commands, command);
	XFREE(MTYPE_VRRP_COMMAND, command);
}

static void on_end(struct vrrp_watch *watch, uint32_t events)
{
	struct vrrp_command *command = container_of(watch, struct vrrp_command, end);
	struct vrrp_command_result result = {};
	vrrp_command_fn ended = command->ended;
	void *arg = command->arg;
	char line[VRRP_COMMAND_LINE_SIZE];

	while (command->output.fd >= 0 && read_output(command))
		;
	waitpid(command->pid, &result.status, 0);
	result.has_written_too_much = has_written_too_much(command);
	strlcpy(line, command->line, sizeof(line));
	result.line = line;
	forget(command);
	ended(&result, arg);
}

void vrrp_command_kill(struct vrrp_command *command)
{
	kill(command->pid, COMMAND_KILL);
}

void vrrp_command_leave(struct vrrp_command **command, vrrp_command_fn ended)
{
	if (*command) {
		(*command)->ended = ended;
		(*command)->arg = NULL;
		vrrp_command_kill(*command);
	}
	*command = NULL;
}

void vrrp_command_stop(void)
{
	struct vrrp_command *command;

	while ((command = commands_first(&commands))) {
		vrrp_command_kill(command);
		forget(command);
	}
}

/* ------------------------------------------------------------------------ start */

static int spawn(pid_t *pid, int output, char *const argv[])
{
	static char *const environment[] = { NULL };
	posix_spawn_file_actions_t files;
	posix_spawnattr_t attributes;
	char program[PATH_MAX];
	sigset_t none, all;
	int error;

	vrrp_program_path(COMMAND_PROGRAM, program, sizeof(program));
	sigemptyset(&none);
	sigfillset(&all);
	posix_spawnattr_init(&attributes);
	posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGMASK |
						      POSIX_SPAWN_SETSIGDEF);
	posix_spawnattr_setsigmask(&attributes, &none);
	posix_spawnattr_setsigdefault(&attributes, &all);
	posix_spawn_file_actions_init(&files);
	posix_spawn_file_actions_addopen(&files, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
	posix_spawn_file_actions_adddup2(&files, output, STDOUT_FILENO);
	posix_spawn_file_actions_adddup2(&files, output, STDERR_FILENO);
	posix_spawn_file_actions_addclosefrom_np(&files, STDERR_FILENO + 1);
	error = posix_spawn(pid, program, &files, &attributes, argv, environment);
	posix_spawn_file_actions_destroy(&files);
	posix_spawnattr_destroy(&attributes);
	return -error;
}

static int spawn_with(struct vrrp_command *command, const char *path, const char *arguments,
		      int output)
{
	char *text = XSTRDUP(MTYPE_VRRP_COMMAND, arguments ? arguments : ""), *rest = text, *word;
	char pid[16], *argv[MOST_ARGUMENTS] = { (char *)COMMAND_PROGRAM, pid, (char *)path };
	unsigned int count = 3;
	int error;

	snprintf(pid, sizeof(pid), "%d", getpid());
	while (count < MOST_ARGUMENTS - 1 && (word = strsep(&rest, " ")))
		if (*word)
			argv[count++] = word;
	error = spawn(&command->pid, output, argv);
	XFREE(MTYPE_VRRP_COMMAND, text);
	return error;
}

/* From now on it is watched; without that it may not run. */
static int watch(struct vrrp_command *command)
{
	int error = 0;

	command->end.fd = syscall(SYS_pidfd_open, command->pid, 0);
	if (command->end.fd < 0)
		error = -errno;
	if (!error)
		error = vrrp_watch_begin(&command->end, EPOLLIN);
	if (!error)
		error = vrrp_watch_begin(&command->output, EPOLLIN);
	if (!error)
		return 0;
	vrrp_command_kill(command);
	waitpid(command->pid, NULL, 0);
	if (command->end.fd >= 0)
		close(command->end.fd); /* an epoll forgets what is closed */
	return error;
}

int vrrp_command_start(struct vrrp_command **commandp, const char *path, const char *arguments,
		       vrrp_command_fn ended, void *arg)
{
	struct vrrp_command *command;
	int ends[2], error;

	*commandp = NULL;
	if (pipe2(ends, O_CLOEXEC) < 0)
		return -errno;
	fcntl(ends[0], F_SETFL, O_NONBLOCK); /* ours alone */
	command = XCALLOC(MTYPE_VRRP_COMMAND, sizeof(*command));
	*command = (struct vrrp_command){ .end.ready = on_end,
					  .output = { .fd = ends[0], .ready = on_output },
					  .ended = ended,
					  .arg = arg };
	error = spawn_with(command, path, arguments, ends[1]);
	close(ends[1]);
	if (!error)
		error = watch(command);
	if (error) {
		close(ends[0]);
		XFREE(MTYPE_VRRP_COMMAND, command);
		return error;
	}
	commands_add_tail(&commands, command);
	*commandp = command;
	return 0;
}
