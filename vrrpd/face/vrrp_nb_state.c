// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Operational data: the data model as the YANG models show it.
 *
 * One function answers for every leaf of a family, by the leaf's name, which is
 * the last step of the path. Counters are found in the verdict table and in
 * vrrp_counters[] below. NULL means that a leaf is absent.
 */
#include <zebra.h>

#include "lib/darr.h"
#include "yang.h"
#include "yang_wrappers.h"

#include "vrrp_daemon.h"
#include "vrrp_liveness.h"
#include "vrrp_marker.h"
#include "vrrp_nb.h"
#include "vrrp_seal.h"
#include "vrrp_switchover.h"
#include "vrrp_vip.h"
#include "vrrp_vip_link.h"
#include "vrrp_warning.h"
#include "vrrp_witness.h"

#define COUNTER(yang, json, text, field) { yang, json, text, offsetof(struct vrrp_stats, field) }

const struct vrrp_counter vrrp_counters[] = {
	COUNTER("advertisement-sent", "advertisementSent", "Advertisements sent", sent),
	COUNTER("priority-zero-pkts-rcvd", "priorityZeroPktsRcvd", "Priority 0 received",
		priority_zero_received),
	COUNTER("priority-zero-pkts-sent", "priorityZeroPktsSent", "Priority 0 sent",
		priority_zero_sent),
	COUNTER("active-transitions", "activeTransitions", "Became Active", active_transitions),
	COUNTER("state-transitions", "stateTransitions", "State transitions", transitions),
	COUNTER("checksum-message-rcvd", "checksumMessageRcvd", "Checksum without pseudo-header",
		checksum_received[VRRP_CHECKSUM_MESSAGE]),
	COUNTER("checksum-pseudo-header-rcvd", "checksumPseudoHeaderRcvd",
		"Checksum with pseudo-header", checksum_received[VRRP_CHECKSUM_PSEUDO]),
	COUNTER("interval-differences", "intervalDifferences", "Interval not the local one",
		interval_differs),
	COUNTER("address-list-differences", "addressListDifferences",
		"Addresses not the local ones", addresses_differ),
	COUNTER("link-local-differences", "linkLocalDifferences", "First address not link-local",
		link_local_differs),
	COUNTER("interval-disbelieved", "intervalDisbelieved", "Interval not believed yet",
		interval_disbelieved),
	COUNTER("split-advertisements", "splitAdvertisements", "Others do not hear each other",
		split_heard),
	COUNTER("announcements-sent", "announcementsSent", "Gratuitous ARP or unsolicited NA",
		announcements),
	COUNTER("addresses-restored", "addressesRestored", "Virtual addresses put back",
		vips_put_back),
	COUNTER("send-errors", "sendErrors", "Refused by the kernel", send_errors),
	COUNTER("sent-late", "sentLate", "Sent late by an interval", sent_late),
	{},
};

uint8_t vrrp_nb_priority(const struct vrrp_router *router)
{
	return router->fsm.state == VRRP_INITIALIZE ? vrrp_group_priority(router->group)
						    : router->fsm_config.priority;
}

const char *vrrp_nb_since(const struct vrrp_router *router, char buf[VRRP_SINCE_STRLEN])
{
	vrrp_usec_t ago = vrrp_now() - router->fsm.since;
	struct timespec now;
	struct tm tm;
	time_t then;

	/* in microseconds, since the difference of two clocks in whole seconds would vary by one */
	clock_gettime(CLOCK_REALTIME, &now);
	then = (now.tv_sec * VRRP_USEC_PER_SEC + now.tv_nsec / 1000 - ago) / VRRP_USEC_PER_SEC;
	gmtime_r(&then, &tm);
	strftime(buf, VRRP_SINCE_STRLEN, "%Y-%m-%dT%H:%M:%SZ", &tm);
	return buf;
}

/* --- lists ------------------------------------------------------------------- */

