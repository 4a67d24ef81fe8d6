// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A struct vrrp_witness belongs to its router, as long as there is a witness and a peer of its
 * family in the configuration in effect. A link is another voter; it is in a hash by which a
 * datagram finds it. What is to be said after the VIPs are gone, that a promise is given back or
 * given, waits for the end of the tick.
 */
#include "vrrp_witness.h"

#include <sys/random.h>

#include "lib/darr.h"
#include "jhash.h"
#include "memory.h"
#include "network.h"

#include "vrrp_ballot.h"
#include "vrrp_host.h"
#include "vrrp_memory.h"
#include "vrrp_tick.h"
#include "vrrp_witness_seal.h"
#include "vrrp_witness_socket.h"

DEFINE_MTYPE_STATIC(VRRPD, VRRP_WITNESS, "VRRP promises of a virtual router");

PREDECL_HASH(links);

struct link {
	struct links_item item;
	struct vrrp_witness *witness;
	struct vrrp_addr address;
	bool is_router;
	bool is_found; /* in the hash: nobody else has the same place there */
};

/* A router whose question is answered when this one has left Active. */
struct successor {
	const struct link *link; /* NULL: there is none */
	struct vrrp_ask ask;
};

struct vrrp_witness {
	struct vrrp_router *router;
	struct vrrp_promise_group group;
	struct vrrp_voter voter;
	struct vrrp_ballot ballot;
	struct link links[VRRP_VOTES_MAX]; /* of the votes */
	struct vrrp_witness_sock *sock;
	int sock_error; /* negative errno, while there is none */
	struct vrrp_alarm ask, expiry;
	vrrp_usec_t spared_until; /* it was Active before there was a witness */
	bool gives_back;
	struct successor successor;
};

static void (*tell)(struct vrrp_router *router, enum vrrp_event_type what, enum vrrp_reason reason);

static int link_cmp(const struct link *a, const struct link *b)
{
	int order = vrrp_addr_cmp(&a->address, &b->address);

	if (!order)
		order = numcmp((uintptr_t)a->witness->sock, (uintptr_t)b->witness->sock);
	if (!order)
		order = numcmp(a->witness->group.vrid, b->witness->group.vrid);
	return order ? order : strcmp(a->witness->group.name, b->witness->group.name);
}

static uint32_t link_hash(const struct link *link)
{
	return jhash(link->address.octets, sizeof(link->address.octets), link->witness->group.vrid);
}

DECLARE_HASH(links, struct link, item, link_cmp, link_hash);

static struct links_head links = INIT_HASH(links);

static struct vrrp_vote *vote_of(const struct link *link)
{
	struct vrrp_witness *witness = link->witness;

	return &witness->ballot.votes[link - witness->links];
}

/* -------------------------------------------------------------------------- sending */

static struct vrrp_addr source_of(const struct vrrp_router *router)
{
	return vrrp_addr_is_set(&router->source) ? router->source : vrrp_host_source(router);
}

/* A datagram that cannot be sent is one that is lost. */
static void say(const struct link *link, const struct vrrp_promise_packet *packet)
{
	const struct vrrp_witness *witness = link->witness;
	struct vrrp_addr source = source_of(witness->router);
	uint8_t octets[VRRP_PROMISE_SIZE];

	if (witness->sock && vrrp_addr_is_set(&source) &&
	    vrrp_witness_seal_encode(witness->router->group, packet, octets))
		(void)vrrp_witness_socket_send(witness->sock, &source,
					       witness->router->group->ifp->ifindex, &link->address,
					       octets);
}

static void ask(struct link *link, enum vrrp_ask_kind kind)
{
	struct vrrp_witness *witness = link->witness;
	const struct vrrp_router *router = witness->router;
	struct vrrp_promise_packet packet = { .group = witness->group };
	struct vrrp_vote *vote = vote_of(link);

	packet.ask = (struct vrrp_ask){
		.kind = kind,
		.from = source_of(router),
		.priority = router->fsm_config.priority,
		.is_active = router->fsm.state == VRRP_ACTIVE,
		.lease = witness->ballot.lease,
		.serial = vrrp_vote_ask(vote, vrrp_now()),
		.token = vote->token,
	};
	say(link, &packet);
}

