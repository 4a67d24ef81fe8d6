// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The sysctls of VMACs and their parents, as tables. Nothing is remembered here:
 * what is held is known to nl_sysctl.
 */
#include <errno.h>
#include <stdbool.h>
#include <sys/socket.h>

#include "nl_vmac.h"

struct setting {
	enum nl_sysctl_key key;
	int value;
};

static const struct setting on_ipv4[] = {
	{ NL_SYSCTL_ARP_IGNORE, 1 },
	{ NL_SYSCTL_RP_FILTER, 2 },
};

/* Where net.ipv6.conf.default.disable_ipv6 is set, it takes no address otherwise. */
static const struct setting on_ipv6[] = {
	{ NL_SYSCTL_DISABLE_IPV6, 0 }, { NL_SYSCTL_ARP_IGNORE, 1 }, { NL_SYSCTL_RP_FILTER, 2 },
	{ NL_SYSCTL_ACCEPT_RA, 0 },    { NL_SYSCTL_AUTOCONF, 0 },
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

static const struct setting *settings_of(int family, size_t *count)
{
	*count = family == AF_INET ? COUNT(on_ipv4) : COUNT(on_ipv6);
	return family == AF_INET ? on_ipv4 : on_ipv6;
}

int nl_vmac_prepare(int ifindex, int family)
{
	size_t count;
	const struct setting *settings = settings_of(family, &count);
	int err = 0;

	for (size_t i = 0; !err && i < count; i++)
		err = nl_sysctl_set(ifindex, settings[i].key, settings[i].value);
	if (err || family != AF_INET)
		return err;
	err = nl_sysctl_set(ifindex, NL_SYSCTL_DISABLE_IPV6, 1);
	return err == -ENOENT ? 0 : err;
}

/* Whether the operator has asked for more than we need; never a value of ours. */
static bool is_stricter(enum nl_sysctl_key key, int value)
{
	return key == NL_SYSCTL_ARP_IGNORE && (value == 2 || value == 8);
}

/* Drops the first some of what is held on a link; the error to tell, if any. */
static int drop_first(struct nl_sysctl *sysctl, int ifindex, const struct setting *settings,
		      size_t count)
{
	int told = 0;

	while (count-- > 0) {
		int err = nl_sysctl_drop(sysctl, ifindex, settings[count].key);

		/* Nobody holds what was stricter. */
		if (err && err != -ENOENT && told >= 0)
			told = err;
	}
	return told;
}

static int hold_one(struct nl_sysctl *sysctl, int ifindex, const struct setting *setting)
{
	int value, err = nl_sysctl_get(ifindex, setting->key, &value);

	/* Without IPv6, there are no addresses of it to look after. */
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

int nl_vmac_hold(struct nl_sysctl *sysctl, int ifindex, int family)
{
	size_t count;
	const struct setting *settings = settings_of(family, &count);
	int err = hold_all(sysctl, ifindex, settings, count);

	if (err)
		return err;
	err = hold_all(sysctl, ifindex, by_hand, COUNT(by_hand));
	if (err)
		(void)drop_first(sysctl, ifindex, settings, count);
	return err;
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
