/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Sysctls of links, and of IPVS: read, set, and held on links of the operator.
 *
 * On our own VMAC, nl_sysctl_set() sets a value, which vanishes with the VMAC. Its parent is the
 * operator's: there, a value is held. Any number of groups may hold the same value. The first saves
 * the original, the last puts it back, unless somebody else has written another value meanwhile,
 * which is left alone and reported.
 *
 * The original value is saved in memory and in a file, only by hold and drop, and in the
 * file before the link is changed. So the next daemon finds it after a kill. Values that an
 * earlier run left are kept until nl_sysctl_settle(), so that a group which holds the same
 * value again takes it over, and the original one does not return for an instant.
 *
 * The file is "sysctls" in the directory given, replaced by renaming; it exists while there is
 * something to put back. It names the boot and the network namespace (by its cookie) that it is
 * valid for, and is ignored in any other. A link is identified by its ifindex, so it may be renamed
 * at any time.
 *
 * Everything concerns the network namespace of the process. Writing sysctls needs CAP_NET_ADMIN
 * effective, or root.
 */
#ifndef NL_SYSCTL_H
#define NL_SYSCTL_H

#include <net/if.h>
#include <stddef.h>

#include "nl_sysctl_key.h"

/* The ifindex for sysctls that belong to no link. */
#define NL_SYSCTL_NO_LINK 0

/* As an ifindex: the sysctl of all links (net.ipv4.conf.all. ...). */
#define NL_SYSCTL_ALL (-1)

/* "arp_ignore", ...; static. */
const char *nl_sysctl_name(enum nl_sysctl_key key);
/* "ipv4", "ipv6" or "ipv4/vs"; static. */
const char *nl_sysctl_family(enum nl_sysctl_key key);

/*
 * 0 or negative errno: -ENODEV, no such link; -ENOENT, this kernel has no such sysctl (of IPVS
 * without its module; of IPv6, when that is off, or for an MTU below 1280); -EACCES or -EPERM;
 * -EROFS in a container; -EINVAL, a value the kernel does not take. Where /proc/sys may not be
 * written, those of IPv4 are set by netlink, which needs only CAP_NET_ADMIN.
 */
int nl_sysctl_get(int ifindex, enum nl_sysctl_key key, int *value);
int nl_sysctl_set(int ifindex, enum nl_sysctl_key key, int value);

struct nl_sysctl;

/*
 * Reads the file of an earlier run and changes nothing. The caller makes the directory, where
 * nobody else writes. Returns the number of values that an earlier run has left, or negative errno.
 * Freed by nl_sysctl_free(), which puts nothing back.
 */
int nl_sysctl_new(struct nl_sysctl **sysctl, const char *directory);
void nl_sysctl_free(struct nl_sysctl **sysctl);

/*
 * Sets a value for as long as somebody holds it. 0; the errors of nl_sysctl_set(), or of the file:
 * then nothing is held or changed; -EBUSY: another value is held. The value is set even if the
 * original was stricter: read that first if it matters.
 */
int nl_sysctl_hold(struct nl_sysctl *sysctl, int ifindex, enum nl_sysctl_key key, int value);

/*
 * Changes the value of a sysctl that is held. If somebody else has changed it, it is set again, and
 * the other's value will be put back at the end. 1: it had to be set; 0: nothing to do; -ENOENT:
 * nobody holds it; or the errors of nl_sysctl_set(), or of the file.
 */
int nl_sysctl_keep(struct nl_sysctl *sysctl, int ifindex, enum nl_sysctl_key key, int value);

/* Somebody else has written another value meanwhile: it is left alone, and no longer held. */
#define NL_SYSCTL_FOREIGN 1

/*
 * Undoes one nl_sysctl_hold(). 0, also when others still hold it or the link is
 * gone; NL_SYSCTL_FOREIGN; -ENOENT: nobody holds it; any other negative errno: it
 * could not be put back, and is tried again by the next nl_sysctl_settle().
 */
int nl_sysctl_drop(struct nl_sysctl *sysctl, int ifindex, enum nl_sysctl_key key);

/* A value without a holder, as nl_sysctl_settle() reports it. */
struct nl_sysctl_report {
	int ifindex;
	char name[IFNAMSIZ]; /* of the link, when it was saved */
	enum nl_sysctl_key key;
	int original;
	int error; /* 0: put back; NL_SYSCTL_FOREIGN; negative errno: tried again next time */
};
typedef void (*nl_sysctl_fn)(const struct nl_sysctl_report *report, void *arg);

/*
 * Puts back the values that nobody holds: call it once at start, when all configured groups hold
 * what they need. fn (may be NULL) is called for each value with a link that still exists. Returns
 * the number of those that could not be put back, or negative errno of the file.
 */
int nl_sysctl_settle(struct nl_sysctl *sysctl, nl_sysctl_fn fn, void *arg);

#endif /* NL_SYSCTL_H */
