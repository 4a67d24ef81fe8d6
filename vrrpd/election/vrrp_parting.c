// SPDX-License-Identifier: GPL-2.0-or-later
/* router->is_parting says that a router is in the list; it is so once. */
#include "vrrp_parting.h"

#include "darr.h"

#include "vrrp_liveness.h"
#include "vrrp_receive.h"
#include "vrrp_send.h"
#include "vrrp_tick.h"
#include "vrrp_vip.h"

static struct vrrp_router **leaving; /* darr */

/* Freed at the end of the tick, after their final advertisements are sent. */
static struct vrrp_group **discarded; /* darr */
static void (*free_group)(struct vrrp_group *group);

/* True when it could go on, but is not to. */
static bool leaves_as_planned(const struct vrrp_router *router)
{
	enum vrrp_hold hold = vrrp_hold_first(&router->holds);
	enum vrrp_reason reason = router->fsm.reason;

	return (reason == VRRP_REASON_SHUTDOWN || reason == VRRP_REASON_HELD) &&
	       (hold == VRRP_HOLD_SHUTDOWN || hold == VRRP_HOLD_NO_ADDRESSES ||
		hold == VRRP_HOLD_NO_PEERS || hold == VRRP_HOLD_TRACKING ||
		hold == VRRP_HOLD_SYNC || hold == VRRP_HOLD_DRAINED);
}

void vrrp_parting_hand_over(struct vrrp_router *router)
{
	enum vrrp_reason reason = router->fsm.reason;

	if (reason == VRRP_REASON_PRIORITY && vrrp_send_was_cut_off(router))
		vrrp_vip_drain(router, VRRP_SUCCESSOR_SERVES);
	else if (reason == VRRP_REASON_PRIORITY || reason == VRRP_REASON_HANDED_OVER)
		vrrp_vip_drain(router, VRRP_SUCCESSOR_HEARD);
	else if (reason == VRRP_REASON_SYNC || leaves_as_planned(router))
		vrrp_vip_drain(router, VRRP_SUCCESSOR_AWAITED);
}

void vrrp_parting_give_up(struct vrrp_router *router)
{
	if (router->fsm.state == VRRP_BACKUP || leaves_as_planned(router))
		vrrp_vip_drain(router, VRRP_SUCCESSOR_HEARD);
}

void vrrp_parting_begin(struct vrrp_router *router)
{
	if (!router->is_parting)
		*darr_append(leaving) = router;
	router->is_parting = true;
	vrrp_tick_soon();
}

void vrrp_parting_end(struct vrrp_router *router)
{
	for (unsigned int i = 0; router->is_parting && i < darr_len(leaving); i++)
		if (leaving[i] == router) {
			darr_remove(leaving, i);
			router->is_parting = false;
		}
}

void vrrp_parting_discard(struct vrrp_group *group, void (*free_it)(struct vrrp_group *group))
{
	free_group = free_it;
	*darr_append(discarded) = group;
	vrrp_tick_soon();
}

bool vrrp_parting_is_any(void)
{
	return darr_len(leaving);
}

void vrrp_parting_flush(void)
{
	struct vrrp_router *router;
	struct vrrp_group **group;
	unsigned int left = 0;

	for (unsigned int i = 0; i < darr_len(leaving); i++) {
		router = leaving[i];
		if (router->handover == VRRP_HANDOVER_ANNOUNCES) {
			leaving[left++] = router;
			continue;
		}
		router->is_parting = false;
		vrrp_liveness_forget(router);
		vrrp_receive_leave(router);
		router->source = (struct vrrp_addr){};
	}
	darr_setlen(leaving, left);
	darr_foreach_p (discarded, group)
		free_group(*group);
	darr_reset(discarded);
}

void vrrp_parting_stop(void)
{
	darr_free(leaving);
	darr_free(discarded);
}
