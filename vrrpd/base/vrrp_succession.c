// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The name belongs to the daemon that bound it last. A guardian keeps the socket, and so answers only who
 * has called before that; a name whose guardian is dead refuses the call.
 */
#include <zebra.h>

#include <fcntl.h>
#include <sys/un.h>

#include "lib_errors.h"
#include "libfrr.h"
#include "log.h"

#include "guardian_link.h"
#include "vrrp_alarm.h"
#include "vrrp_succession.h"
#include "vrrp_log.h"

/* The longest time for an answer of a guardian, and for its end. */
#define ANSWER_SEC 1

/*
 * zebra 10.3 remembers only so much of a route's instance, and withdraws it only if that is all of
 * the connection's. A daemon and the next one differ by one bit of it.
 */
#define INSTANCE_MASK  0xff
#define OTHER_INSTANCE 0x80

static int held = -1; /* the call to an earlier guardian */
static uint16_t held_instance;
static bool was_held;
static vrrp_usec_t speaks_until;
static int listener = -1; /* of our own */

static struct sockaddr_un name(void)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };

	strlcpy(address.sun_path, frr_runstatedir, sizeof(address.sun_path));
	strlcat(address.sun_path, "/" GUARDIAN_LISTENER, sizeof(address.sun_path));
	return address;
}

/* -1 and errno: nobody answers. */
static int call(void)
{
	struct timeval longest = { .tv_sec = ANSWER_SEC };
	struct sockaddr_un to = name();
	int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0), error;

	if (fd < 0 || !connect(fd, (struct sockaddr *)&to, sizeof(to))) {
		(void)setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &longest, sizeof(longest));
		return fd;
	}
	error = errno;
	close(fd);
	errno = error;
	return -1;
}

/* A name that refuses the call is of one that has ended. The guardian of a daemon that lives hangs up. */
bool vrrp_succession_begin(void)
{
	struct guardian_held answer;

	held = call();
	if (held < 0)
		return errno == ECONNREFUSED;
	if (recv(held, &answer, sizeof(answer), 0) == sizeof(answer)) {
		held_instance = answer.instance;
		was_held = true;
		if (answer.speaks_msec)
			speaks_until = vrrp_now() + answer.speaks_msec * VRRP_USEC_PER_MSEC;
		return answer.has_said;
	}
	close(held);
	held = -1;
	return true;
}

uint16_t vrrp_succession_instance(uint16_t table)
{
	uint16_t instance = table & INSTANCE_MASK;

	return was_held && held_instance == instance ? instance ^ OTHER_INSTANCE : instance;
}

vrrp_usec_t vrrp_succession_speaks_until(void)
{
	return held >= 0 ? speaks_until : 0;
}

bool vrrp_succession_is_held(void)
{
	return held >= 0;
}

void vrrp_succession_release(void)
{
	char word = GUARDIAN_RELEASE;

	if (held < 0)
		return;
	if (send(held, &word, sizeof(word), MSG_NOSIGNAL) < 0 ||
	    recv(held, &word, sizeof(word), 0) != 0)
		zlog_warn("an earlier vrrpd's guardian does not end: %s", safe_strerror(errno));
	close(held);
	held = -1;
}

int vrrp_succession_listener(void)
{
	struct sockaddr_un address = name();

	if (listener >= 0)
		return dup(listener);
	listener = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
	if (listener < 0)
		return -1;
	unlink(address.sun_path);
	if (!bind(listener, (struct sockaddr *)&address, sizeof(address)) && !listen(listener, 1))
		return dup(listener);
	vrrp_succession_close();
	return -1;
}

void vrrp_succession_close(void)
{
	struct sockaddr_un address = name();
	int error = errno;

	if (listener < 0)
		return;
	unlink(address.sun_path);
	close(listener);
	listener = -1;
	errno = error;
}
