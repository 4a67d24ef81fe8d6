// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * One struct nl_nat, open while there are services. Rules change in bursts, by a script or a
 * reload of the firewall, so a check comes some time after the first event, and the socket is
 * not read meanwhile. A check reads the rules, if there were events, and tests them for each
 * service, which stores whether its rule was logged.
 *
 * A kernel without nftables is logged once, and not an error. Any other failure is logged
 * when it changes, and tried again after pauses that grow.
 */
#include "vrrp_masquerade.h"

#include "darr.h"
#include "lib_errors.h"
#include "log.h"

#include "nl_nat.h"
#include "vrrp_daemon.h"
#include "vrrp_log.h"
#include "vrrp_retry.h"

#define LOOK_MSEC 1000

static struct nl_nat *nat;
static struct event *t_read, *t_look;
static bool changed; /* since the rules were read */
static int logged_error;

/* ----------------------------------------------------------------------- asking */

static const char *rule_of_address(const struct vrrp_addr *address)
{
	int family = vrrp_family_af(address->family);
	const char *rule = nl_nat_rule(nat, family, NULL, address->octets);

	return rule ? rule : nl_nat_rule(nat, family, address->octets, NULL);
}

static bool is_left_alone(const struct vrrp_server *server)
{
	return server->forward != NL_IPVS_MASQUERADE;
}

static const char *rule_of_servers(const struct vrrp_service *service)
{
	const struct vrrp_server *sorry = service->conf.sorry;
	const char *rule = NULL;
	unsigned int i;

	darr_foreach_i (service->servers, i) {
		if (is_left_alone(service->servers[i]))
			rule = rule_of_address(&service->servers[i]->address);
		if (rule)
			return rule;
	}
	return sorry && is_left_alone(sorry) ? rule_of_address(&sorry->address) : NULL;
}

static bool any_left_alone(const struct vrrp_service *service)
{
	unsigned int i;

	darr_foreach_i (service->servers, i)
		if (is_left_alone(service->servers[i]))
			return true;
	return service->conf.sorry && is_left_alone(service->conf.sorry);
}

/* Packets with a mark may have any address. */
static const char *rule_of_traffic(const struct vrrp_service *service)
{
	const struct vrrp_service_conf *conf = &service->conf;
	const struct vrrp_ipvs_range *range;
	const char *rule;

	if (conf->fwmark)
		return nl_nat_rule(nat, vrrp_family_af(conf->fwmark_family), NULL, NULL);
	rule = rule_of_address(&conf->vip);
	darr_foreach_p (service->ranges, range)
		if (!rule)
			rule = rule_of_address(&range->address);
	return rule;
}

const char *vrrp_masquerade_rule(const struct vrrp_service *service)
{
	const char *rule;

	if (!nat || !any_left_alone(service))
		return NULL;
	rule = rule_of_traffic(service);
	return rule ? rule : rule_of_servers(service);
}

static void check(struct vrrp_service *service)
{
	const char *rule = vrrp_masquerade_rule(service);
	bool news = service->is_masqueraded != (rule != NULL);

	service->is_masqueraded = rule;
	if (!news || !vrrp_log_allowed(VRRP_LOG_IPVS))
		return;
	if (rule)
		zlog_warn("ipvs service %s: rule \"%s\" may rewrite packets that are forwarded as they are",
			  service->name, rule);
	else
		zlog_notice("ipvs service %s: no rule rewrites its packets any more", service->name);
}

/* ---------------------------------------------------------------------- reading */

static int look_soon(void);

static void on_readable(struct event *event)
{
	changed = true;
	look_soon();
}

static void close_nat(void)
{
	event_cancel(&t_read);
	nl_nat_free(&nat);
	logged_error = 0;
}

static int open_or_read(void)
{
	int error = 0;

	if (nat && !changed)
		return 0;
	frr_with_privs (&vrrp_privs) {
		error = nat ? nl_nat_read(nat) : nl_nat_new(&nat);
	}
	if (!error)
		changed = false;
	return error;
}

static bool has_no_nftables(int error)
{
	return error == -EOPNOTSUPP || error == -EAFNOSUPPORT || error == -EPROTONOSUPPORT;
}

static void say(int error)
{
	if (error == logged_error)
		return;
	logged_error = error;
	if (has_no_nftables(error))
		zlog_info("the kernel has no nftables: no rule of it masquerades");
	else if (error)
		zlog_warn("rules that masquerade cannot be read: %s", safe_strerror(-error));
}

static void look(void);
static struct vrrp_retry retry = { .again = look };

static void look(void)
{
	struct vrrp_service *service;
	int error;

	if (!vrrp_services_count(&vrrp_services)) {
		close_nat();
		return;
	}
	error = open_or_read();
	say(error);
	if (!error)
		event_add_read(master, on_readable, NULL, nl_nat_fd(nat), &t_read);
	else if (!has_no_nftables(error))
		vrrp_retry_later(&retry);
	frr_each (vrrp_services, &vrrp_services, service)
		check(service);
}

static void on_look(struct event *event)
{
	look();
}

static int look_soon(void)
{
	if (!t_look)
		event_add_timer_msec(master, on_look, NULL, LOOK_MSEC, &t_look);
	return 0;
}

void vrrp_masquerade_init(void)
{
	hook_register(vrrp_services_changed, look_soon);
}

void vrrp_masquerade_stop(void)
{
	event_cancel(&t_look);
	vrrp_retry_cancel(&retry);
	close_nat();
}
