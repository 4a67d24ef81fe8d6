/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The drain of a VIP whose router has left Active: how far it is (vrrp_handover.h), and the
 * end of each of its steps.
 */
#ifndef VRRP_DRAIN_H
#define VRRP_DRAIN_H

#include <stdbool.h>
#include <stdint.h>

#include "typesafe.h"

#include "vrrp_alarm.h"
#include "vrrp_handover.h"

PREDECL_DLIST(vrrp_drains);

/* Of one VIP; all 0: none. */
struct vrrp_drain {
	struct vrrp_drains_item item;
	struct vrrp_alarm alarm; /* for its next change */
	struct vrrp_handover_facts facts;
	enum vrrp_handover handover; /* as of the last change */
};

void vrrp_drain_begin(struct vrrp_drain *drain, uint32_t msec, enum vrrp_successor successor);

/*
 * Of an inherited VIP: it stays as it is for so long, unless something decides before. Again: for
 * another time, from the same beginning.
 */
void vrrp_drain_undecided(struct vrrp_drain *drain, uint32_t msec);

/* The new Active router was heard. */
void vrrp_drain_heard(struct vrrp_drain *drain);

/* Before its time: the router is Active again, or the VIP has gone. */
void vrrp_drain_end(struct vrrp_drain *drain);
void vrrp_drain_end_all(void);

/* Until it ends, in milliseconds. */
uint32_t vrrp_drain_left_msec(const struct vrrp_drain *drain);

/*
 * The daemon is to end: runs this after the end of the tick when no drain is under way any
 * more. False: none is now.
 */
bool vrrp_drain_wait(void (*run)(void));

/* changed: a drain went on, or ended, by time; the end of the tick follows. */
void vrrp_drain_init(void (*changed)(struct vrrp_drain *drain));

#endif /* VRRP_DRAIN_H */
