// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A walk asks for the next row again and again, so groups are kept sorted by their index. What is
 * kept is names, and a group is looked up by its name: so one that has gone is passed over, and one
 * that is new is found when the list is made again, a second later at the latest.
 */
#include "vrrp_snmp_row.h"

#include "lib/darr.h"

#include "vrrp_alarm.h"

#define KEPT_USEC VRRP_USEC_PER_SEC

struct name {
	ifindex_t ifindex;
	uint8_t vrid;
	char ifname[IFNAMSIZ];
};

static struct name *names; /* darr, sorted */
static vrrp_usec_t made;   /* 0 = never */

static int compare(const void *a, const void *b)
{
	const struct name *one = a, *other = b;
	int order = numcmp(one->ifindex, other->ifindex);

	return order ? order : numcmp(one->vrid, other->vrid);
}

static void sort_names(void)
{
	const struct vrrp_group *group;
	struct name *name;

	if (made && vrrp_now() - made < KEPT_USEC)
		return;
	darr_reset(names);
	frr_each (vrrp_groups_const, &vrrp_groups, group) {
		if (group->ifp->ifindex == IFINDEX_INTERNAL)
			continue;
		name = darr_append(names);
		*name = (struct name){ .ifindex = group->ifp->ifindex, .vrid = group->vrid };
		strlcpy(name->ifname, group->ifp->name, sizeof(name->ifname));
	}
	if (darr_len(names))
		qsort(names, darr_len(names), sizeof(*names), compare);
	made = vrrp_now();
}

/* The first name that is not before this index. */
static unsigned int first_from(const oid *index, size_t length)
{
	unsigned int low = 0, high = darr_len(names), middle;
	oid of_name[2];

	while (low < high) {
		middle = low + (high - low) / 2;
		of_name[0] = names[middle].ifindex;
		of_name[1] = names[middle].vrid;
		if (oid_compare(of_name, 2, index, MIN(length, 2u)) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

void vrrp_snmp_index(const struct vrrp_router *router, oid index[VRRP_SNMP_ROUTER])
{
	index[0] = router->group->ifp->ifindex;
	index[1] = router->group->vrid;
	index[2] = router->family == VRRP_IPV4 ? INETADDRESSTYPEIPV4 : INETADDRESSTYPEIPV6;
}

/* Whether a row is what is looked for. */
static bool is_it(const struct vrrp_snmp_row *row, const oid *index, size_t length, bool exact)
{
	int order = oid_compare(row->index, row->length, index, length);

	return exact ? order == 0 : order > 0;
}

typedef bool (*find_in_fn)(const struct vrrp_router *router, const oid *index, size_t length,
			   bool exact, struct vrrp_snmp_row *row);

static bool find_in_router(const struct vrrp_router *router, const oid *index, size_t length,
			   bool exact, struct vrrp_snmp_row *row)
{
	row->router = router;
	row->length = VRRP_SNMP_ROUTER;
	vrrp_snmp_index(router, row->index);
	return is_it(row, index, length, exact);
}

static void set_address(struct vrrp_snmp_row *row, const struct vrrp_addr *address)
{
	size_t octets = vrrp_addr_size(address->family);

	row->index[VRRP_SNMP_ROUTER] = octets;
	for (size_t i = 0; i < octets; i++)
		row->index[VRRP_SNMP_ROUTER + 1 + i] = address->octets[i];
	row->length = VRRP_SNMP_ROUTER + 1 + octets;
}

/* The least of its addresses that will do. */
static bool find_in_addresses(const struct vrrp_router *router, const oid *index, size_t length,
			      bool exact, struct vrrp_snmp_row *row)
{
	struct vrrp_snmp_row one;
	const struct vrrp_addr *vip;
	bool found = false;

	find_in_router(router, index, length, exact, &one);
	darr_foreach_p (router->vips, vip) {
		set_address(&one, vip);
		if (!is_it(&one, index, length, exact) ||
		    (found && oid_compare(one.index, one.length, row->index, row->length) > 0))
			continue;
		*row = one;
		found = true;
	}
	return found;
}

static bool find(const oid *index, size_t length, bool exact, find_in_fn find_in,
		 struct vrrp_snmp_row *row)
{
	const struct vrrp_group *group;

	sort_names();
	for (unsigned int i = first_from(index, length); i < darr_len(names); i++) {
		group = vrrp_group_find(names[i].ifname, names[i].vrid);
		if (!group || group->ifp->ifindex != names[i].ifindex)
			continue;
		if (vrrp_router_is_configured(&group->v4) &&
		    find_in(&group->v4, index, length, exact, row))
			return true;
		if (vrrp_router_is_configured(&group->v6) &&
		    find_in(&group->v6, index, length, exact, row))
			return true;
		if (exact)
			return false;
	}
	return false;
}

bool vrrp_snmp_find_router(const oid *index, size_t length, bool exact, struct vrrp_snmp_row *row)
{
	return find(index, length, exact, find_in_router, row);
}

bool vrrp_snmp_find_address(const oid *index, size_t length, bool exact, struct vrrp_snmp_row *row)
{
	return find(index, length, exact, find_in_addresses, row);
}

void vrrp_snmp_row_stop(void)
{
	darr_free(names);
}
