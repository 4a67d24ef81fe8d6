// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Two kinds of peers are not heard: a Backup, which is silent; and, with rp_filter 1, a peer whose
 * packets arrive by another link than our route back to it. The second goes on sending, once an
 * interval. So a peer that an Active router does not hear is suspected while the kernel discards at
 * least as many packets as the peer would send. The counter is for the whole host, hence "may".
 *
 * The counter is read every LOOK_SEC seconds, and only the last difference is stored.
 */
#include "vrrp_rpfilter.h"

#include "lib/darr.h"

#include "nl_rpfilter.h"
#include "vrrp_daemon.h"
#include "vrrp_log.h"
#include "vrrp_warning.h"

#define LOOK_SEC 5

#define NAMES_STRLEN 128

static struct event *t_look;
static uint64_t discarded;	 /* at the last look */
static uint64_t discarded_since; /* between the last two */
static bool has_looked;
static bool was_told;

static bool is_silent(const struct vrrp_peer *peer)
{
	return !peer->heard || vrrp_now() - peer->heard > LOOK_SEC * VRRP_USEC_PER_SEC;
}

/* True when the discarded packets may be this peer's: at least half of one an interval. */
static bool is_suspect(const struct vrrp_router *router, const struct vrrp_peer *peer)
{
	vrrp_usec_t interval = router->fsm_config.interval_cs * VRRP_USEC_PER_CS;
	uint64_t expected = LOOK_SEC * VRRP_USEC_PER_SEC / MAX(interval, VRRP_USEC_PER_CS);

	return router->family == VRRP_IPV4 && router->fsm.state == VRRP_ACTIVE && is_silent(peer) &&
	       discarded_since >= MAX(expected / 2, 1U);
}

static const struct vrrp_peer *suspect_of(const struct vrrp_router *router)
{
	const struct vrrp_peer *peer;

	darr_foreach_p (router->peers, peer)
		if (is_suspect(router, peer))
			return peer;
	return NULL;
}

static int warn(const struct vrrp_router *router, struct vrrp_sentences *sentences)
{
	const struct vrrp_peer *peer = suspect_of(router);
	char text[VRRP_ADDR_STRLEN], names[NAMES_STRLEN];

	if (!peer || nl_rpfilter_strict_links(names, sizeof(names)) <= 0)
		return 0;
	vrrp_sentence_add(
		sentences,
		"peer %s is not heard, and the kernel discards packets by reverse path filtering, %" PRIu64
		" in the last %d s: it may be those of this peer; net.ipv4.conf.*.rp_filter is 1 on %s",
		vrrp_addr_str(&peer->address, text), discarded_since, LOOK_SEC, names);
	return 0;
}

/* --- looking -------------------------------------------------------------------- */

static void tell(const struct vrrp_router *router)
{
	struct vrrp_sentences sentences = {};

	warn(router, &sentences);
	if (darr_len(sentences.text) && !was_told) {
		zlog_warn("%pVR: %s", router, sentences.text[0]);
		was_told = true;
	}
	vrrp_sentences_free(&sentences);
}

static void on_look(struct event *event)
{
	const struct vrrp_router *suspecting = NULL;
	struct vrrp_group *group;
	uint64_t now = 0;

	event_add_timer(master, on_look, NULL, LOOK_SEC, &t_look);
	if (!vrrp_groups_count(&vrrp_groups) || nl_rpfilter_discarded(&now))
		return;
	discarded_since = has_looked ? now - discarded : 0;
	discarded = now;
	has_looked = true;
	if (!discarded_since) {
		was_told = false;
		return;
	}
	frr_each (vrrp_groups, &vrrp_groups, group)
		if (!suspecting && suspect_of(&group->v4))
			suspecting = &group->v4;
	if (suspecting)
		tell(suspecting);
}

void vrrp_rpfilter_init(void)
{
	hook_register(vrrp_warnings, warn);
	event_add_timer(master, on_look, NULL, LOOK_SEC, &t_look);
}

void vrrp_rpfilter_stop(void)
{
	event_cancel(&t_look);
}
