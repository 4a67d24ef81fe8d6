// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * An exclusive address must not be on two routers: that of a LAN, or of a group with a witness. It
 * goes at once, before priority 0 tells the others. Of any other one the others are told first. Then
 * it is as in a drain of the daemon's: routes and addresses stay as long as it takes routing to learn
 * of the new Active router, three quarters of the longest drain; for the rest the addresses are on a
 * link that nobody redistributes, since packets come for a while after a route has gone. All routes
 * that zebra has are withdrawn together, with its connection: at once, if one of them leads to an
 * address that has gone.
 *
 * A later daemon that calls meanwhile stops all that, until it releases what is held. One that is
 * announced is awaited first, before anything is said or taken. Until it releases what is held, or is not
 * to be expected any more, the guardian repeats the advertisements that are on the page for that, and renews
 * the leases of addresses.
 */
#include "guardian_end.h"

#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <syslog.h>
#include <time.h>
#include <unistd.h>

#include "guardian_link.h"
#include "guardian_page.h"
#include "guardian_say.h"
#include "guardian_slots.h"
#include "guardian_take.h"

#define USEC_PER_SEC  1000000ULL
#define USEC_PER_MSEC 1000ULL

/* For so long a later daemon may have what is held. */
#define HOLD_MSEC 60000

/* For so long after the death, at most, advertisements are repeated; and how often is looked. */
#define SPEAK_SEC 30
#define TURN_MSEC 5

static struct guardian_view page;
static bool was_frozen;	      /* and so nothing is left of it */
static bool has_said;	      /* that others are to take over */
static uint64_t speaks_until; /* 0: nothing is repeated */

static uint64_t now_usec(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * USEC_PER_SEC + now.tv_nsec / 1000;
}

bool guardian_end_init(void)
{
	int error = guardian_view_open(&page, GUARDIAN_FD_PAGE);

	if (!error)
		error = guardian_take_init();
	if (error)
		syslog(LOG_ERR, "cannot start: %s", strerror(-error));
	return !error;
}

/* It may have grown. */
static bool read_page(void)
{
	guardian_view_close(&page);
	return !guardian_view_open(&page, GUARDIAN_FD_PAGE);
}

/* -------------------------------------------------------- until another daemon is there */

static int msec_until(uint64_t then_usec, uint64_t now)
{
	return (then_usec - now) / USEC_PER_MSEC + 1;
}

/* What the daemon would do meanwhile. */
static void act_for_daemon(uint64_t before, uint64_t now)
{
	uint32_t lease_sec = page.cells[0].header.lease_sec;
	static uint64_t renew_at;

	guardian_repeat(&page, before, now);
	if (!lease_sec || now < renew_at)
		return;
	guardian_keep(&page, SPEAK_SEC);
	renew_at = now + lease_sec * USEC_PER_SEC / 3;
}

/* True: there is something to read. */
static bool await(int fd, uint64_t then_usec)
{
	struct pollfd fds = { .fd = fd, .events = POLLIN };
	uint64_t before = now_usec(), now = before;
	int msec;

	for (; now < then_usec; before = now, now = now_usec()) {
		if (now < speaks_until)
			act_for_daemon(before, now);
		msec = msec_until(then_usec, now);
		if (now < speaks_until && msec > TURN_MSEC)
			msec = TURN_MSEC;
		if (poll(&fds, 1, msec) > 0)
			return true;
	}
	return false;
}

/*
 * It has called: it is answered, and has what is held until it releases it. False: its call has
 * ended without that.
 */
static bool hold_for_another(void)
{
	struct guardian_held held = { .instance = page.cells[0].header.instance,
				      .has_said = has_said };
	uint64_t now = now_usec();
	int caller = accept(GUARDIAN_FD_LISTENER, NULL, NULL);
	char word = 0;

	if (now < speaks_until)
		held.speaks_msec = msec_until(speaks_until, now);
	if (caller < 0 || send(caller, &held, sizeof(held), MSG_NOSIGNAL) != sizeof(held))
		return false;
	syslog(LOG_NOTICE, "a new vrrpd has called: its predecessor's routes are held for it");
	if (await(caller, now + HOLD_MSEC * USEC_PER_MSEC) && read(caller, &word, 1) == 1 &&
	    word == GUARDIAN_RELEASE)
		return true;
	close(caller);
	return false;
}