/* Groups are sorted by interface, so those of one follow each other. */
const void *vrrp_nb_group_get_next(struct nb_cb_get_next_args *args)
{
	const struct vrrp_group *current = args->list_entry, *next;
	struct vrrp_group key = { .ifp = (struct interface *)args->parent_list_entry };

	next = current ? vrrp_groups_const_next(&vrrp_groups, current)
		       : vrrp_groups_const_find_gteq(&vrrp_groups, &key);
	return next && next->ifp == args->parent_list_entry ? next : NULL;
}

int vrrp_nb_group_get_keys(struct nb_cb_get_keys_args *args)
{
	const struct vrrp_group *group = args->list_entry;

	args->keys->num = 1;
	snprintf(args->keys->key[0], sizeof(args->keys->key[0]), "%u", group->vrid);
	return NB_OK;
}

const void *vrrp_nb_group_lookup_entry(struct nb_cb_lookup_entry_args *args)
{
	const struct interface *ifp = args->parent_list_entry;

	return vrrp_group_find(ifp->name, strtoul(args->keys->key[0], NULL, 10));
}

static const struct vrrp_peer *next_peer(const struct vrrp_router *router,
					 const struct vrrp_peer *peer)
{
	peer = peer ? peer + 1 : router->peers;
	return peer && peer < darr_end(router->peers) ? peer : NULL;
}

const void *vrrp_nb_v4_peer_get_next(struct nb_cb_get_next_args *args)
{
	const struct vrrp_group *group = args->parent_list_entry;

	return next_peer(&group->v4, args->list_entry);
}

const void *vrrp_nb_v6_peer_get_next(struct nb_cb_get_next_args *args)
{
	const struct vrrp_group *group = args->parent_list_entry;

	return next_peer(&group->v6, args->list_entry);
}

int vrrp_nb_peer_get_keys(struct nb_cb_get_keys_args *args)
{
	const struct vrrp_peer *peer = args->list_entry;
	char text[VRRP_ADDR_STRLEN];

	args->keys->num = 1;
	strlcpy(args->keys->key[0], vrrp_addr_str(&peer->address, text), sizeof(args->keys->key[0]));
	return NB_OK;
}

static const struct vrrp_peer *find_peer(const struct vrrp_router *router, const char *text)
{
	struct vrrp_addr address;

	return vrrp_addr_parse(text, &address) ? vrrp_router_peer(router, &address) : NULL;
}

const void *vrrp_nb_v4_peer_lookup_entry(struct nb_cb_lookup_entry_args *args)
{
	const struct vrrp_group *group = args->parent_list_entry;

	return find_peer(&group->v4, args->keys->key[0]);
}

const void *vrrp_nb_v6_peer_lookup_entry(struct nb_cb_lookup_entry_args *args)
{
	const struct vrrp_group *group = args->parent_list_entry;

	return find_peer(&group->v6, args->keys->key[0]);
}

/* --- leaves ------------------------------------------------------------------ */

const char *vrrp_nb_leaf_name(const char *xpath)
{
	const char *slash = strrchr(xpath, '/');
	const char *name = slash ? slash + 1 : xpath;
	const char *colon = strchr(name, ':');

	return colon ? colon + 1 : name;
}

struct yang_data *vrrp_nb_text(const char *xpath, const char *value)
{
	return value && *value ? yang_data_new_string(xpath, value) : NULL;
}

static struct yang_data *address(const char *xpath, const struct vrrp_addr *value)
{
	char buf[VRRP_ADDR_STRLEN];

	return vrrp_nb_text(xpath, vrrp_addr_str(value, buf));
}

/* The leaves of container statistics. */
static struct yang_data *get_statistics(const struct vrrp_stats *stats, const char *xpath)
{
	const char *name = vrrp_nb_leaf_name(xpath);

	for (unsigned int i = 0; i < VRRP_VERDICTS; i++)
		if (strmatch(name, vrrp_verdicts[i].yang))
			return yang_data_new_uint64(xpath, stats->received.count[i]);
	for (const struct vrrp_counter *counter = vrrp_counters; counter->yang; counter++)
		if (strmatch(name, counter->yang))
			return yang_data_new_uint64(xpath, vrrp_counter_value(counter, stats));
	return NULL;
}

