// SPDX-License-Identifier: GPL-2.0-or-later
#include "guardian_take.h"

#include <errno.h>
#include <string.h>
#include <syslog.h>

#include "nl_addr.h"
#include "nl_drain.h"
#include "nl_grow.h"

#define MSEC_PER_SEC 1000

static struct nl_conn *conn;
static struct nl_batch *batch;

/* The drain's link of each VRF that had a VIP. */
struct drain {
	int vrf;
	struct nl_link link; /* ifindex 0: nothing is answered for */
};

static struct {
	struct drain *all;
	size_t count, room;
} drains;

int guardian_take_init(void)
{
	int error = nl_conn_new(&conn);

	batch = error ? NULL : nl_batch_new(conn);
	return error || batch ? error : -ENOMEM;
}

static struct nl_addr_key key_of(const struct guardian_vip *vip, int ifindex)
{
	struct nl_addr_key key = {
		.family = vip->family,
		.ifindex = ifindex,
		.prefixlen = vip->prefixlen,
	};

	memcpy(&key.v6, vip->address, sizeof(key.v6));
	return key;
}

static void commit(const char *what)
{
	unsigned int count = nl_batch_count(batch);
	int failed = count ? nl_batch_commit(batch, NULL, NULL) : 0;

	if (failed)
		syslog(LOG_WARNING, "addresses of vrrpd cannot be %s: %d of %u", what, failed,
		       count);
	else if (count)
		syslog(LOG_NOTICE, "addresses of vrrpd %s: %u", what, count);
}

static void keep_one(const struct guardian_vip *vip, void *arg)
{
	const uint32_t *sec = arg;
	struct nl_addr_key key = key_of(vip, vip->ifindex);

	if (!vip->is_exclusive && vip->lease_sec && vip->lease_sec / 3 < *sec)
		nl_batch_addr_renew(batch, &key, vip->lease_sec, NULL);
}

void guardian_keep(const struct guardian_view *view, uint32_t sec)
{
	guardian_view_vips(view, keep_one, &sec);
	if (nl_batch_count(batch))
		(void)nl_batch_commit(batch, NULL, NULL);
}

static void take_one(const struct guardian_vip *vip, void *arg)
{
	const enum guardian_which *which = arg;
	struct nl_addr_key key = key_of(vip, vip->ifindex);

	if (*which == GUARDIAN_ALL || vip->is_exclusive == (*which == GUARDIAN_EXCLUSIVE))
		nl_batch_addr_del(batch, &key, NULL);
}

void guardian_take(const struct guardian_view *view, enum guardian_which which)
{
	guardian_view_vips(view, take_one, &which);
	commit("removed");
}

/* 0: it cannot be had. */
static int drain_link(int vrf)
{
	struct drain *drain;
	int error;

	for (size_t i = 0; i < drains.count; i++)
		if (drains.all[i].vrf == vrf)
			return drains.all[i].link.ifindex;
	if (!nl_grow(drains.all, drains.count, &drains.room))
		return 0;
	drain = &drains.all[drains.count++];
	drain->vrf = vrf;
	error = nl_drain_link(conn, vrf, &drain->link);
	if (!error)
		return drain->link.ifindex;
	syslog(LOG_WARNING, "%s of VRF %d cannot be had: %s", NL_DRAIN_LINK, vrf, strerror(-error));
	drain->link.ifindex = 0;
	return 0;
}

static void answer_one(const struct guardian_vip *vip, void *arg)
{
	const uint32_t *msec = arg;
	int ifindex = vip->is_exclusive ? 0 : drain_link(vip->vrf);
	struct nl_addr_key key = key_of(vip, ifindex);

	if (ifindex)
		nl_batch_addr_add(batch, &key, (*msec + MSEC_PER_SEC - 1) / MSEC_PER_SEC, NULL);
}

bool guardian_answer(const struct guardian_view *view, uint32_t msec)
{
	guardian_view_vips(view, answer_one, &msec);
	if (!nl_batch_count(batch))
		return false;
	commit("drained");
	return true;
}

void guardian_cease(void)
{
	for (size_t i = 0; i < drains.count; i++)
		if (drains.all[i].link.ifindex)
			nl_link_del(conn, drains.all[i].link.ifindex);
}
