// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Ways are in a hash by their ends. A way is made for its first user. It outlives its last
 * user until its last echo is a second old, so that no change of users sends more than one
 * echo a second. A new user waits for the next echo, since the old result may be outdated.
 */
#include "vrrp_way.h"

#include "jhash.h"
#include "memory.h"

#include "vrrp_alarm.h"
#include "vrrp_convert.h"
#include "vrrp_echo.h"
#include "vrrp_memory.h"
#include "vrrp_nht.h"

DEFINE_MTYPE_STATIC(VRRPD, VRRP_WAY, "VRRP way to a peer");

#define ECHO_USEC VRRP_USEC_PER_SEC
/* If an alarm is this late, the socket is read before the result is judged. */
#define LATE_USEC (VRRP_USEC_PER_SEC / 10)
#define READ_USEC (VRRP_USEC_PER_SEC / 100)

PREDECL_HASH(ways);

struct vrrp_way {
	struct ways_item item;
	struct vrrp_way_ends ends;
	struct vrrp_way_users_head users;
	struct vrrp_nht_watch nht;
	struct vrrp_echo echo;
	struct vrrp_alarm alarm; /* for the next echo, or for freeing the way */
	vrrp_usec_t look_at;	 /* when it is due */
	vrrp_usec_t sent;	 /* the last echo; 0 = none */
	unsigned int echoes;
	int error;
	vrrp_usec_t answered; /* the time since when it answers; 0 = it does not */
	vrrp_usec_t route_since;
	int route_length; /* of the route's prefix; -1 = no route */
};

static int way_cmp(const struct vrrp_way *a, const struct vrrp_way *b)
{
	int order = numcmp(a->ends.vrf_id, b->ends.vrf_id);

	order = order ? order : numcmp(a->ends.ifindex, b->ends.ifindex);
	order = order ? order : vrrp_addr_cmp(&a->ends.source, &b->ends.source);
	return order ? order : vrrp_addr_cmp(&a->ends.peer, &b->ends.peer);
}

static uint32_t way_hash(const struct vrrp_way *way)
{
	uint32_t hash = jhash_2words(way->ends.vrf_id, way->ends.ifindex, 0);

	hash = jhash(way->ends.source.octets, sizeof(way->ends.source.octets), hash);
	return jhash(way->ends.peer.octets, sizeof(way->ends.peer.octets), hash);
}

DECLARE_HASH(ways, struct vrrp_way, item, way_cmp, way_hash);
DECLARE_DLIST(vrrp_way_users, struct vrrp_way_user, item);

static struct ways_head ways[1] = { INIT_HASH(ways[0]) };

static void tell_users(struct vrrp_way *way)
{
	struct vrrp_way_user *user;

	frr_each (vrrp_way_users, &way->users, user)
		user->changed(user);
}

/* ------------------------------------------------------------------------- echoes */

static void on_answer(struct vrrp_echo *echo)
{
	struct vrrp_way *way = container_of(echo, struct vrrp_way, echo);

	way->echoes = 0;
	if (way->answered)
		return;
	way->answered = vrrp_now();
	tell_users(way);
}

/* The device of the VRF, so that the packet is routed by the table of the VRF. */
static ifindex_t leaves_by(const struct vrrp_way_ends *ends)
{
	if (ends->ifindex || ends->vrf_id == VRF_DEFAULT || vrf_is_backend_netns())
		return ends->ifindex;
	return ends->vrf_id; /* libfrr's ID of a VRF is the ifindex of its device */
}

static void send_echo(struct vrrp_way *way)
{
	struct vrrp_echo_path path = {
		.source = &way->ends.source,
		.ifindex = leaves_by(&way->ends),
	};

	way->error = -vrrp_echo_send(&way->echo, &path);
	if (!way->error) {
		way->sent = vrrp_now();
		way->echoes++;
	}
}

static void way_free(struct vrrp_way *way)
{
	vrrp_alarm_cancel(&way->alarm);
	vrrp_echo_cancel(&way->echo);
	vrrp_nht_end(&way->nht);
	ways_del(ways, way);
	XFREE(MTYPE_VRRP_WAY, way);
}

static void look_after(struct vrrp_way *way, vrrp_usec_t span)
{
	way->look_at = vrrp_now() + span;
	vrrp_alarm_set(&way->alarm, way->look_at);
}

static void look_again(struct vrrp_way *way)
{
	look_after(way, ECHO_USEC);
}

