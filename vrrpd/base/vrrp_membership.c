// SPDX-License-Identifier: GPL-2.0-or-later
/* A membership is stored with the descriptor that joined, since only that can leave. */
#include "vrrp_membership.h"

#include "darr.h"

#include "vrrp_vrf_socket.h"

struct vrrp_membership {
	ifindex_t ifindex;
	struct vrrp_addr group;
	int fd;
	unsigned int users;
};

static int set_membership(int fd, ifindex_t ifindex, const struct vrrp_addr *group, int option)
{
	struct group_req req = { .gr_interface = ifindex };
	int level = group->family == VRRP_IPV4 ? IPPROTO_IP : IPPROTO_IPV6;

	vrrp_addr_sockaddr(group, 0, &req.gr_group);
	if (setsockopt(fd, level, option, &req, sizeof(req)) < 0 && errno != EADDRINUSE)
		return -errno;
	return 0;
}

static struct vrrp_membership *find(const struct vrrp_memberships *all, ifindex_t ifindex,
				    const struct vrrp_addr *group)
{
	struct vrrp_membership *entry;

	darr_foreach_p (all->entries, entry)
		if (entry->ifindex == ifindex && vrrp_addr_same(&entry->group, group))
			return entry;
	return NULL;
}

static int join_by_another(struct vrrp_memberships *all, ifindex_t ifindex,
			   const struct vrrp_addr *group)
{
	int fd = vrrp_vrf_socket(all->vrf_id, all->family, SOCK_DGRAM, 0), error;

	if (fd < 0)
		return fd;
	error = set_membership(fd, ifindex, group, MCAST_JOIN_GROUP);
	if (error) {
		close(fd);
		return error;
	}
	*darr_append(all->fds) = fd;
	return fd;
}

/* The descriptor that joined, or negative errno. */
static int join(struct vrrp_memberships *all, ifindex_t ifindex, const struct vrrp_addr *group)
{
	const int *fd;
	int error;

	darr_foreach_p (all->fds, fd) {
		error = set_membership(*fd, ifindex, group, MCAST_JOIN_GROUP);
		if (error != -ENOBUFS && error != -ENOMEM)
			return error ? error : *fd;
	}
	return join_by_another(all, ifindex, group);
}

int vrrp_membership_join(struct vrrp_memberships *all, ifindex_t ifindex,
			 const struct vrrp_addr *group)
{
	struct vrrp_membership *entry = find(all, ifindex, group);
	int fd;

	if (entry) {
		entry->users++;
		return 0;
	}
	fd = join(all, ifindex, group);
	if (fd < 0)
		return fd;
	*darr_append(all->entries) = (struct vrrp_membership){
		.ifindex = ifindex, .group = *group, .fd = fd, .users = 1
	};
	return 0;
}

void vrrp_membership_leave(struct vrrp_memberships *all, ifindex_t ifindex,
			   const struct vrrp_addr *group)
{
	struct vrrp_membership *entry = find(all, ifindex, group);

	if (!entry || --entry->users)
		return;
	set_membership(entry->fd, ifindex, group, MCAST_LEAVE_GROUP);
	darr_remove(all->entries, entry - all->entries);
}

void vrrp_memberships_end(struct vrrp_memberships *all)
{
	const int *fd;

	darr_foreach_p (all->fds, fd)
		close(*fd);
	darr_free(all->fds);
	darr_free(all->entries);
}
