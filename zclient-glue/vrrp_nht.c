// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A target is a watched prefix, from the first watch to the end of the last; watches belong
 * to their owners. Targets are in a hash. zebra forgets registrations when the connection
 * ends, so all targets are registered again after it.
 */
#include "vrrp_nht.h"

#include "jhash.h"
#include "log.h"
#include "memory.h"

#include "vrrp_debug.h"
#include "vrrp_memory.h"

DEFINE_MTYPE_STATIC(VRRPD, VRRP_NHT_TARGET, "VRRP prefix watched by next-hop tracking");

PREDECL_HASH(nht_targets);

struct vrrp_nht_target {
	struct nht_targets_item item;
	vrf_id_t vrf_id;
	struct prefix address;
	struct prefix route; /* family AF_UNSPEC: none */
	int type;	     /* ... and its protocol, ZEBRA_ROUTE_… */
	bool is_known;	     /* zebra has reported */
	struct vrrp_nht_watches_head watches;
};

static int target_cmp(const struct vrrp_nht_target *a, const struct vrrp_nht_target *b)
{
	int order = numcmp(a->vrf_id, b->vrf_id);

	return order ? order : prefix_cmp(&a->address, &b->address);
}

static uint32_t target_hash(const struct vrrp_nht_target *target)
{
	return jhash_1word(target->vrf_id, prefix_hash_key(&target->address));
}

DECLARE_HASH(nht_targets, struct vrrp_nht_target, item, target_cmp, target_hash);
DECLARE_DLIST(vrrp_nht_watches, struct vrrp_nht_watch, item);

static struct nht_targets_head targets[1] = { INIT_HASH(targets[0]) };
static struct zclient *client;

static struct vrrp_nht_target *target_find(vrf_id_t vrf_id, const struct prefix *address)
{
	struct vrrp_nht_target ref = { .vrf_id = vrf_id };

	prefix_copy(&ref.address, address);
	return nht_targets_find(targets, &ref);
}

/*
 * A failure to send means that the connection ends; all targets are sent again after it. An address
 * is not reached by a default route unless the operator says so ("ip nht resolve-via-default"), but
 * who watches the default route wants just it.
 */
static void tell(const struct vrrp_nht_target *target, int command)
{
	if (client && client->sock >= 0)
		zclient_send_rnh(client, command, &target->address, SAFI_UNICAST, false,
				 is_default_prefix(&target->address), target->vrf_id);
}

void vrrp_nht_begin(struct vrrp_nht_watch *watch, vrf_id_t vrf_id, const struct prefix *address)
{
	struct vrrp_nht_target *target = target_find(vrf_id, address);

	if (watch->target)
		return;
	if (!target) {
		target = XCALLOC(MTYPE_VRRP_NHT_TARGET, sizeof(*target));
		target->vrf_id = vrf_id;
		prefix_copy(&target->address, address);
		vrrp_nht_watches_init(&target->watches);
		nht_targets_add(targets, target);
		tell(target, ZEBRA_NEXTHOP_REGISTER);
	}
	watch->target = target;
	vrrp_nht_watches_add_tail(&target->watches, watch);
}

void vrrp_nht_end(struct vrrp_nht_watch *watch)
{
	struct vrrp_nht_target *target = watch->target;

	if (!target)
		return;
	vrrp_nht_watches_del(&target->watches, watch);
	watch->target = NULL;
	if (vrrp_nht_watches_count(&target->watches))
		return;
	tell(target, ZEBRA_NEXTHOP_UNREGISTER);
	nht_targets_del(targets, target);
	XFREE(MTYPE_VRRP_NHT_TARGET, target);
}

const struct prefix *vrrp_nht_route(const struct vrrp_nht_watch *watch)
{
	if (!watch->target || watch->target->route.family == AF_UNSPEC)
		return NULL;
	return &watch->target->route;
}

bool vrrp_nht_is_known(const struct vrrp_nht_watch *watch)
{
	return watch->target && watch->target->is_known;
}

const char *vrrp_nht_protocol(const struct vrrp_nht_watch *watch)
{
	return vrrp_nht_route(watch) ? zebra_route_string(watch->target->type) : "";
}

static void on_update(struct vrf *vrf, struct prefix *address, struct zapi_route *found)
{
	struct vrrp_nht_target *target = target_find(vrf->vrf_id, address);
	struct vrrp_nht_watch *watch;

	if (!target)
		return;
	memset(&target->route, 0, sizeof(target->route));
	target->type = found->type;
	target->is_known = true;
	if (found->nexthop_num)
		prefix_copy(&target->route, &found->prefix);
	DEBUGF(zebra, "zebra: %pFX is reached by %s %pFX, nexthops: %u", address,
	       zebra_route_string(found->type), &found->prefix, found->nexthop_num);
	frr_each (vrrp_nht_watches, &target->watches, watch)
		watch->changed(watch);
}

void vrrp_nht_connected(void)
{
	struct vrrp_nht_target *target;

	frr_each (nht_targets, targets, target)
		tell(target, ZEBRA_NEXTHOP_REGISTER);
}

void vrrp_nht_init(struct zclient *zclient)
{
	client = zclient;
	client->nexthop_update = on_update;
}

void vrrp_nht_stop(void)
{
	client = NULL;
	nht_targets_fini(targets);
}
