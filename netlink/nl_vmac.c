// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The sysctls of VMACs and their parents, as tables. Nothing is stored here: nl_sysctl has
 * the holds, and present values are read each time.
 */
#include <errno.h>
#include <linux/if_addr.h>
#include <stdbool.h>
#include <sys/socket.h>

#include "nl_devconf.h"
#include "nl_addr_private.h"
#include "nl_link_private.h"
#include "nl_vmac.h"

/* The origin of a setting's value. */
enum rule {
	FIXED,
	AS_PARENT,
	RP_FILTER,
};

struct setting {
	enum nl_sysctl_key key;
	int value;
	enum rule rule;
};

static const struct setting on_ipv4[] = {
	{ NL_SYSCTL_ARP_IGNORE, 1 },
	{ NL_SYSCTL_RP_FILTER, .rule = RP_FILTER },
	{ NL_SYSCTL_FORWARDING, .rule = AS_PARENT },
	{ NL_SYSCTL_ACCEPT_LOCAL, .rule = AS_PARENT },
	{ NL_SYSCTL_ACCEPT_SOURCE_ROUTE, .rule = AS_PARENT },
	{ NL_SYSCTL_LOG_MARTIANS, .rule = AS_PARENT },
	{ NL_SYSCTL_ROUTE_LOCALNET, .rule = AS_PARENT },
	{ NL_SYSCTL_SRC_VALID_MARK, .rule = AS_PARENT },
};

static const struct setting on_ipv6[] = {
	{ NL_SYSCTL_ARP_IGNORE, 1 },
	{ NL_SYSCTL_RP_FILTER, 2 },
	{ NL_SYSCTL_ACCEPT_RA, 0 },
	{ NL_SYSCTL_AUTOCONF, 0 },
	{ NL_SYSCTL_FORWARDING_6, .rule = AS_PARENT },
	{ NL_SYSCTL_FORCE_FORWARDING, .rule = AS_PARENT },
	{ NL_SYSCTL_ACCEPT_SOURCE_ROUTE_6, .rule = AS_PARENT },
	{ NL_SYSCTL_SEG6_ENABLED, .rule = AS_PARENT },
	{ NL_SYSCTL_DISABLE_IPV6, .rule = AS_PARENT },
};

static const struct setting on_ours_for_ipv4[] = {
	{ NL_SYSCTL_DISABLE_IPV6, 1 },
};

static const struct setting by_hand[] = {
	{ NL_SYSCTL_KEEP_ADDR_ON_DOWN, 1 },
	{ NL_SYSCTL_ACCEPT_DAD, 0 },
};

static const struct setting on_parent[] = {
	{ NL_SYSCTL_ARP_IGNORE, 1 },
	{ NL_SYSCTL_ARP_ANNOUNCE, 2 },
};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* One comparison: the present values, and the callback for those that are wrong. */
struct look {
	struct nl_sysctl *sysctl;
	const struct nl_vmac *vmac;
	struct nl_devconf own, parent;
	int rp_filter_of_all;
	int wrong; /* wrong, and could not be set */
	nl_vmac_fn fn;
	void *arg;
};

static const struct setting *settings_of(int family, size_t *count)
{
	*count = family == AF_INET ? COUNT(on_ipv4) : COUNT(on_ipv6);
	return family == AF_INET ? on_ipv4 : on_ipv6;
}

/* True when the operator has set a stricter value than we need; never a value of ours. */
static bool is_stricter(enum nl_sysctl_key key, int value)
{
	return key == NL_SYSCTL_ARP_IGNORE && (value == 2 || value == 8);
}

/* ------------------------------------------------------------------------ keeping */

static int wanted_value(const struct look *look, const struct setting *setting)
{
	switch (setting->rule) {
	case FIXED:
		break;
	case AS_PARENT:
		return look->parent.value[setting->key];
	case RP_FILTER:
		return look->parent.value[setting->key] || look->rp_filter_of_all ? 2 : 0;
	}
	return setting->value;
}

/* Sets a value on a link of ours; holds it on any other. */
static int set_or_hold(const struct look *look, int ifindex, enum nl_sysctl_key key, int value)
{
	int err;

	if (look->vmac->ours && ifindex == look->vmac->ifindex)
		return nl_sysctl_set(ifindex, key, value);
	err = nl_sysctl_keep(look->sysctl, ifindex, key, value);
	if (err == -ENOENT)
		err = nl_sysctl_hold(look->sysctl, ifindex, key, value);
	return err > 0 ? 0 : err;
}

static void keep_one(struct look *look, int ifindex, enum nl_sysctl_key key, int now, int wanted)
{
	struct nl_vmac_report report = {
		.ifindex = ifindex,
		.key = key,
		.was = now,
		.wanted = wanted,
	};

	if (now == wanted || now == NL_DEVCONF_NONE || wanted == NL_DEVCONF_NONE)
		return;
	report.error = set_or_hold(look, ifindex, key, wanted);
	look->wrong += report.error < 0;
	if (look->fn)
		look->fn(&report, look->arg);
}

