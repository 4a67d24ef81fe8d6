// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The guardian is a program of its own and not a fork, so that it shares nothing with this process, may
 * be started while threads run, and is small. It is started from the event loop, so after the
 * fork of -d; its pidfd of this process would else be of another.
 *
 * What was lent is kept in a table, for the next guardian.
 */
#include <zebra.h>

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/capability.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "lib_errors.h"
#include "log.h"

#include "vrrp_alarm.h"
#include "vrrp_daemon.h"
#include "vrrp_guardian.h"
#include "vrrp_program.h"
#include "vrrp_succession.h"
#include "vrrp_log.h"
#include "vrrp_retry.h"

#define HEARTBEAT_MSEC 1000

/* Descriptors for the guardian are above those that it gets them as. */
#define ABOVE_FDS 16

static struct guardian_page *page;
static int lent[GUARDIAN_SLOTS]; /* the descriptor, and 1; 0 = the slot is free */
static bool is_wanted = true;
static bool sockets; /* some were lent, so that there may be something to say */

static struct {
	pid_t pid; /* 0: none */
	int pidfd;
	int link;
	vrrp_usec_t started;
	unsigned int deaths;
	int error;
	struct event *t_start, *t_end, *t_heartbeat;
} guardian = { .pidfd = -1, .link = -1 };

static void start(void);
static struct vrrp_retry retry = { .again = start };

static void on_start(struct event *event)
{
	start();
}

static void start_soon(void)
{
	if (is_wanted && !guardian.pid && !guardian.error)
		event_add_event(master, on_start, NULL, 0, &guardian.t_start);
}

/* ------------------------------------------------------------------- descriptors */

static int hand_over(uint8_t slot)
{
	uint8_t control[CMSG_SPACE(sizeof(int))] __attribute__((aligned(sizeof(size_t)))) = {};
	struct guardian_lend lend = { .slot = slot };
	struct iovec iov = { .iov_base = &lend, .iov_len = sizeof(lend) };
	struct msghdr header = { .msg_iov = &iov, .msg_iovlen = 1 };
	struct cmsghdr *c;
	int fd = lent[slot] - 1;

	if (fd >= 0) {
		header.msg_control = control;
		header.msg_controllen = sizeof(control);
		c = CMSG_FIRSTHDR(&header);
		c->cmsg_level = SOL_SOCKET;
		c->cmsg_type = SCM_RIGHTS;
		c->cmsg_len = CMSG_LEN(sizeof(fd));
		memcpy(CMSG_DATA(c), &fd, sizeof(fd));
	}
	return sendmsg(guardian.link, &header, MSG_DONTWAIT | MSG_NOSIGNAL) < 0 ? -errno : 0;
}

/* One that does not read would keep what it should give back: it is ended, and replaced. */
static void tell_slot(uint8_t slot)
{
	int error = guardian.pid ? hand_over(slot) : 0;

	if (!error)
		return;
	zlog_warn("guardian %d: does not listen: %s", guardian.pid, safe_strerror(-error));
	kill(guardian.pid, SIGKILL);
}

static uint8_t free_slot(void)
{
	for (unsigned int slot = GUARDIAN_SLOT_ZEBRA + 1; slot < GUARDIAN_SLOTS; slot++)
		if (!lent[slot])
			return slot;
	return GUARDIAN_SLOT_NONE;
}

static uint8_t lend(int fd, uint8_t slot)
{
	if (!slot)
		return slot;
	lent[slot] = fd + 1;
	tell_slot(slot);
	return slot;
}

uint8_t vrrp_guardian_lend_socket(int fd)
{
	sockets = true;
	start_soon();
	return lend(fd, free_slot());
}

void vrrp_guardian_lend_zebra(int fd)
{
	lend(fd, GUARDIAN_SLOT_ZEBRA);
}

void vrrp_guardian_take_back(uint8_t slot)
{
	if (!slot || !lent[slot])
		return;
	lent[slot] = 0;
	tell_slot(slot);
}

/* ------------------------------------------------------------------------- start */