static void ask_all(struct vrrp_witness *witness, enum vrrp_ask_kind kind)
{
	for (unsigned int i = 0; i < witness->ballot.n_votes; i++)
		ask(&witness->links[i], kind);
}

static bool is_its_own(const struct vrrp_witness *witness)
{
	return vrrp_voter_is_its_own(&witness->voter, vrrp_now());
}

/* A router that has just started can do nothing with a promise. */
static bool asks_in_vain(const struct vrrp_witness *witness)
{
	return witness->ballot.wish == VRRP_WISH_NONE || vrrp_now() < witness->voter.silent_until;
}

static void open_socket(struct vrrp_witness *witness)
{
	const struct vrrp_router *router = witness->router;

	if (!witness->sock)
		witness->sock_error = vrrp_witness_socket_get(router->group->ifp->vrf->vrf_id,
							      router->family,
							      router->group->applied.witness.port,
							      &witness->sock);
	for (unsigned int i = 0; witness->sock && i < witness->ballot.n_votes; i++)
		if (!witness->links[i].is_found)
			witness->links[i].is_found = !links_add(&links, &witness->links[i]);
}

static void close_socket(struct vrrp_witness *witness)
{
	for (unsigned int i = 0; i < witness->ballot.n_votes; i++) {
		if (witness->links[i].is_found)
			links_del(&links, &witness->links[i]);
		witness->links[i].is_found = false;
	}
	vrrp_witness_socket_put(&witness->sock);
}

/* ------------------------------------------------------------------------- majority */

static vrrp_usec_t majority_end(const struct vrrp_witness *witness)
{
	return MAX(vrrp_ballot_until(&witness->ballot), witness->spared_until);
}

static bool has_majority(const struct vrrp_witness *witness)
{
	return vrrp_ballot_until(&witness->ballot) > vrrp_now() && is_its_own(witness);
}

static void judge(struct vrrp_witness *witness)
{
	struct vrrp_router *router = witness->router;

	if (router->fsm.state == VRRP_ACTIVE)
		vrrp_alarm_set(&witness->expiry, MAX(majority_end(witness), vrrp_now()));
	else if (witness->ballot.wish == VRRP_WISH_ACTIVE && has_majority(witness))
		tell(router, VRRP_EVENT_TAKE_OVER, VRRP_REASON_NONE);
}

void vrrp_witness_check(struct vrrp_router *router)
{
	struct vrrp_witness *witness = router->witness;

	if (!witness || router->fsm.state != VRRP_ACTIVE || majority_end(witness) > vrrp_now())
		return;
	if (witness->sock)
		vrrp_witness_socket_read(witness->sock); /* the answer may be there */
	if (router->fsm.state == VRRP_ACTIVE && majority_end(witness) <= vrrp_now())
		tell(router, VRRP_EVENT_GIVE_UP, VRRP_REASON_NO_MAJORITY);
}

/* When the next question is due; or a majority may count, since its own promise is over. */
static vrrp_usec_t next_look(const struct vrrp_witness *witness)
{
	vrrp_usec_t now = vrrp_now(), due = witness->ballot.due;
	vrrp_usec_t bound = MAX(witness->voter.until, witness->voter.silent_until);

	if (witness->ballot.wish != VRRP_WISH_ACTIVE || bound <= now)
		return due;
	return MIN(due, bound + 1);
}

