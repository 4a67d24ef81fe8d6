// SPDX-License-Identifier: GPL-2.0-or-later
/* An entry for each VRF of which something was ever configured; they are few. */
#include "vrrp_vrf.h"

#include "lib/darr.h"

#include "vrrp_group.h"

#define DEFAULT_PREFIX "vip-"

struct conf {
	char vrf[VRRP_VRF_NAME_SIZE];
	char vip_interface[IFNAMSIZ]; /* "": the default */
	uint16_t route_table;	      /* 0: none */
};

static struct conf *confs; /* darr */
static bool have_changed;

static struct conf *find(const char *vrf)
{
	struct conf *conf;

	darr_foreach_p (confs, conf)
		if (strmatch(conf->vrf, vrf))
			return conf;
	return NULL;
}

static struct conf *to_be_changed(const char *vrf)
{
	struct conf *conf = find(vrf);

	have_changed = true;
	if (conf)
		return conf;
	conf = darr_append(confs);
	*conf = (struct conf){};
	strlcpy(conf->vrf, vrf, sizeof(conf->vrf));
	return conf;
}

const char *vrrp_vrf_default_vip_interface(const char *vrf, char buf[IFNAMSIZ])
{
	snprintf(buf, IFNAMSIZ, DEFAULT_PREFIX "%.*s", (int)(IFNAMSIZ - sizeof(DEFAULT_PREFIX)),
		 vrf);
	return buf;
}

const char *vrrp_vrf_vip_interface(const char *vrf, char buf[IFNAMSIZ])
{
	const struct conf *conf = find(vrf);

	if (*vrf && !(conf && *conf->vip_interface))
		return vrrp_vrf_default_vip_interface(vrf, buf);
	strlcpy(buf, *vrf ? conf->vip_interface : vrrp_global.vip_interface, IFNAMSIZ);
	return buf;
}

uint16_t vrrp_vrf_route_table(const char *vrf)
{
	const struct conf *conf = find(vrf);

	if (!*vrf)
		return vrrp_global.route_table;
	return conf ? conf->route_table : 0;
}

void vrrp_vrf_set_vip_interface(const char *vrf, const char *ifname)
{
	strlcpy(to_be_changed(vrf)->vip_interface, ifname, IFNAMSIZ);
}

void vrrp_vrf_set_route_table(const char *vrf, uint16_t table)
{
	to_be_changed(vrf)->route_table = table;
}

bool vrrp_vrf_have_changed(void)
{
	bool had = have_changed;

	have_changed = false;
	return had;
}

void vrrp_vrf_stop(void)
{
	darr_free(confs);
}
