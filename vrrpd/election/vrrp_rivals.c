// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A turn is an advertisement of one router after one of another. A normal takeover has one or
 * two turns; in a split, every advertisement is a turn. A virtual router with several peers
 * keeps its rivals from the first advertisement on.
 */
#include "vrrp_rivals.h"

#include "darr.h"
#include "memory.h"

#include "vrrp_memory.h"
#include "vrrp_notify.h"
#include "vrrp_trouble.h"

DEFINE_MTYPE_STATIC(VRRPD, VRRP_RIVALS, "VRRP rivals");

/* Turns, or advertisements while we are Active, after which a router counts as staying Active. */
#define STAYS 4
/* Rivals remembered at a time; with more it cannot be told which of them stay Active. */
#define RIVALS 8

struct rival {
	struct vrrp_addr address; /* not set: the entry is free */
	vrrp_usec_t since;	  /* heard without a pause */
	vrrp_usec_t heard;
	vrrp_usec_t patience; /* it is still Active if heard again within this time */
	unsigned int turns;
};

struct vrrp_rivals {
	struct rival list[RIVALS];
	struct rival *last;
};

/* Long enough for two advertisements to be missed. */
static vrrp_usec_t patience(const struct vrrp_advert *advert)
{
	return 3 * advert->interval_cs * VRRP_USEC_PER_CS + VRRP_USEC_PER_SEC;
}

/* The entry of this address, or that of the rival that has been silent for longest. */
static struct rival *find_or_replace(struct vrrp_rivals *rivals, const struct vrrp_addr *address)
{
	struct rival *oldest = &rivals->list[0];

	if (rivals->last && vrrp_addr_same(&rivals->last->address, address))
		return rivals->last;
	for (unsigned int i = 0; i < RIVALS; i++) {
		if (vrrp_addr_same(&rivals->list[i].address, address))
			return &rivals->list[i];
		if (rivals->list[i].heard < oldest->heard)
			oldest = &rivals->list[i];
	}
	*oldest = (struct rival){ .address = *address };
	return oldest;
}

static struct rival *note(struct vrrp_rivals *rivals, const struct vrrp_addr *address,
			  const struct vrrp_advert *advert)
{
	struct rival *rival = find_or_replace(rivals, address);
	vrrp_usec_t now = vrrp_now();

	if (now > rival->heard + rival->patience) {
		rival->turns = 0;
		rival->since = now;
	} else if (rivals->last != rival && rival->turns < STAYS) {
		rival->turns++;
	}
	rival->heard = now;
	rival->patience = patience(advert);
	rivals->last = rival;
	return rival;
}

/* Another rival that stays Active as well; NULL when there is none. */
static const struct rival *other_that_stays(const struct vrrp_rivals *rivals,
					    const struct rival *than)
{
	for (unsigned int i = 0; i < RIVALS; i++) {
		const struct rival *rival = &rivals->list[i];

		if (rival != than && rival->turns >= STAYS - 1 &&
		    than->heard <= rival->heard + rival->patience)
			return rival;
	}
	return NULL;
}

static void tell_split(struct vrrp_router *router, const struct rival *a, const struct rival *b)
{
	char text_a[VRRP_ADDR_STRLEN], text_b[VRRP_ADDR_STRLEN];
	const struct rival *first = vrrp_addr_cmp(&a->address, &b->address) < 0 ? a : b;
	const struct rival *second = first == a ? b : a;

	router->stats.split_heard++;
	if (!vrrp_trouble_goes_on(router, VRRP_TROUBLE_SPLIT, MAX(a->patience, b->patience),
				  MAX(a->since, b->since), MIN(a->heard, b->heard)))
		return;
	vrrp_addr_str(&first->address, text_a);
	vrrp_addr_str(&second->address, text_b);
	if (vrrp_trouble_say(router, VRRP_TROUBLE_SPLIT,
			     "%s and %s are both Active and do not hear each other", text_a, text_b))
		vrrp_notify_split(router, text_a, text_b);
}

static void heard_among_others(struct vrrp_router *router, const struct vrrp_datagram *dgram,
			       const struct vrrp_advert *advert)
{
	const struct rival *rival, *other;

	if (!router->rivals)
		router->rivals = XCALLOC(MTYPE_VRRP_RIVALS, sizeof(*router->rivals));
	rival = note(router->rivals, &dgram->src, advert);
	if (rival->turns < STAYS)
		return;
	other = other_that_stays(router->rivals, rival);
	if (other)
		tell_split(router, rival, other);
}

/* So long a router has been Active when others that hear it have long yielded. */
static bool is_settled(const struct vrrp_router *router)
{
	return vrrp_now() - router->fsm.since >
	       (STAYS + 1) * router->fsm_config.interval_cs * VRRP_USEC_PER_CS;
}

/*
 * Tells of the first one, which is all that is heard of a router that yields at once: both were
 * Active until now. The other end tells of it as its transition. While one takes over from another,
 * such an advertisement is usual.
 */
static void tell_beside(struct vrrp_router *router, const struct vrrp_datagram *dgram,
			const struct vrrp_advert *advert)
{
	char src[VRRP_ADDR_STRLEN], own[VRRP_ADDR_STRLEN];

	if (!is_settled(router) || !vrrp_trouble_seen(router, VRRP_TROUBLE_BESIDE, patience(advert)))
		return;
	vrrp_addr_str(&dgram->src, src);
	if (vrrp_trouble_say(router, VRRP_TROUBLE_BESIDE,
			     "%s was Active too: it has priority %u, ours is %u", src,
			     advert->priority, router->fsm_config.priority))
		vrrp_notify_split(router, vrrp_addr_str(&router->source, own), src);
}

static void heard_beside_us(struct vrrp_router *router, const struct vrrp_datagram *dgram,
			    const struct vrrp_advert *advert)
{
	char src[VRRP_ADDR_STRLEN];
	vrrp_usec_t now = vrrp_now();

	if (now > router->rival_heard + patience(advert))
		router->rival_count = 0;
	if (!router->rival_count)
		router->rival_since = now;
	router->rival_heard = now;
	tell_beside(router, dgram, advert);
	if (++router->rival_count < STAYS)
		return;
	router->rival_count = STAYS;
	if (vrrp_trouble_goes_on(router, VRRP_TROUBLE_RIVAL, patience(advert), router->rival_since,
				 now))
		vrrp_trouble_say(router, VRRP_TROUBLE_RIVAL,
				 "%s stays Active beside us: it does not seem to hear us",
				 vrrp_addr_str(&dgram->src, src));
}

void vrrp_rivals_heard(struct vrrp_router *router, const struct vrrp_datagram *dgram,
		       const struct vrrp_advert *advert)
{
	if (router->fsm.state != VRRP_ACTIVE)
		router->rival_count = 0;
	if (advert->priority == VRRP_PRIORITY_RELEASE)
		return;
	if (router->fsm.state == VRRP_ACTIVE)
		heard_beside_us(router, dgram, advert);
	if (darr_len(router->peers) != 1)
		heard_among_others(router, dgram, advert);
}

void vrrp_rivals_forget(struct vrrp_router *router)
{
	XFREE(MTYPE_VRRP_RIVALS, router->rivals);
}
