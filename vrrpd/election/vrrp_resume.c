// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Two tables. The one that was read at the start is sorted, and is freed when none of it can be
 * resumed any more. The one that is written has a pointer to the router of each entry, which is
 * Active; it is not used from a change on (is_changed) until it is made anew.
 *
 * A write is two system calls for a thousand routers, and one for times alone. Both are timers, so
 * that a crowd's changes are one write; neither is as frequent as advertisements are.
 */
#include "vrrp_resume.h"

#include <sys/stat.h>

#include "darr.h"
#include "lib_errors.h"
#include "libfrr.h"
#include "log.h"

#include "vrrp_daemon.h"
#include "vrrp_farewell.h"
#include "vrrp_send.h"
#include "vrrp_source.h"
#include "vrrp_state_file.h"
#include "vrrp_succession.h"
#include "vrrp_tick.h"
#include "vrrp_warning.h"
#include "vrrp_witness.h"

#define FILE_NAME "vrrpd-active"

/* The shortest pause between two writes; and before times are, which grows by one for so many. */
#define WRITE_MSEC	   50
#define RETRY_MSEC	   10000 /* after an error */
#define STAMP_MSEC	   5
#define ROUTERS_FOR_A_MSEC 10

/* The guardian awaits the next daemon for so long, if it speaks: watchfrr needs five seconds to notice. */
#define AWAIT_MSEC 10000

static char path[MAXPATHLEN];

static struct vrrp_state_table before; /* sorted; sent is 0: resumed, or forgotten */
static vrrp_usec_t last_chance;	       /* of all of them */
static size_t entries_read, in_time;   /* when it was read */
static bool is_settled;

static struct vrrp_state_table active;
static struct vrrp_router **routers; /* darr, of the entries */
static int file = -1;
static bool is_changed;
static int read_error, write_error;
static vrrp_usec_t written;
static struct event *t_write, *t_stamp;

/* ----------------------------------------------------------------------- entries */

static uint32_t mix(uint32_t sum, const void *data, size_t size)
{
	const uint8_t *octet = data;

	for (size_t i = 0; i < size; i++)
		sum = (sum ^ octet[i]) * UINT32_C(16777619);
	return sum;
}

static uint32_t mix_address(uint32_t sum, const struct vrrp_addr *address)
{
	return mix(sum, address->octets, vrrp_addr_size(address->family));
}

/* What peers and hosts see of it. */
static uint32_t fingerprint(const struct vrrp_router *router)
{
	const struct vrrp_group_conf *conf = &router->group->applied;
	const uint32_t values[] = { conf->version,     conf->priority,
				    conf->interval_cs, conf->version_2_too,
				    conf->accept_mode, vrrp_router_placement(router) };
	uint32_t sum = mix(UINT32_C(2166136261), values, sizeof(values));
	const struct vrrp_peer *peer;
	const struct vrrp_addr *vip;

	darr_foreach_p (router->vips, vip)
		sum = mix_address(sum, vip);
	darr_foreach_p (router->peers, peer)
		sum = mix_address(sum, &peer->address);
	return sum;
}

static struct vrrp_state_entry entry_of(const struct vrrp_router *router)
{
	struct vrrp_state_entry entry = {
		.vrid = router->group->vrid,
		.family = router->family == VRRP_IPV4 ? 4 : 6,
	};

	strlcpy(entry.ifname, router->group->ifp->name, sizeof(entry.ifname));
	return entry;
}

static int entry_cmp(const void *a, const void *b)
{
	return memcmp(a, b, offsetof(struct vrrp_state_entry, priority));
}

/* ---------------------------------------------------------------------- resuming */

static vrrp_usec_t interval_of(const struct vrrp_state_entry *entry)
{
	return entry->interval_cs * VRRP_USEC_PER_CS;
}

/* On our clock; 0: before it began, or in the future. */
static vrrp_usec_t when_sent(vrrp_usec_t sent)
{
	vrrp_usec_t clock = vrrp_state_clock(), age = clock - sent;
	vrrp_usec_t now = vrrp_now();

	return sent && sent <= clock && age < now ? now - age : 0;
}

/* The end of the time in which its peers cannot have missed it. */
static vrrp_usec_t chance_end(size_t i)
{
	vrrp_usec_t sent = when_sent(before.sent[i]);

	return sent ? sent + 3 * interval_of(&before.entries[i]) : 0;
}

/* When it advertised last, or the guardian for it, at the earliest. */
static vrrp_usec_t last_said(const struct vrrp_router *router, size_t i)
{
	vrrp_usec_t sent = when_sent(before.sent[i]), interval = interval_of(&before.entries[i]);
	bool is_spoken_for = vrrp_now() < vrrp_succession_speaks_until() &&
			     vrrp_farewell_repeats(router);

	return sent && is_spoken_for ? MAX(sent, vrrp_now() - interval) : sent;
}

