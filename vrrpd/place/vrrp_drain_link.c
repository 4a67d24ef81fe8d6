// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * An address is put here before it is taken off the VIP interface, and the other way round
 * when its router is Active again, so that the host has it at any time.
 */
#include <zebra.h>

#include "vrrp_drain_link.h"

#include "darr.h"
#include "lib_errors.h"
#include "log.h"

#include "nl_addr.h"
#include "nl_link.h"
#include "vrrp_alarm.h"
#include "vrrp_convert.h"
#include "vrrp_daemon.h"
#include "vrrp_log.h"
#include "vrrp_netlink.h"
#include "vrrp_place.h"

#define MSEC_PER_SEC 1000
/* One that cannot be had is not tried for each VIP. */
#define PAUSE_USEC VRRP_USEC_PER_SEC

struct drain_link {
	int vrf;
	struct nl_link link;	/* ifindex 0: there is none */
	vrrp_usec_t refused_at; /* 0: it was not */
};

static struct drain_link *links; /* darr: of each VRF that ever needed one */
static struct nl_batch *batch;

static struct drain_link *of_vrf(int vrf)
{
	struct drain_link *found;

	darr_foreach_p (links, found)
		if (found->vrf == vrf)
			return found;
	found = darr_append(links);
	*found = (struct drain_link){ .vrf = vrf };
	return found;
}

int vrrp_drain_link(int vrf)
{
	struct drain_link *wanted = of_vrf(vrf);
	char name[IFNAMSIZ];
	vrrp_usec_t now = vrrp_now();
	int error = 0;

	if (wanted->link.ifindex)
		return wanted->link.ifindex;
	if (wanted->refused_at && now < wanted->refused_at + PAUSE_USEC)
		return 0;
	frr_with_privs (&vrrp_privs) {
		error = nl_drain_link(vrrp_netlink, vrf, &wanted->link);
	}
	wanted->refused_at = error ? now : 0;
	if (!error)
		return wanted->link.ifindex;
	memset(&wanted->link, 0, sizeof(wanted->link));
	nl_drain_name(vrf, name);
	if (vrrp_log_allowed(VRRP_LOG_NETLINK))
		zlog_warn("interface %s cannot be had: %s: VIPs are not drained", name,
			  safe_strerror(-error));
	return 0;
}

const char *vrrp_drain_link_name(int ifindex)
{
	const struct drain_link *found;

	darr_foreach_p (links, found)
		if (ifindex && found->link.ifindex == ifindex)
			return found->link.name;
	return NULL;
}

void vrrp_drain_link_put(int ifindex, const struct vrrp_addr *address, uint32_t msec)
{
	struct nl_addr_key key = vrrp_addr_key(address, ifindex);

	nl_batch_addr_add(batch, &key, (msec + MSEC_PER_SEC - 1) / MSEC_PER_SEC, NULL);
}

void vrrp_drain_link_take(int ifindex, const struct vrrp_addr *address)
{
	struct nl_addr_key key = vrrp_addr_key(address, ifindex);

	nl_batch_addr_del(batch, &key, NULL);
}

static void request_done(const struct nl_result *result, void *arg)
{
	if (result->error && vrrp_log_allowed(VRRP_LOG_NETLINK))
		zlog_warn("cannot %s, to drain it: %s", result->what, safe_strerror(-result->error));
}

void vrrp_drain_link_commit(void)
{
	if (!nl_batch_count(batch))
		return;
	frr_with_privs (&vrrp_privs) {
		nl_batch_commit(batch, request_done, NULL);
	}
}

static void remove_link(const struct nl_link *link)
{
	int error = 0;

	if (link->ifindex)
		frr_with_privs (&vrrp_privs) {
			error = nl_link_del(vrrp_netlink, link->ifindex);
		}
	if (error && error != -ENODEV)
		zlog_warn("interface %s cannot be removed: %s", link->name, safe_strerror(-error));
}

/* One that is not in its VRF any more, which may have gone, would answer in another one. */
static void look(struct drain_link *drain)
{
	struct nl_link had = drain->link, now;
	bool exists = !nl_link_get_index(vrrp_netlink, had.ifindex, &now) &&
		      strmatch(now.name, had.name);
	bool is_astray = exists && now.master != drain->vrf;

	if (exists && !is_astray && now.up)
		return;
	zlog_warn("interface %s was changed or deleted by someone else", had.name);
	if (is_astray)
		remove_link(&had);
	if (!exists || is_astray)
		memset(&drain->link, 0, sizeof(drain->link));
	else
		frr_with_privs (&vrrp_privs) {
			nl_link_set_up(vrrp_netlink, had.ifindex);
		}
	vrrp_place_tell_lost(had.ifindex);
}

void vrrp_drain_link_look(int ifindex)
{
	struct drain_link *drain;

	darr_foreach_p (links, drain)
		if (drain->link.ifindex && (!ifindex || ifindex == drain->link.ifindex))
			look(drain);
}

void vrrp_drain_link_init(void)
{
	batch = nl_batch_new(vrrp_netlink);
}

void vrrp_drain_link_stop(void)
{
	const struct drain_link *drain;

	darr_foreach_p (links, drain)
		remove_link(&drain->link);
	darr_free(links);
	nl_batch_free(&batch);
}