/* The leaves of stock's container counter, which has "advertisement" twice. */
static struct yang_data *get_stock_counter(const struct vrrp_stats *stats, const char *xpath)
{
	const char *name = vrrp_nb_leaf_name(xpath);
	uint64_t value;

	if (strmatch(name, "state-transition"))
		value = stats->transitions;
	else if (strmatch(name, "gratuitous-arp") || strmatch(name, "neighbor-advertisement"))
		value = stats->announcements;
	else if (strstr(xpath, "/tx/"))
		value = stats->sent;
	else
		value = stats->received.count[VRRP_ACCEPTED];
	return yang_data_new_uint32(xpath, value);
}

/* The other leaves of stock's model. */
static struct yang_data *get_stock_leaf(const struct vrrp_router *router, const char *xpath)
{
	static const char *const states[] = {
		[VRRP_INITIALIZE] = "Initialize", [VRRP_BACKUP] = "Backup", [VRRP_ACTIVE] = "Master"
	};
	const struct vrrp_fsm *fsm = &router->fsm;
	const char *name = vrrp_nb_leaf_name(xpath);

	if (strmatch(name, "current-priority"))
		return yang_data_new_uint8(xpath, vrrp_nb_priority(router));
	if (strmatch(name, "vrrp-interface"))
		return vrrp_nb_text(xpath, vrrp_router_is_configured(router)
						   ? vrrp_vip_link_name(router)
						   : NULL);
	if (strmatch(name, "source-address"))
		return address(xpath, &router->source);
	if (strmatch(name, "state"))
		return yang_data_new_string(xpath, states[fsm->state]);
	if (strmatch(name, "master-advertisement-interval"))
		return yang_data_new_uint16(xpath, fsm->active_interval / VRRP_USEC_PER_CS);
	if (strmatch(name, "skew-time"))
		return yang_data_new_uint16(xpath, fsm->skew_time / VRRP_USEC_PER_CS);
	return NULL;
}

/* Leaves about the Active router. */
static struct yang_data *get_active_leaf(const struct vrrp_fsm *fsm, const char *xpath)
{
	const char *name = vrrp_nb_leaf_name(xpath);

	if (strmatch(name, "last-adv-source"))
		return address(xpath, &fsm->active_address);
	if (strmatch(name, "last-adv-priority") && vrrp_addr_is_set(&fsm->active_address))
		return yang_data_new_uint8(xpath, fsm->active_priority);
	if (strmatch(name, "last-adv-age") && fsm->active_heard)
		return yang_data_new_uint64(xpath, (vrrp_now() - fsm->active_heard) / 1000);
	return NULL;
}

/* Leaves about the promises of other voters. */
static struct yang_data *get_promises_leaf(const struct vrrp_router *router, const char *xpath)
{
	bool needed = strmatch(vrrp_nb_leaf_name(xpath), "promises-needed");

	if (!vrrp_witness_is_needed(router))
		return NULL;
	return yang_data_new_uint8(xpath, needed ? vrrp_witness_majority(router)
						 : vrrp_witness_promises(router));
}

/* Joins the sentences into one string and frees them; NULL when there is none. */
static struct yang_data *sentences(const char *xpath, struct vrrp_sentences told)
{
	struct yang_data *data = NULL;
	char *all = NULL;
	char **text;

	darr_foreach_p (told.text, text) {
		if (all)
			darr_in_strcat(all, "; ");
		darr_in_strcat(all, *text);
	}
	if (all)
		data = yang_data_new_string(xpath, all);
	darr_free(all);
	vrrp_sentences_free(&told);
	return data;
}

/* The leaves of our model outside of container statistics. */
static struct yang_data *get_leaf(const struct vrrp_router *router, const char *xpath)
{
	const struct vrrp_fsm *fsm = &router->fsm;
	enum vrrp_hold hold = vrrp_hold_first(&router->holds);
	const char *name = vrrp_nb_leaf_name(xpath);
	char since[VRRP_SINCE_STRLEN];

