// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Each advertisement that is sent is compared with the last one, so nobody has to tell when source,
 * peers or VIPs change. What is on the page differs from it in priority and checksum only; where
 * the group signs, it is signed anew each time, as a moment after the last one.
 */
#include "vrrp_farewell.h"

#include "darr.h"

#include "vrrp_guardian.h"
#include "vrrp_seal.h"
#include "vrrp_vip.h"

/* Where the fields of an advertisement are that depend on its priority. */
#define AT_PRIORITY 2
#define AT_CHECKSUM 6
#define AT_REST	    8

static bool is_repeating;

static bool is_same(const struct guardian_datagram *noted, const struct guardian_datagram *head,
		    const uint8_t *octets)
{
	return noted && noted->size == head->size && noted->slot == head->slot &&
	       noted->ifindex == head->ifindex && noted->dialect == head->dialect &&
	       !memcmp(noted->source, head->source, sizeof(head->source)) &&
	       !memcmp(noted->octets, octets, AT_PRIORITY) &&
	       !memcmp(noted->octets + AT_PRIORITY + 1, octets + AT_PRIORITY + 1,
		       AT_CHECKSUM - AT_PRIORITY - 1) &&
	       !memcmp(noted->octets + AT_REST, octets + AT_REST, head->size - AT_REST);
}

static struct guardian_datagram head_of(const struct vrrp_router *router,
					const struct vrrp_said *said)
{
	struct guardian_datagram head = {
		.family = router->family == VRRP_IPV4 ? AF_INET : AF_INET6,
		.slot = said->slot,
		.size = said->size,
		.dialect = said->advert->checksum,
		.ifindex = said->link,
	};

	memcpy(head.source, router->source.octets, vrrp_addr_size(router->family));
	memcpy(head.destination, said->dst->octets, vrrp_addr_size(router->family));
	return head;
}

/*
 * An address that the operator has put on the link himself stays when the guardian takes away those of
 * the daemon. So nobody is to be called sooner for the sake of such a router.
 */
static bool may_be_said(const struct vrrp_router *router)
{
	return router->fsm.state == VRRP_ACTIVE && !vrrp_vip_is_borrowed(router);
}

/* Encodes it, signed where the group signs; its size, or 0 when it cannot be said. */
static size_t build(struct vrrp_router *router, const struct vrrp_said *said,
		    uint8_t octets[VRRP_PACKET_MAX])
{
	struct vrrp_advert last = *said->advert;
	size_t size;

	last.priority = VRRP_PRIORITY_RELEASE;
	size = vrrp_packet_encode(&last, &router->source, said->dst, octets, VRRP_PACKET_MAX);
	if (!size || last.version != 3)
		return size;
	if (!vrrp_seal_sign(router, octets, &size))
		return 0;
	vrrp_packet_readdress(octets, size, router->family, last.checksum, &router->source,
			      said->dst);
	return size;
}

void vrrp_farewell_repeat(void)
{
	is_repeating = true;
}

bool vrrp_farewell_repeats(const struct vrrp_router *router)
{
	return !vrrp_auth_signs(&router->group->applied.auth) && !vrrp_router_is_on_lan(router);
}

/* This process ends soon, and nobody changes the record any more. */
static void note_repeat(const struct vrrp_router *router, const struct guardian_datagram *said,
			const uint8_t *octets)
{
	struct guardian_datagram head = *said;
	uint32_t place = 0;

	head.interval_usec = router->fsm_config.interval_cs * VRRP_USEC_PER_CS;
	if (vrrp_farewell_repeats(router))
		vrrp_guardian_put_datagram(&place, &head, octets);
}

void vrrp_farewell_note(struct vrrp_router *router, struct vrrp_peer *peer,
			const struct vrrp_said *said)
{
	uint32_t *places = peer ? peer->farewells : router->farewells;
	uint32_t *place = &places[said->advert->version == 2];
	struct guardian_datagram head = head_of(router, said);
	uint8_t octets[VRRP_PACKET_MAX];

	if (is_repeating)
		note_repeat(router, &head, said->octets);
	if (is_same(vrrp_guardian_datagram(*place), &head, said->octets) || !may_be_said(router))
		return;
	if (build(router, said, octets) == said->size)
		vrrp_guardian_put_datagram(place, &head, octets);
	else
		vrrp_guardian_erase(place);
}

static void forget(uint32_t places[VRRP_FAREWELLS])
{
	for (unsigned int i = 0; i < VRRP_FAREWELLS; i++)
		vrrp_guardian_erase(&places[i]);
}

void vrrp_farewell_forget_peer(struct vrrp_peer *peer)
{
	forget(peer->farewells);
}

void vrrp_farewell_forget(struct vrrp_router *router)
{
	struct vrrp_peer *peer;

	darr_foreach_p (router->peers, peer)
		forget(peer->farewells);
	forget(router->farewells);
}
