// SPDX-License-Identifier: GPL-2.0-or-later
/* Tracked objects: the priority that is left, and changes that wait. */
#include "any.h"
#include "vrrp_badness.h"

#define PENALTY_MAX 100000 /* of all objects together */
#define DELAY_MIN   VRRP_USEC_PER_SEC

static void prove_priority(void)
{
	uint8_t configured = nondet_u8(), priority;
	unsigned int penalty = nondet_u32();

	ASSUME(configured >= 1 && penalty <= PENALTY_MAX);
	priority = vrrp_priority_lowered(configured, penalty);
	PROVE(priority >= 1 && priority <= configured, "priority: between 1 and the configured one");
	PROVE(configured != PRIORITY_FIRST || priority == PRIORITY_FIRST,
	      "priority: the owner's is never lowered");
	PROVE(configured == PRIORITY_FIRST || penalty >= configured ||
		      priority == configured - penalty,
	      "priority: what is tracked is subtracted");
	REACHED(priority < configured, "a lower one");
}

static bool fits(const struct vrrp_damped *damped, vrrp_usec_t now)
{
	if (damped->counts < VRRP_BADNESS_UNKNOWN || damped->counts > VRRP_BADNESS_DOWN)
		return false;
	return !damped->due ||
	       (damped->counts != VRRP_BADNESS_UNKNOWN && damped->next >= 0 &&
		damped->next <= VRRP_BADNESS_DOWN && damped->next != damped->counts &&
		damped->due <= now + UINT16_MAX * VRRP_USEC_PER_SEC);
}

static void prove_follow(struct vrrp_damped was, vrrp_usec_t now)
{
	struct vrrp_damped is = was;
	uint16_t up_sec = nondet_u32(), down_sec = nondet_u32();
	int badness = nondet_int();
	uint16_t delay_sec = badness > was.counts ? down_sec : up_sec;
	bool differs;

	ASSUME(badness >= VRRP_BADNESS_UNKNOWN && badness <= VRRP_BADNESS_DOWN);
	differs = vrrp_damped_follow(&is, badness, now, up_sec, down_sec);
	PROVE(fits(&is, now), "invariant: badness");
	PROVE(differs == (is.counts != was.counts), "badness: a change in effect is told");
	PROVE(!differs ||
		      (is.counts == badness && (was.counts == VRRP_BADNESS_UNKNOWN || !delay_sec)),
	      "badness: a change takes effect after its delay");
	PROVE(is.counts == badness || badness == VRRP_BADNESS_UNKNOWN ||
		      (is.next == badness && (is.due == was.due || is.due >= now + DELAY_MIN)),
	      "badness: what waits is the last one, and it waits as long as the first");
	PROVE(badness != was.counts || badness == VRRP_BADNESS_UNKNOWN || !is.due,
	      "badness: what is taken back does not take effect");
	REACHED(differs, "a change at once");
	REACHED(is.due && !was.due, "a change that waits");
	REACHED(was.due && !is.due && !differs, "one that is taken back");
}

static void prove_expire(struct vrrp_damped was, vrrp_usec_t now)
{
	struct vrrp_damped is = was;
	bool differs = vrrp_damped_expire(&is, now);

	PROVE(fits(&is, now), "invariant: badness");
	PROVE(differs == (was.due && now >= was.due), "badness: it takes effect when it is due");
	PROVE(is.counts == (differs ? was.next : was.counts),
	      "badness: it becomes the one that waited");
	REACHED(differs, "one that has waited");
}

int main(void)
{
	struct vrrp_damped damped = { nondet_int(), nondet_int(), nondet_usec() };
	vrrp_usec_t now = any_now();

	ASSUME(fits(&damped, now));
	prove_priority();
	prove_follow(damped, now);
	prove_expire(damped, now);
	return 0;
}
