// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * zebra announces the one route to a prefix that it has selected. Our table should have only
 * our routes. Another one is either a leftover of a killed zebra, which has zebra's protocol
 * or is no longer in the kernel, or somebody else's, which stays. The kernel is asked each
 * time, since there is no event when such a route comes or goes.
 */
#include <zebra.h>

#include <net/if.h>

#include "lib/darr.h"
#include "lib_errors.h"
#include "log.h"

#include "nl_route.h"
#include "vrrp_convert.h"
#include "vrrp_daemon.h"
#include "vrrp_log.h"
#include "vrrp_marker.h"
#include "vrrp_route.h"
#include "vrrp_netlink.h"
#include "vrrp_vip.h"
#include "vrrp_warning.h"
#include "vrrp_zebra_route.h"

#define OWNER_STRLEN 64

/* --- somebody else's -------------------------------------------------------------- */

/* "of protocol boot, by eth0"; false when there is none, or only zebra's. */
static bool somebody_elses(const struct prefix *prefix, uint16_t table, char owner[OWNER_STRLEN])
{
	struct nl_addr_key key = vrrp_prefix_key(prefix, IFINDEX_INTERNAL);
	char name[IFNAMSIZ];
	struct nl_route_info info;
	const char *ifname;

	if (nl_route_find(vrrp_netlink, &key, table, &info) || info.zebras)
		return false;
	ifname = info.ifindex ? if_indextoname(info.ifindex, name) : NULL;
	snprintf(owner, OWNER_STRLEN, "of protocol %s%s%s", info.protocol, ifname ? ", by " : "",
		 ifname ? ifname : "");
	return true;
}

static bool is_ours(const struct prefix *prefix)
{
	struct vrrp_addr address = vrrp_addr_of_prefix(prefix);

	return (is_host_route(prefix) && vrrp_vip_group(&address)) || vrrp_marker_is(prefix);
}

/* zebra adopted a route of ours that its killed predecessor had left in the kernel. */
bool vrrp_route_expel(const struct prefix *prefix, ifindex_t ifindex, uint16_t table)
{
	struct nl_addr_key key = vrrp_prefix_key(prefix, ifindex);
	char owner[OWNER_STRLEN];
	int error = 0;

	if (!is_ours(prefix))
		return false;
	if (somebody_elses(prefix, table, owner)) {
		if (vrrp_log_allowed(VRRP_LOG_NETLINK))
			zlog_warn("table %u has a route to %pFX that is somebody else's (%s): it is announced instead of ours",
				  table, prefix, owner);
		return false;
	}
	frr_with_privs (&vrrp_privs) {
		error = nl_route_expel(vrrp_netlink, &key, table);
	}
	if (error < 0)
		zlog_warn("zebra: cannot expel leftover %pFX from table %u: %s", prefix, table,
			  safe_strerror(-error));
	return true;
}

/* --- warnings ------------------------------------------------------------------------ */

static void warn_of(const struct vrrp_zebra_key *key, struct vrrp_sentences *sentences)
{
	char owner[OWNER_STRLEN] = "zebra prefers it";
	enum vrrp_zebra_word word = vrrp_zebra_word(key);
	uint16_t table = vrrp_zebra_table(key);

	if (word == VRRP_ZEBRA_REFUSED)
		vrrp_sentence_add(sentences,
				  "the route to %pFX is not announced: zebra does not take it into table %u, because of a route-map for 'ip%s protocol table' or the kernel",
				  &key->vip, table, key->vip.family == AF_INET ? "" : "v6");
	if (word != VRRP_ZEBRA_OTHER_SELECTED)
		return;
	somebody_elses(&key->vip, table, owner);
	vrrp_sentence_add(sentences,
			  "the route to %pFX is not announced: table %u has another one, which is somebody else's (%s)",
			  &key->vip, table, owner);
}

static int warn(const struct vrrp_router *router, struct vrrp_sentences *sentences)
{
	const struct vrrp_addr *vip;
	struct vrrp_zebra_key key;

	if (vrrp_marker_lacks_table(router))
		vrrp_sentence_add(sentences,
				  "the marker is not announced: VRF %s has no route table",
				  router->group->ifp->vrf->name);
	if (router->routes_up && vrrp_marker_key(router, &key))
		warn_of(&key, sentences);
	if (!router->routes_up && !router->serves && !router->group->applied.standby_metric)
		return 0;
	darr_foreach_p (router->vips, vip)
		if (vrrp_vip_route_key(router, vip, &key))
			warn_of(&key, sentences);
	return 0;
}

void vrrp_route_init(void)
{
	hook_register(vrrp_warnings, warn);
}
