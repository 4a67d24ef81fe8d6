// SPDX-License-Identifier: GPL-2.0-or-later
/* The list is in the order of waiting; all groups wait for the same silence. */
#include "vrrp_settle.h"

#include "lib/darr.h"

#include "vrrp_silence.h"
#include "vrrp_warning.h"

struct vrrp_unsettled_head vrrp_unsettled = INIT_DLIST(vrrp_unsettled);

static struct vrrp_silence silence;

/* True when a value has gone back to its default, or is weaker than before. */
#define WAITS(field, is_weaker)                                                                    \
	(wanted->field != effect->field &&                                                         \
	 (wanted->field == vrrp_group_defaults.field || (is_weaker)))

static bool bfd_differs(const struct vrrp_bfd_conf *a, const struct vrrp_bfd_conf *b)
{
	return a->is_on != b->is_on || a->is_strict != b->is_strict ||
	       !strmatch(a->profile, b->profile);
}

static bool auth_differs(const struct vrrp_auth_conf *a, const struct vrrp_auth_conf *b)
{
	return a->is_on != b->is_on || !strmatch(a->chain, b->chain) || a->mode != b->mode ||
	       a->is_monotonic != b->is_monotonic || a->window_sec != b->window_sec;
}

static bool witness_differs(const struct vrrp_witness_conf *a, const struct vrrp_witness_conf *b)
{
	if (a->count != b->count || a->port != b->port || a->lease_sec != b->lease_sec ||
	    !strmatch(a->name, b->name))
		return true;
	for (unsigned int i = 0; i < a->count; i++)
		if (!vrrp_addr_same(&a->addresses[i], &b->addresses[i]))
			return true;
	return false;
}

/* A marker that goes, or becomes another. */
static bool marker_waits(const struct prefix *effect, const struct prefix *wanted)
{
	return effect->family && prefix_cmp(effect, wanted);
}

static bool must_wait(const struct vrrp_group_conf *effect, const struct vrrp_group_conf *wanted)
{
	return WAITS(version, false) || WAITS(version_2_too, false) ||
	       WAITS(priority, wanted->priority < effect->priority) ||
	       WAITS(interval_cs, wanted->interval_cs > effect->interval_cs) ||
	       WAITS(preempt, false) || WAITS(preempt_delay_sec, false) ||
	       WAITS(accept_mode, false) || WAITS(checksum_pseudo, false) ||
	       WAITS(ttl_hops, false) || WAITS(placement, false) || WAITS(announce_metric, false) ||
	       WAITS(announce_tag, false) || WAITS(standby_metric, false) ||
	       WAITS(announce_healthy, false) ||
	       marker_waits(&effect->marker_v4, &wanted->marker_v4) ||
	       marker_waits(&effect->marker_v6, &wanted->marker_v6) || WAITS(standby_tag, false) ||
	       WAITS(preempt_settle_msec, false) || (effect->bfd.is_on && !wanted->bfd.is_on) ||
	       (*effect->sync_group && !strmatch(effect->sync_group, wanted->sync_group)) ||
	       WAITS(sync_families, false) || (effect->auth.is_on && !wanted->auth.is_on) ||
	       (effect->witness.count && witness_differs(&effect->witness, &wanted->witness));
}

static bool conf_differs(const struct vrrp_group_conf *a, const struct vrrp_group_conf *b)
{
	return a->version != b->version || a->version_2_too != b->version_2_too ||
	       a->priority != b->priority || a->interval_cs != b->interval_cs ||
	       a->preempt != b->preempt || a->preempt_delay_sec != b->preempt_delay_sec ||
	       a->accept_mode != b->accept_mode || a->checksum_pseudo != b->checksum_pseudo ||
	       a->ttl_hops != b->ttl_hops || a->placement != b->placement ||
	       a->announce_metric != b->announce_metric || a->announce_tag != b->announce_tag ||
	       a->standby_metric != b->standby_metric ||
	       a->announce_healthy != b->announce_healthy || a->standby_tag != b->standby_tag ||
	       prefix_cmp(&a->marker_v4, &b->marker_v4) ||
	       prefix_cmp(&a->marker_v6, &b->marker_v6) ||
	       a->preempt_settle_msec != b->preempt_settle_msec || bfd_differs(&a->bfd, &b->bfd) ||
	       auth_differs(&a->auth, &b->auth) || !strmatch(a->sync_group, b->sync_group) ||
	       a->sync_families != b->sync_families || witness_differs(&a->witness, &b->witness);
}

static bool keeps(const struct vrrp_router *router)
{
	const struct vrrp_peer *peer;

	darr_foreach_p (router->peers, peer)
		if (peer->is_kept)
			return true;
	return router->kept.vip || router->kept.source;
}

void vrrp_settle_now(void)
{
	vrrp_silence_assume(&silence);
}

static void wait_for(struct vrrp_group *group)
{
	if (!group->is_unsettled)
		vrrp_unsettled_add_tail(&vrrp_unsettled, group);
	group->is_unsettled = true;
	vrrp_silence_await(&silence);
}

static bool keeps_any(const struct vrrp_group *group)
{
	return keeps(&group->v4) || keeps(&group->v6);
}

/* While one change waits, all do: the group changes as a whole. */
static bool is_to_wait(const struct vrrp_group *group)
{
	if (group->conf.shutdown)
		return false;
	if (group->is_unsettled)
		return keeps_any(group) || conf_differs(&group->applied, &group->conf);
	return keeps_any(group) || must_wait(&group->applied, &group->conf);
}

bool vrrp_settle(struct vrrp_group *group, bool running)
{
	bool waits = running && is_to_wait(group);

	vrrp_silence_broken();
	if (!waits)
		group->applied = group->conf;
	if (waits || keeps_any(group))
		wait_for(group);
	else
		vrrp_settle_forget(group);
	return waits;
}

void vrrp_settle_forget(struct vrrp_group *group)
{
	if (group->is_unsettled)
		vrrp_unsettled_del(&vrrp_unsettled, group);
	group->is_unsettled = false;
	if (!vrrp_unsettled_count(&vrrp_unsettled))
		vrrp_silence_cancel(&silence);
}

static int warn(const struct vrrp_router *router, struct vrrp_sentences *warnings)
{
	if (router->group->is_unsettled && vrrp_router_is_configured(router))
		vrrp_sentence_add(warnings,
				  "lowered and removed values take effect when nothing has been configured for %u seconds",
				  VRRP_SILENCE_SEC);
	return 0;
}

void vrrp_settle_init(void (*settled)(void))
{
	silence.over = settled;
	hook_register(vrrp_warnings, warn);
}

void vrrp_settle_stop(void)
{
	vrrp_silence_cancel(&silence);
}