/* A descriptor out of the way of those that the guardian has; the one before is closed. */
static int lift(int fd)
{
	int lifted = fd < 0 ? fd : fcntl(fd, F_DUPFD_CLOEXEC, ABOVE_FDS);

	if (fd >= 0)
		close(fd);
	return lifted;
}

/* An exec keeps no capability of a process that is not root's, but for an ambient one. */
static int keep_capability(void)
{
	const cap_value_t needed = CAP_NET_ADMIN;
	cap_t caps = cap_get_proc();
	int error = 0;

	if (!caps || cap_set_flag(caps, CAP_INHERITABLE, 1, &needed, CAP_SET) ||
	    cap_set_proc(caps) || cap_set_ambient(needed, CAP_SET))
		error = -errno;
	cap_free(caps);
	return error;
}

static int run(const int fds[GUARDIAN_FDS])
{
	static char *const argv[] = { (char *)GUARDIAN_PROGRAM, NULL };
	static char *const environment[] = { NULL };
	posix_spawn_file_actions_t files;
	posix_spawnattr_t attributes;
	char path[PATH_MAX];
	sigset_t none;
	int error = 0;

	vrrp_program_path(GUARDIAN_PROGRAM, path, sizeof(path));
	sigemptyset(&none);
	posix_spawnattr_init(&attributes);
	posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGMASK);
	posix_spawnattr_setsigmask(&attributes, &none);
	posix_spawn_file_actions_init(&files);
	posix_spawn_file_actions_addopen(&files, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
	posix_spawn_file_actions_addopen(&files, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
	for (int fd = GUARDIAN_FD_DAEMON; fd < GUARDIAN_FDS; fd++)
		posix_spawn_file_actions_adddup2(&files, fds[fd], fd);
	posix_spawn_file_actions_addclosefrom_np(&files, GUARDIAN_FDS);
	frr_with_privs (&vrrp_privs) {
		error = keep_capability();
		if (!error)
			error = -posix_spawn(&guardian.pid, path, &files, &attributes, argv,
					     environment);
		cap_reset_ambient();
	}
	posix_spawn_file_actions_destroy(&files);
	posix_spawnattr_destroy(&attributes);
	return error;
}

static int spawn(void)
{
	int pair[2] = { -1, -1 }, fds[GUARDIAN_FDS], error;

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) < 0)
		return -errno;
	guardian.link = pair[0];
	fds[GUARDIAN_FD_DAEMON] = lift(syscall(SYS_pidfd_open, getpid(), 0));
	fds[GUARDIAN_FD_PAGE] = fcntl(guardian_page_fd(page), F_DUPFD_CLOEXEC, ABOVE_FDS);
	fds[GUARDIAN_FD_LINK] = lift(pair[1]);
	fds[GUARDIAN_FD_LISTENER] = lift(vrrp_succession_listener());
	error = 0;
	for (int fd = GUARDIAN_FD_DAEMON; fd < GUARDIAN_FDS; fd++)
		if (fds[fd] < 0)
			error = -errno;
	if (!error)
		error = run(fds);
	for (int fd = GUARDIAN_FD_DAEMON; fd < GUARDIAN_FDS; fd++)
		if (fds[fd] >= 0)
			close(fds[fd]);
	return error;
}

static void forget(void)
{
	event_cancel(&guardian.t_end);
	event_cancel(&guardian.t_heartbeat);
	if (guardian.pidfd >= 0)
		close(guardian.pidfd);
	if (guardian.link >= 0)
		close(guardian.link);
	guardian.pid = 0;
	guardian.pidfd = guardian.link = -1;
}

static void on_end(struct event *event)
{
	pid_t pid = guardian.pid;
	bool was_short = vrrp_now() < guardian.started + VRRP_USEC_PER_SEC;
	int status = 0;

	waitpid(pid, &status, 0);
	forget();
	guardian.deaths++;
	if (WIFSIGNALED(status))
		zlog_warn("guardian %d: died by signal %d", pid, WTERMSIG(status));
	else
		zlog_warn("guardian %d: ended with status %d", pid, WEXITSTATUS(status));
	if (was_short)
		vrrp_retry_later(&retry);
	else
		start();
}

