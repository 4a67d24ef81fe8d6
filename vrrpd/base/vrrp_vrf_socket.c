// SPDX-License-Identifier: GPL-2.0-or-later
#include "vrrp_vrf_socket.h"

#include "network.h"

#include "vrrp_daemon.h"

bool vrrp_vrf_is_out_of_reach(vrf_id_t vrf_id)
{
	return vrf_id != VRF_DEFAULT && vrf_is_backend_netns() && !vrrp_daemon_enters_namespaces();
}

int vrrp_vrf_socket(vrf_id_t vrf_id, enum vrrp_family family, int type, int protocol)
{
	const struct vrf *vrf = vrf_lookup_by_id(vrf_id);
	const char *device = vrf_id == VRF_DEFAULT || !vrf ? NULL : vrf->name;
	int fd = -1, error = 0;

	/* otherwise libfrr would log an error and open the socket in our namespace */
	if (vrrp_vrf_is_out_of_reach(vrf_id))
		return -EPERM;
	frr_with_privs (&vrrp_privs) {
		fd = vrf_socket(vrrp_family_af(family), type, protocol, vrf_id, device);
		if (fd < 0)
			error = -errno;
	}
	if (fd < 0)
		return error;
	set_cloexec(fd);
	return fd;
}
