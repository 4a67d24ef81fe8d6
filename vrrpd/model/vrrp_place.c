// SPDX-License-Identifier: GPL-2.0-or-later
#include "vrrp_place.h"

#include "vrrp_retry.h"

DEFINE_HOOK(vrrp_place_lost, (int ifindex), (ifindex));
DEFINE_HOOK(vrrp_place_moved, (struct vrrp_router * router), (router));
DEFINE_HOOK(vrrp_place_look, (), ());

void vrrp_place_tell_lost(int ifindex)
{
	hook_call(vrrp_place_lost, ifindex);
}

void vrrp_place_tell_moved(struct vrrp_router *router)
{
	hook_call(vrrp_place_moved, router);
}

static void look(void)
{
	hook_call(vrrp_place_look);
	vrrp_recheck_all();
}

static struct vrrp_retry retry = { .again = look };

void vrrp_place_look_later(void)
{
	vrrp_retry_later(&retry);
}

void vrrp_place_stop(void)
{
	vrrp_retry_cancel(&retry);
}
