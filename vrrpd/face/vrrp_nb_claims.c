// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A claim records which group last asked for an address or a path. It is a hint: it counts
 * only when the candidate confirms it, so an aborted transaction does no harm. It makes a
 * check O(1), where a walk over all groups would make a large configuration O(n * n).
 *
 * In a VRF, a virtual address and a path (VRID, source, peer) belong to one group, so one claim is
 * enough. Many groups may share a source: vrrp_host.c knows those of the running
 * configuration. Each VRF has claims of its own; that of a group whose interface has moved since
 * into another one is not confirmed.
 */
#include <zebra.h>

#include "jhash.h"
#include "log.h"
#include "memory.h"
#include "typesafe.h"
#include "yang.h"

#include "vrrp_log.h"
#include "vrrp_memory.h"
#include "vrrp_nb_claims.h"
#include "vrrp_host.h"
#include "vrrp_vip.h"
#include "vrrp_vip_vrf.h"
#include "vrrp_vrf.h"

DEFINE_MTYPE_STATIC(VRRPD, VRRP_CLAIM, "VRRP claim");

PREDECL_HASH(claims);

enum kind {
	CLAIM_VIP,
	CLAIM_SOURCE,
	CLAIM_PEER,
	CLAIM_PATH,
};

/* The leaf, or leaf-list, that has the address; for a path, the source. */
static const char *const leaves[] = {
	[CLAIM_VIP] = "virtual-address",
	[CLAIM_SOURCE] = "source",
	[CLAIM_PEER] = "peer",
	[CLAIM_PATH] = "source",
};

struct claim {
	struct claims_item item;
	enum kind kind;
	struct vrrp_addr address;
	struct vrrp_addr peer; /* of a path */
	uint8_t path_vrid;     /* of a path */
	char link[IFNAMSIZ];   /* of a link-local address, which is unique only on its link */
	char vrf[VRRP_VRF_NAME_SIZE];

	char ifname[IFNAMSIZ];
	uint8_t vrid;
	bool warned; /* vrrp_vip_warning() of a VIP has been logged */
};

static int claim_cmp(const struct claim *a, const struct claim *b)
{
	int order = numcmp(a->kind, b->kind);

	order = order ? order : numcmp(a->path_vrid, b->path_vrid);
	order = order ? order : vrrp_addr_cmp(&a->address, &b->address);
	order = order ? order : strcmp(a->link, b->link);
	order = order ? order : strcmp(a->vrf, b->vrf);
	return order ? order : vrrp_addr_cmp(&a->peer, &b->peer);
}

static uint32_t claim_hash(const struct claim *claim)
{
	uint32_t hash = jhash_2words(claim->kind, claim->path_vrid, claim->address.family);

	hash = jhash(claim->address.octets, vrrp_addr_size(claim->address.family), hash);
	return jhash(claim->peer.octets, sizeof(claim->peer.octets), hash);
}

DECLARE_HASH(claims, struct claim, item, claim_cmp, claim_hash);

static struct claims_head claims = INIT_HASH(claims);

/* The key of an address; a link-local one is specific to the group's interface. */
static struct claim key_on(const char *ifname, enum kind kind, const struct vrrp_addr *address)
{
	struct claim key = { .kind = kind, .address = *address };

	if (vrrp_addr_is_linklocal(address))
		strlcpy(key.link, ifname, sizeof(key.link));
	strlcpy(key.vrf, vrrp_vip_vrf_of(ifname), sizeof(key.vrf));
	return key;
}

static struct claim key_of(const struct vrrp_scope *scope, enum kind kind,
			   const struct vrrp_addr *address)
{
	return key_on(scope->ifname, kind, address);
}

static struct claim path_key(const struct vrrp_scope *scope, const struct vrrp_addr *source,
			     const struct vrrp_addr *peer)
{
	struct claim key = key_of(scope, CLAIM_PATH, source);

	key.peer = *peer;
	key.path_vrid = scope->vrid;
	return key;
}

