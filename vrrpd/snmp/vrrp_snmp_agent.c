// SPDX-License-Identifier: GPL-2.0-or-later
/* There is one program at a time, from its start until its end was heard by its pidfd. */
#include "vrrp_snmp_agent.h"

#include <zebra.h>

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "network.h"

#include "subagent_link.h"
#include "vrrp_daemon.h"
#include "vrrp_log.h"
#include "vrrp_program.h"
#include "vrrp_watch.h"

#define FAULT_SIZE (PATH_MAX + 256)

/* The pause before another start: it doubles for a program that does not live for long. */
#define PAUSE_FIRST_SEC	  1U
#define PAUSE_LONGEST_SEC 64U
#define LONG_LIFE	  (60 * VRRP_USEC_PER_SEC)

static struct {
	pid_t pid;
	struct vrrp_watch end;	/* a pidfd */
	struct vrrp_watch link; /* the socket */
	bool is_up;		/* there is an snmpd */
	vrrp_usec_t begun;	/* when it was started */
	unsigned int pause_sec; /* the last one; 0: none yet */
	struct event *t_start;	/* the next start */
	char fault[FAULT_SIZE]; /* "": none */
} agent;

static const struct vrrp_snmp_agent_user *user;

bool vrrp_snmp_agent_has_snmpd(void)
{
	return agent.pid && agent.is_up;
}

const char *vrrp_snmp_agent_fault(void)
{
	return *agent.fault ? agent.fault : NULL;
}

/* --- packets ----------------------------------------------------------------------- */

bool vrrp_snmp_agent_send(const void *packet, size_t size)
{
	if (!agent.pid)
		return false;
	if (send(agent.link.fd, packet, size, MSG_DONTWAIT | MSG_NOSIGNAL) >= 0)
		return true;
	/* if it has ended, that is heard soon */
	vrrp_watch_change(&agent.link, EPOLLIN | EPOLLOUT);
	return false;
}

static void set_up(bool is_up)
{
	if (is_up && !agent.is_up)
		zlog_info("snmp: snmpd shows VRRPV3-MIB");
	if (!is_up && !*agent.fault)
		zlog_warn("snmp: there is no snmpd with \"master agentx\" whose socket lets us in; "
			  "it is looked for every few seconds");
	snprintf(agent.fault, sizeof(agent.fault), "%s",
		 is_up ? ""
		       : "snmp: there is no snmpd with \"master agentx\" whose socket lets us in");
	agent.is_up = is_up;
	if (is_up)
		user->ready();
	else
		user->lost();
}

static void on_said(const struct subagent_say *say)
{
	switch (say->type) {
	case SUBAGENT_ASK:
		user->asked();
		break;
	case SUBAGENT_UP:
	case SUBAGENT_DOWN:
		set_up(say->type == SUBAGENT_UP);
		break;
	case SUBAGENT_TOLD:
		user->told();
		break;
	case SUBAGENT_SAY:
		if (vrrp_log_allowed(VRRP_LOG_SOCKET))
			zlog_warn("snmp: %.*s", SUBAGENT_TEXT, say->text);
		break;
	default:
		break;
	}
}

static void on_link(struct vrrp_watch *watch, uint32_t events)
{
	struct subagent_say say;
	ssize_t size = recv(watch->fd, &say, sizeof(say), MSG_DONTWAIT);

	if (events & EPOLLOUT) {
		vrrp_watch_change(watch, EPOLLIN);
		user->ready();
	}
	if (size == sizeof(say))
		on_said(&say);
	else if (size == 0 || (size < 0 && !ERRNO_IO_RETRY(errno)))
		vrrp_watch_change(watch, 0); /* its end is heard by the other watch */
}

/* --- its end ----------------------------------------------------------------------- */

static void forget(void)
{
	vrrp_watch_end(&agent.link);
	close(agent.link.fd);
	vrrp_watch_end(&agent.end);
	close(agent.end.fd);
	agent.pid = 0;
	agent.is_up = false;
}

static void start(struct event *event);

/* It has ended, or was not to be started: agent.fault says why. */
static void start_later(void)
{
	bool has_lived = vrrp_now() - agent.begun >= LONG_LIFE;

	agent.pause_sec = has_lived || !agent.pause_sec
				  ? PAUSE_FIRST_SEC
				  : MIN(2 * agent.pause_sec, PAUSE_LONGEST_SEC);
	zlog_warn("%s; it is started again in %u s", agent.fault, agent.pause_sec);
	event_add_timer(master, start, NULL, agent.pause_sec, &agent.t_start);
}

