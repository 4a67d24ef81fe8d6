// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A killed zebra leaves its routes in the kernel. Its successor takes them for routes of the
 * kernel, prefers them to all others, announces them and never removes them, even when the
 * kernel no longer has them. So zebra is asked to report the selected routes of our tables, as
 * it reports them to bgpd for "redistribute table-direct". A route that is not ours, and was
 * seen twice while zebra reported nothing else, is passed to the handler: while zebra reports
 * changes, it is still working on our own. On a busy machine it may be silent and still
 * working, so each withdrawal is awaited until zebra reports that the route is removed. The
 * handler decides whether the route is a leftover or somebody else's.
 */
#include "vrrp_zebra_selected.h"

#include "darr.h"
#include "log.h"
#include "memory.h"
#include "monotime.h"
#include "typesafe.h"

#include "vrrp_debug.h"
#include "vrrp_memory.h"
#include "vrrp_succession.h"
#include "vrrp_zebra_client.h"

#define LEFTOVER_MSEC  500
#define LEFTOVER_TRIES 3
/* The longest wait for a removal: zebra does not confirm it for a route that it never had. */
#define WITHDRAWAL_SEC 30

DEFINE_MTYPE_STATIC(VRRPD, VRRP_ZEBRA_SELECTED, "VRRP route selected by zebra");

/* The routes that zebra has selected in our tables, of any origin. */
PREDECL_RBTREE_UNIQ(selected_routes);

struct selected_route {
	struct selected_routes_item item;
	struct vrrp_zebra_key key;
	ifindex_t ifindex;
	bool suspect; /* not ours when last looked at */
	int tries;    /* number of the handler's attempts to remove it */
};

static int selected_route_cmp(const struct selected_route *a, const struct selected_route *b)
{
	int order = numcmp(a->key.table, b->key.table);

	return order ? order : prefix_cmp(&a->key.vip, &b->key.vip);
}

DECLARE_RBTREE_UNIQ(selected_routes, struct selected_route, item, selected_route_cmp);

static struct selected_routes_head selected[1] = { INIT_RBTREE_UNIQ(selected[0]) };

static uint16_t *tables;				  /* darr: of VRFs */
static bool (*is_ours)(const struct vrrp_zebra_key *key); /* zebra has it from us, and prefers it */
static vrrp_zebra_leftover_fn take_away;
static struct event *t_leftover;
static bool zebra_told;		 /* zebra has reported selected routes since the last look */
static unsigned int withdrawing; /* withdrawn routes that zebra has not reported as removed */
static time_t withdrawn;	 /* when the last of them was withdrawn, monotonic */

void vrrp_zebra_selected_withdrawing(void)
{
	withdrawing++;
	withdrawn = monotime(NULL);
}

void vrrp_zebra_selected_withdrawn(void)
{
	if (withdrawing)
		withdrawing--;
}

static bool is_withdrawing(void)
{
	if (withdrawing && monotime(NULL) - withdrawn > WITHDRAWAL_SEC)
		withdrawing = 0;
	return withdrawing > 0;
}

static struct selected_route *selected_find(const struct vrrp_zebra_key *key)
{
	struct selected_route ref = { .key = *key };

	return selected_routes_find(selected, &ref);
}

bool vrrp_zebra_is_selected(const struct vrrp_zebra_key *key)
{
	return selected_find(key) != NULL;
}

/* True when the route is to be removed. Seen once, it may be our own, just being withdrawn. */
static bool judge(struct selected_route *held)
{
	bool suspected_before = held->suspect;

	held->suspect = !is_ours(&held->key);
	return held->suspect && suspected_before && held->tries < LEFTOVER_TRIES;
}

/* True when it was a leftover and has been removed. Somebody else's is not tried again. */
static bool expel(struct selected_route *held)
{
	uint16_t table = vrrp_zebra_table(&held->key);
	bool is_leftover = take_away && take_away(&held->key.vip, held->ifindex, table);

	DEBUGF(zebra, "zebra: %s %pFX ifindex %d table %u, try %d",
	       is_leftover ? "leftover" : "somebody else's", &held->key.vip, held->ifindex, table,
	       held->tries + 1);
	if (!is_leftover)
		held->tries = LEFTOVER_TRIES;
	else if (++held->tries == LEFTOVER_TRIES)
		zlog_warn("zebra: table %u: the route to %pFX that a killed zebra left cannot be taken away",
			  table, &held->key.vip);
	return is_leftover;
}

