// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The share of new connections that a server which is up has now.
 *
 * Slow start: a server that is up again gets its weight step by step. Weights are whole numbers, and most are 1. So while a service starts slowly the kernel has all of its
 * weights a hundredfold: a share of 1 % can be told. Schedulers that weigh compare weights with each
 * other alone, so nothing else follows from that.
 *
 * What a server has now follows from the clock; a timer of the service touches it for each step.
 *
 * Pools: servers of the backup pool get new connections while the healthy part of the others is too
 * small, beside those that are up. They are checked all the time, and keep their connections when they
 * get no new ones. They go on for some time after there are enough of the others, so that a server that
 * comes and goes does not take the whole pool with it.
 */
#include "vrrp_ipvs_private.h"

#include "darr.h"

#include "log.h"

#include "vrrp_daemon.h"
#include "vrrp_history.h"
#include "vrrp_log.h"

#define SCALE 100
/* Of a whole start; but none is shorter than a second. */
#define STEPS 20

/* How long it has been starting; all of it when it is not. */
static vrrp_usec_t started(const struct vrrp_server *server, vrrp_usec_t whole)
{
	return server->returned ? MIN((vrrp_usec_t)(vrrp_now() - server->returned), whole) : whole;
}

static vrrp_usec_t whole_of(const struct vrrp_service *service)
{
	return service->conf.slow_start_sec * VRRP_USEC_PER_SEC;
}

bool vrrp_server_serves(const struct vrrp_server *server)
{
	return !server->is_backup || server->service->backup_serves;
}

uint32_t vrrp_server_weight_now(const struct vrrp_server *server)
{
	vrrp_usec_t whole = whole_of(server->service);
	uint64_t weight = server->weight;

	if (!vrrp_server_serves(server))
		return 0;
	if (!whole)
		return weight;
	weight = weight * SCALE * started(server, whole) / whole;
	return server->weight ? MAX(weight, 1U) : 0;
}

static bool is_starting(const struct vrrp_service *service)
{
	vrrp_usec_t whole = whole_of(service);
	unsigned int i;

	darr_foreach_i (service->servers, i)
		if (started(service->servers[i], whole) < whole)
			return true;
	return false;
}

static void on_step(struct event *event)
{
	struct vrrp_service *service = EVENT_ARG(event);

	vrrp_service_touch(service);
	vrrp_service_start_slowly(service);
}

void vrrp_service_start_slowly(struct vrrp_service *service)
{
	unsigned int msec = service->conf.slow_start_sec * 1000 / STEPS;

	if (!service->t_slow && is_starting(service))
		event_add_timer_msec(master, on_step, service, MAX(msec, 1000U), &service->t_slow);
}

/* ------------------------------------------------------------------------- pools */

bool vrrp_service_has_backup(const struct vrrp_service *service)
{
	unsigned int i;

	darr_foreach_i (service->servers, i)
		if (service->servers[i]->is_backup)
			return true;
	return false;
}

/* The percentage of the first pool's weight that is up, or may be. */
static unsigned int healthy_percent(const struct vrrp_service *service)
{
	uint64_t all = 0, healthy = 0;
	unsigned int i;

	darr_foreach_i (service->servers, i) {
		const struct vrrp_server *server = service->servers[i];

		if (server->is_backup)
			continue;
		all += server->weight;
		if (server->health != VRRP_SERVER_DOWN)
			healthy += server->weight;
	}
	return all ? healthy * 100 / all : 0;
}

static void let_backup(struct vrrp_service *service, bool serve)
{
	char text[VRRP_IPVS_NAME_LEN + 128];

	service->backup_serves = serve;
	vrrp_service_touch(service);
	if (!vrrp_log_allowed(VRRP_LOG_HEALTH))
		return;
	snprintf(text, sizeof(text),
		 "ipvs service %s: the backup pool %s: %u %% of the first pool are up, %u %% are wanted",
		 service->name, serve ? "serves" : "serves no more", healthy_percent(service),
		 service->conf.pool_threshold);
	zlog_warn("%s", text);
	vrrp_history_ipvs(text);
}

static void on_enough(struct event *event)
{
	let_backup(EVENT_ARG(event), false);
}

/* The others are enough again; the time that is configured may have changed since. */
static void hold(struct vrrp_service *service)
{
	vrrp_usec_t now = vrrp_now(), until;

	if (!service->enough_since)
		service->enough_since = now;
	until = service->enough_since + service->conf.pool_hold_sec * VRRP_USEC_PER_SEC;
	event_add_timer_msec(master, on_enough, service, until > now ? (until - now) / 1000 : 0,
			     &service->t_pool);
}

void vrrp_service_judge_pools(struct vrrp_service *service)
{
	bool has_backup = vrrp_service_has_backup(service);
	bool is_needed = has_backup && healthy_percent(service) < service->conf.pool_threshold;

	event_cancel(&service->t_pool);
	if (has_backup && !is_needed && service->backup_serves) {
		hold(service);
		return;
	}
	service->enough_since = 0;
	if (is_needed && !service->backup_serves)
		let_backup(service, true);
	service->backup_serves = is_needed;
}
