// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Each refusal is in its virtual address, and in a list of them all while it is set: one that
 * has ended stays in the filter when another, of a group that has the address now, needs it.
 */
#include <zebra.h>

#include "vrrp_refusal.h"

#include "darr.h"

DECLARE_DLIST(vrrp_refusals, struct vrrp_refusal, item);

static struct vrrp_refusals_head refusals = INIT_DLIST(refusals);

/* Filter entries to remove once their addresses are gone. */
static struct nl_nft_vip *to_accept; /* darr */

static bool is_so(const struct vrrp_refusal *refusal, const struct nl_nft_vip *as)
{
	return refusal->is_set && !memcmp(&refusal->as, as, sizeof(*as));
}

bool vrrp_refusal_set(struct vrrp_refusal *refusal, const struct nl_nft_vip *as)
{
	int error;

	if (is_so(refusal, as))
		return true;
	error = vrrp_filter_refuse(as);
	if (error)
		return error == -EOPNOTSUPP;
	if (refusal->is_set) /* on another link until now */
		*darr_append(to_accept) = refusal->as;
	else
		vrrp_refusals_add_tail(&refusals, refusal);
	refusal->is_set = true;
	refusal->as = *as;
	return true;
}

void vrrp_refusal_end(struct vrrp_refusal *refusal)
{
	if (!refusal->is_set)
		return;
	*darr_append(to_accept) = refusal->as;
	vrrp_refusals_del(&refusals, refusal);
	refusal->is_set = false;
}

bool vrrp_refusal_is_due(void)
{
	return darr_len(to_accept);
}

static bool is_refused(const struct nl_nft_vip *as)
{
	struct vrrp_refusal *refusal;

	frr_each (vrrp_refusals, &refusals, refusal)
		if (is_so(refusal, as))
			return true;
	return false;
}

bool vrrp_refusal_flush(void)
{
	unsigned int i = 0;

	while (i < darr_len(to_accept))
		if (is_refused(&to_accept[i]) || !vrrp_filter_accept(&to_accept[i]))
			darr_remove(to_accept, i);
		else
			i++;
	return !darr_len(to_accept);
}

void vrrp_refusal_stop(void)
{
	darr_free(to_accept);
}