/* False: a later daemon has it all now. */
static bool wait_until(uint64_t then_usec)
{
	while (await(GUARDIAN_FD_LISTENER, then_usec))
		if (hold_for_another())
			return false;
	return true;
}

/* ---------------------------------------------------------------- the daemon is dead */

/* How long routes and addresses stay. */
struct stay {
	uint64_t routes_usec, addresses_usec;
};

static void longest(const struct guardian_vip *vip, void *arg)
{
	uint64_t *usec = arg, drain_usec = vip->drain_msec * USEC_PER_MSEC;

	if (!vip->is_exclusive && drain_usec > *usec)
		*usec = drain_usec;
}

static void is_exclusive(const struct guardian_vip *vip, void *arg)
{
	bool *found = arg;

	*found |= vip->is_exclusive;
}

static struct stay stay(void)
{
	struct stay stay = {};
	bool exclusive = false;

	guardian_view_vips(&page, longest, &stay.addresses_usec);
	guardian_view_vips(&page, is_exclusive, &exclusive);
	stay.routes_usec = exclusive ? 0 : stay.addresses_usec / 4 * 3;
	return stay;
}

/*
 * The addresses are on both links for a while: the kernel makes the local route of an IPv6 address
 * some time after it has answered, and without one it would refuse packets. False: as wait_until().
 */
static bool move_to_drain(uint64_t rest_usec)
{
	if (!wait_until(now_usec() + rest_usec / 4))
		return false;
	guardian_take(&page, GUARDIAN_ELSEWHERE);
	return true;
}

static void drain(uint64_t died, struct stay stay)
{
	uint64_t rest = stay.addresses_usec - stay.routes_usec;
	bool is_answered;

	if (!wait_until(died + stay.routes_usec))
		return;
	guardian_slot_close(GUARDIAN_SLOT_ZEBRA);
	is_answered = rest && guardian_answer(&page, rest / USEC_PER_MSEC);
	if (is_answered && !move_to_drain(rest))
		return;
	if (!wait_until(died + stay.addresses_usec))
		return;
	if (is_answered)
		guardian_cease();
	else
		guardian_take(&page, GUARDIAN_ELSEWHERE);
}

void guardian_end(void)
{
	uint64_t died = now_usec();
	unsigned int said;

	if (was_frozen || !read_page() || page.cells[0].header.is_planned)
		return;
	if (guardian_has_repeats(&page))
		speaks_until = died + SPEAK_SEC * USEC_PER_SEC;
	if (!wait_until(died + page.cells[0].header.restart_msec * USEC_PER_MSEC))
		return;
	died = now_usec();
	speaks_until = 0;
	guardian_take(&page, GUARDIAN_EXCLUSIVE);
	said = guardian_say(&page);
	has_said = true;
	syslog(LOG_NOTICE, "vrrpd has died: priority 0 sent %u times", said);
	drain(died, stay());
}

/* -------------------------------------------------------------------- a frozen daemon */

void guardian_end_if_frozen(void)
{
	const struct guardian_header *header = &page.cells[0].header;
	uint64_t lease = header->lease_sec * USEC_PER_SEC;
	static unsigned int stale; /* so often in a row */
	bool is_frozen;

	stale = lease && now_usec() > header->heartbeat_usec + lease ? stale + 1 : 0;
	is_frozen = stale > 1; /* if the host stood still, the daemon runs again as well */
	if (is_frozen && !was_frozen && read_page()) {
		syslog(LOG_WARNING, "vrrpd hangs: its routes and addresses are removed");
		shutdown(guardian_slot(GUARDIAN_SLOT_ZEBRA), SHUT_RDWR);
		guardian_take(&page, GUARDIAN_ALL);
	}
	was_frozen = is_frozen;
}