	if (strmatch(name, "hold-reason"))
		return hold ? vrrp_nb_text(xpath, vrrp_hold_name(hold)) : NULL;
	if (strmatch(name, "marker-announced"))
		return vrrp_router_marker(router)->family
			       ? yang_data_new_bool(xpath, vrrp_marker_is_announced(router))
			       : NULL;
	if (strmatch(name, "draining"))
		return router->handover == VRRP_HANDOVER_NONE
			       ? NULL
			       : vrrp_nb_text(xpath, vrrp_handover_name(router->handover));
	if (strmatch(name, "drain-left"))
		return router->handover == VRRP_HANDOVER_NONE
			       ? NULL
			       : yang_data_new_uint16(xpath, vrrp_vip_drain_left_msec(router));
	if (strmatch(name, "hold-details"))
		return sentences(xpath, vrrp_hold_details_of(router));
	if (strmatch(name, "warnings"))
		return sentences(xpath, vrrp_warnings_of(router));
	if (strmatch(name, "last-event"))
		return vrrp_nb_text(xpath, vrrp_reason_name(fsm->reason));
	if (strmatch(name, "new-active-reason"))
		return fsm->state == VRRP_ACTIVE
			       ? vrrp_nb_text(xpath, vrrp_reason_name(fsm->reason))
			       : NULL;
	if (strmatch(name, "hands-over"))
		return yang_data_new_bool(xpath, vrrp_switchover_is_under_way(router));
	if (strmatch(name, "yields"))
		return yang_data_new_bool(xpath, fsm->yields);
	if (strmatch(name, "signing-key"))
		return vrrp_seal_key_id(router->group)
			       ? yang_data_new_uint8(xpath, vrrp_seal_key_id(router->group))
			       : NULL;
	if (strncmp(name, "promises", strlen("promises")) == 0)
		return get_promises_leaf(router, xpath);
	if (strmatch(name, "up-time"))
		return yang_data_new_uint32(xpath, (vrrp_now() - fsm->since) / VRRP_USEC_PER_SEC);
	if (strmatch(name, "state-since"))
		return yang_data_new_string(xpath, vrrp_nb_since(router, since));
	if (strncmp(name, "last-adv-", strlen("last-adv-")) == 0)
		return get_active_leaf(fsm, xpath);
	return get_stock_leaf(router, xpath);
}

static struct yang_data *get_elem(const struct vrrp_router *router, const char *xpath)
{
	if (strstr(xpath, ":statistics/"))
		return get_statistics(&router->stats, xpath);
	if (strstr(xpath, "/counter/"))
		return get_stock_counter(&router->stats, xpath);
	return get_leaf(router, xpath);
}

struct yang_data *vrrp_nb_v4_get_elem(struct nb_cb_get_elem_args *args)
{
	const struct vrrp_group *group = args->list_entry;

	return get_elem(&group->v4, args->xpath);
}

struct yang_data *vrrp_nb_v6_get_elem(struct nb_cb_get_elem_args *args)
{
	const struct vrrp_group *group = args->list_entry;

	return get_elem(&group->v6, args->xpath);
}

struct yang_data *vrrp_nb_peer_get_elem(struct nb_cb_get_elem_args *args)
{
	const struct vrrp_peer *peer = args->list_entry;
	const char *xpath = args->xpath, *name = vrrp_nb_leaf_name(xpath);

	if (strmatch(name, "address"))
		return address(xpath, &peer->address);
	if (strmatch(name, "advertisement-sent"))
		return yang_data_new_uint64(xpath, peer->sent);
	if (strmatch(name, "advertisement-rcvd"))
		return yang_data_new_uint64(xpath, peer->received);
	if (strmatch(name, "bfd-state"))
		return vrrp_nb_text(xpath, vrrp_liveness_state(peer));
	if (!peer->heard)
		return NULL;
	if (strmatch(name, "ttl"))
		return yang_data_new_uint8(xpath, peer->ttl);
	if (strmatch(name, "priority"))
		return yang_data_new_uint8(xpath, peer->priority);
	if (strmatch(name, "age"))
		return yang_data_new_uint32(xpath, (vrrp_now() - peer->heard) / 1000);
	return NULL;
}
