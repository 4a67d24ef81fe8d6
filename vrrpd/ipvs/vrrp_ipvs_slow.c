// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Slow start: a server that is up again gets its weight step by step.
 *
 * Weights are whole numbers, and most are 1. So while a service starts slowly the kernel has all of its
 * weights a hundredfold: a share of 1 % can be told. Schedulers that weigh compare weights with each
 * other alone, so nothing else follows from that.
 *
 * What a server has now follows from the clock; a timer of the service touches it for each step.
 */
#include "vrrp_ipvs_private.h"

#include "darr.h"

#include "vrrp_daemon.h"

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

uint32_t vrrp_server_weight_now(const struct vrrp_server *server)
{
	vrrp_usec_t whole = whole_of(server->service);
	uint64_t weight = server->weight;

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
