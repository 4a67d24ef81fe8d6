// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A room does not know its caller. So the handlers of its events are set here: the alarm gets the
 * function that reads packets first, zebra the handler for links, the session the one that notes
 * each configuration command.
 */
#include "vrrp_group_life.h"
#include "vrrp_run.h"

#include "vrrp_garp.h"
#include "vrrp_apply.h"
#include "vrrp_auto.h"
#include "vrrp_bfd.h"
#include "vrrp_cli.h"
#include "vrrp_cli_restart.h"
#include "vrrp_config_file.h"
#include "vrrp_daemon.h"
#include "vrrp_debug.h"
#include "vrrp_delivery.h"
#include "vrrp_drain.h"
#include "vrrp_dummy.h"
#include "vrrp_fragments.h"
#include "vrrp_global.h"
#include "vrrp_guardian.h"
#include "vrrp_hold.h"
#include "vrrp_inheritance.h"
#include "vrrp_ipvs.h"
#include "vrrp_ipvs_cli.h"
#include "vrrp_kernel.h"
#include "vrrp_liveness.h"
#include "vrrp_log.h"
#include "vrrp_masquerade.h"
#include "vrrp_misfit.h"
#include "vrrp_netlink.h"
#include "vrrp_next_hop.h"
#include "vrrp_notify.h"
#include "vrrp_owner.h"
#include "vrrp_place.h"
#include "vrrp_radv.h"
#include "vrrp_receive.h"
#include "vrrp_resume.h"
#include "vrrp_retreat.h"
#include "vrrp_route.h"
#include "vrrp_router.h"
#include "vrrp_router_id.h"
#include "vrrp_rpfilter.h"
#include "vrrp_seal.h"
#include "vrrp_send.h"
#include "vrrp_session.h"
#include "vrrp_silence.h"
#include "vrrp_source.h"
#include "vrrp_startup.h"
#include "vrrp_succession.h"
#include "vrrp_switchover.h"
#include "vrrp_sysctl.h"
#include "vrrp_tick.h"
#include "vrrp_track.h"
#include "vrrp_host.h"
#include "vrrp_trouble.h"
#include "vrrp_vip.h"
#include "vrrp_vmac.h"
#include "vrrp_vmac_leftover.h"
#include "vrrp_vrf.h"
#include "vrrp_vty.h"
#include "vrrp_events.h"
#include "vrrp_metrics_file.h"
#include "vrrp_version.h"
#include "vrrp_vty_brief.h"
#include "vrrp_vty_history.h"
#include "vrrp_vty_switchover.h"
#include "vrrp_witness_explain.h"
#include "vrrp_zebra.h"
#include "vrrp_zebra_client.h"

#define SETTLE_SEC 60
/* ... or for so long, when it has read a file of its own: zebra tells it of its links meanwhile. */
#define OWN_FILE_MSEC 1000
/* When the configuration has been read, what an earlier vrrpd had is held for so long. */
#define RELEASE_MSEC 200

static struct event *t_settle, *t_release;
static bool has_moved; /* others have been told to take over from an earlier vrrpd */

static void link_changed(struct interface *ifp)
{
	vrrp_dummy_on_link(ifp->ifindex, ifp->name);
	vrrp_auto_look(ifp);
	vrrp_track_on_link(ifp->name);
	vrrp_recheck_on(ifp);
}

static bool is_vip_interface(ifindex_t ifindex)
{
	return vrrp_dummy_is((int)ifindex);
}

/* By then zebra has ours. */
static void release(struct event *event)
{
	vrrp_succession_release();
}

static const struct vrrp_zebra_ops zebra_ops = {
	.link_changed = link_changed,
	.is_vip_interface = is_vip_interface,
	.leftover = vrrp_route_expel,
	.router_id = vrrp_router_id_learned,
};

/*
 * Leftovers of an earlier run are kept until the configuration has been read, since it may
 * need them. vtysh reports its end, and so does libfrr for a file of the daemon's own; a daemon that
 * nobody configures settles after a time.
 */
static void settle(void)
{
	event_cancel(&t_settle);
	vrrp_tick_end(); /* routers that are leaving are not leftovers */
	vrrp_auto_resume();
	vrrp_inheritance_settle();
	vrrp_dummy_settle();
	vrrp_vmac_settle();
	vrrp_ipvs_settle();
	vrrp_resume_settle();
	event_add_timer_msec(master, release, NULL, RELEASE_MSEC, &t_release);
	vrrp_sysctl_settle(); /* after all groups hold the values that they need */
}

static void on_settle(struct event *event)
{
	settle();
}

static void settle_later(void)
{
	event_cancel(&t_settle);
	event_add_timer(master, on_settle, NULL, SETTLE_SEC, &t_settle);
}

static void config_begins(void)
{
	vrrp_auto_pause();
	vrrp_ipvs_wait();
	settle_later(); /* in case nobody reports the end of the configuration */
}