static void keep_own(struct look *look, const struct setting *settings, size_t count)
{
	int now;

	for (size_t i = 0; i < count; i++) {
		now = look->own.value[settings[i].key];
		if (look->vmac->ours || !is_stricter(settings[i].key, now))
			keep_one(look, look->vmac->ifindex, settings[i].key, now,
				 wanted_value(look, &settings[i]));
	}
}

/* Each group has a VMAC of its own, but all groups share the parent's sysctls. */
static void keep_parent(struct look *look)
{
	for (size_t i = 0; i < COUNT(on_parent); i++) {
		enum nl_sysctl_key key = on_parent[i].key;
		int now = look->parent.value[key];

		if (!is_stricter(key, now))
			keep_one(look, look->vmac->parent, key, now, on_parent[i].value);
	}
}

static void remove_made_by_kernel(const struct nl_addr_info *info, void *arg)
{
	struct nl_conn *conn = arg;

	if (info->key.family == AF_INET6 && info->protocol == IFAPROT_KERNEL_LL)
		nl_conn_call_one(conn, nl_addr_msg_del(&info->key), NULL, NULL);
}

/* Removes the address that the kernel derived from the MAC, which all routers share. */
static int end_own_addresses(struct nl_conn *conn, int ifindex)
{
	int err = nl_link_addrgen_none(conn, ifindex);

	return err ? err : nl_addr_dump(conn, ifindex, remove_made_by_kernel, conn);
}

static int look_at(struct nl_conn *conn, struct look *look)
{
	int err = nl_devconf_get(conn, look->vmac->ifindex, &look->own);

	if (!err)
		err = nl_devconf_get(conn, look->vmac->parent, &look->parent);
	if (!err && look->vmac->family == AF_INET)
		err = nl_sysctl_get(NL_SYSCTL_ALL, NL_SYSCTL_RP_FILTER, &look->rp_filter_of_all);
	if (!err && look->vmac->ours && !look->own.addrgen_none)
		err = end_own_addresses(conn, look->vmac->ifindex);
	return err;
}

int nl_vmac_keep(struct nl_conn *conn, struct nl_sysctl *sysctl, const struct nl_vmac *vmac,
		 nl_vmac_fn fn, void *arg)
{
	struct look look = { .sysctl = sysctl, .vmac = vmac, .fn = fn, .arg = arg };
	bool is_ipv4 = vmac->family == AF_INET;
	int err = look_at(conn, &look);

	if (err)
		return err;
	keep_own(&look, is_ipv4 ? on_ipv4 : on_ipv6, is_ipv4 ? COUNT(on_ipv4) : COUNT(on_ipv6));
	if (!vmac->ours)
		keep_own(&look, by_hand, COUNT(by_hand));
	else if (is_ipv4)
		keep_own(&look, on_ours_for_ipv4, COUNT(on_ours_for_ipv4));
	if (is_ipv4)
		keep_parent(&look);
	return look.wrong;
}

/* ------------------------------------------------------------------ holding and dropping */

/* Drops the first count of the held settings of a link; returns the error to report, if any. */
static int drop_first(struct nl_sysctl *sysctl, int ifindex, const struct setting *settings,
		      size_t count)
{
	int told = 0;

	while (count-- > 0) {
		int err = nl_sysctl_drop(sysctl, ifindex, settings[count].key);

		/* A stricter value of the operator is not held, so that is not an error. */
		if (err && err != -ENOENT && told >= 0)
			told = err;
	}
	return told;
}

static int hold_one(struct nl_sysctl *sysctl, int ifindex, const struct setting *setting)
{
	int value, err = nl_sysctl_get(ifindex, setting->key, &value);

	/* Without IPv6 there are no IPv6 addresses to protect. */
	if (err == -ENOENT && setting->key >= NL_SYSCTL_DISABLE_IPV6)
		return 0;
	if (err || is_stricter(setting->key, value))
		return err;
	return nl_sysctl_hold(sysctl, ifindex, setting->key, setting->value);
}

static int hold_all(struct nl_sysctl *sysctl, int ifindex, const struct setting *settings,
		    size_t count)
{
	for (size_t i = 0; i < count; i++) {
		int err = hold_one(sysctl, ifindex, &settings[i]);

		if (err) {
			(void)drop_first(sysctl, ifindex, settings, i);
			return err;
		}
	}
	return 0;
}

int nl_vmac_drop(struct nl_sysctl *sysctl, int ifindex, int family)
{
	size_t count;
	const struct setting *settings = settings_of(family, &count);
	int told = drop_first(sysctl, ifindex, by_hand, COUNT(by_hand));
	int err = drop_first(sysctl, ifindex, settings, count);

	return told < 0 ? told : err;
}

int nl_vmac_hold_parent(struct nl_sysctl *sysctl, int parent, int family)
{
	return family == AF_INET ? hold_all(sysctl, parent, on_parent, COUNT(on_parent)) : 0;
}

int nl_vmac_drop_parent(struct nl_sysctl *sysctl, int parent, int family)
{
	return family == AF_INET ? drop_first(sysctl, parent, on_parent, COUNT(on_parent)) : 0;
}
