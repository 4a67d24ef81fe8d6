// SPDX-License-Identifier: GPL-2.0-or-later
/* Addresses and sysctls. A batch is executed when it is committed, and each request succeeds. */
#include "fake_host.h"

#include "lib/darr.h"

#include "nl_addr.h"
#include "vrrp_convert.h"
#include "vrrp_misfit.h"
#include "vrrp_netlink.h"
#include "vrrp_sysctl.h"
#include "vrrp_host.h"
#include "vrrp_vip.h"

struct request {
	struct vrrp_addr address;
	int ifindex;
	bool is_addition;
	struct nl_result result;
};

struct nl_batch {
	struct request *requests; /* darr */
};

struct nl_conn *vrrp_netlink;
struct nl_sysctl *vrrp_sysctls;

static struct nl_batch only_batch;

struct nl_batch *nl_batch_new(struct nl_conn *conn)
{
	return &only_batch;
}

void nl_batch_free(struct nl_batch **batch)
{
	darr_free((*batch)->requests);
	*batch = NULL;
}

size_t nl_batch_count(const struct nl_batch *batch)
{
	return darr_len(batch->requests);
}

int nl_batch_addr_add(struct nl_batch *batch, const struct nl_addr_key *key, uint32_t lease_sec,
		      void *object)
{
	*darr_append(batch->requests) = (struct request){
		.address = vrrp_addr_of_key(key),
		.ifindex = key->ifindex,
		.is_addition = true,
		.result = { .op = NL_ADD, .object = object, .what = "add address" }
	};
	return 0;
}

int nl_batch_addr_del(struct nl_batch *batch, const struct nl_addr_key *key, void *object)
{
	*darr_append(batch->requests) = (struct request){
		.address = vrrp_addr_of_key(key),
		.ifindex = key->ifindex,
		.result = { .op = NL_DEL, .object = object, .what = "delete address" }
	};
	return 0;
}

/* A request without an object removes an address that does not exist: see vrrp_vip.c. */
int nl_batch_commit(struct nl_batch *batch, nl_result_fn result, void *arg)
{
	const struct request *request;

	darr_foreach_p (batch->requests, request) {
		if (request->result.object)
			fake_host->address(request->ifindex, request->is_addition);
		result(&request->result, arg);
		if (request->is_addition)
			vrrp_vip_arrived(&request->address, request->ifindex);
	}
	darr_reset(batch->requests);
	return 0;
}

/* The order of a link's addresses is that in which they came. */
int nl_addr_dump(struct nl_conn *conn, int ifindex, nl_addr_fn fn, void *arg)
{
	return 0;
}

int nl_sysctl_get(int ifindex, enum nl_sysctl_key key, int *value)
{
	*value = 0;
	return 0;
}

int vrrp_sysctl_hold(int ifindex, enum nl_sysctl_key key, int value)
{
	return 0;
}

int vrrp_sysctl_drop(int ifindex, enum nl_sysctl_key key)
{
	return 0;
}

/* Does nothing: it would report each peer as this host itself. */
void vrrp_misfit_look(struct vrrp_router *router)
{
}

void fake_address(unsigned int number, const struct vrrp_addr *address, bool has)
{
	struct nl_addr_info info = { .key = { .ifindex = number } };

	if (address->family == VRRP_IPV4) {
		info.key.family = AF_INET;
		info.key.prefixlen = 24;
		info.key.v4 = address->v4;
	} else {
		info.key.family = AF_INET6;
		info.key.prefixlen = 64;
		info.key.v6 = address->v6;
	}
	vrrp_host_address(&info, has);
}