/* True when this process did not run: an answer may be in the socket, which is read first. */
static bool is_late(const struct vrrp_way *way)
{
	return vrrp_now() > way->look_at + LATE_USEC;
}

static void on_alarm(struct vrrp_alarm *alarm)
{
	struct vrrp_way *way = container_of(alarm, struct vrrp_way, alarm);
	bool is_lost;

	if (!vrrp_way_users_count(&way->users)) {
		way_free(way);
		return;
	}
	if (is_late(way)) {
		look_after(way, READ_USEC);
		return;
	}
	is_lost = vrrp_echo_is_pending(&way->echo);
	send_echo(way);
	if (way->answered && (is_lost || way->error)) {
		way->answered = 0;
		tell_users(way);
	}
	look_again(way);
}

/* ------------------------------------------------------------------------- routes */

static bool is_default(const struct prefix *route)
{
	return route->prefixlen == 0;
}

static void forget_answer(struct vrrp_way *way)
{
	way->answered = 0;
	way->echoes = 0;
}

static void note_route(struct vrrp_way *way)
{
	const struct prefix *route = vrrp_nht_route(&way->nht);
	int length = route ? route->prefixlen : -1;

	if (!route || is_default(route))
		way->route_since = 0;
	else if (!way->route_since)
		way->route_since = vrrp_now();
	if (length < way->route_length)
		forget_answer(way);
	way->route_length = length;
}

/* Sends by the new route at once, unless echoes are answered or the last one has its second. */
static void on_route(struct vrrp_nht_watch *nht)
{
	struct vrrp_way *way = container_of(nht, struct vrrp_way, nht);

	note_route(way);
	if (!way->answered && vrrp_now() >= way->sent + ECHO_USEC) {
		send_echo(way);
		look_again(way);
	}
	tell_users(way);
}

/* -------------------------------------------------------------------------- users */

static struct vrrp_way *way_new(const struct vrrp_way_ends *ends)
{
	struct vrrp_way *way = XCALLOC(MTYPE_VRRP_WAY, sizeof(*way));
	struct prefix address = vrrp_addr_prefix(&ends->peer);

	way->ends = *ends;
	way->alarm.expire = on_alarm;
	way->echo.answered = on_answer;
	way->echo.target = ends->peer;
	way->nht.changed = on_route;
	vrrp_way_users_init(&way->users);
	ways_add(ways, way);
	way->route_length = -1;
	vrrp_nht_begin(&way->nht, ends->vrf_id, &address);
	note_route(way); /* known, if another way leads to that peer */
	send_echo(way);
	look_again(way);
	return way;
}

struct vrrp_way_ends vrrp_way_ends_of(const struct vrrp_router *router, const struct vrrp_addr *peer)
{
	const struct interface *ifp = router->group->ifp;

	return (struct vrrp_way_ends){
		.vrf_id = ifp->vrf->vrf_id,
		.ifindex = vrrp_addr_is_linklocal(peer) ? ifp->ifindex : 0,
		.source = router->source,
		.peer = *peer,
	};
}

void vrrp_way_begin(struct vrrp_way_user *user, const struct vrrp_way_ends *ends)
{
	struct vrrp_way ref = { .ends = *ends }, *way;

	if (user->way)
		return;
	way = ways_find(ways, &ref);
	if (!way)
		way = way_new(ends);
	else if (!vrrp_way_users_count(&way->users))
		forget_answer(way);
	user->way = way;
	vrrp_way_users_add_tail(&way->users, user);
}

void vrrp_way_end(struct vrrp_way_user *user)
{
	if (!user->way)
		return;
	vrrp_way_users_del(&user->way->users, user);
	user->way = NULL;
}

const struct vrrp_addr *vrrp_way_peer(const struct vrrp_way_user *user)
{
	return &user->way->ends.peer;
}

vrrp_usec_t vrrp_way_answered(const struct vrrp_way_user *user)
{
	return user->way->answered;
}

vrrp_usec_t vrrp_way_route_since(const struct vrrp_way_user *user)
{
	return user->way->route_since;
}

const struct prefix *vrrp_way_route(const struct vrrp_way_user *user)
{
	return vrrp_nht_route(&user->way->nht);
}

unsigned int vrrp_way_echoes(const struct vrrp_way_user *user)
{
	return user->way->echoes;
}

int vrrp_way_error(const struct vrrp_way_user *user)
{
	return user->way->error;
}

void vrrp_way_stop(void)
{
	struct vrrp_way *way;

	frr_each_safe (ways, ways, way)
		way_free(way);
	ways_fini(ways);
}
