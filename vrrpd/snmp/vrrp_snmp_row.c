// SPDX-License-Identifier: GPL-2.0-or-later
/* Between two turns only a name is kept, so groups may come and go. */
#include "vrrp_snmp_row.h"

#include "lib/darr.h"

#include "vrrp_nb.h"
#include "vrrp_receive.h"
#include "vrrp_snmp_agent.h"

/* Virtual routers of one turn. */
#define TURN 64

#define ROW_ACTIVE 1

static struct {
	bool is_on;
	char ifname[IFNAMSIZ]; /* of the last one */
	uint8_t vrid;
	enum vrrp_family family;
	struct subagent_end end;
} walk;

/* --- a row -------------------------------------------------------------------------- */

struct subagent_index vrrp_snmp_row_index(const struct vrrp_router *router)
{
	return (struct subagent_index){
		.ifindex = router->group->ifp->ifindex,
		.vrid = router->group->vrid,
		.address_type = router->family == VRRP_IPV4 ? SUBAGENT_IPV4 : SUBAGENT_IPV6,
	};
}

enum subagent_reason vrrp_snmp_row_reason(const struct vrrp_router *router)
{
	if (router->fsm.state != VRRP_ACTIVE)
		return SUBAGENT_NOT_MASTER;
	switch (router->fsm.reason) {
	case VRRP_REASON_OWNER:
		return SUBAGENT_BY_PRIORITY;
	case VRRP_REASON_PREEMPTED:
		return SUBAGENT_PREEMPTED;
	default: /* nobody was Active, whatever the cause */
		return SUBAGENT_NO_RESPONSE;
	}
}

enum subagent_error vrrp_snmp_row_error(enum vrrp_verdict verdict)
{
	switch (verdict) {
	case VRRP_BAD_TTL:
		return SUBAGENT_TTL_ERROR;
	case VRRP_BAD_VERSION:
		return SUBAGENT_VERSION_ERROR;
	case VRRP_BAD_CHECKSUM:
		return SUBAGENT_CHECKSUM_ERROR;
	case VRRP_BAD_VRID:
		return SUBAGENT_VRID_ERROR;
	default:
		return SUBAGENT_NO_ERROR;
	}
}

/* One that is not known is all zeros. */
void vrrp_snmp_row_address(uint8_t octets[SUBAGENT_ADDRESS], const struct vrrp_addr *address)
{
	memset(octets, 0, SUBAGENT_ADDRESS);
	if (vrrp_addr_is_set(address))
		memcpy(octets, address->octets, vrrp_addr_size(address->family));
}

static uint64_t truth(bool value)
{
	return value ? SUBAGENT_TRUE : SUBAGENT_FALSE;
}

/* In hundredths of a second, in this state: when it left Initialize is not recorded. */
static uint64_t up_time(const struct vrrp_router *router)
{
	return router->fsm.state == VRRP_INITIALIZE
		       ? 0
		       : (vrrp_now() - router->fsm.since) / VRRP_USEC_PER_CS;
}

static void fill_operations(uint64_t *values, const struct vrrp_router *router)
{
	static const uint64_t states[] = {
		[VRRP_INITIALIZE] = SUBAGENT_INITIALIZE, [VRRP_BACKUP] = SUBAGENT_BACKUP, [VRRP_ACTIVE] = SUBAGENT_ACTIVE
	};
	const struct vrrp_group_conf *conf = &router->group->applied;

	values[SUBAGENT_STATUS] = states[router->fsm.state];
	values[SUBAGENT_PRIORITY] = vrrp_nb_priority(router);
	values[SUBAGENT_INTERVAL] = conf->interval_cs;
	values[SUBAGENT_PREEMPT] = truth(conf->preempt);
	values[SUBAGENT_ACCEPT] = truth(conf->accept_mode);
	values[SUBAGENT_UP_TIME] = up_time(router);
	values[SUBAGENT_ROW_STATUS] = ROW_ACTIVE;
}

