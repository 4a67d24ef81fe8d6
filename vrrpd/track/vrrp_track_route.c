// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * zebra tells which route it would take to the tracked prefix: the longest match. The object is up
 * only while that is a route to just this prefix, so that a default route does not stand for all.
 */
#include "vrrp_track_private.h"

#include "prefix.h"
#include "vrf.h"

static bool is_of_protocol(const struct vrrp_track_object *object)
{
	return !*object->key.protocol ||
	       strmatch(object->key.protocol, vrrp_nht_protocol(&object->nht));
}

static void judge(struct vrrp_track_object *object)
{
	const struct prefix *route = vrrp_nht_route(&object->nht);
	struct prefix wanted;

	if (!vrrp_nht_is_known(&object->nht))
		return;
	str2prefix(object->key.name, &wanted);
	if (!route)
		vrrp_track_report(object, VRRP_BADNESS_DOWN, "there is no route");
	else if (!prefix_same(route, &wanted))
		vrrp_track_report(object, VRRP_BADNESS_DOWN, "only a shorter prefix has a route");
	else if (!is_of_protocol(object))
		vrrp_track_report(object, VRRP_BADNESS_DOWN, "its route is another protocol's");
	else
		vrrp_track_report(object, VRRP_BADNESS_NONE, "");
}

static void on_change(struct vrrp_nht_watch *watch)
{
	judge(container_of(watch, struct vrrp_track_object, nht));
}

static const struct vrf *vrf_of(const struct vrrp_track_object *object)
{
	const char *name = *object->key.vrf ? object->key.vrf : VRF_DEFAULT_NAME;
	const struct vrf *vrf = vrf_lookup_by_name(name);

	return vrf && vrf->vrf_id != VRF_UNKNOWN ? vrf : NULL;
}

/* Follows the VRF, which comes, goes, and comes again as another. */
static void look(struct vrrp_track_object *object)
{
	const struct vrf *vrf = vrf_of(object);
	struct prefix prefix;

	if (!vrf)
		vrrp_track_missing(object, "there is no such VRF");
	if (object->nht.target && vrf && vrf->vrf_id == object->vrf_id)
		return;
	vrrp_nht_end(&object->nht);
	if (!vrf)
		return;
	object->vrf_id = vrf->vrf_id;
	object->nht.changed = on_change;
	str2prefix(object->key.name, &prefix);
	vrrp_nht_begin(&object->nht, vrf->vrf_id, &prefix);
	judge(object);
}

static void end(struct vrrp_track_object *object)
{
	vrrp_nht_end(&object->nht);
}

const struct vrrp_track_method vrrp_track_route_method = { .begin = look, .look = look, .end = end };