static void on_ask(struct vrrp_alarm *alarm)
{
	struct vrrp_witness *witness = container_of(alarm, struct vrrp_witness, ask);

	open_socket(witness);
	vrrp_ballot_asking(&witness->ballot, vrrp_now());
	if (!asks_in_vain(witness))
		ask_all(witness, VRRP_ASK_PROMISE);
	else if (!witness->gives_back) /* the end of the tick says that */
		ask_all(witness, VRRP_ASK_NOTHING);
	vrrp_alarm_set(alarm, next_look(witness));
	judge(witness);
}

static void on_expiry(struct vrrp_alarm *alarm)
{
	struct vrrp_witness *witness = container_of(alarm, struct vrrp_witness, expiry);

	vrrp_witness_check(witness->router);
}

/* --------------------------------------------------------------- after the VIPs are gone */

static struct vrrp_voter_self self_of(const struct vrrp_witness *witness)
{
	const struct vrrp_router *router = witness->router;

	return (struct vrrp_voter_self){
		.address = source_of(router),
		.priority = router->fsm_config.priority,
		.is_active = router->fsm.state == VRRP_ACTIVE,
		.hands_over = router->fsm.hands_over_until != 0,
		.wants = witness->ballot.wish == VRRP_WISH_ACTIVE,
	};
}

/* The word; YIELDS is not said. */
static enum vrrp_promise_word answer(const struct link *link, const struct vrrp_ask *question)
{
	struct vrrp_witness *witness = link->witness;
	struct vrrp_voter_self self = self_of(witness);
	struct vrrp_promise_packet packet = { .group = witness->group, .is_answer = true };
	uint64_t random;

	if (getrandom(&random, sizeof(random), GRND_NONBLOCK) != sizeof(random))
		return VRRP_WORD_SILENT;
	vrrp_voter_answer(&witness->voter, &self, question, random, vrrp_now(), &packet.answer);
	if (packet.answer.word != VRRP_WORD_YIELDS)
		say(link, &packet);
	return packet.answer.word;
}

static void keep_word(struct vrrp_router *router)
{
	struct vrrp_witness *witness = router->witness;
	struct successor successor;

	if (!witness)
		return;
	if (witness->gives_back && witness->ballot.wish == VRRP_WISH_NONE)
		ask_all(witness, VRRP_ASK_NOTHING);
	successor = witness->successor;
	witness->gives_back = false;
	witness->successor.link = NULL;
	if (successor.link)
		answer(successor.link, &successor.ask);
}

static void keep_words(void)
{
	struct vrrp_group *group;

	frr_each (vrrp_groups, &vrrp_groups, group) {
		keep_word(&group->v4);
		keep_word(&group->v6);
	}
}

static struct vrrp_tick_work keeping = { .run = keep_words };

static enum vrrp_wish wish_of(const struct vrrp_router *router)
{
	if (router->fsm.state == VRRP_ACTIVE)
		return VRRP_WISH_STAY;
	return router->fsm.is_ready ? VRRP_WISH_ACTIVE : VRRP_WISH_NONE;
}

void vrrp_witness_look(struct vrrp_router *router)
{
	struct vrrp_witness *witness = router->witness;
	enum vrrp_wish wish = wish_of(router);

	if (!witness || wish == witness->ballot.wish)
		return;
	vrrp_ballot_wish(&witness->ballot, wish, vrrp_now());
	if (wish == VRRP_WISH_NONE) {
		vrrp_ballot_drop(&witness->ballot);
		witness->spared_until = 0;
		witness->gives_back = true;
		vrrp_alarm_cancel(&witness->expiry);
		vrrp_tick_then(&keeping);
	} else {
		judge(witness);
		vrrp_alarm_set(&witness->ask, witness->ballot.due);
	}
}

/* ------------------------------------------------------------------------ receiving */

static void give_way(const struct link *link, const struct vrrp_ask *question)
{
	struct vrrp_witness *witness = link->witness;
	struct vrrp_router *router = witness->router;

	witness->successor = (struct successor){ .link = link, .ask = *question };
	vrrp_tick_then(&keeping);
	tell(router, VRRP_EVENT_GIVE_UP,
	     router->fsm.hands_over_until ? VRRP_REASON_HANDED_OVER : VRRP_REASON_PRIORITY);
}

