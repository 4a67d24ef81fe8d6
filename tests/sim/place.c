// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Where VIPs off the LAN go, instead of vrrp_dummy.c and vrrp_drain_link.c, which have one link of
 * each kind in a process: each router has its own here. Its VIP interface has the index of its
 * link, so that the fake host knows whose it is.
 */
#include "sim.h"

#include "vrrp_drain_link.h"
#include "vrrp_dummy.h"
#include "vrrp_place_ops.h"
#include "vrrp_vip.h"

#define DRAIN_LINK 100

static int ifindex(const struct vrrp_router *router)
{
	return router->group->ifp->ifindex;
}

static const char *name(const struct vrrp_router *router)
{
	return VRRP_DEFAULT_VIP_INTERFACE;
}

static bool prepare(struct vrrp_router *router)
{
	return true;
}

static void explain(const struct vrrp_router *router, struct vrrp_sentences *sentences)
{
}

static void do_nothing(struct vrrp_router *router)
{
}

static bool neighbour_mac(const struct vrrp_router *router, uint8_t mac[ETH_ALEN])
{
	return false;
}

const struct vrrp_place_ops vrrp_dummy_place = {
	.ifindex = ifindex,
	.name = name,
	.prepare = prepare,
	.explain = explain,
	.up = do_nothing,
	.down = do_nothing,
	.neighbour_mac = neighbour_mac,
};

/* Nobody takes it down. */
bool vrrp_dummy_is_down(int ifindex)
{
	return false;
}

const char *vrrp_dummy_name(int ifindex)
{
	return VRRP_DEFAULT_VIP_INTERFACE;
}

int vrrp_dummy_vrf(int ifindex)
{
	return 0;
}

int vrrp_drain_link(int vrf)
{
	return DRAIN_LINK;
}

const char *vrrp_drain_link_name(int ifindex)
{
	return NL_DRAIN_LINK;
}

void vrrp_drain_link_put(int ifindex, const struct vrrp_addr *address, uint32_t msec)
{
	engine_answers(true);
	vrrp_vip_arrived(address, DRAIN_LINK);
}

void vrrp_drain_link_take(int ifindex, const struct vrrp_addr *address)
{
	engine_answers(false);
}

void vrrp_drain_link_commit(void)
{
}

void vrrp_drain_link_init(void)
{
}

void vrrp_drain_link_stop(void)
{
}