static void claim(const struct vrrp_scope *scope, const struct claim *what)
{
	struct claim *found = claims_find(&claims, what);

	if (!found) {
		found = XMALLOC(MTYPE_VRRP_CLAIM, sizeof(*found));
		*found = *what;
		claims_add(&claims, found);
	}
	strlcpy(found->ifname, scope->ifname, sizeof(found->ifname));
	found->vrid = scope->vrid;
}

/* --- the candidate's word ----------------------------------------------------- */

static const struct lyd_node *candidate_group(const struct vrrp_scope *scope, const char *ifname,
					      uint8_t vrid)
{
	char key[IFNAMSIZ + sizeof("[name='']")];

	snprintf(key, sizeof(key), "[name='%s']", ifname);
	return vrrp_nb_group_on(vrrp_nb_interface(scope->config, key), vrid);
}

static bool candidate_has(const struct vrrp_scope *scope, const char *ifname, uint8_t vrid,
			  const struct claim *what)
{
	const struct lyd_node *group = candidate_group(scope, ifname, vrid);

	return group && strmatch(vrrp_vip_vrf_of(ifname), what->vrf) &&
	       vrrp_nb_has_address(group, leaves[what->kind], &what->address) &&
	       (what->kind != CLAIM_PATH || vrrp_nb_has_address(group, "peer", &what->peer));
}

static bool is_other_group(const struct vrrp_scope *scope, const char *ifname, uint8_t vrid)
{
	return vrid != scope->vrid || !strmatch(ifname, scope->ifname);
}

/* The claim; NULL when the candidate does not confirm it. */
static const struct claim *confirmed(const struct vrrp_scope *scope, const struct claim *what)
{
	const struct claim *found = claims_find(&claims, what);

	return found && candidate_has(scope, found->ifname, found->vrid, what) ? found : NULL;
}

static bool is_owner(const struct vrrp_scope *scope, const char *ifname, uint8_t vrid)
{
	const struct lyd_node *group = candidate_group(scope, ifname, vrid);

	return strtoul(vrrp_nb_value(group, "priority"), NULL, 10) == VRRP_PRIORITY_OWNER;
}

/* A group of the candidate. */
struct named {
	const char *ifname;
	uint8_t vrid;
};

/* --- virtual addresses ---------------------------------------------------------- */

/* The group other than this one that has a VIP; false when there is none. */
static bool find_vip(const struct vrrp_scope *scope, const struct vrrp_addr *vip,
		     struct named *other)
{
	const struct claim key = key_of(scope, CLAIM_VIP, vip), *claimed = confirmed(scope, &key);
	struct vrrp_group *running = vrrp_vip_group_on(vip, scope->ifname);

	if (claimed && is_other_group(scope, claimed->ifname, claimed->vrid))
		*other = (struct named){ claimed->ifname, claimed->vrid };
	else if (running && is_other_group(scope, running->ifp->name, running->vrid) &&
		 candidate_has(scope, running->ifp->name, running->vrid, &key))
		*other = (struct named){ running->ifp->name, running->vrid };
	else
		return false;
	return true;
}

/*
 * The group other than this one, in its VRF, that has a peer; false when there is none. Many may
 * have it, and the claim names one of them. Only if that one no longer has it, all groups are
 * searched.
 */
static bool find_peer(const struct vrrp_scope *scope, const struct vrrp_addr *peer,
		      struct named *other)
{
	const struct claim key = key_of(scope, CLAIM_PEER, peer);
	const struct claim *claimed = claims_find(&claims, &key);
	struct vrrp_group *group;

	if (!claimed)
		return false;
	*other = (struct named){ claimed->ifname, claimed->vrid };
	if (confirmed(scope, &key) && is_other_group(scope, claimed->ifname, claimed->vrid))
		return true;
	frr_each (vrrp_groups, &vrrp_groups, group) {
		*other = (struct named){ group->ifp->name, group->vrid };
		if ((!key.link[0] || strmatch(other->ifname, key.link)) &&
		    vrrp_router_peer(vrrp_group_router(group, peer->family), peer) &&
		    is_other_group(scope, other->ifname, other->vrid) &&
		    candidate_has(scope, other->ifname, other->vrid, &key))
			return true;
	}
	return false;
}

