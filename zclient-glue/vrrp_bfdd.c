// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The protocol of vtysh: a command ends with a zero; its answer is text, and then three zeros and
 * an octet with the status. One command is under way at a time.
 */
#include "vrrp_bfdd.h"

#include <fcntl.h>
#include <sys/un.h>

#include <zebra.h>

#include "lib/darr.h"
#include "libfrr.h"
#include "memory.h"
#include "network.h"

#include "vrrp_daemon.h"
#include "vrrp_memory.h"

DEFINE_MTYPE_STATIC(VRRPD, VRRP_BFD_PROFILE, "VRRP BFD profile name");

#define CONNECT_MSEC 1000 /* between tries */
#define ASK_MSEC     1000
#define AGAIN_MSEC   10000
#define LINE_SIZE    512 /* of a line that can name a profile */

static const struct vrrp_bfdd_ops *ops;
static struct event *t_connect, *t_read, *t_ask;
static int fd = -1;
static bool is_told, has_run; /* what was told of it */
static bool is_known;	      /* which profiles it has */
static char **profiles;	      /* darr */

/* The answer that is being read. */
static struct {
	const char *next; /* the command after this answer; NULL: none */
	char **profiles;  /* darr */
	char line[LINE_SIZE];
	size_t length;	  /* of the line */
	unsigned int end; /* octets of the answer's end that have come */
} answer;

static void free_names(char ***names)
{
	char **name;

	darr_foreach_p (*names, name)
		XFREE(MTYPE_VRRP_BFD_PROFILE, *name);
	darr_free(*names);
}

static void forget_profiles(void)
{
	free_names(&profiles);
	free_names(&answer.profiles);
	is_known = false;
}

static void tell(bool runs)
{
	if (is_told && runs == has_run)
		return;
	is_told = true;
	has_run = runs;
	ops->runs(runs);
}

static void on_connect(struct event *event);

static void hang_up(void)
{
	event_cancel(&t_read);
	event_cancel(&t_ask);
	forget_profiles();
	if (fd >= 0)
		close(fd);
	fd = -1;
	event_add_timer_msec(master, on_connect, NULL, CONNECT_MSEC, &t_connect);
}

static void lost(void)
{
	tell(false);
	hang_up();
}

static void command(const char *text, const char *next)
{
	ssize_t size = strlen(text) + 1;

	answer.next = next;
	answer.length = answer.end = 0;
	if (write(fd, text, size) != size)
		lost();
}

static void on_ask(struct event *event)
{
	free_names(&answer.profiles);
	command("enable", "show running-config");
}

void vrrp_bfdd_ask(void)
{
	event_cancel(&t_ask);
	if (fd >= 0)
		event_add_timer_msec(master, on_ask, NULL, ASK_MSEC, &t_ask);
}

/* "  profile X", with one more space, is a line of a peer. */
static void take_line(void)
{
	static const char word[] = " profile ";

	answer.line[answer.length] = '\0';
	answer.length = 0;
	if (strncmp(answer.line, word, strlen(word)) == 0)
		*darr_append(answer.profiles) = XSTRDUP(MTYPE_VRRP_BFD_PROFILE,
							answer.line + strlen(word));
}

static void take_end(bool is_good)
{
	if (answer.next) {
		command(answer.next, NULL);
		return;
	}
	free_names(&profiles);
	profiles = answer.profiles;
	answer.profiles = NULL;
	is_known = is_good;
	if (is_known && ops->profiles())
		event_add_timer_msec(master, on_ask, NULL, AGAIN_MSEC, &t_ask);
}

static void take(char octet)
{
	if (answer.end == 3) {
		answer.end = 0;
		take_end(octet == 0);
	} else if (octet == '\0') {
		answer.end++;
	} else if (octet == '\n') {
		take_line();
	} else if (octet != '\r' && answer.length + 1 < sizeof(answer.line)) {
		answer.line[answer.length++] = octet;
	}
}

static void on_read(struct event *event)
{
	char octets[4096];
	ssize_t n = read(fd, octets, sizeof(octets));

	if (n == 0 || (n < 0 && !ERRNO_IO_RETRY(errno))) {
		lost();
		return;
	}
	for (ssize_t i = 0; i < n && fd >= 0; i++)
		take(octets[i]);
	if (fd >= 0)
		event_add_read(master, on_read, NULL, fd, &t_read);
}

static bool make_connection(void)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	size_t length;

	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return false;
	length = snprintf(address.sun_path, sizeof(address.sun_path), "%s/bfdd.vty",
			  frr_runstatedir);
	return length < sizeof(address.sun_path) &&
	       connect(fd, (struct sockaddr *)&address, sizeof(address)) == 0;
}

static void on_connect(struct event *event)
{
	if (!make_connection()) {
		lost();
		return;
	}
	tell(true);
	event_add_read(master, on_read, NULL, fd, &t_read);
	vrrp_bfdd_ask();
}

void vrrp_bfdd_start(const struct vrrp_bfdd_ops *handlers)
{
	ops = handlers;
	is_told = false;
	on_connect(NULL);
}

void vrrp_bfdd_stop(void)
{
	hang_up();
	event_cancel(&t_connect);
}

bool vrrp_bfdd_runs(void)
{
	return fd >= 0;
}

bool vrrp_bfdd_lacks(const char *profile)
{
	char **known;

	if (!*profile || !is_known)
		return false;
	darr_foreach_p (profiles, known)
		if (strmatch(*known, profile))
			return false;
	return true;
}
