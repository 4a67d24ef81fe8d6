// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Connection synchronisation by threads of the kernel: the master sends this director's
 * connections to the others, the backup receives theirs.
 *
 * The master runs while a service's VIP is Active here, the backup while one is
 * not; where two routers share the groups, both run on both. A mark counts as being for every
 * VIP. The master starts before the services that need it.
 *
 * The kernel does not store who started a thread. While the configuration names an
 * interface, all threads count as ours; otherwise only those that this vrrpd, or an earlier
 * one, has started.
 */
#include "vrrp_daemon.h"
#include "vrrp_ipvs_private.h"

#include "log.h"

#include "vrrp_log.h"

DEFINE_HOOK(vrrp_ipvs_sync_changed, (), ());

static struct role {
	const char *name;
	bool wanted, running;
	vrrp_usec_t since; /* when it was started last */
	int error, logged_error;
} roles[] = {
	[NL_IPVS_MASTER] = { .name = "master" },
	[NL_IPVS_BACKUP] = { .name = "backup" },
};

static bool is_configured(void)
{
	return vrrp_ipvs_global.sync_ifname[0] != '\0';
}

/* A kernel without IPVS is not logged here: the services, which cause all roles, log it. */
static void note_error(struct role *role, int error)
{
	role->error = error;
	if (error && error != role->logged_error && error != -EOPNOTSUPP &&
	    vrrp_log_allowed(VRRP_LOG_IPVS))
		zlog_err("ipvs: cannot run connection synchronisation as %s on %s: %s", role->name,
			 vrrp_ipvs_global.sync_ifname, vrrp_ipvs_error_text(error));
	role->logged_error = error;
}

static void run(enum nl_ipvs_role which)
{
	struct nl_ipvs_daemon daemon = {
		.role = which,
		.sync_id = vrrp_ipvs_global.sync_id,
	};
	uint64_t changes = nl_ipvs_changes(vrrp_ipvs_nl);
	int error = 0;
	bool is_new;

	strlcpy(daemon.ifname, vrrp_ipvs_global.sync_ifname, sizeof(daemon.ifname));
	frr_with_privs (&vrrp_privs) {
		nl_ipvs_own_daemon(vrrp_ipvs_owned, &daemon);
		error = nl_ipvs_daemon_run(vrrp_ipvs_nl, &daemon);
	}
	is_new = nl_ipvs_changes(vrrp_ipvs_nl) != changes || !roles[which].running;
	if (is_new)
		roles[which].since = vrrp_now();
	roles[which].running = !error;
	note_error(&roles[which], error);
	if (is_new)
		hook_call(vrrp_ipvs_sync_changed);
}

static void stop(enum nl_ipvs_role which)
{
	int error = 0;

	frr_with_privs (&vrrp_privs) {
		error = nl_ipvs_daemon_stop(vrrp_ipvs_nl, which);
		if (!error)
			nl_ipvs_disown_daemon(vrrp_ipvs_owned, which);
	}
	roles[which].running = error != 0;
	note_error(&roles[which], error);
	hook_call(vrrp_ipvs_sync_changed);
}

/* Applies the wanted roles; does nothing when they run already. */
static void settle(enum nl_ipvs_role which)
{
	bool wanted = is_configured() && roles[which].wanted;

	if (wanted && !roles[which].running && !roles[which].error)
		run(which);
	else if (!wanted && roles[which].running)
		stop(which);
}

void vrrp_ipvs_sync_want(bool master, bool backup)
{
	roles[NL_IPVS_MASTER].wanted = master;
	roles[NL_IPVS_BACKUP].wanted = backup;
}

void vrrp_ipvs_sync_up(void)
{
	if (roles[NL_IPVS_MASTER].wanted)
		settle(NL_IPVS_MASTER);
}

void vrrp_ipvs_sync_down(void)
{
	settle(NL_IPVS_MASTER);
	settle(NL_IPVS_BACKUP);
}

static bool kernel_runs(enum nl_ipvs_role which)
{
	struct nl_ipvs_daemon daemon;
	int error = 0;

	frr_with_privs (&vrrp_privs) {
		error = nl_ipvs_daemon_get(vrrp_ipvs_nl, which, &daemon);
	}
	return !error;
}

/* Stops threads that an earlier vrrpd left. */
static void reclaim(enum nl_ipvs_role which)
{
	int error = 0;

	frr_with_privs (&vrrp_privs) {
		error = nl_ipvs_daemon_reclaim(vrrp_ipvs_nl, which, vrrp_ipvs_owned);
	}
	note_error(&roles[which], error);
}

/* Here the kernel is asked. */
static void check(enum nl_ipvs_role which)
{
	if (is_configured() && roles[which].wanted)
		run(which);
	else if (roles[which].running || (is_configured() && kernel_runs(which)))
		stop(which);
	else
		reclaim(which);
}

void vrrp_ipvs_sync_look(void)
{
	check(NL_IPVS_MASTER);
	check(NL_IPVS_BACKUP);
}

void vrrp_ipvs_sync_apply(void)
{
	vrrp_ipvs_sync_look();
	hook_call(vrrp_ipvs_sync_changed);
}

const char *vrrp_ipvs_sync_role(void)
{
	bool is_master = roles[NL_IPVS_MASTER].running, is_backup = roles[NL_IPVS_BACKUP].running;

	if (!is_configured())
		return "off";
	if (is_master && is_backup)
		return "master and backup";
	if (is_master)
		return "master";
	if (is_backup)
		return "backup";
	return vrrp_ipvs_sync_error() ? "failed" : "standby";
}

int vrrp_ipvs_sync_error(void)
{
	int error = roles[NL_IPVS_MASTER].error;

	return error ? error : roles[NL_IPVS_BACKUP].error;
}

vrrp_usec_t vrrp_ipvs_sync_listens_since(void)
{
	return roles[NL_IPVS_BACKUP].running ? roles[NL_IPVS_BACKUP].since : 0;
}

bool vrrp_ipvs_sync_is_master(void)
{
	return roles[NL_IPVS_MASTER].running;
}

void vrrp_ipvs_sync_stop(void)
{
	for (enum nl_ipvs_role which = NL_IPVS_MASTER; which <= NL_IPVS_BACKUP; which++)
		if (roles[which].running)
			stop(which);
}