bool vrrp_claims_check_vip(const struct vrrp_scope *scope, const struct vrrp_addr *vip,
			   char *reason, size_t size)
{
	const struct claim key = key_of(scope, CLAIM_VIP, vip);
	char text[VRRP_ADDR_STRLEN];
	struct named other;

	if (find_vip(scope, vip, &other))
		return vrrp_nb_refuse(scope, reason, size,
				      "virtual address %s belongs to vrrp %s %u already",
				      vrrp_addr_str(vip, text), other.ifname, other.vrid);
	if (find_peer(scope, vip, &other))
		return vrrp_nb_refuse(scope, reason, size,
				      "virtual address %s is a peer of vrrp %s %u, which would speak to this router itself while the address is here: choose another",
				      vrrp_addr_str(vip, text), other.ifname, other.vrid);
	claim(scope, &key);
	return true;
}

/* --- sources and virtual addresses ------------------------------------------------ */

/* The group that has a source; false when there is none. */
static bool find_source(const struct vrrp_scope *scope, const struct vrrp_addr *source,
			struct named *other)
{
	const struct claim key = key_of(scope, CLAIM_SOURCE, source);
	const struct claim *claimed = confirmed(scope, &key);
	const struct vrrp_router *user = NULL;

	if (claimed) {
		*other = (struct named){ claimed->ifname, claimed->vrid };
		return true;
	}
	while ((user = vrrp_host_next_user(source, user)) != NULL) {
		*other = (struct named){ user->group->ifp->name, user->group->vrid };
		if ((!key.link[0] || strmatch(other->ifname, key.link)) &&
		    candidate_has(scope, other->ifname, other->vrid, &key))
			return true;
	}
	return false;
}

bool vrrp_claims_check_no_source(const struct vrrp_scope *scope, const struct vrrp_addr *vip,
				 char *reason, size_t size)
{
	char text[VRRP_ADDR_STRLEN];
	struct named other;

	if (!find_source(scope, vip, &other))
		return true;
	return vrrp_nb_refuse(scope, reason, size,
			      "virtual address %s is the source of vrrp %s %u, and a source must stay on this router",
			      vrrp_addr_str(vip, text), other.ifname, other.vrid);
}

static bool check_source_is_no_vip(const struct vrrp_scope *scope, const struct vrrp_addr *source,
				   char *reason, size_t size)
{
	const struct claim key = key_of(scope, CLAIM_VIP, source);
	const struct claim *claimed = confirmed(scope, &key);
	struct vrrp_group *running = claimed ? NULL : vrrp_vip_group_on(source, scope->ifname);
	const char *ifname = claimed ? claimed->ifname : running ? running->ifp->name : NULL;
	uint8_t vrid = claimed ? claimed->vrid : running ? running->vrid : 0;
	char text[VRRP_ADDR_STRLEN];

	if (!ifname || !candidate_has(scope, ifname, vrid, &key) || is_owner(scope, ifname, vrid))
		return true;
	return vrrp_nb_refuse(scope, reason, size,
			      "source %s is a virtual address of vrrp %s %u, which may be on another router",
			      vrrp_addr_str(source, text), ifname, vrid);
}

/* --- paths: VRID, source and peer -------------------------------------------------- */