static void forget_all(void)
{
	vrrp_state_free(&before);
}

/* What there is to resume; a number of an entry, or -1. */
static int find(const struct vrrp_router *router)
{
	struct vrrp_state_entry key;
	const struct vrrp_state_entry *found;

	if (!before.count)
		return -1;
	if (vrrp_now() >= MAX(last_chance, vrrp_succession_speaks_until())) {
		forget_all();
		return -1;
	}
	key = entry_of(router);
	found = bsearch(&key, before.entries, before.count, sizeof(key), entry_cmp);
	return found && before.sent[found - before.entries] ? found - before.entries : -1;
}

bool vrrp_resume_is_due(const struct vrrp_router *router)
{
	int i = find(router);

	if (i >= 0 && router->group->applied.shutdown)
		before.sent[i] = 0; /* for good */
	/* what it was promised is forgotten */
	return i >= 0 && !vrrp_witness_is_needed(router) &&
	       vrrp_now() < last_said(router, i) + 3 * interval_of(&before.entries[i]) &&
	       (is_settled || before.entries[i].fingerprint == fingerprint(router));
}

const struct vrrp_event *vrrp_resume_event(const struct vrrp_router *router)
{
	static struct vrrp_event event;
	int i = find(router);

	event = (struct vrrp_event){ .type = VRRP_EVENT_STARTUP };
	if (!vrrp_resume_is_due(router))
		return &event;
	event.type = VRRP_EVENT_RESUME;
	event.resume.sent = last_said(router, i);
	event.resume.interval = interval_of(&before.entries[i]);
	before.sent[i] = 0;
	return &event;
}

void vrrp_resume_forget(const struct vrrp_router *router)
{
	int i = find(router);

	if (i >= 0)
		before.sent[i] = 0;
}

static const char *why_ignored(int error)
{
	if (error == -ESTALE)
		return "it is of another boot or network namespace";
	if (error == -EPROTO)
		return "it is of another version of vrrpd";
	if (error == -EBADMSG)
		return "it is damaged, or no such file";
	if (error == -EPERM)
		return "it belongs to another user";
	return safe_strerror(-error);
}

/* When it is configured where logs go. */
static void say_what_was_read(void)
{
	if (read_error && read_error != -ENOENT)
		zlog_warn("%s is ignored: %s", path, why_ignored(read_error));
	else if (in_time)
		zlog_info("virtual routers that were Active until an earlier vrrpd ended, in time to resume: %zu",
			  in_time);
	else if (entries_read)
		zlog_info("virtual routers that were Active until an earlier vrrpd ended, too long ago to resume: %zu",
			  entries_read);
}

void vrrp_resume_settle(void)
{
	if (is_settled)
		return;
	is_settled = true;
	say_what_was_read();
	vrrp_resume_changed(); /* what the earlier daemon wrote is no longer so */
	if (before.count)
		vrrp_recheck_all();
}

/* ----------------------------------------------------------------------- reading */

/* The order of the file is another one, and what is in it twice is in it once. */
static void sort(struct vrrp_state_table *table)
{
	struct {
		struct vrrp_state_entry entry;
		vrrp_usec_t sent;
	} *both = NULL, *one;

	for (size_t i = 0; i < table->count; i++) {
		one = darr_append(both);
		one->entry = table->entries[i];
		one->sent = table->sent[i];
	}
	if (both)
		qsort(both, table->count, sizeof(*both), entry_cmp);
	for (size_t i = 0; i < table->count; i++) {
		table->entries[i] = both[i].entry;
		table->sent[i] = both[i].sent;
	}
	darr_free(both);
}

static void read_file(void)
{
	vrrp_usec_t end;

	read_error = vrrp_state_read(path, &before);
	sort(&before);
	entries_read = before.count;
	for (size_t i = 0; i < entries_read; i++) {
		end = chance_end(i);
		in_time += vrrp_now() < (end ? MAX(end, vrrp_succession_speaks_until()) : 0);
		last_chance = MAX(last_chance, end);
	}
}

/* ----------------------------------------------------------------------- writing */

/* One that hands over by command has told the others to take over. */
static void take_times(void)
{
	vrrp_usec_t ahead = vrrp_state_clock() - vrrp_now();
	const struct vrrp_fsm *fsm;

	for (size_t i = 0; i < active.count; i++) {
		fsm = &routers[i]->fsm;
		active.sent[i] = fsm->hands_over_until ? 0 : fsm->advert_sent + ahead;
	}
}

static void gather_one(struct vrrp_router *router)
{
	if (router->fsm.state == VRRP_ACTIVE && darr_len(routers) < VRRP_STATE_MAX)
		*darr_append(routers) = router;
}

