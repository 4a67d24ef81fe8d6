/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Values of which a proof assumes nothing but their range, for cbmc. A function nondet_… has no body:
 * cbmc takes it to return anything.
 */
#ifndef PROOF_ANY_H
#define PROOF_ANY_H

#include "vrrp_fsm.h"

#define ASSUME(condition)      __CPROVER_assume(condition)
#define PROVE(condition, what) __CPROVER_assert(condition, what)

/*
 * With -DREACH nothing is proved. Instead cbmc must find a way to each of these situations:
 * assumptions that contradict each other would prove everything.
 */
#ifdef REACH
#undef PROVE
#define PROVE(condition, what)	 ((void)(condition))
#define REACHED(condition, what) __CPROVER_assert(!(condition), "reached: " what)
#else
#define REACHED(condition, what) ((void)(condition))
#endif

#define NOW_MAX	       (1ULL << 50) /* 35 years without a reboot */
#define OWN_CS_MAX     4095	    /* the longest interval that can be configured */
#define HEARD_CS_MAX   25500	    /* VRRPv2 says up to 255 s */
#define INTERVAL_MIN   VRRP_USEC_PER_CS
#define INTERVAL_MAX   (HEARD_CS_MAX * VRRP_USEC_PER_CS)
#define DELAY_SEC_MAX  3600
#define PRIORITY_FIRST 255 /* the owner's */

int nondet_int(void);
uint8_t nondet_u8(void);
uint32_t nondet_u32(void);
vrrp_usec_t nondet_usec(void);
struct vrrp_fsm nondet_fsm(void);
struct vrrp_addr nondet_addr(void);

static inline bool any_bool(void)
{
	return nondet_int() != 0;
}

static inline struct vrrp_addr any_addr(enum vrrp_family family)
{
	struct vrrp_addr addr = nondet_addr();
	int i;

	addr.family = family;
	for (i = 4; i < 16; i++)
		ASSUME(family == VRRP_IPV6 || addr.octets[i] == 0);
	return addr;
}

static inline enum vrrp_family any_family(void)
{
	return any_bool() ? VRRP_IPV4 : VRRP_IPV6;
}

/* The configuration of a router with an address of this family. */
static inline struct vrrp_fsm_config any_config(enum vrrp_family family)
{
	struct vrrp_fsm_config config = {
		.version = any_bool() ? 2 : 3,
		.priority = nondet_u8(),
		.preempt = any_bool(),
		.interval_cs = nondet_u32(),
		.preempt_delay_sec = nondet_u32(),
		.settles = any_bool(),
		.syncs = any_bool(),
		.tie_wait = nondet_usec(),
		.source = any_addr(family),
	};

	ASSUME(config.priority >= 1);
	ASSUME(config.interval_cs >= 1 && config.interval_cs <= OWN_CS_MAX);
	ASSUME(config.preempt_delay_sec <= DELAY_SEC_MAX);
	ASSUME(config.tie_wait <= 5 * INTERVAL_MAX);
	return config;
}

/* All values that have the types of their fields; invariant.h says which of them occur. */
static inline struct vrrp_fsm any_fsm(enum vrrp_family family)
{
	struct vrrp_fsm fsm = nondet_fsm();

	ASSUME(fsm.state >= VRRP_INITIALIZE && fsm.state <= VRRP_ACTIVE);
	ASSUME(fsm.reason >= VRRP_REASON_NONE && fsm.reason < VRRP_REASONS);
	ASSUME(fsm.preemption >= VRRP_PREEMPTION_NONE && fsm.preemption <= VRRP_PREEMPTION_READY);
	ASSUME(fsm.down_span >= VRRP_DOWN_WHOLE && fsm.down_span <= VRRP_DOWN_HINT);
	fsm.active_address = any_bool() ? any_addr(family) : (struct vrrp_addr){ 0 };
	fsm.is_ahead = any_bool();
	fsm.yields = any_bool();
	fsm.released = any_bool();
	fsm.lower_heard = any_bool();
	fsm.is_ready = any_bool();
	return fsm;
}

static inline vrrp_usec_t any_now(void)
{
	vrrp_usec_t now = nondet_usec();

	ASSUME(now >= 1 && now <= NOW_MAX);
	return now;
}

/* What of an advertisement passes the checks of vrrp_packet.c. */
static inline struct vrrp_event any_advert(enum vrrp_family family)
{
	struct vrrp_event event = { .type = VRRP_EVENT_ADVERT };

	event.advert.source = any_addr(family);
	event.advert.priority = nondet_u8();
	event.advert.version = any_bool() ? 2 : 3;
	event.advert.interval_cs = nondet_u32();
	ASSUME(event.advert.interval_cs >= 1 && event.advert.interval_cs <= HEARD_CS_MAX);
	return event;
}

#endif /* PROOF_ANY_H */
