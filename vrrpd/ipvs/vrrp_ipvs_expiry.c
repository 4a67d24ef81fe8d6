// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Expiry of connections to a server that is removed or gets no new connections.
 *
 * By default the kernel sends a persistent client to its server even when that has weight
 * 0, and a datagram from a known port to its server even when that is gone. Two sysctls of
 * IPVS change this, for all services of the network namespace. Each is set while a service
 * needs it, and then put back.
 *
 *   expire_quiescent_template  a service with persistence that may give servers weight 0: with
 *   `inhibit`, or beside a sorry server
 *   expire_nodest_conn         a service of UDP, or of a mark, with datagrams that belong to
 *                              connections
 */
#include "vrrp_ipvs_private.h"

#include "lib_errors.h"
#include "log.h"

#include "vrrp_log.h"
#include "vrrp_sysctl.h"

static bool wants_templates_expired(const struct vrrp_service_conf *conf)
{
	return conf->persistent_sec && (conf->inhibit || conf->sorry);
}

static bool wants_flows_expired(const struct vrrp_service_conf *conf)
{
	return (conf->fwmark || conf->protocol == IPPROTO_UDP) && !conf->one_packet;
}

static struct expiry {
	enum nl_sysctl_key key;
	bool (*wants)(const struct vrrp_service_conf *conf);
	const char *otherwise; /* the effect without the sysctl */
	bool held;
	int error;
} expiries[] = {
	{
		.key = NL_SYSCTL_EXPIRE_QUIESCENT_TEMPLATE,
		.wants = wants_templates_expired,
		.otherwise = "persistent clients stay with a server that is down",
	},
	{
		.key = NL_SYSCTL_EXPIRE_NODEST_CONN,
		.wants = wants_flows_expired,
		.otherwise = "datagrams from a known port go to a server that has gone",
	},
};

static bool is_wanted(const struct expiry *expiry)
{
	struct vrrp_service *service;

	frr_each (vrrp_services, &vrrp_services, service)
		if (service->programmed && expiry->wants(&service->conf))
			return true;
	return false;
}

static void hold(struct expiry *expiry)
{
	int error = vrrp_sysctl_hold(NL_SYSCTL_NO_LINK, expiry->key, 1);

	expiry->held = !error;
	if (error && error != expiry->error)
		zlog_warn("ipvs: sysctl net.ipv4.vs.%s cannot be set: %s; %s",
			  nl_sysctl_name(expiry->key), safe_strerror(-error), expiry->otherwise);
	expiry->error = error;
}

static void drop(struct expiry *expiry)
{
	int error = vrrp_sysctl_drop(NL_SYSCTL_NO_LINK, expiry->key);

	expiry->held = false;
	expiry->error = 0;
	if (error < 0)
		zlog_warn("ipvs: sysctl net.ipv4.vs.%s is not put back: %s",
			  nl_sysctl_name(expiry->key), safe_strerror(-error));
}

static void settle(struct expiry *expiry, bool wanted)
{
	if (wanted && !expiry->held)
		hold(expiry);
	else if (!wanted && expiry->held)
		drop(expiry);
	else if (!wanted)
		expiry->error = 0;
}

void vrrp_ipvs_expiry_apply(void)
{
	for (size_t i = 0; i < array_size(expiries); i++)
		settle(&expiries[i], is_wanted(&expiries[i]));
}

void vrrp_ipvs_expiry_stop(void)
{
	for (size_t i = 0; i < array_size(expiries); i++)
		settle(&expiries[i], false);
}

void vrrp_ipvs_expiry_warnings(struct vrrp_sentences *sentences)
{
	for (size_t i = 0; i < array_size(expiries); i++)
		if (expiries[i].error)
			vrrp_sentence_add(sentences, "sysctl net.ipv4.vs.%s cannot be set: %s; %s",
					  nl_sysctl_name(expiries[i].key),
					  safe_strerror(-expiries[i].error), expiries[i].otherwise);
}
