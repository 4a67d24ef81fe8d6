// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * An address is put here before it is taken off the VIP interface, and the other way round
 * when its router is Active again, so that the host has it at any time.
 */
#include <zebra.h>

#include "vrrp_drain_link.h"

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

static struct nl_link link_now; /* ifindex 0: there is none */
static vrrp_usec_t refused_at;	/* 0: it was not */
static struct nl_batch *batch;

int vrrp_drain_link(void)
{
	vrrp_usec_t now = vrrp_now();
	int error = 0;

	if (link_now.ifindex)
		return link_now.ifindex;
	if (refused_at && now < refused_at + PAUSE_USEC)
		return 0;
	frr_with_privs (&vrrp_privs) {
		error = nl_drain_link(vrrp_netlink, &link_now);
	}
	refused_at = error ? now : 0;
	if (!error)
		return link_now.ifindex;
	memset(&link_now, 0, sizeof(link_now));
	if (vrrp_log_allowed(VRRP_LOG_NETLINK))
		zlog_warn("interface %s cannot be had: %s: VIPs are not drained", VRRP_DRAIN_LINK,
			  safe_strerror(-error));
	return 0;
}

bool vrrp_drain_link_is(int ifindex)
{
	return ifindex && ifindex == link_now.ifindex;
}

void vrrp_drain_link_put(const struct vrrp_addr *address, uint32_t msec)
{
	struct nl_addr_key key = vrrp_addr_key(address, link_now.ifindex);

	nl_batch_addr_add(batch, &key, (msec + MSEC_PER_SEC - 1) / MSEC_PER_SEC, NULL);
}

void vrrp_drain_link_take(const struct vrrp_addr *address)
{
	struct nl_addr_key key = vrrp_addr_key(address, link_now.ifindex);

	nl_batch_addr_del(batch, &key, NULL);
}

static void request_done(const struct nl_result *result, void *arg)
{
	if (result->error && vrrp_log_allowed(VRRP_LOG_NETLINK))
		zlog_warn("cannot %s on %s: %s", result->what, VRRP_DRAIN_LINK,
			  safe_strerror(-result->error));
}

void vrrp_drain_link_commit(void)
{
	if (!nl_batch_count(batch))
		return;
	frr_with_privs (&vrrp_privs) {
		nl_batch_commit(batch, request_done, NULL);
	}
}

void vrrp_drain_link_look(int ifindex)
{
	int had = link_now.ifindex;
	struct nl_link now;
	bool exists;

	if (!had || (ifindex && ifindex != had))
		return;
	exists = !nl_link_get_index(vrrp_netlink, had, &now) && strmatch(now.name, VRRP_DRAIN_LINK);
	if (exists && now.up)
		return;
	zlog_warn("interface %s was changed or deleted by someone else", VRRP_DRAIN_LINK);
	if (!exists)
		memset(&link_now, 0, sizeof(link_now));
	else
		frr_with_privs (&vrrp_privs) {
			nl_link_set_up(vrrp_netlink, had);
		}
	vrrp_place_tell_lost(had);
}

void vrrp_drain_link_init(void)
{
	batch = nl_batch_new(vrrp_netlink);
}

void vrrp_drain_link_stop(void)
{
	int error = 0;

	if (link_now.ifindex)
		frr_with_privs (&vrrp_privs) {
			error = nl_link_del(vrrp_netlink, link_now.ifindex);
		}
	if (error && error != -ENODEV)
		zlog_warn("interface %s cannot be removed: %s", VRRP_DRAIN_LINK,
			  safe_strerror(-error));
	memset(&link_now, 0, sizeof(link_now));
	nl_batch_free(&batch);
}