/* Refuses a path of another group: a packet on it would be for both. */
static bool check_path(const struct vrrp_scope *scope, const struct vrrp_addr *source,
		       const struct vrrp_addr *peer, char *reason, size_t size)
{
	const struct claim key = path_key(scope, source, peer);
	const struct claim *claimed = confirmed(scope, &key);
	char text[VRRP_ADDR_STRLEN], peer_text[VRRP_ADDR_STRLEN];

	if (claimed && is_other_group(scope, claimed->ifname, claimed->vrid))
		return vrrp_nb_refuse(scope, reason, size,
				      "vrrp %s %u has the same VRID, source %s and peer %s, so packets could not tell the two apart: use another VRID or source",
				      claimed->ifname, claimed->vrid, vrrp_addr_str(source, text),
				      vrrp_addr_str(peer, peer_text));
	claim(scope, &key);
	return true;
}

bool vrrp_claims_check_source(const struct vrrp_scope *scope, const struct vrrp_addr *source,
			      char *reason, size_t size)
{
	const struct claim key = key_of(scope, CLAIM_SOURCE, source);
	const struct lyd_node *child;
	char text[VRRP_ADDR_STRLEN];
	struct vrrp_addr peer;
	struct named other;

	if (find_peer(scope, source, &other))
		return vrrp_nb_refuse(scope, reason, size, "source %s is a peer of vrrp %s %u",
				      vrrp_addr_str(source, text), other.ifname, other.vrid);
	if (!check_source_is_no_vip(scope, source, reason, size))
		return false;
	LY_LIST_FOR (lyd_child(vrrp_nb_family(scope->group, source->family)), child)
		if (child->schema && strmatch(child->schema->name, "peer") &&
		    vrrp_addr_parse(lyd_get_value(child), &peer) &&
		    !check_path(scope, source, &peer, reason, size))
			return false;
	claim(scope, &key);
	return true;
}

bool vrrp_claims_check_peer(const struct vrrp_scope *scope, const struct vrrp_addr *peer,
			    char *reason, size_t size)
{
	const struct claim key = key_of(scope, CLAIM_PEER, peer);
	const struct lyd_node *family = vrrp_nb_family(scope->group, peer->family);
	char text[VRRP_ADDR_STRLEN];
	struct vrrp_addr source;
	struct named other;

	if (find_vip(scope, peer, &other))
		return vrrp_nb_refuse(scope, reason, size,
				      "peer %s is a virtual address of vrrp %s %u, which may be on this router: a peer is the other router's own address",
				      vrrp_addr_str(peer, text), other.ifname, other.vrid);
	if (find_source(scope, peer, &other))
		return vrrp_nb_refuse(scope, reason, size,
				      "peer %s is the source of vrrp %s %u on this router",
				      vrrp_addr_str(peer, text), other.ifname, other.vrid);
	if (vrrp_addr_parse(vrrp_nb_value(family, "source"), &source) &&
	    !check_path(scope, &source, peer, reason, size))
		return false;
	claim(scope, &key);
	return true;
}

/* --- forgetting, and warnings --------------------------------------------------------- */

void vrrp_claims_forget(const char *ifname, uint8_t vrid)
{
	struct claim *found;

	frr_each_safe (claims, &claims, found)
		if (found->kind != CLAIM_PEER && found->vrid == vrid &&
		    strmatch(found->ifname, ifname)) {
			claims_del(&claims, found);
			XFREE(MTYPE_VRRP_CLAIM, found);
		}
}

void vrrp_claims_forget_all(void)
{
	struct claim *found;

	while ((found = claims_pop(&claims)))
		XFREE(MTYPE_VRRP_CLAIM, found);
	claims_fini(&claims);
}

void vrrp_claims_log_warning(const struct vrrp_router *router, const struct vrrp_addr *vip)
{
	const struct claim key = key_on(router->group->ifp->name, CLAIM_VIP, vip);
	struct claim *claimed = claims_find(&claims, &key);
	char reason[VRRP_REASON_SIZE];
	bool due = vrrp_vip_warning(vrrp_router_placement(router), router->group->ifp->name, vip,
				    reason, sizeof(reason));

	if (due && !(claimed && claimed->warned))
		zlog_warn("%pVR: %s", router, reason);
	if (claimed)
		claimed->warned = due;
}
