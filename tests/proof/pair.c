// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Two routers that are Active, awake and not handing over hear one advertisement of each other: exactly
 * one of them stays, and the other waits for it.
 */
#include "contracts.h"
#include "invariant.h"

struct side {
	struct vrrp_fsm_config config;
	struct vrrp_fsm fsm;
	vrrp_usec_t now;
};

static struct side any_side(enum vrrp_family family)
{
	struct side side = { .config = any_config(family), .fsm = any_fsm(family), .now = any_now() };

	ASSUME(side.fsm.state == VRRP_ACTIVE);
	side.fsm.state = VRRP_ACTIVE;
	ASSUME(side.config.tie_wait == 0 && !side.fsm.hands_over_until);
	assume_invariant(&side.fsm, &side.config, side.now);
	ASSUME(side.now <= ADVERT(&side.fsm));
	return side;
}

static void hear(struct side *side, const struct side *other)
{
	struct vrrp_event event = { .type = VRRP_EVENT_ADVERT };
	struct vrrp_actions actions;

	event.advert.source = other->config.source;
	event.advert.priority = other->config.priority;
	event.advert.version = other->config.version;
	event.advert.interval_cs = other->config.interval_cs;
	vrrp_fsm_step(&side->config, &side->fsm, &event, side->now, &actions);
}

static void prove_loser(const struct side *loser, const struct side *other)
{
	if (loser->fsm.state == VRRP_ACTIVE)
		return;
	PROVE(DOWN(&loser->fsm) == loser->now + loser->fsm.active_down_interval,
	      "pair: the other one waits for a whole interval");
	PROVE(vrrp_addr_same(&loser->fsm.active_address, &other->config.source),
	      "pair: of the one that stays");
}

int main(void)
{
	enum vrrp_family family = any_family();
	struct side a = any_side(family), b = any_side(family);

	ASSUME(a.config.version == b.config.version);
	ASSUME(!vrrp_addr_same(&a.config.source, &b.config.source));
	hear(&a, &b);
	hear(&b, &a);
	PROVE((a.fsm.state == VRRP_ACTIVE) != (b.fsm.state == VRRP_ACTIVE),
	      "pair: exactly one stays Active");
	prove_loser(&a, &b);
	prove_loser(&b, &a);
	REACHED(a.fsm.state == VRRP_ACTIVE && a.config.priority == b.config.priority, "a tie");
	REACHED(b.fsm.state == VRRP_ACTIVE && a.config.priority < b.config.priority, "a higher one");
	return 0;
}
