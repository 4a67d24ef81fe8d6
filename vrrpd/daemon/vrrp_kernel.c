// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A second netlink socket, open from init to stop. Each event is dispatched to the file that owns
 * the object. When the kernel had to drop events, everything is read again; so an event is only a
 * hint to read.
 */
#include "vrrp_kernel.h"

#include <zebra.h>

#include "lib/darr.h"
#include "lib_errors.h"
#include "log.h"

#include "nl_addr.h"
#include "nl_link.h"
#include "vrrp_auto.h"
#include "vrrp_convert.h"
#include "vrrp_daemon.h"
#include "vrrp_drain_link.h"
#include "vrrp_dummy.h"
#include "vrrp_inheritance.h"
#include "vrrp_log.h"
#include "vrrp_misfit.h"
#include "vrrp_netlink.h"
#include "vrrp_repeat.h"
#include "vrrp_retry.h"
#include "vrrp_tick.h"
#include "vrrp_host.h"
#include "vrrp_vip.h"
#include "vrrp_vmac.h"
#include "vrrp_vmac_keep.h"

static struct nl_monitor *monitor;
static struct event *t_monitor;

static void on_address(const struct nl_addr_info *info, bool added, void *arg)
{
	struct vrrp_addr address = vrrp_addr_of_key(&info->key);

	vrrp_host_address(info, added);
	vrrp_auto_on_address(info, added);
	if (added && info->protocol != NL_PROTO_VRRP)
		vrrp_misfit_on_address(&address);
	if (added && info->protocol == NL_PROTO_VRRP)
		vrrp_vip_arrived(&address, info->key.ifindex);
	else if (!added && info->protocol == NL_PROTO_VRRP)
		vrrp_vip_removed(&address, info->key.ifindex);
	else if (!added)
		vrrp_vip_taken_back(&address, info->key.ifindex);
}

static void on_link(const struct nl_link *link, bool exists, void *arg)
{
	if (!exists || !link->up)
		vrrp_host_link_down(link->ifindex);
	vrrp_auto_on_link(link, exists);
	vrrp_dummy_on_link(link->ifindex, link->name);
	vrrp_drain_link_look(link->ifindex);
	vrrp_vmac_on_link(link, exists);
	vrrp_repeat_on_link(link);
}

static void on_conf(int ifindex, void *arg)
{
	vrrp_vmac_keep_soon(ifindex);
}

static void on_overrun(void *arg)
{
	zlog_warn("netlink: events were lost, reading all again");
	vrrp_kernel_reconcile();
}

static const struct nl_monitor_ops monitor_ops = {
	.addr = on_address,
	.link = on_link,
	.conf = on_conf,
	.overrun = on_overrun,
};

static int monitor_open(void)
{
	int error = 0;

	frr_with_privs (&vrrp_privs) {
		error = nl_monitor_new(&monitor, &monitor_ops, NULL);
	}
	return error;
}

static void on_monitor(struct event *event);
static void monitor_again(void);

static struct vrrp_retry monitor_retry = { .again = monitor_again };

/* The new monitor is read at once, since one that cannot be read is useless. */
static void monitor_again(void)
{
	int error = monitor_open();

	if (!error)
		error = nl_monitor_read(monitor);
	if (error) {
		zlog_err("netlink: event socket cannot be opened again: %s", safe_strerror(-error));
		nl_monitor_free(&monitor);
		vrrp_retry_later(&monitor_retry);
		return;
	}
	event_add_read(master, on_monitor, NULL, nl_monitor_fd(monitor), &t_monitor);
	vrrp_kernel_reconcile();
}

static void on_monitor(struct event *event)
{
	int error = nl_monitor_read(monitor);

	if (error) {
		zlog_err("netlink: event socket failed: %s", safe_strerror(-error));
		nl_monitor_free(&monitor);
		monitor_again();
	} else {
		event_add_read(master, on_monitor, NULL, nl_monitor_fd(monitor), &t_monitor);
	}
	vrrp_tick_soon();
}

/* ------------------------------------------------------------------ reconciling */

static void dump_one(const struct nl_addr_info *info, void *arg)
{
	struct nl_batch *leftovers = arg;
	struct vrrp_addr address = vrrp_addr_of_key(&info->key);
	char text[VRRP_ADDR_STRLEN];

	vrrp_host_address(info, true);
	if (info->protocol != NL_PROTO_VRRP || vrrp_vip_is_on(&address, info->key.ifindex) ||
	    vrrp_inheritance_note(info))
		return;
	if (vrrp_log_allowed(VRRP_LOG_NETLINK))
		zlog_info("%s is a leftover of an earlier vrrpd: removed",
			  vrrp_addr_str(&address, text));
	nl_batch_addr_del(leftovers, &info->key, NULL);
}

static void gather(const struct nl_addr_info *info, void *arg)
{
	struct nl_addr_info **all = arg;

	*darr_append(*all) = *info;
}

/* Known addresses are kept until the kernel reports them again. */
static int read_addresses(struct nl_batch *leftovers)
{
	struct nl_addr_info *all = NULL, *info;
	int error = nl_addr_dump(vrrp_netlink, 0, gather, &all);

	if (!error) {
		vrrp_host_forget();
		darr_foreach_p (all, info)
			dump_one(info, leftovers);
	}
	darr_free(all);
	return error;
}

static void leftover_done(const struct nl_result *result, void *arg)
{
	if (result->error && vrrp_log_allowed(VRRP_LOG_NETLINK))
		zlog_err("netlink: cannot %s of an earlier vrrpd: %s", result->what,
			 safe_strerror(-result->error));
}

static void reconcile(void)
{
	struct nl_batch *leftovers = nl_batch_new(vrrp_netlink);
	int error = read_addresses(leftovers);

	if (error) {
		zlog_err("netlink: addresses cannot be read: %s", safe_strerror(-error));
		vrrp_vip_reconcile_later();
	}
	frr_with_privs (&vrrp_privs) {
		nl_batch_commit(leftovers, leftover_done, NULL);
	}
	nl_batch_free(&leftovers);
	vrrp_auto_reconcile();
	vrrp_dummy_reconcile();
	vrrp_drain_link_look(0);
	vrrp_vmac_reconcile();
	vrrp_vip_put_back_all();
	vrrp_recheck_all();
}

/* After the end of the tick: routers that are leaving are not leftovers. */
static struct vrrp_tick_work reconciling = { .run = reconcile };

void vrrp_kernel_reconcile(void)
{
	vrrp_tick_then(&reconciling);
}

/* --------------------------------------------------------------- start and stop */

void vrrp_kernel_init(void)
{
	int error = monitor_open();

	if (error) {
		zlog_err("netlink: event socket cannot be opened: %s", safe_strerror(-error));
		exit(1);
	}
	event_add_read(master, on_monitor, NULL, nl_monitor_fd(monitor), &t_monitor);
}

void vrrp_kernel_stop(void)
{
	event_cancel(&t_monitor);
	vrrp_retry_cancel(&monitor_retry);
	nl_monitor_free(&monitor);
}
