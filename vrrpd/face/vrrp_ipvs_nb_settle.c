// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * When configuration of load balancing takes effect.
 *
 * A reload must not act half-way: a server that is removed and added again would lose its
 * connections, and its health would have to be checked anew. So a transaction that only takes
 * something back waits for silence (vrrp_silence.h). Any other takes effect at once, with all
 * that waits for the same service.
 *
 * Nothing is stored for a change that waits: the running configuration has it already, and
 * is read again. A service that was removed is leaving meanwhile (vrrp_ipvs.h).
 */
#include <zebra.h>

#include "darr.h"
#include "yang.h"

#include "vrrp_ipvs_nb.h"
#include "vrrp_nb.h"
#include "vrrp_silence.h"

/* ------------------------------------------------------------- what is taken back */

bool vrrp_ipvs_same_target(const struct vrrp_server *a, const struct vrrp_server *b)
{
	return a->port == b->port && vrrp_addr_same(&a->address, &b->address);
}

static bool check_goes(const struct vrrp_probe_conf *old, const struct vrrp_probe_conf *wanted)
{
	return wanted->kind == VRRP_PROBE_NONE || vrrp_probe_conf_same(old, wanted);
}

static bool server_goes(const struct vrrp_server *old, const struct vrrp_server *wanted)
{
	return old->weight == wanted->weight && old->is_backup == wanted->is_backup &&
	       old->forward == wanted->forward && old->encapsulation == wanted->encapsulation &&
	       old->gue_port == wanted->gue_port &&
	       old->upper_threshold == wanted->upper_threshold &&
	       old->lower_threshold == wanted->lower_threshold &&
	       (!wanted->unchecked || old->unchecked) && check_goes(&old->check, &wanted->check);
}

/* True when the service has all these ports already. */
static bool range_goes(const struct vrrp_service *service, const struct vrrp_ipvs_range *wanted)
{
	const struct vrrp_ipvs_range *old;

	darr_foreach_p (service->ranges, old)
		if (vrrp_addr_same(&old->address, &wanted->address) && old->port == wanted->port)
			return old->last_port >= wanted->last_port;
	return false;
}

static bool ranges_go(const struct vrrp_service *service, const struct lyd_node *dnode)
{
	struct vrrp_ipvs_range *wanted = vrrp_ipvs_read_ranges(dnode), *range;
	bool go = true;

	darr_foreach_p (wanted, range)
		go &= range_goes(service, range);
	darr_free(wanted);
	return go;
}

/* True when no server is new or changed. */
static bool servers_go(const struct vrrp_service *service, const struct lyd_node *dnode)
{
	const struct vrrp_server *old;
	struct vrrp_server wanted;
	const struct lyd_node *child;

	LY_LIST_FOR (lyd_child(dnode), child) {
		if (!child->schema || !strmatch(child->schema->name, "server"))
			continue;
		vrrp_ipvs_read_server(child, &wanted);
		old = vrrp_server_find(service, &wanted.address, wanted.port);
		if (!old || !server_goes(old, &wanted))
			return false;
	}
	return true;
}

static bool sorry_goes(const struct vrrp_service *service, const struct lyd_node *dnode)
{
	const struct vrrp_server *old = service->conf.sorry;
	struct vrrp_server wanted;

	if (!vrrp_ipvs_read_sorry(dnode, &wanted))
		return true;
	return old && vrrp_ipvs_same_target(old, &wanted) && old->forward == wanted.forward;
}

/* True when a value stays as it was, or goes back to its default. */
#define GOES(field, unset) (wanted->field == old->field || wanted->field == (unset))

static bool conf_goes(const struct vrrp_service_conf *old, const struct vrrp_service_conf *wanted)
{
	struct nl_ipvs_key old_key = vrrp_service_key(old), key = vrrp_service_key(wanted);

	return nl_ipvs_key_cmp(&old_key, &key) == 0 &&
	       (strmatch(wanted->scheduler, old->scheduler) ||
		strmatch(wanted->scheduler, VRRP_IPVS_DEFAULT_SCHEDULER)) &&
	       GOES(fallback, false) && GOES(by_port, false) && GOES(one_packet, false) &&
	       GOES(persistent_sec, 0) && GOES(always, false) && GOES(inhibit, false) &&
	       GOES(survive, false) && GOES(slow_start_sec, 0) &&
	       GOES(pool_threshold, VRRP_IPVS_DEFAULT_THRESHOLD) &&
	       GOES(pool_hold_sec, VRRP_IPVS_DEFAULT_HOLD) &&
	       GOES(quorum, VRRP_IPVS_DEFAULT_QUORUM) && check_goes(&old->check, &wanted->check);
}

bool vrrp_ipvs_only_takes_back(const struct vrrp_service *service, const struct lyd_node *dnode)
{
	struct vrrp_service_conf wanted;

	if (!darr_len(service->portals))
		return false;
	vrrp_ipvs_read_conf(dnode, &wanted);
	return conf_goes(&service->conf, &wanted) && ranges_go(service, dnode) &&
	       sorry_goes(service, dnode) && servers_go(service, dnode);
}

bool vrrp_ipvs_only_takes_back_global(const struct vrrp_ipvs_global *wanted)
{
	const struct vrrp_ipvs_global *old = &vrrp_ipvs_global;
	bool sync_goes = !*wanted->sync_ifname ||
			 (strmatch(wanted->sync_ifname, old->sync_ifname) &&
			  wanted->sync_id == old->sync_id && GOES(sync_settle_sec, 0));

	return sync_goes && GOES(timeouts.tcp_sec, 0) && GOES(timeouts.tcp_fin_sec, 0) &&
	       GOES(timeouts.udp_sec, 0);
}

/* --------------------------------------------------------------------- silence */

static void settle_service(struct vrrp_service *service)
{
	const struct lyd_node *dnode;

	if (service->leaving) {
		vrrp_service_free(&service);
		return;
	}
	dnode = yang_dnode_getf(running_config->dnode, VRRP_XPATH_SERVICE "[name='%s']",
				service->name);
	if (service->unsettled && dnode)
		vrrp_ipvs_take(service, dnode);
}

static void settle_global(void)
{
	struct vrrp_ipvs_global wanted;

	vrrp_ipvs_read_global(yang_dnode_get(running_config->dnode, VRRP_XPATH_IPVS), &wanted);
	if (memcmp(&wanted, &vrrp_ipvs_global, sizeof(wanted)) == 0)
		return;
	vrrp_ipvs_global = wanted;
	vrrp_ipvs_global_apply();
}

static void take_all(void)
{
	struct vrrp_service *service;

	frr_each_safe (vrrp_services, &vrrp_services, service)
		settle_service(service);
	settle_global();
}

static struct vrrp_silence silence = { .over = take_all, .is_named = true };

void vrrp_ipvs_settle_now(void)
{
	vrrp_silence_assume(&silence);
}

void vrrp_ipvs_settle_later(void)
{
	vrrp_silence_await(&silence);
}
