// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * One struct nl_nft, from init to stop; all changes go through say() or say_vip(), which log a
 * failure when it differs from the last of its kind. VMACs that could not be added are stored by
 * name, and their owner is asked to try again when nftables changes: a foreign table with our name
 * may be gone then.
 */
#include "vrrp_filter.h"

#include <zebra.h>

#include "darr.h"
#include "ipaddr.h"
#include "lib_errors.h"
#include "log.h"

#include "vrrp_daemon.h"
#include "vrrp_log.h"
#include "vrrp_retry.h"

typedef char vmac_name[IFNAMSIZ];

static struct nl_nft *nft;
static struct event *t_read;
static int logged_error, logged_vip_error;
static vmac_name *unfiltered; /* darr */
static uint64_t restored;
static void (*try_again)(void);

/* True for an error by which the kernel says that it has no nftables. */
static bool is_absent(int error)
{
	return error == -EOPNOTSUPP || error == -EAFNOSUPPORT || error == -EPROTONOSUPPORT;
}

static void say(const char *what, const char *object, int error)
{
	if (error == logged_error)
		return;
	logged_error = error;
	if (error)
		zlog_err("filter on virtual MACs: cannot %s %s: %s", what, object,
			 safe_strerror(-error));
}

/* Removes a name from those that could not be added; true when it was among them. */
static bool forget(const char *vmac)
{
	unsigned int i;

	darr_foreach_i (unfiltered, i) {
		if (!strmatch(unfiltered[i], vmac))
			continue;
		darr_remove(unfiltered, i);
		return true;
	}
	return false;
}

void vrrp_filter_add(const char *vmac)
{
	int error = 0;

	if (!nft)
		return;
	frr_with_privs (&vrrp_privs) {
		error = nl_nft_add(nft, &vmac, 1);
	}
	forget(vmac);
	if (error)
		strlcpy(*darr_append(unfiltered), vmac, sizeof(vmac_name));
	say("add", vmac, error);
}

void vrrp_filter_del(const char *vmac)
{
	int error = 0;

	if (!nft || forget(vmac))
		return;
	frr_with_privs (&vrrp_privs) {
		error = nl_nft_del(nft, &vmac, 1);
	}
	say("remove", vmac, error);
}

static void change_vip(int (*change)(struct nl_nft *nft, const struct nl_nft_vip *vips,
				     size_t count),
		       const char *what, const char *vmac, const struct vrrp_addr *vip)
{
	struct nl_nft_vip entry = { .address = vip->v6 };
	int error = 0;

	if (!nft || vip->family != VRRP_IPV6)
		return;
	strlcpy(entry.ifname, vmac, sizeof(entry.ifname));
	frr_with_privs (&vrrp_privs) {
		error = change(nft, &entry, 1);
	}
	if (error != -ENODEV)
		say(what, vmac, error);
}

void vrrp_filter_allow(const char *vmac, const struct vrrp_addr *vip)
{
	change_vip(nl_nft_allow, "allow a virtual address on", vmac, vip);
}

void vrrp_filter_forbid(const char *vmac, const struct vrrp_addr *vip)
{
	change_vip(nl_nft_forbid, "forbid a virtual address on", vmac, vip);
}

struct nl_nft_vip vrrp_filter_vip(const char *link, const struct vrrp_addr *vip)
{
	struct nl_nft_vip entry = { .address = vip->v6 };

	if (vip->family == VRRP_IPV4)
		ipv4_to_ipv4_mapped_ipv6(&entry.address, vip->v4);
	if (vrrp_addr_is_linklocal(vip))
		strlcpy(entry.ifname, link, sizeof(entry.ifname));
	return entry;
}

static void say_vip(const char *outcome, const struct nl_nft_vip *vip, int error)
{
	struct ipaddr address = { .ipa_type = IPADDR_V6, .ipaddr_v6 = vip->address };

	if (error == logged_vip_error)
		return;
	logged_vip_error = error;
	if (IS_MAPPED_IPV6(&vip->address)) {
		address.ipa_type = IPADDR_V4;
		ipv4_mapped_ipv6_to_ipv4(&vip->address, &address.ipaddr_v4);
	}
	if (error)
		zlog_err("accept mode: packets to %pIA are %s: nftables: %s", &address, outcome,
			 safe_strerror(-error));
	else
		zlog_info("accept mode: nftables works again");
}

static int change_refusal(int (*change)(struct nl_nft *nft, const struct nl_nft_vip *vips,
					size_t count),
			  const char *outcome, const struct nl_nft_vip *vip)
{
	int error = -EOPNOTSUPP;

	if (nft)
		frr_with_privs (&vrrp_privs) {
			error = change(nft, vip, 1);
		}
	say_vip(outcome, vip, error);
	return is_absent(error) ? -EOPNOTSUPP : error;
}

int vrrp_filter_refuse(const struct nl_nft_vip *vip)
{
	return change_refusal(nl_nft_refuse, "accepted, though they should not be", vip);
}

int vrrp_filter_accept(const struct nl_nft_vip *vip)
{
	return change_refusal(nl_nft_accept, "still refused", vip);
}

void vrrp_filter_read(struct vrrp_filter_status *status)
{
	int error = 0;

	memset(status, 0, sizeof(*status));
	if (!nft)
		return;
	frr_with_privs (&vrrp_privs) {
		error = nl_nft_counters(nft, status->dropped);
	}
	status->available = !error && !logged_error && !darr_len(unfiltered);
	status->refuses = !error && !logged_vip_error;
	status->restored = restored;
}

void vrrp_filter_settle(void)
{
	int error = 0;

	if (!nft)
		return;
	frr_with_privs (&vrrp_privs) {
		error = nl_nft_settle(nft);
	}
	/* a kernel without nftables has no leftovers */
	if (!is_absent(error))
		say("remove", "what an earlier vrrpd left", error);
}

static void on_readable(struct event *event);

static void read_events(void);
static struct vrrp_retry retry = { .again = read_events };

static void read_events(void)
{
	int result = 0;

	frr_with_privs (&vrrp_privs) {
		result = nl_nft_read(nft);
	}
	if (result < 0) {
		say("put back", "what someone else removed", result);
		vrrp_retry_later(&retry);
		return;
	}
	if (retry.is_trying)
		say("put back", "what someone else removed", 0);
	if (result > 0) {
		restored++;
		zlog_warn("nftables table " NL_NFT_TABLE ": changed by someone else, put back");
	}
	if (darr_len(unfiltered))
		try_again();
	event_add_read(master, on_readable, NULL, nl_nft_fd(nft), &t_read);
}

static void on_readable(struct event *event)
{
	read_events();
}

void vrrp_filter_init(void (*again)(void))
{
	int error = 0;

	try_again = again;
	frr_with_privs (&vrrp_privs) {
		error = nl_nft_new(&nft);
	}
	if (error) {
		nft = NULL;
		say("open", "nftables", error);
		return;
	}
	event_add_read(master, on_readable, NULL, nl_nft_fd(nft), &t_read);
}

void vrrp_filter_stop(void)
{
	event_cancel(&t_read);
	vrrp_retry_cancel(&retry);
	darr_free(unfiltered);
	if (nft)
		nl_nft_free(&nft);
}
