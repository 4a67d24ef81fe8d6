// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Rows that come are kept aside, and take the place of the others when the last one is there: so a
 * table is never shown in part. The containers stay the same, since libnetsnmp knows them.
 */
#include "subagent_rows.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "subagent_daemon.h"

#define PATIENCE_MSEC 1000
#define OLDEST_MSEC   10000

struct vip {
	netsnmp_index index; /* first, for the container */
	oid oids[SUBAGENT_VIP_OIDS];
};

static netsnmp_container *routers, *vips;
static uint64_t scalars[SUBAGENT_SCALARS];
static int64_t renewed; /* when that was, in milliseconds; 0: there are no rows */
static bool is_asked;

/* Those that come. */
static struct {
	struct subagent_row_packet **rows;
	size_t count, room;
} coming;

static int64_t now_msec(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Without memory there is no more to do; vrrpd starts another. */
static void *checked(void *memory)
{
	if (!memory)
		exit(1);
	return memory;
}

static netsnmp_container *container(const char *name)
{
	netsnmp_container *made = checked(netsnmp_container_find(name));
	int error;

	/* each is there once; to look for another would sort them all at each insertion */
	CONTAINER_SET_OPTIONS(made, CONTAINER_KEY_ALLOW_DUPLICATES, error);
	if (error < 0)
		exit(1);
	return made;
}

void subagent_rows_init(void)
{
	routers = container("vrrp_routers:table_container");
	vips = container("vrrp_vips:table_container");
}

netsnmp_container *subagent_rows_routers(void)
{
	return routers;
}

netsnmp_container *subagent_rows_vips(void)
{
	return vips;
}

uint64_t subagent_rows_scalar(enum subagent_scalar scalar)
{
	return scalars[scalar];
}

void subagent_rows_oids(const struct subagent_index *index, oid oids[SUBAGENT_ROUTER_OIDS])
{
	oids[0] = index->ifindex;
	oids[1] = index->vrid;
	oids[2] = index->address_type;
}

/* --- those that are there --------------------------------------------------------- */

static void free_row(void *row, void *context)
{
	free(row);
}

static void forget(void)
{
	CONTAINER_CLEAR(routers, free_row, NULL);
	CONTAINER_CLEAR(vips, free_row, NULL);
	memset(scalars, 0, sizeof(scalars));
	renewed = 0;
}

static void insert_vip(const struct subagent_row *row, const uint8_t *octets)
{
	size_t size = row->index.address_type == SUBAGENT_IPV4 ? 4 : SUBAGENT_ADDRESS;
	struct vip *vip = checked(calloc(1, sizeof(*vip)));

	vip->index = (netsnmp_index){ .len = SUBAGENT_ROUTER_OIDS + 1 + size, .oids = vip->oids };
	subagent_rows_oids(&row->index, vip->oids);
	vip->oids[SUBAGENT_ROUTER_OIDS] = size;
	for (size_t i = 0; i < size; i++)
		vip->oids[SUBAGENT_ROUTER_OIDS + 1 + i] = octets[i];
	if (CONTAINER_INSERT(vips, vip) < 0)
		free(vip);
}

static void insert(const struct subagent_row_packet *packet)
{
	struct subagent_router *router = checked(calloc(1, sizeof(*router)));

	router->index = (netsnmp_index){ .len = SUBAGENT_ROUTER_OIDS, .oids = router->oids };
	router->row = packet->row;
	subagent_rows_oids(&packet->row.index, router->oids);
	for (size_t i = 0; i < packet->row.operations[SUBAGENT_ADDR_COUNT]; i++)
		insert_vip(&packet->row, packet->vips[i]);
	if (CONTAINER_INSERT(routers, router) < 0)
		free(router);
}

/* --- those that come --------------------------------------------------------------- */

void subagent_rows_add(const struct subagent_row_packet *packet)
{
	size_t size = sizeof(packet->row) +
		      packet->row.operations[SUBAGENT_ADDR_COUNT] * SUBAGENT_ADDRESS;

	if (coming.count == coming.room) {
		coming.room = coming.room ? coming.room * 2 : 256;
		coming.rows = checked(
			realloc(coming.rows, coming.room * sizeof(struct subagent_row_packet *)));
	}
	coming.rows[coming.count] = checked(malloc(size));
	memcpy(coming.rows[coming.count++], packet, size);
}

void subagent_rows_end(const struct subagent_end *end)
{
	forget();
	memcpy(scalars, end->scalars, sizeof(scalars));
	for (size_t i = 0; i < coming.count; i++) {
		insert(coming.rows[i]);
		free(coming.rows[i]);
	}
	coming.count = 0;
	renewed = now_msec();
	is_asked = false;
}

void subagent_rows_renew(void)
{
	int64_t begun = now_msec(), left;

	if (renewed && begun - renewed < SUBAGENT_ROWS_AGE)
		return;
	if (!is_asked)
		subagent_daemon_tell(SUBAGENT_ASK, "");
	is_asked = true;
	while (is_asked && (left = begun + PATIENCE_MSEC - now_msec()) > 0)
		subagent_daemon_wait(left);
	if (renewed && now_msec() - renewed > OLDEST_MSEC)
		forget();
}
