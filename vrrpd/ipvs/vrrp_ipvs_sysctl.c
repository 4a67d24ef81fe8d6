// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Sysctls of IPVS that services need. They are for all services of the network namespace, so each
 * is set while a service in the kernel needs it, and then put back.
 *
 * By default the kernel sends a persistent client to its server even when that has weight
 * 0, and a datagram from a known port to its server even when that is gone; and it drops a packet
 * of a connection whose beginning it has not seen.
 *
 *   expire_quiescent_template  a service with persistence that may give servers weight 0: with
 *   `inhibit`, or beside a sorry server or a backup pool
 *   expire_nodest_conn         a service of UDP, or of a mark, with datagrams that belong to
 *                              connections
 *   sloppy_tcp, sloppy_sctp    a service of the protocol, or of a mark, that survives a move of
 *                              its VIP
 */
#include "vrrp_ipvs_private.h"

#include "lib_errors.h"
#include "log.h"

#include "vrrp_log.h"
#include "vrrp_sysctl.h"

static bool wants_templates_expired(const struct vrrp_service *service)
{
	const struct vrrp_service_conf *conf = &service->conf;

	return conf->persistent_sec &&
	       (conf->inhibit || conf->sorry || vrrp_service_has_backup(service));
}

static bool wants_flows_expired(const struct vrrp_service *service)
{
	const struct vrrp_service_conf *conf = &service->conf;

	return (conf->fwmark || conf->protocol == IPPROTO_UDP) && !conf->one_packet;
}

static bool survives(const struct vrrp_service_conf *conf, uint8_t protocol)
{
	return conf->survive && (conf->fwmark || conf->protocol == protocol);
}

static bool wants_sloppy_tcp(const struct vrrp_service *service)
{
	return survives(&service->conf, IPPROTO_TCP);
}

static bool wants_sloppy_sctp(const struct vrrp_service *service)
{
	return survives(&service->conf, IPPROTO_SCTP);
}

static struct need {
	enum nl_sysctl_key key;
	bool (*wants)(const struct vrrp_service *service);
	const char *otherwise; /* the effect without the sysctl */
	bool held;
	int error;
} needs[] = {
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
	{
		.key = NL_SYSCTL_SLOPPY_TCP,
		.wants = wants_sloppy_tcp,
		.otherwise = "TCP connections do not survive a move of their VIP",
	},
	{
		.key = NL_SYSCTL_SLOPPY_SCTP,
		.wants = wants_sloppy_sctp,
		.otherwise = "SCTP connections do not survive a move of their VIP",
	},
};

static bool is_wanted(const struct need *need)
{
	struct vrrp_service *service;

	frr_each (vrrp_services, &vrrp_services, service)
		if (vrrp_service_is_programmed(service) && need->wants(service))
			return true;
	return false;
}

static void hold(struct need *need)
{
	int error = vrrp_sysctl_hold(NL_SYSCTL_NO_LINK, need->key, 1);

	need->held = !error;
	if (error && error != need->error)
		zlog_warn("ipvs: sysctl net.ipv4.vs.%s cannot be set: %s; %s",
			  nl_sysctl_name(need->key), safe_strerror(-error), need->otherwise);
	need->error = error;
}

static void drop(struct need *need)
{
	int error = vrrp_sysctl_drop(NL_SYSCTL_NO_LINK, need->key);

	need->held = false;
	need->error = 0;
	if (error < 0)
		zlog_warn("ipvs: sysctl net.ipv4.vs.%s is not put back: %s",
			  nl_sysctl_name(need->key), safe_strerror(-error));
}

static void settle(struct need *need, bool wanted)
{
	if (wanted && !need->held)
		hold(need);
	else if (!wanted && need->held)
		drop(need);
	else if (!wanted)
		need->error = 0;
}

void vrrp_ipvs_sysctl_apply(void)
{
	for (size_t i = 0; i < array_size(needs); i++)
		settle(&needs[i], is_wanted(&needs[i]));
}

void vrrp_ipvs_sysctl_stop(void)
{
	for (size_t i = 0; i < array_size(needs); i++)
		settle(&needs[i], false);
}

void vrrp_ipvs_sysctl_warnings(struct vrrp_sentences *sentences)
{
	for (size_t i = 0; i < array_size(needs); i++)
		if (needs[i].error)
			vrrp_sentence_add(sentences, "sysctl net.ipv4.vs.%s cannot be set: %s; %s",
					  nl_sysctl_name(needs[i].key),
					  safe_strerror(-needs[i].error), needs[i].otherwise);
}