static void look_for_leftovers(void);

static void on_leftover(struct event *event)
{
	struct selected_route *held;
	const struct selected_route *first = NULL;
	bool again = false, is_first_try;
	size_t fresh = 0;

	if (zebra_told || is_withdrawing() || vrrp_succession_is_held()) {
		zebra_told = false;
		look_for_leftovers();
		return;
	}
	frr_each (selected_routes, selected, held) {
		is_first_try = !held->tries;
		if (judge(held) && expel(held) && is_first_try && !fresh++)
			first = held;
		again |= held->suspect && held->tries < LEFTOVER_TRIES;
	}
	if (fresh)
		zlog_warn("zebra: took %zu routes out of table %u that a killed zebra had left there, %pFX first",
			  fresh, vrrp_zebra_table(&first->key), &first->key.vip);
	if (again)
		look_for_leftovers();
}

static void look_for_leftovers(void)
{
	event_add_timer_msec(vrrp_zebra_client.loop, on_leftover, NULL, LEFTOVER_MSEC, &t_leftover);
}

static void selected_forget(struct selected_route *held)
{
	selected_routes_del(selected, held);
	XFREE(MTYPE_VRRP_ZEBRA_SELECTED, held);
}

void vrrp_zebra_selected_forget(void)
{
	struct selected_route *held;

	event_cancel(&t_leftover);
	withdrawing = 0;
	frr_each_safe (selected_routes, selected, held)
		selected_forget(held);
}

int vrrp_zebra_on_selected(ZAPI_CALLBACK_ARGS)
{
	static struct zapi_route api;
	struct selected_route *held;
	struct vrrp_zebra_key key;

	if (zapi_route_decode(zclient->ibuf, &api) < 0) {
		zlog_warn("zebra: a selected route could not be read");
		return -1;
	}
	key = (struct vrrp_zebra_key){ .table = vrrp_zebra_table_key(api.instance) };
	prefix_copy(&key.vip, &api.prefix);
	held = selected_find(&key);
	zebra_told = true;
	if (cmd == ZEBRA_REDISTRIBUTE_ROUTE_DEL) {
		if (held)
			selected_forget(held);
		return 0;
	}
	if (!held) {
		held = XCALLOC(MTYPE_VRRP_ZEBRA_SELECTED, sizeof(*held));
		held->key = key;
		selected_routes_add(selected, held);
	}
	held->ifindex = api.nexthop_num ? api.nexthops[0].ifindex : IFINDEX_INTERNAL;
	look_for_leftovers();
	return 0;
}

static void ask_for(uint16_t table)
{
	afi_t afi;

	for (afi = AFI_IP; afi <= AFI_IP6; afi++)
		if (zebra_redistribute_send(ZEBRA_REDISTRIBUTE_ADD, vrrp_zebra_client.zclient, afi,
					    ZEBRA_ROUTE_TABLE_DIRECT, table,
					    VRF_DEFAULT) == ZCLIENT_SEND_FAILURE)
			zlog_warn("zebra: cannot request the %s routes of table %u", afi2str(afi),
				  table);
}

void vrrp_zebra_selected_ask(void)
{
	uint16_t *table;

	ask_for(vrrp_zebra_client.table);
	darr_foreach_p (tables, table)
		if (*table != vrrp_zebra_client.table)
			ask_for(*table);
}

void vrrp_zebra_selected_watch(uint16_t table)
{
	uint16_t *watched;

	if (!table)
		return;
	darr_foreach_p (tables, watched)
		if (*watched == table)
			return;
	*darr_append(tables) = table;
	if (vrrp_zebra_client.connected && table != vrrp_zebra_client.table)
		ask_for(table);
}

void vrrp_zebra_selected_stop(void)
{
	vrrp_zebra_selected_forget();
	darr_free(tables);
}

void vrrp_zebra_selected_init(bool (*ours)(const struct vrrp_zebra_key *key),
			      vrrp_zebra_leftover_fn leftover)
{
	is_ours = ours;
	take_away = leftover;
}
