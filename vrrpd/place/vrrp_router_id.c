// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * One entry for each VRF for which zebra has reported a router ID; they are few. An entry
 * stores only the virtual address that was logged; whether the ID is one is looked up each
 * time. zebra treats a renewed IPv4 address as a new one, so for an instant the router ID may
 * change. Therefore the ID is logged only if it is the same a moment later.
 */
#include "vrrp_router_id.h"

#include "lib/darr.h"

#include "vrrp_daemon.h"
#include "vrrp_log.h"
#include "vrrp_group.h"
#include "vrrp_host.h"
#include "vrrp_vip.h"
#include "vrrp_vip_link.h"
#include "vrrp_warning.h"
#include "vrrp_zebra_link.h"

struct router_id {
	vrf_id_t vrf_id;
	struct vrrp_addr address;
	struct vrrp_addr logged; /* the virtual address that it was last; not set: none */
};

#define MOMENT_MSEC 20

static struct router_id *ids; /* darr */
static struct event *t_look;

/* The VRF that the virtual addresses of a router are in. */
static vrf_id_t vrf_of(const struct vrrp_router *router)
{
	const struct interface *ifp = router->group->ifp;

	if (!vrrp_router_is_on_lan(router))
		ifp = vrrp_zebra_interface(vrrp_vip_link(router));
	return ifp && ifp->vrf ? ifp->vrf->vrf_id : VRF_DEFAULT;
}

/*
 * The virtual router with the address that zebra has chosen; NULL when there is none, when the
 * router owns the address, or when it is the host's own, which vrrp_misfit.c warns about.
 */
static const struct vrrp_router *chosen_from(const struct router_id *id)
{
	const struct vrrp_group *group = vrrp_vip_group(&id->address);

	if (!group || group->applied.priority == VRRP_PRIORITY_OWNER ||
	    vrf_of(&group->v4) != id->vrf_id ||
	    vrrp_host_own_link(&id->address, group->ifp->ifindex, 0))
		return NULL;
	return &group->v4;
}

/* The end of the command that sets another router ID. */
static const char *vrf_words(vrf_id_t vrf_id, char *buf, size_t size)
{
	buf[0] = '\0';
	if (vrf_id != VRF_DEFAULT)
		snprintf(buf, size, " vrf %s", vrf_id_to_name(vrf_id));
	return buf;
}

#define SENTENCE                                                                                   \
	"%pI4 is zebra's router ID, and two routers have one ID when it moves: choose another by \"ip router-id A.B.C.D%s\""

static void log_once(struct router_id *id)
{
	const struct vrrp_router *router = chosen_from(id);
	char vrf[VRF_NAMSIZ + 8];

	if (router && !vrrp_addr_same(&id->address, &id->logged))
		zlog_warn("%pVR: " SENTENCE, router, &id->address.v4,
			  vrf_words(id->vrf_id, vrf, sizeof(vrf)));
	id->logged = router ? id->address : (struct vrrp_addr){};
}

static void look(struct event *event)
{
	struct router_id *id;

	darr_foreach_p (ids, id)
		log_once(id);
}

static int warn(const struct vrrp_router *router, struct vrrp_sentences *warnings)
{
	char vrf[VRF_NAMSIZ + 8];
	const struct router_id *id;

	darr_foreach_p (ids, id)
		if (chosen_from(id) == router)
			vrrp_sentence_add(warnings, SENTENCE, &id->address.v4,
					  vrf_words(id->vrf_id, vrf, sizeof(vrf)));
	return 0;
}

static struct router_id *find_or_add(vrf_id_t vrf_id)
{
	struct router_id *id;

	darr_foreach_p (ids, id)
		if (id->vrf_id == vrf_id)
			return id;
	id = darr_append(ids);
	*id = (struct router_id){ .vrf_id = vrf_id };
	return id;
}

void vrrp_router_id_learned(const struct prefix *prefix, vrf_id_t vrf_id)
{
	struct router_id *id = find_or_add(vrf_id);

	id->address = vrrp_addr_make(VRRP_IPV4, &prefix->u.prefix4);
	vrrp_router_id_recheck();
}

void vrrp_router_id_recheck(void)
{
	event_add_timer_msec(master, look, NULL, MOMENT_MSEC, &t_look);
}

void vrrp_router_id_init(void)
{
	hook_register(vrrp_warnings, warn);
}

void vrrp_router_id_stop(void)
{
	event_cancel(&t_look);
	hook_unregister(vrrp_warnings, warn);
	darr_free(ids);
}