/* As long as its VIPs are there it makes no promise. */
static void consider(const struct link *link, const struct vrrp_ask *question)
{
	struct vrrp_witness *witness = link->witness;

	if (witness->gives_back)
		witness->successor = (struct successor){ .link = link, .ask = *question };
	else if (answer(link, question) == VRRP_WORD_YIELDS)
		give_way(link, question);
}

static void take(const struct link *link, const struct vrrp_answer *said)
{
	struct vrrp_witness *witness = link->witness;
	vrrp_usec_t due = witness->ballot.due;

	if (!vrrp_ballot_take(&witness->ballot, vote_of(link), said, vrrp_now()))
		return;
	if (witness->ballot.due != due)
		vrrp_alarm_set(&witness->ask, next_look(witness));
	judge(witness);
}

static void heard(struct vrrp_witness_sock *sock, const struct vrrp_addr *from,
		  const uint8_t *octets, size_t size)
{
	struct vrrp_promise_packet packet;
	struct vrrp_witness key = { .sock = sock };
	struct link *link, place = { .witness = &key, .address = *from };

	if (!vrrp_promise_decode(octets, size, &packet))
		return;
	key.group = packet.group;
	link = packet.group.family == sock->family ? links_find(&links, &place) : NULL;
	if (!link || !vrrp_witness_seal_accepts(link->witness->router->group, octets))
		return;
	if (packet.is_answer)
		take(link, &packet.answer);
	else if (link->is_router && vrrp_addr_same(&packet.ask.from, from))
		consider(link, &packet.ask);
}

/* -------------------------------------------------------------------- configuration */

static bool is_wanted(const struct vrrp_router *router)
{
	const struct vrrp_witness_conf *conf = &router->group->applied.witness;

	for (unsigned int i = 0; i < conf->count; i++)
		if (conf->addresses[i].family == router->family)
			return darr_len(router->peers);
	return false;
}

/* The new one, or the same as it was before, of which it takes the vote over. */
static void add_link(struct vrrp_witness *witness, const struct vrrp_ballot *before,
		     const struct link *links_before, const struct vrrp_addr *address,
		     bool is_router)
{
	unsigned int i = witness->ballot.n_votes;
	struct vrrp_vote *vote = &witness->ballot.votes[i];

	if (i == VRRP_VOTES_MAX)
		return; /* the check of the configuration refuses it */
	witness->ballot.n_votes++;
	witness->links[i] =
		(struct link){ .witness = witness, .address = *address, .is_router = is_router };
	*vote = (struct vrrp_vote){};
	for (unsigned int j = 0; j < before->n_votes; j++)
		if (vrrp_addr_same(&links_before[j].address, address))
			*vote = before->votes[j];
	if (!vote->serial && getrandom(&vote->serial, sizeof(vote->serial), GRND_NONBLOCK) < 0)
		vote->serial = (uint64_t)frr_weak_random() << 32;
}

static void take_voters(struct vrrp_witness *witness)
{
	const struct vrrp_witness_conf *conf = &witness->router->group->applied.witness;
	const struct vrrp_ballot before = witness->ballot;
	struct link links_before[VRRP_VOTES_MAX];
	const struct vrrp_peer *peer;

	memcpy(links_before, witness->links, sizeof(links_before));
	witness->ballot.n_votes = 0;
	darr_foreach_p (witness->router->peers, peer)
		add_link(witness, &before, links_before, &peer->address, true);
	for (unsigned int i = 0; i < conf->count; i++)
		if (conf->addresses[i].family == witness->router->family)
			add_link(witness, &before, links_before, &conf->addresses[i], false);
}

