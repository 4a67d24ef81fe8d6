// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Each drain has an alarm for its next change, and all that are under way are in one list. A
 * drain changes in no other place, so that all steps of a flush see the same.
 */
#include <zebra.h>

#include "vrrp_drain.h"

#include "vrrp_tick.h"

#define USEC_PER_MSEC (VRRP_USEC_PER_SEC / 1000)

DECLARE_DLIST(vrrp_drains, struct vrrp_drain, item);

static struct vrrp_drains_head drains = INIT_DLIST(drains);
static void (*on_change)(struct vrrp_drain *drain);
static struct vrrp_tick_work over; /* run is NULL: the daemon goes on */

static void end(struct vrrp_drain *drain)
{
	vrrp_alarm_cancel(&drain->alarm);
	vrrp_drains_del(&drains, drain);
	drain->facts = (struct vrrp_handover_facts){};
}

static void look(struct vrrp_drain *drain)
{
	enum vrrp_handover before = drain->handover;
	vrrp_usec_t until;

	drain->handover = vrrp_handover_decide(&drain->facts, vrrp_now(), &until);
	if (until)
		vrrp_alarm_set(&drain->alarm, until);
	else
		end(drain);
	if (drain->handover != before)
		on_change(drain);
}

static void on_alarm(struct vrrp_alarm *alarm)
{
	look(container_of(alarm, struct vrrp_drain, alarm));
	vrrp_tick_soon();
	if (!vrrp_drains_count(&drains) && over.run)
		vrrp_tick_then(&over);
}

void vrrp_drain_begin(struct vrrp_drain *drain, uint32_t msec, enum vrrp_successor successor)
{
	vrrp_usec_t now = vrrp_now();

	vrrp_drain_end(drain);
	if (!msec)
		return;
	drain->facts.drain = msec * USEC_PER_MSEC;
	drain->facts.begun = now;
	drain->alarm.expire = on_alarm;
	drain->facts.heard = successor == VRRP_SUCCESSOR_AWAITED ? 0 : now;
	drain->facts.is_cut_off = successor == VRRP_SUCCESSOR_SERVES;
	vrrp_drains_add_tail(&drains, drain);
	look(drain);
}

void vrrp_drain_undecided(struct vrrp_drain *drain, uint32_t msec)
{
	vrrp_usec_t span = msec * USEC_PER_MSEC;

	if (drain->facts.undecided && drain->facts.drain == span)
		return;
	if (!drain->facts.drain) {
		drain->facts.begun = vrrp_now();
		drain->alarm.expire = on_alarm;
		vrrp_drains_add_tail(&drains, drain);
	}
	drain->facts.undecided = true;
	drain->facts.drain = span;
	look(drain);
}

void vrrp_drain_heard(struct vrrp_drain *drain)
{
	vrrp_usec_t until;

	if (drain->handover != VRRP_HANDOVER_ANNOUNCES || drain->facts.heard)
		return;
	drain->facts.heard = vrrp_now();
	vrrp_handover_decide(&drain->facts, drain->facts.heard, &until);
	vrrp_alarm_set(&drain->alarm, until);
}

void vrrp_drain_end(struct vrrp_drain *drain)
{
	if (drain->handover != VRRP_HANDOVER_NONE)
		end(drain);
	drain->handover = VRRP_HANDOVER_NONE;
}

void vrrp_drain_end_all(void)
{
	struct vrrp_drain *drain;

	while ((drain = vrrp_drains_first(&drains))) {
		vrrp_drain_end(drain);
		on_change(drain);
	}
}

uint32_t vrrp_drain_left_msec(const struct vrrp_drain *drain)
{
	vrrp_usec_t end = drain->facts.begun + drain->facts.drain, now = vrrp_now();

	return end > now ? (end - now + USEC_PER_MSEC - 1) / USEC_PER_MSEC : 0;
}

bool vrrp_drain_wait(void (*run)(void))
{
	over.run = run;
	return vrrp_drains_count(&drains);
}

void vrrp_drain_init(void (*changed)(struct vrrp_drain *drain))
{
	on_change = changed;
}
