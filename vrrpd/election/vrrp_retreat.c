// SPDX-License-Identifier: GPL-2.0-or-later
/* Only whether the host retreats, and since when, is kept here; no configuration has it. */
#include "vrrp_retreat.h"

#include "vrrp_log.h"
#include "vrrp_warning.h"

static vrrp_usec_t since; /* 0: it does not */

bool vrrp_retreat_is_on(void)
{
	return since != 0;
}

void vrrp_retreat_set(bool on)
{
	zlog_info("vrrp: the host %s",
		  on ? "gives everything away, and takes nothing" : "takes part again");
	since = on ? vrrp_now() : 0;
}

void vrrp_retreat_look(struct vrrp_router *router)
{
	vrrp_hold_set(&router->holds, VRRP_HOLD_DRAINED, since && router->fsm.state != VRRP_ACTIVE);
}

static int on_hold_details(const struct vrrp_router *router, struct vrrp_sentences *sentences)
{
	if (vrrp_hold_first(&router->holds) == VRRP_HOLD_DRAINED)
		vrrp_sentence_add(sentences,
				  "'vrrp drain' was typed %" PRIu64
				  " s ago; 'no vrrp drain' or a restart of vrrpd ends it",
				  (uint64_t)((vrrp_now() - since) / VRRP_USEC_PER_SEC));
	return 0;
}

void vrrp_retreat_init(void)
{
	hook_register(vrrp_hold_details, on_hold_details);
}