static struct vrrp_witness *new_witness(struct vrrp_router *router)
{
	struct vrrp_witness *witness = XCALLOC(MTYPE_VRRP_WITNESS, sizeof(*witness));
	vrrp_usec_t lease = router->group->applied.witness.lease_sec * VRRP_USEC_PER_SEC;

	witness->router = router;
	witness->ask.expire = on_ask;
	witness->expiry.expire = on_expiry;
	vrrp_voter_init(&witness->voter, lease, vrrp_now());
	if (router->fsm.state == VRRP_ACTIVE)
		witness->spared_until = vrrp_now() + 2 * lease;
	return witness;
}

void vrrp_witness_follow(struct vrrp_router *router)
{
	const struct vrrp_witness_conf *conf = &router->group->applied.witness;
	struct vrrp_witness *witness;

	if (!is_wanted(router)) {
		vrrp_witness_forget(router);
		return;
	}
	if (!router->witness)
		router->witness = new_witness(router);
	witness = router->witness;
	close_socket(witness);
	witness->successor.link = NULL;
	witness->group = (struct vrrp_promise_group){ .vrid = router->group->vrid,
						      .family = router->family };
	strlcpy(witness->group.name, conf->name, sizeof(witness->group.name));
	witness->voter.lease_max = witness->ballot.lease = conf->lease_sec * VRRP_USEC_PER_SEC;
	take_voters(witness);
	vrrp_witness_look(router);
	judge(witness);
	vrrp_alarm_set(&witness->ask, vrrp_now());
}

void vrrp_witness_forget(struct vrrp_router *router)
{
	struct vrrp_witness *witness = router->witness;

	if (!witness)
		return;
	close_socket(witness);
	vrrp_alarm_cancel(&witness->ask);
	vrrp_alarm_cancel(&witness->expiry);
	XFREE(MTYPE_VRRP_WITNESS, router->witness);
}

bool vrrp_witness_is_needed(const struct vrrp_router *router)
{
	return router->witness != NULL;
}

void vrrp_witness_configure(const struct vrrp_router *router, struct vrrp_fsm_config *config)
{
	if (!router->witness)
		return;
	config->syncs = true;
	config->settles = false;
}

/* ----------------------------------------------------------------------------- show */

bool vrrp_witness_voter(const struct vrrp_router *router, unsigned int i,
			struct vrrp_witness_voter *voter)
{
	const struct vrrp_witness *witness = router->witness;
	const struct vrrp_vote *vote;
	vrrp_usec_t now = vrrp_now();

	if (!witness || i >= witness->ballot.n_votes)
		return false;
	vote = &witness->ballot.votes[i];
	*voter = (struct vrrp_witness_voter){
		.address = witness->links[i].address,
		.is_router = witness->links[i].is_router,
		.heard = vote->heard,
		.promised = vote->until > now ? vote->until - now : 0,
		.answer = vote->answer.word,
		.holder = vote->answer.holder,
	};
	return true;
}

int vrrp_witness_error(const struct vrrp_router *router)
{
	return router->witness ? router->witness->sock_error : 0;
}

unsigned int vrrp_witness_voters(const struct vrrp_router *router)
{
	return router->witness ? router->witness->ballot.n_votes + 1 : 0;
}

unsigned int vrrp_witness_promises(const struct vrrp_router *router)
{
	const struct vrrp_witness *witness = router->witness;

	if (!witness || witness->ballot.wish == VRRP_WISH_NONE)
		return 0;
	return vrrp_ballot_count(&witness->ballot, vrrp_now()) + is_its_own(witness);
}

unsigned int vrrp_witness_majority(const struct vrrp_router *router)
{
	return router->witness ? vrrp_ballot_majority(&router->witness->ballot) : 0;
}

void vrrp_witness_init(void (*tell_router)(struct vrrp_router *router, enum vrrp_event_type what,
					   enum vrrp_reason reason))
{
	tell = tell_router;
	vrrp_witness_socket_init(heard);
}

void vrrp_witness_stop(void)
{
	links_fini(&links);
}
