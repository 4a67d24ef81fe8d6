// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * One struct nl_link stores the link as last read; its index is 0 while there is none. The reason
 * why it cannot be used is logged when it changes, and shown as long as it lasts.
 */
#include "vrrp_dummy.h"

#include <zebra.h>

#include "darr.h"
#include "lib_errors.h"
#include "log.h"

#include "nl_addr.h"
#include "nl_link.h"
#include "nl_sysctl.h"
#include "vrrp_daemon.h"
#include "vrrp_drain_link.h"
#include "vrrp_log.h"
#include "vrrp_netlink.h"
#include "vrrp_place.h"
#include "vrrp_place_ops.h"
#include "vrrp_tick.h"

#define SENTENCE_SIZE 256

static struct nl_link dummy;
static struct nl_link *old; /* darr: of other names; released at the end of the tick */
static int why_not;	    /* negative errno: why it cannot be used; 0: it can */
static bool lacks_ipv6;	    /* as of look_at_ipv6() */

static const char *kind_name(const struct nl_link *link)
{
	return link->kind[0] ? link->kind : "hardware";
}

static void describe_lack(char *buf, size_t size)
{
	const char *name = vrrp_global.vip_interface;

	if (why_not == -EMEDIUMTYPE)
		snprintfrr(buf, size,
			   "VIP interface %s is a %s interface, neither dummy nor ifb: not used",
			   name, kind_name(&dummy));
	else if (why_not == -ENETDOWN)
		snprintfrr(buf, size, "VIP interface %s is down", name);
	else
		snprintfrr(buf, size, "VIP interface %s cannot be made: %s", name,
			   safe_strerror(-why_not));
}

static void log_change(int error)
{
	char text[SENTENCE_SIZE];

	if (error == why_not)
		return;
	why_not = error;
	if (!error) {
		zlog_info("VIP interface %s is ready again", vrrp_global.vip_interface);
		return;
	}
	describe_lack(text, sizeof(text));
	if (error == -ENETDOWN)
		zlog_warn("%s: its virtual routers leave the election", text);
	else
		zlog_err("%s", text);
}

static bool kind_is_usable(const struct nl_link *link)
{
	return strmatch(link->kind, "dummy") || strmatch(link->kind, "ifb");
}

/* Takes an existing link. One that is down was set down by its owner, so only ours is set up. */
static int adopt(struct nl_link *link)
{
	if (!kind_is_usable(link))
		return -EMEDIUMTYPE;
	if (link->up)
		return 0;
	if (!link->ours)
		return -ENETDOWN;
	return nl_link_set_up(vrrp_netlink, link->ifindex);
}

/*
 * A link gets IPv6 or not when it is made (net.ipv6.conf.default.disable_ipv6), and anybody may
 * change that later. The kernel reports such a change only by removing the addresses.
 */
static void look_at_ipv6(void)
{
	bool lacked = lacks_ipv6;
	int disabled = 0;
	int error = nl_sysctl_get(dummy.ifindex, NL_SYSCTL_DISABLE_IPV6, &disabled);

	if (!error && disabled && dummy.ours) {
		frr_with_privs (&vrrp_privs) {
			error = nl_sysctl_set(dummy.ifindex, NL_SYSCTL_DISABLE_IPV6, 0);
		}
		disabled = error != 0;
	}
	lacks_ipv6 = disabled || error == -ENOENT;
	if (lacks_ipv6 && !lacked)
		zlog_warn("VIP interface %s has no IPv6 (net.ipv6.conf.%s.disable_ipv6): IPv6 virtual routers wait for it",
			  dummy.name, dummy.name);
}

/* If not, that is logged once. */
static bool has_ipv6(void)
{
	if (!lacks_ipv6)
		return true;
	look_at_ipv6();
	if (lacks_ipv6)
		vrrp_place_look_later();
	return !lacks_ipv6;
}

static int look(void)
{
	if (dummy.ifindex)
		look_at_ipv6();
	return 0;
}

static int find_or_make(void)
{
	int error = nl_link_get(vrrp_netlink, vrrp_global.vip_interface, &dummy);

	frr_with_privs (&vrrp_privs) {
		if (error == -ENODEV)
			error = nl_link_add_dummy(vrrp_netlink, vrrp_global.vip_interface, &dummy);
		else if (!error)
			error = adopt(&dummy);
	}
	if (error)
		dummy.ifindex = 0;
	else
		look_at_ipv6();
	dummy.up = !error;
	log_change(error);
	return error;
}

/* The link itself; one that someone has set down is told of when it comes up. */
static bool is_there(void)
{
	if (dummy.ifindex)
		return dummy.up;
	if (!find_or_make())
		return true;
	vrrp_place_look_later();
	return false;
}

int vrrp_dummy_ifindex(void)
{
	return dummy.ifindex;
}

bool vrrp_dummy_is_up(void)
{
	return dummy.up;
}

int vrrp_vip_interface_check(const char *ifname, char *reason, size_t size)
{
	struct nl_link link;
	int error = vrrp_netlink ? nl_link_get(vrrp_netlink, ifname, &link) : -ENODEV;

	if (error == -ENODEV || (!error && kind_is_usable(&link)))
		return 0;
	if (error) {
		snprintfrr(reason, size, "VIP interface %s: %s", ifname, safe_strerror(-error));
		return error;
	}
	snprintfrr(reason, size,
		   "VIP interface %s exists and is a %s interface; only a dummy or ifb can carry VIPs",
		   ifname, kind_name(&link));
	return -EMEDIUMTYPE;
}

