// SPDX-License-Identifier: GPL-2.0-or-later
/* Nothing is stored: each sentence is made of what the voters said last. */
#include "vrrp_witness_explain.h"

#include <zebra.h>

#include "lib_errors.h"
#include "log.h"

#include "vrrp_warning.h"
#include "vrrp_witness.h"

/* A voter that is asked several times in a lease, and says nothing for so many, does not answer. */
#define SILENT_LEASES 2

static vrrp_usec_t lease_of(const struct vrrp_router *router)
{
	return router->group->applied.witness.lease_sec * VRRP_USEC_PER_SEC;
}

static const char *kind_of(const struct vrrp_witness_voter *voter)
{
	return voter->is_router ? "peer" : "witness";
}

static void explain_silence(const struct vrrp_router *router,
			    const struct vrrp_witness_voter *voter, struct vrrp_sentences *warnings)
{
	unsigned int port = router->group->applied.witness.port;
	char text[VRRP_ADDR_STRLEN];

	vrrp_addr_str(&voter->address, text);
	if (!voter->heard)
		vrrp_sentence_add(warnings, "%s %s has never answered at UDP port %u",
				  kind_of(voter), text, port);
	else if (vrrp_now() - voter->heard > SILENT_LEASES * lease_of(router))
		vrrp_sentence_add(warnings,
				  "%s %s has not answered for %" PRIu64 " s at UDP port %u",
				  kind_of(voter), text,
				  (uint64_t)((vrrp_now() - voter->heard) / VRRP_USEC_PER_SEC), port);
}

/* What only a change of the configuration mends. */
static void explain_refusal(const struct vrrp_router *router,
			    const struct vrrp_witness_voter *voter, struct vrrp_sentences *warnings)
{
	char text[VRRP_ADDR_STRLEN], holder[VRRP_ADDR_STRLEN];

	vrrp_addr_str(&voter->address, text);
	if (voter->answer == VRRP_WORD_LEASE)
		vrrp_sentence_add(warnings, "%s %s grants no lease of %u s: its own is shorter",
				  kind_of(voter), text, router->group->applied.witness.lease_sec);
	if (voter->answer == VRRP_WORD_TAKEN && !voter->is_router &&
	    vrrp_addr_is_set(&voter->holder) && !vrrp_router_peer(router, &voter->holder) &&
	    !vrrp_addr_same(&voter->holder, &router->source))
		vrrp_sentence_add(warnings,
				  "witness %s has promised itself to %s, which is no peer: another group has this VRID; give each a name of its own",
				  text, vrrp_addr_str(&voter->holder, holder));
}

static int warn(const struct vrrp_router *router, struct vrrp_sentences *warnings)
{
	struct vrrp_witness_voter voter;

	if (!vrrp_witness_is_needed(router))
		return 0;
	if (router->fsm.is_ready)
		vrrp_sentence_add(warnings,
				  "would take over, and has %u of the %u promises that it needs, of %u voters",
				  vrrp_witness_promises(router), vrrp_witness_majority(router),
				  vrrp_witness_voters(router));
	if (vrrp_witness_error(router)) {
		vrrp_sentence_add(warnings, "cannot talk to witnesses and peers at UDP port %u: %s",
				  router->group->applied.witness.port,
				  safe_strerror(-vrrp_witness_error(router)));
		return 0;
	}
	for (unsigned int i = 0; vrrp_witness_voter(router, i, &voter); i++) {
		explain_silence(router, &voter, warnings);
		explain_refusal(router, &voter, warnings);
	}
	return 0;
}

void vrrp_witness_explain_init(void)
{
	hook_register(vrrp_warnings, warn);
}