/* The vrrpd that counts has counted without a break: the times of a discontinuity are 0. */
static void fill_statistics(uint64_t *values, const struct vrrp_router *router)
{
	const struct vrrp_stats *stats = &router->stats;
	const uint64_t *received = stats->received.count;

	values[SUBAGENT_TRANSITIONS] = stats->active_transitions;
	values[SUBAGENT_NEW_MASTER_REASON] = vrrp_snmp_row_reason(router);
	values[SUBAGENT_RECEIVED] = received[VRRP_ACCEPTED];
	values[SUBAGENT_INTERVAL_ERRORS] = received[VRRP_BAD_INTERVAL] + stats->interval_differs;
	values[SUBAGENT_TTL_ERRORS] = received[VRRP_BAD_TTL];
	values[SUBAGENT_PROTO_ERROR_REASON] = vrrp_snmp_row_error(stats->last_discarded);
	values[SUBAGENT_ZERO_RECEIVED] = stats->priority_zero_received;
	values[SUBAGENT_ZERO_SENT] = stats->priority_zero_sent;
	values[SUBAGENT_TYPE_ERRORS] = received[VRRP_BAD_TYPE];
	values[SUBAGENT_LIST_ERRORS] = received[VRRP_BAD_ADDRESS_LIST] + stats->addresses_differ;
	values[SUBAGENT_LENGTH_ERRORS] = received[VRRP_BAD_LENGTH];
}

/* Returns the size of the packet. */
static size_t fill(struct subagent_row_packet *packet, const struct vrrp_router *router)
{
	unsigned int vips = MIN(darr_len(router->vips), (unsigned int)SUBAGENT_VIPS);
	struct subagent_row *row = &packet->row;
	const uint8_t mac[] = {
		0, 0, 0x5e, 0, router->family == VRRP_IPV4 ? 1 : 2, router->group->vrid
	};

	memset(row, 0, sizeof(*row));
	row->type = SUBAGENT_ROW;
	row->index = vrrp_snmp_row_index(router);
	vrrp_snmp_row_address(row->master, &router->fsm.active_address);
	vrrp_snmp_row_address(row->primary, &router->source);
	memcpy(row->mac, mac, sizeof(row->mac));
	fill_operations(row->operations, router);
	fill_statistics(row->statistics, router);
	row->operations[SUBAGENT_ADDR_COUNT] = vips;
	for (unsigned int i = 0; i < vips; i++)
		vrrp_snmp_row_address(packet->vips[i], &router->vips[i]);
	return offsetof(struct subagent_row_packet, vips[vips]);
}

static bool has_row(const struct vrrp_router *router)
{
	return vrrp_router_is_configured(router) && router->group->ifp->ifindex != IFINDEX_INTERNAL;
}

/* --- all of them -------------------------------------------------------------------- */

/* The virtual router after the last one; NULL: there is none. */
static const struct vrrp_router *next_router(void)
{
	struct interface ifp = {};
	struct vrrp_group key = { .ifp = &ifp, .vrid = walk.vrid }, *group;

	strlcpy(ifp.name, walk.ifname, sizeof(ifp.name));
	group = vrrp_groups_find_gteq(&vrrp_groups, &key);
	if (group && vrrp_group_cmp(group, &key) == 0) {
		if (walk.family == VRRP_IPV4)
			return &group->v6;
		group = vrrp_groups_next(&vrrp_groups, group);
	}
	return group ? &group->v4 : NULL;
}

/* Errors of a virtual router count as well: RFC 6527 has no column for them. */
static void add_errors(const struct vrrp_verdict_counters *counters)
{
	walk.end.scalars[SUBAGENT_CHECKSUM_ERRORS] += counters->count[VRRP_BAD_CHECKSUM];
	walk.end.scalars[SUBAGENT_VERSION_ERRORS] += counters->count[VRRP_BAD_VERSION];
	walk.end.scalars[SUBAGENT_VRID_ERRORS] += counters->count[VRRP_BAD_VRID];
}

/* False: vrrp-snmp takes nothing now. */
static bool send_router(const struct vrrp_router *router)
{
	static struct subagent_row_packet packet;

	if (has_row(router) && !vrrp_snmp_agent_send(&packet, fill(&packet, router)))
		return false;
	add_errors(&router->stats.received);
	strlcpy(walk.ifname, router->group->ifp->name, sizeof(walk.ifname));
	walk.vrid = router->group->vrid;
	walk.family = router->family;
	return true;
}

static void send_end(void)
{
	struct subagent_end end = walk.end;

	end.type = SUBAGENT_END;
	if (vrrp_snmp_agent_send(&end, sizeof(end)))
		walk.is_on = false;
}

void vrrp_snmp_row_begin(void)
{
	memset(&walk, 0, sizeof(walk));
	walk.is_on = true;
	add_errors(vrrp_receive_strays(VRRP_IPV4));
	add_errors(vrrp_receive_strays(VRRP_IPV6));
}

bool vrrp_snmp_row_send(void)
{
	const struct vrrp_router *router;

	for (unsigned int i = 0; walk.is_on && i < TURN; i++) {
		router = next_router();
		if (router && !send_router(router))
			return false;
		if (!router) {
			send_end();
			return false;
		}
	}
	return walk.is_on;
}
