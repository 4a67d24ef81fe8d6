// SPDX-License-Identifier: GPL-2.0-or-later
/* A struct heirloom is in the tree from the first reading of the kernel until it is taken or removed. */
#include <zebra.h>

#include "vrrp_inheritance.h"

#include "lib_errors.h"
#include "log.h"
#include "memory.h"
#include "typesafe.h"

#include "nl_drain.h"
#include "nl_link.h"
#include "vrrp_convert.h"
#include "vrrp_daemon.h"
#include "vrrp_log.h"
#include "vrrp_memory.h"
#include "vrrp_netlink.h"

DEFINE_MTYPE_STATIC(VRRPD, VRRP_HEIRLOOM, "VRRP address of an earlier vrrpd");

PREDECL_RBTREE_UNIQ(heirlooms);

struct heirloom {
	struct heirlooms_item item;
	struct vrrp_addr address;
	struct nl_addr_key key;
	uint32_t left_sec;
};

static int heirloom_cmp(const struct heirloom *a, const struct heirloom *b)
{
	int order = vrrp_addr_cmp(&a->address, &b->address);

	return order ? order : numcmp(a->key.ifindex, b->key.ifindex);
}

DECLARE_RBTREE_UNIQ(heirlooms, struct heirloom, item, heirloom_cmp);

static struct heirlooms_head heirlooms = INIT_RBTREE_UNIQ(heirlooms);
static bool is_settled;
static struct nl_link last_link; /* asked for; thousands are on the same one */

static const struct nl_link *link_of(int ifindex)
{
	if (last_link.ifindex != ifindex && nl_link_get_index(vrrp_netlink, ifindex, &last_link) < 0)
		memset(&last_link, 0, sizeof(last_link));
	return &last_link;
}

static bool is_vip_interface(const struct nl_link *link)
{
	return (strmatch(link->kind, "dummy") || strmatch(link->kind, "ifb")) &&
	       !nl_drain_is(link->name);
}

static struct heirloom *find(const struct vrrp_addr *address, int ifindex)
{
	struct heirloom ref = { .address = *address, .key.ifindex = ifindex };

	return heirlooms_find(&heirlooms, &ref);
}

static void forget(struct heirloom *heirloom)
{
	heirlooms_del(&heirlooms, heirloom);
	XFREE(MTYPE_VRRP_HEIRLOOM, heirloom);
}

bool vrrp_inheritance_note(const struct nl_addr_info *info)
{
	struct vrrp_addr address = vrrp_addr_of_key(&info->key);
	struct heirloom *heirloom = find(&address, info->key.ifindex);

	if (!heirloom && (is_settled || !is_vip_interface(link_of(info->key.ifindex))))
		return false;
	if (!heirloom) {
		heirloom = XCALLOC(MTYPE_VRRP_HEIRLOOM, sizeof(*heirloom));
		heirloom->address = address;
		heirloom->key = info->key;
		heirlooms_add(&heirlooms, heirloom);
	}
	heirloom->left_sec = info->valid_sec;
	return true;
}

void vrrp_inheritance_lost(const struct vrrp_addr *address, int ifindex)
{
	struct heirloom *heirloom = find(address, ifindex);

	if (heirloom)
		forget(heirloom);
}

/* The first one of this address; NULL when there is none. */
static struct heirloom *first_of(const struct vrrp_addr *address)
{
	struct heirloom ref = { .address = *address };
	struct heirloom *found = heirlooms_find_gteq(&heirlooms, &ref);

	return found && vrrp_addr_same(&found->address, address) ? found : NULL;
}

bool vrrp_inheritance_has(const struct vrrp_addr *address)
{
	return first_of(address) != NULL;
}

bool vrrp_inheritance_take(const struct vrrp_addr *address, const char *link,
			   struct vrrp_inherited *inherited)
{
	struct heirloom *heirloom = first_of(address);

	while (heirloom && vrrp_addr_same(&heirloom->address, address) &&
	       !strmatch(link_of(heirloom->key.ifindex)->name, link))
		heirloom = heirlooms_next(&heirlooms, heirloom);
	if (!heirloom || !vrrp_addr_same(&heirloom->address, address))
		return false;
	inherited->ifindex = heirloom->key.ifindex;
	inherited->left_sec = heirloom->left_sec;
	forget(heirloom);
	return true;
}

static void removed(const struct nl_result *result, void *arg)
{
	if (result->error && vrrp_log_allowed(VRRP_LOG_NETLINK))
		zlog_err("netlink: cannot %s of an earlier vrrpd: %s", result->what,
			 safe_strerror(-result->error));
}

void vrrp_inheritance_settle(void)
{
	struct nl_batch *batch = nl_batch_new(vrrp_netlink);
	struct heirloom *heirloom;
	char text[VRRP_ADDR_STRLEN];

	is_settled = true;
	while ((heirloom = heirlooms_first(&heirlooms))) {
		if (vrrp_log_allowed(VRRP_LOG_NETLINK))
			zlog_info("%s is a leftover of an earlier vrrpd: removed",
				  vrrp_addr_str(&heirloom->address, text));
		nl_batch_addr_del(batch, &heirloom->key, NULL);
		forget(heirloom);
	}
	frr_with_privs (&vrrp_privs) {
		nl_batch_commit(batch, removed, NULL);
	}
	nl_batch_free(&batch);
}

void vrrp_inheritance_stop(void)
{
	struct heirloom *heirloom;

	while ((heirloom = heirlooms_first(&heirlooms)))
		forget(heirloom);
}