static int gather(void)
{
	struct vrrp_state_entry *entry;
	struct vrrp_group *group;
	int error;

	darr_reset(routers);
	frr_each (vrrp_groups, &vrrp_groups, group) {
		gather_one(&group->v4);
		gather_one(&group->v6);
	}
	vrrp_state_free(&active);
	error = vrrp_state_alloc(&active, darr_len(routers));
	for (size_t i = 0; i < active.count; i++) {
		entry = &active.entries[i];
		*entry = entry_of(routers[i]);
		entry->priority = routers[i]->fsm_config.priority;
		entry->version = routers[i]->fsm_config.version;
		entry->interval_cs = routers[i]->fsm_config.interval_cs;
		entry->fingerprint = fingerprint(routers[i]);
	}
	return error;
}

static void close_file(void)
{
	if (file >= 0)
		close(file);
	file = -1;
}

static void note_error(int error)
{
	if (error && error != write_error)
		zlog_warn("%s cannot be written: %s: after a restart of vrrpd others become Active",
			  path, safe_strerror(-error));
	else if (!error && write_error)
		zlog_notice("%s can be written again", path);
	write_error = error;
	if (error) {
		close_file();
		(void)unlink(path); /* it is outdated, and would be believed */
	}
}

static void save(void)
{
	int error = gather();

	event_cancel(&t_write);
	is_changed = false;
	close_file();
	take_times();
	if (!error)
		error = vrrp_state_write(path, &active, &file);
	note_error(error);
	written = vrrp_now();
}

static void on_write(struct event *event)
{
	save();
}

static void advertise(struct vrrp_router *router)
{
	if (!router->sock || vrrp_source_is_awaited(router) || router->fsm.hands_over_until)
		return;
	vrrp_send_advertise(router, router->fsm_config.priority);
	router->fsm.advert_sent = vrrp_now();
}

uint32_t vrrp_resume_prepare(void)
{
	uint32_t on_lan = UINT32_MAX, elsewhere = 0, msec;
	struct vrrp_router **router;

	(void)gather();
	vrrp_farewell_repeat();
	darr_foreach_p (routers, router) {
		advertise(*router);
		msec = 3 * (*router)->fsm_config.interval_cs * 10;
		if (vrrp_router_is_on_lan(*router))
			on_lan = MIN(on_lan, msec);
		else
			elsewhere = MAX(elsewhere,
					vrrp_farewell_repeats(*router) ? AWAIT_MSEC : msec);
	}
	vrrp_tick_end();
	save();
	return elsewhere ? MIN(on_lan, elsewhere) : on_lan == UINT32_MAX ? 0 : on_lan;
}

void vrrp_resume_changed(void)
{
	vrrp_usec_t now = vrrp_now(), soonest = written + WRITE_MSEC * 1000;

	is_changed = true;
	if (!t_write && *path)
		event_add_timer_msec(master, on_write, NULL,
				     now < soonest ? (soonest - now) / 1000 + 1 : 0, &t_write);
}

static void on_stamp(struct event *event)
{
	struct stat status;
	int error;

	if (is_changed || file < 0)
		return;
	if (!fstat(file, &status) && !status.st_nlink) { /* somebody has removed it */
		vrrp_resume_changed();
		return;
	}
	take_times();
	error = vrrp_state_stamp(file, &active);
	if (error)
		note_error(error);
}

void vrrp_resume_sent(void)
{
	if (write_error && vrrp_now() >= written + RETRY_MSEC * 1000)
		vrrp_resume_changed();
	if (!t_stamp && !is_changed && file >= 0 && active.count)
		event_add_timer_msec(master, on_stamp, NULL,
				     STAMP_MSEC + active.count / ROUTERS_FOR_A_MSEC, &t_stamp);
}

/* ---------------------------------------------------------------- start and stop */

static int on_warnings(const struct vrrp_router *router, struct vrrp_sentences *sentences)
{
	if (write_error && router->fsm.state == VRRP_ACTIVE)
		vrrp_sentence_add(sentences,
				  "%s cannot be written: %s: after a restart of vrrpd another becomes Active",
				  path, safe_strerror(-write_error));
	return 0;
}

void vrrp_resume_init(bool may_resume)
{
	snprintfrr(path, sizeof(path), "%s/" FILE_NAME, frr_runstatedir);
	hook_register(vrrp_warnings, on_warnings);
	if (may_resume)
		read_file();
}

void vrrp_resume_stop(void)
{
	event_cancel(&t_write);
	event_cancel(&t_stamp);
	close_file();
	if (*path)
		(void)unlink(path);
	*path = '\0';
	forget_all();
	vrrp_state_free(&active);
	darr_free(routers);
}
