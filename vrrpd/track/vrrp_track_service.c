// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A service is up while servers with the weight of its quorum are. Its servers are checked whether
 * its VIP is here or not, so that a group may track the service of its own VIP.
 */
#include "vrrp_track_private.h"

#include "darr.h"

#include "vrrp_ipvs.h"
#include "vrrp_vip.h"

static void look(struct vrrp_track_object *object)
{
	const struct vrrp_service *service = vrrp_service_find(object->key.name);

	if (!service)
		vrrp_track_missing(object, "there is no such service");
	else if (vrrp_service_weight_up(service) >= service->conf.quorum)
		vrrp_track_report(object, VRRP_BADNESS_NONE, "");
	else if (!vrrp_service_has_quorum(service)) /* whatever is still being checked */
		vrrp_track_report(object, VRRP_BADNESS_DOWN, "it lacks its quorum");
}

static const struct vrrp_addr *vip(const struct vrrp_track_object *object)
{
	const struct vrrp_service *service = vrrp_service_find(object->key.name);
	const struct vrrp_probe_conf *check;
	unsigned int i;

	if (!service)
		return NULL;
	darr_foreach_i (service->servers, i) {
		check = vrrp_server_probe_conf(service->servers[i]);
		if (check && vrrp_vip_group(&check->source))
			return &check->source;
	}
	return NULL;
}

static int on_services(void)
{
	vrrp_track_look_at(VRRP_TRACK_SERVICE);
	return 0;
}

static int on_judged(const struct vrrp_service *service)
{
	struct vrrp_track_object ref = { .key = { .kind = VRRP_TRACK_SERVICE } }, *object;

	strlcpy(ref.key.name, service->name, sizeof(ref.key.name));
	object = vrrp_track_objects_find(&vrrp_track_objects, &ref);
	if (object)
		look(object);
	return 0;
}

void vrrp_track_service_init(void)
{
	hook_register(vrrp_services_changed, on_services);
	hook_register(vrrp_service_judged, on_judged);
}

const struct vrrp_track_method vrrp_track_service_method = { .begin = look,
							     .look = look,
							     .vip = vip };