/* Without a group in it, vtysh may be about to send the configuration. */
static void own_file_ends(void)
{
	if (!vrrp_groups_count(&vrrp_groups))
		return;
	event_cancel(&t_settle);
	event_add_timer_msec(master, on_settle, NULL, OWN_FILE_MSEC, &t_settle);
}

static void start_places(void)
{
	vrrp_vip_init(vrrp_kernel_reconcile);
	vrrp_sysctl_init();
	vrrp_dummy_init();
	vrrp_vmac_init(vrrp_auto_ifindex);
	vrrp_kernel_reconcile();
	vrrp_tick_end(); /* before the configuration is read */
}

static void stop_places(void)
{
	vrrp_vip_stop();
	vrrp_inheritance_stop();
	vrrp_place_stop();
	vrrp_dummy_stop();
	vrrp_vmac_stop();
	vrrp_sysctl_stop();
}

static int forget_tracks(struct vrrp_group *group)
{
	vrrp_track_forget(group);
	return 0;
}

static void start_election(void)
{
	vrrp_global_init();
	vrrp_alarm_init(vrrp_receive_all);
	vrrp_router_init();
	vrrp_resume_init(!has_moved);
	vrrp_apply_init();
	vrrp_track_init(vrrp_group_follow_tracking);
	hook_register(vrrp_group_freed, forget_tracks);
	vrrp_session_init(vrrp_silence_broken);
	vrrp_delivery_init();
	vrrp_receive_init(vrrp_router_receive);
	vrrp_liveness_init(vrrp_router_peer_down);
	vrrp_seal_init();
	vrrp_send_init();
	vrrp_auto_init();
	vrrp_netlink_open();
	vrrp_kernel_init();
	start_places();
	settle_later();
	vrrp_masquerade_init();
	vrrp_ipvs_init();
	vrrp_router_id_init();
	vrrp_zebra_init(master, vrrp_global.route_table, &zebra_ops);
}

static void __attribute__((noreturn)) restart(struct event *event)
{
	zlog_notice("Ends without a farewell, to be started again");
	vrrp_router_leave_promised();
	vrrp_guardian_await(vrrp_resume_prepare());
	vrrp_log_stop();
	_exit(0);
}

/* As if it had been killed: all that it did for virtual routers stays. */
static void restart_soon(void)
{
	event_add_event(master, restart, NULL, 0, NULL);
}

void vrrp_run_init(void)
{
	/* an earlier one's guardian would take away soon what is ours from here on */
	has_moved = vrrp_succession_begin();
	vrrp_debug_init();
	vrrp_config_file_init(config_begins, settle, own_file_ends);
	start_election();
	vrrp_cli_init();
	vrrp_cli_announce_init();
	vrrp_cli_startup_init();
	vrrp_cli_track_init();
	vrrp_cli_check_init();
	vrrp_cli_sync_init();
	vrrp_cli_witness_init();
	vrrp_cli_description_init();
	vrrp_cli_monitoring_init();
	vrrp_cli_global_init();
	vrrp_cli_restart_init(restart_soon);
	vrrp_ipvs_cli_init();
	vrrp_vty_init();
	vrrp_vty_brief_init();
	vrrp_vty_history_init();
	vrrp_version_init();
	vrrp_notify_init();
	vrrp_trouble_init();
	vrrp_fragments_init();
	vrrp_hold_init();
	vrrp_misfit_init();
	vrrp_route_init();
	vrrp_source_init();
	vrrp_switchover_init();
	vrrp_retreat_init();
	vrrp_rpfilter_init();
	vrrp_witness_explain_init();
}

bool vrrp_run_leave(void (*over)(void))
{
	vrrp_router_leave_all(); /* all before the end of the tick, so that they share one batch */
	return vrrp_drain_wait(over);
}

void vrrp_run_stop(void)
{
	vrrp_rpfilter_stop();
	vrrp_vty_switchover_stop();
	vrrp_router_leave_all(); /* those that have entered since then */
	vrrp_drain_end_all();
	vrrp_tick_end();
	vrrp_metrics_file_stop();
	vrrp_events_stop();
	vrrp_startup_stop(); /* its echoes end before the sockets that send them */
	vrrp_zebra_flush();
	vrrp_ipvs_stop();
	vrrp_masquerade_stop();
	vrrp_group_free_all();
	vrrp_auto_stop();
	vrrp_track_stop();
	vrrp_tick_end();
	vrrp_router_stop();
	vrrp_owner_stop();
	event_cancel(&t_release);
	event_cancel(&t_settle);
	stop_places();
	vrrp_host_stop();
	vrrp_next_hop_stop();
	vrrp_kernel_stop();
	vrrp_netlink_close();
	vrrp_receive_stop();
	vrrp_trouble_stop();
	vrrp_send_stop();
	vrrp_seal_stop();
	vrrp_alarm_stop();
	vrrp_garp_stop();
	vrrp_radv_end();
	vrrp_router_id_stop();
	vrrp_log_stop();
	vrrp_guardian_stop();
	vrrp_bfd_stop();
	vrrp_zebra_stop();
	vrrp_vrf_stop();
}
