// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Becomes the command of a check. What the daemon cannot do between vfork and exec is done here: all
 * capabilities go for good, and so do the daemon's priority and folder; and nothing of it waits for a
 * file system that hangs, since only this process does.
 *
 * An exec by root gives capabilities back, and so does one of a file that has some or is set-user-ID:
 * not with PR_SET_NO_NEW_PRIVS.
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

/* Also of a daemon that is killed no command stays. */
static void die_with(pid_t daemon)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != daemon)
		end("vrrpd is gone");
}

int main(int argc, char **argv)
{
	static char path[] = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
	static char locale[] = "LC_ALL=C";
	static char *const environment[] = { path, locale, NULL };
	const char *fault;

	if (argc < 3)
		end("this program is for vrrpd alone");
	drop_capabilities();
	be_ordinary();
	die_with(atoi(argv[1]));
	fault = command_file_fault(argv[2]);
	if (fault)
		end(fault);
	execve(argv[2], &argv[2], environment);
	fprintf(stdout, "the file cannot be run: %s\n", strerror(errno));
	return COMMAND_NOT_RUN;
}
