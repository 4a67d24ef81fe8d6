// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Runs the command of a check. What the daemon cannot do between vfork and exec is done here: all
 * capabilities go for good, and so do the daemon's priority and folder; and nothing of it waits for a
 * file system that hangs, since only this process does.
 *
 * An exec by root gives capabilities back, and so does one of a file that has some or is set-user-ID:
 * not with PR_SET_NO_NEW_PRIVS.
 *
 * The command is a child with a process group of its own. This process waits for its end, kills what is
 * left of its group, and ends as it did. It kills all of the group when the daemon says so, or is dead.
 */
#include <errno.h>
#include <linux/sched/types.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/capability.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "command_file.h"
#include "command_link.h"

static void __attribute__((noreturn)) end(const char *why)
{
	puts(why);
	exit(COMMAND_NOT_RUN);
}

static void drop_capabilities(void)
{
	cap_t none = cap_init();

	if (!none || cap_set_proc(none) || prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
		end("its privileges cannot be dropped");
	cap_free(none);
}

/* Like any other process again, for kernels that know time slices and for those that do not. */
static void be_ordinary(void)
{
	struct sched_attr attr = { .size = sizeof(attr) };

	syscall(SYS_sched_setattr, 0, &attr, 0);
	setpriority(PRIO_PROCESS, 0, 0);
	if (chdir("/"))
		end("there is no root folder");
}

/* Signals that are told wait until they are asked for. */
static void hear_of_the_end_of(pid_t daemon, sigset_t *told)
{
	sigemptyset(told);
	sigaddset(told, COMMAND_KILL);
	sigaddset(told, SIGCHLD);
	sigprocmask(SIG_BLOCK, told, NULL);
	prctl(PR_SET_PDEATHSIG, COMMAND_KILL);
	if (getppid() != daemon)
		end("vrrpd is gone");
}

/* Until the command is reaped, its group keeps its number. */
static void __attribute__((noreturn)) watch(pid_t command, const sigset_t *told)
{
	static const struct rlimit no_core = {};
	siginfo_t ended = {};
	int which;

	while (ended.si_pid != command) {
		sigwait(told, &which);
		if (which == COMMAND_KILL)
			kill(-command, SIGKILL);
		waitid(P_PID, command, &ended, WEXITED | WNOHANG | WNOWAIT);
	}
	kill(-command, SIGKILL);
	if (ended.si_code == CLD_EXITED)
		exit(ended.si_status);
	setrlimit(RLIMIT_CORE, &no_core);
	sigprocmask(SIG_UNBLOCK, told, NULL);
	raise(ended.si_status);
	exit(COMMAND_NOT_RUN);
}

/* This may hang with the file's file system. */
static void __attribute__((noreturn)) become(char *const argv[])
{
	static char path[] = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
	static char locale[] = "LC_ALL=C";
	static char *const environment[] = { path, locale, NULL };
	const char *fault = command_file_fault(argv[0]);

	if (fault)
		end(fault);
	execve(argv[0], argv, environment);
	printf("the file cannot be run: %s\n", strerror(errno));
	exit(COMMAND_NOT_RUN);
}

int main(int argc, char **argv)
{
	sigset_t told;
	pid_t command;

	if (argc < 3)
		end("this program is for vrrpd alone");
	drop_capabilities();
	be_ordinary();
	hear_of_the_end_of(atoi(argv[1]), &told);
	command = fork();
	if (command < 0)
		end("there is no room for a process");
	setpgid(command, command); /* by both, so that neither is too early */
	if (command > 0)
		watch(command, &told);
	sigprocmask(SIG_UNBLOCK, &told, NULL);
	become(&argv[2]);
}