static void on_end(struct vrrp_watch *watch, uint32_t events)
{
	int status = 0;

	waitpid(agent.pid, &status, 0);
	forget();
	user->lost();
	if (WIFSIGNALED(status))
		snprintf(agent.fault, sizeof(agent.fault), "snmp: %s died by signal %d",
			 SUBAGENT_PROGRAM, WTERMSIG(status));
	else
		snprintf(agent.fault, sizeof(agent.fault), "snmp: %s ended with status %d",
			 SUBAGENT_PROGRAM, WEXITSTATUS(status));
	start_later();
}

void vrrp_snmp_agent_stop(void)
{
	event_cancel(&agent.t_start);
	if (!agent.pid)
		return;
	kill(agent.pid, SIGKILL);
	waitpid(agent.pid, NULL, 0);
	forget();
}

/* --- its start --------------------------------------------------------------------- */

/* Returns the errno. The program's end of the socket becomes its descriptor SUBAGENT_FD. */
static int spawn(const char *path, int link)
{
	static char *const argv[] = { (char *)SUBAGENT_PROGRAM, NULL };
	static char *const environment[] = { NULL };
	posix_spawn_file_actions_t files;
	posix_spawnattr_t attributes;
	sigset_t none, all;
	int error;

	sigemptyset(&none);
	sigfillset(&all);
	posix_spawnattr_init(&attributes);
	posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGMASK |
						      POSIX_SPAWN_SETSIGDEF);
	posix_spawnattr_setsigmask(&attributes, &none);
	posix_spawnattr_setsigdefault(&attributes, &all);
	posix_spawn_file_actions_init(&files);
	posix_spawn_file_actions_addopen(&files, STDIN_FILENO, "/dev/null", O_RDWR, 0);
	posix_spawn_file_actions_adddup2(&files, STDIN_FILENO, STDOUT_FILENO);
	posix_spawn_file_actions_adddup2(&files, STDIN_FILENO, STDERR_FILENO);
	posix_spawn_file_actions_adddup2(&files, link, SUBAGENT_FD);
	posix_spawn_file_actions_addclosefrom_np(&files, SUBAGENT_FD + 1);
	error = posix_spawn(&agent.pid, path, &files, &attributes, argv, environment);
	posix_spawn_file_actions_destroy(&files);
	posix_spawnattr_destroy(&attributes);
	if (error)
		agent.pid = 0;
	return error;
}

/* From now on it is watched; without that it may not run. Returns the errno. */
static int watch(int link)
{
	int error = 0;

	agent.link = (struct vrrp_watch){ .fd = link, .ready = on_link };
	agent.end = (struct vrrp_watch){ .fd = syscall(SYS_pidfd_open, agent.pid, 0),
					 .ready = on_end };
	if (agent.end.fd < 0)
		error = errno;
	if (!error)
		error = -vrrp_watch_begin(&agent.end, EPOLLIN);
	if (!error)
		error = -vrrp_watch_begin(&agent.link, EPOLLIN);
	if (!error)
		return 0;
	kill(agent.pid, SIGKILL);
	waitpid(agent.pid, NULL, 0);
	agent.pid = 0;
	if (agent.end.fd >= 0)
		close(agent.end.fd); /* an epoll forgets what is closed */
	return error;
}

/* Returns the errno. */
static int run(const char *path)
{
	int ends[2], error;

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) < 0)
		return errno;
	error = spawn(path, ends[1]);
	close(ends[1]);
	if (!error)
		error = watch(ends[0]);
	if (error)
		close(ends[0]);
	return error;
}

static void start(struct event *event)
{
	char path[PATH_MAX];
	int error;

	vrrp_program_path(SUBAGENT_PROGRAM, path, sizeof(path));
	agent.begun = vrrp_now();
	error = run(path);
	if (!error)
		return;
	snprintf(agent.fault, sizeof(agent.fault), "snmp: %s cannot be started: %s", path,
		 safe_strerror(error));
	start_later();
}

void vrrp_snmp_agent_start(const struct vrrp_snmp_agent_user *its_user)
{
	user = its_user;
	event_add_event(master, start, NULL, 0, &agent.t_start);
}