/* -------------------------------------------------------------------- what happens */

static void vanished(void)
{
	int ifindex = dummy.ifindex;

	zlog_warn("VIP interface %s was deleted by someone else", vrrp_global.vip_interface);
	memset(&dummy, 0, sizeof(dummy));
	vrrp_place_tell_lost(ifindex);
	vrrp_recheck_all();
}

static void went_up_or_down(bool up)
{
	dummy.up = up;
	log_change(up ? 0 : -ENETDOWN);
	if (up) /* the kernel removed its IPv6 addresses when it went down */
		vrrp_place_tell_lost(dummy.ifindex);
	vrrp_recheck_all();
}

/*
 * True when the link has another name now. Route-maps and the configuration use the name, so the
 * name decides, and not the index.
 */
static bool was_renamed(void)
{
	struct nl_link now;

	if (nl_link_get_index(vrrp_netlink, dummy.ifindex, &now))
		return false;
	zlog_warn("VIP interface %s was renamed to %s by someone else: virtual addresses go to a %s again",
		  dummy.name, now.name, dummy.name);
	return true;
}

void vrrp_dummy_reconcile(void)
{
	struct nl_link now;
	int error = nl_link_get(vrrp_netlink, vrrp_global.vip_interface, &now);

	if (!dummy.ifindex && !error)
		vrrp_recheck_all();
	else if (dummy.ifindex && (error || now.ifindex != dummy.ifindex)) {
		if (was_renamed())
			vrrp_dummy_rename();
		else
			vanished();
	} else if (!error && now.up != dummy.up)
		went_up_or_down(now.up);
}

/*
 * An event has an earlier state of the link, perhaps from before it was set up here. So it is only
 * a hint to read the present state.
 */
void vrrp_dummy_on_link(int ifindex, const char *name)
{
	if (dummy.ifindex ? ifindex == dummy.ifindex : strmatch(name, vrrp_global.vip_interface))
		vrrp_dummy_reconcile();
}

static void count_foreign(const struct nl_addr_info *info, void *arg)
{
	unsigned int *foreign = arg;

	*foreign += info->protocol != NL_PROTO_VRRP;
}

static bool is_empty(const struct nl_link *link)
{
	unsigned int foreign = 0;

	return !nl_addr_dump(vrrp_netlink, link->ifindex, count_foreign, &foreign) && !foreign;
}

/* Removes the dummy if it is ours and nobody else has added an address to it. */
static void release(const struct nl_link *link)
{
	int error = 0;

	if (!link->ifindex || !link->ours || !is_empty(link))
		return;
	frr_with_privs (&vrrp_privs) {
		error = nl_link_del(vrrp_netlink, link->ifindex);
	}
	if (error && error != -ENODEV)
		zlog_warn("VIP interface %s cannot be removed: %s", link->name,
			  safe_strerror(-error));
}

static void release_old(void)
{
	const struct nl_link *link;

	darr_foreach_p (old, link)
		if (link->ifindex != dummy.ifindex)
			release(link);
	darr_reset(old);
}

/* After the end of the tick, when no VIP is on them any more. */
static struct vrrp_tick_work release_work = { .run = release_old };

void vrrp_dummy_rename(void)
{
	*darr_append(old) = dummy;
	memset(&dummy, 0, sizeof(dummy));
	why_not = 0;
	vrrp_recheck_all(); /* makes the new one if a virtual router needs it */
	vrrp_place_tell_moved(NULL);
	vrrp_tick_then(&release_work);
}

static void sweep_one(const struct nl_link *link, void *arg)
{
	if (link->ifindex == dummy.ifindex || vrrp_drain_link_is(link->ifindex) || !link->ours)
		return;
	zlog_info("VIP interface %s is a leftover of an earlier vrrpd", link->name);
	release(link);
}

void vrrp_dummy_settle(void)
{
	int error = nl_link_dump(vrrp_netlink, "dummy", sweep_one, NULL);

	if (error)
		zlog_warn("netlink: dummies cannot be read: %s", safe_strerror(-error));
}

void vrrp_dummy_init(void)
{
	hook_register(vrrp_place_look, look);
}

void vrrp_dummy_stop(void)
{
	release(&dummy);
	memset(&dummy, 0, sizeof(dummy));
	darr_free(old);
}

/* -------------------------------------------------------------------- as a place */

static int ifindex(const struct vrrp_router *router)
{
	return dummy.ifindex;
}

static const char *name(const struct vrrp_router *router)
{
	return vrrp_global.vip_interface;
}

static bool prepare(struct vrrp_router *router)
{
	return is_there() && (router->family == VRRP_IPV4 || has_ipv6());
}

static void explain(const struct vrrp_router *router, struct vrrp_sentences *sentences)
{
	char text[SENTENCE_SIZE];

	if (!why_not)
		return;
	describe_lack(text, sizeof(text));
	vrrp_sentence_add(sentences, "%s", text);
}

/* It is for all of them, and stays up. */
static void do_nothing(struct vrrp_router *router)
{
}

static bool neighbour_mac(const struct vrrp_router *router, uint8_t mac[ETH_ALEN])
{
	return false;
}

const struct vrrp_place_ops vrrp_dummy_place = {
	.ifindex = ifindex,
	.name = name,
	.prepare = prepare,
	.explain = explain,
	.up = do_nothing,
	.down = do_nothing,
	.neighbour_mac = neighbour_mac,
};