static void beat(struct event *event)
{
	guardian_page_header(page)->heartbeat_usec = vrrp_now();
	event_add_timer_msec(master, beat, NULL, HEARTBEAT_MSEC, &guardian.t_heartbeat);
}

static int begin(void)
{
	int error;

	beat(NULL);
	error = spawn();
	if (error)
		return error;
	guardian.started = vrrp_now();
	guardian.pidfd = syscall(SYS_pidfd_open, guardian.pid, 0);
	if (guardian.pidfd < 0) {
		error = -errno;
		kill(guardian.pid, SIGKILL);
		waitpid(guardian.pid, NULL, 0);
		return error;
	}
	event_add_read(master, on_end, NULL, guardian.pidfd, &guardian.t_end);
	for (unsigned int slot = 0; slot < GUARDIAN_SLOTS; slot++)
		if (lent[slot])
			tell_slot(slot);
	return 0;
}

static void start(void)
{
	int error;

	if (!is_wanted || guardian.pid || !page)
		return;
	error = begin();
	if (!error) {
		zlog_info("guardian %d: started", guardian.pid);
	} else {
		if (error != guardian.error)
			zlog_warn("guardian: cannot be started: %s; if vrrpd is killed, others notice late",
				  safe_strerror(-error));
		forget();
		vrrp_retry_later(&retry);
	}
	guardian.error = error;
}

/* --------------------------------------------------------------------------- end */

/* Nobody awaits its end by an event then. */
static void end(void)
{
	event_cancel(&guardian.t_start);
	vrrp_retry_cancel(&retry);
	guardian.error = 0;
	if (!guardian.pid)
		return;
	kill(guardian.pid, SIGKILL);
	waitpid(guardian.pid, NULL, 0);
	forget();
}

void vrrp_guardian_want(bool wanted)
{
	is_wanted = wanted;
	if (!wanted) {
		end();
		vrrp_succession_close();
	} else if (sockets) {
		start_soon();
	}
}

void vrrp_guardian_tell(uint32_t lease_sec)
{
	if (page)
		guardian_page_header(page)->lease_sec = lease_sec;
}

void vrrp_guardian_tell_instance(uint16_t instance)
{
	if (page)
		guardian_page_header(page)->instance = instance;
}

void vrrp_guardian_await(uint32_t msec)
{
	if (page)
		guardian_page_header(page)->restart_msec = msec;
}

void vrrp_guardian_stop(void)
{
	if (page)
		guardian_page_header(page)->is_planned = true;
	end();
	vrrp_succession_close();
	guardian_page_free(&page);
}

void vrrp_guardian_init(void)
{
	int error = guardian_page_new(&page);

	if (error)
		zlog_err("guardian: no memory to share with it: %s", safe_strerror(-error));
}

struct vrrp_guardian_status vrrp_guardian_status(void)
{
	return (struct vrrp_guardian_status){
		.is_wanted = is_wanted,
		.pid = guardian.pid,
		.deaths = guardian.deaths,
		.error = guardian.error,
	};
}

/* ---------------------------------------------------------------------- the page */

static void put(int error)
{
	if (error && vrrp_log_allowed(VRRP_LOG_NETLINK))
		zlog_warn("guardian: the page cannot grow: %s", safe_strerror(-error));
}

void vrrp_guardian_put_vip(uint32_t *place, const struct guardian_vip *vip)
{
	if (page)
		put(guardian_page_put_vip(page, place, vip));
}

void vrrp_guardian_put_datagram(uint32_t *place, const struct guardian_datagram *head,
				const uint8_t *octets)
{
	if (page)
		put(guardian_page_put_datagram(page, place, head, octets));
}

void vrrp_guardian_erase(uint32_t *place)
{
	if (page)
		guardian_page_erase(page, place);
	*place = 0;
}

const struct guardian_datagram *vrrp_guardian_datagram(uint32_t place)
{
	return page ? guardian_page_datagram(page, place) : NULL;
}
