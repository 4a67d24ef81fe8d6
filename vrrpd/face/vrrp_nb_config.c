// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Configuration callbacks: the candidate becomes struct vrrp_group and vrrp_global.
 *
 * Every callback writes one field. Nothing takes effect before the apply_finish of the
 * group, or of the global container, which is called once, after all fields of a
 * transaction are written. A group is found by its interface, which libfrr has as a running
 * entry, and its VRID: a running entry of its own would take more than a kilobyte.
 */
#include <zebra.h>

#include "lib/darr.h"
#include "libfrr.h"
#include "yang.h"

#include "vrrp_apply.h"
#include "vrrp_auto.h"
#include "vrrp_events.h"
#include "vrrp_group_life.h"
#include "vrrp_global.h"
#include "vrrp_metrics_file.h"
#include "vrrp_nb.h"
#include "vrrp_nb_claims.h"
#include "vrrp_nb_sync.h"
#include "vrrp_nb_track.h"
#include "vrrp_nb_witness.h"
#include "vrrp_router.h"
#include "vrrp_tick.h"
#include "vrrp_vrf.h"

static struct vrrp_group *group_of(const struct lyd_node *dnode)
{
	const struct lyd_node *group = vrrp_nb_group(dnode);
	struct interface *ifp = nb_running_get_entry(lyd_parent(lyd_parent(group)), NULL, true);

	return vrrp_group_find(ifp->name, vrrp_nb_vrid(group));
}

/* True for a command, which has called the check itself, unless it was reading a file. */
static bool is_asked(const struct nb_context *context)
{
	return context->client == NB_CLIENT_CLI;
}

static struct vrrp_scope scope_of(const struct nb_context *context, const struct lyd_node *dnode)
{
	const struct lyd_node *group = vrrp_nb_group(dnode);

	return (struct vrrp_scope){ .config = dnode,
				    .group = group,
				    .ifname = vrrp_nb_ifname(group),
				    .vrid = vrrp_nb_vrid(group),
				    .host_may_change = is_asked(context) };
}

static struct vrrp_addr address_of(const struct lyd_node *dnode)
{
	struct vrrp_addr address = {};

	vrrp_addr_parse(lyd_get_value(dnode), &address);
	return address;
}

static int validated(bool good)
{
	return good ? NB_OK : NB_ERR_VALIDATION;
}

static int validate_address(const struct nb_context *context, const struct lyd_node *dnode,
			    vrrp_address_check check, char *errmsg, size_t size)
{
	struct vrrp_scope scope = scope_of(context, dnode);
	struct vrrp_addr address = address_of(dnode);

	return validated(check(&scope, &address, errmsg, size));
}

static int validate_preempt(const struct nb_context *context, const struct lyd_node *dnode,
			    char *errmsg, size_t size)
{
	struct vrrp_scope scope = scope_of(context, dnode);

	return validated(vrrp_check_preempt(&scope, errmsg, size));
}

/* --- the group ------------------------------------------------------------- */

int vrrp_nb_group_create(struct nb_cb_create_args *args)
{
	struct vrrp_scope scope;
	struct interface *ifp;

	if (args->event == NB_EV_VALIDATE) {
		scope = scope_of(args->context, args->dnode);
		return validated(vrrp_check_group(&scope, args->errmsg, args->errmsg_len));
	}
	if (args->event != NB_EV_APPLY)
		return NB_OK;
	ifp = nb_running_get_entry(args->dnode, NULL, true);
	vrrp_auto_make_way(ifp, vrrp_nb_vrid(args->dnode));
	vrrp_group_new(ifp, vrrp_nb_vrid(args->dnode));
	return NB_OK;
}

int vrrp_nb_group_destroy(struct nb_cb_destroy_args *args)
{
	struct vrrp_group *group;
	struct interface *ifp;

	if (args->event != NB_EV_APPLY)
		return NB_OK;
	group = group_of(args->dnode);
	ifp = group->ifp;
	vrrp_claims_forget(ifp->name, group->vrid);
	vrrp_group_free(&group);
	vrrp_auto_look(ifp);
	return NB_OK;
}

static void warn_of_vips(const struct vrrp_router *router)
{
	const struct vrrp_addr *vip;

	darr_foreach_p (router->vips, vip)
		vrrp_claims_log_warning(router, vip);
}

void vrrp_nb_group_apply_finish(struct nb_cb_apply_finish_args *args)
{
	struct vrrp_group *group = group_of(args->dnode);

	vrrp_nb_track_apply(group, args->dnode);
	vrrp_group_apply(group);
	warn_of_vips(&group->v4);
	warn_of_vips(&group->v6);
}

int vrrp_nb_version_modify(struct nb_cb_modify_args *args)
{
	struct vrrp_scope scope;

	if (args->event == NB_EV_VALIDATE) {
		scope = scope_of(args->context, args->dnode);
		return validated(vrrp_check_version(&scope, yang_dnode_get_enum(args->dnode, NULL),
						    args->errmsg, args->errmsg_len));
	}
	if (args->event == NB_EV_APPLY)
		group_of(args->dnode)->conf.version = yang_dnode_get_enum(args->dnode, NULL);
	return NB_OK;
}

int vrrp_nb_version_2_too_modify(struct nb_cb_modify_args *args)
{
	bool wanted = yang_dnode_get_bool(args->dnode, NULL);
	struct vrrp_scope scope;

	if (args->event == NB_EV_VALIDATE) {
		scope = scope_of(args->context, args->dnode);
		return validated(
			vrrp_check_version_2_too(&scope, wanted, args->errmsg, args->errmsg_len));
	}
	if (args->event == NB_EV_APPLY)
		group_of(args->dnode)->conf.version_2_too = wanted;
	return NB_OK;
}

int vrrp_nb_priority_modify(struct nb_cb_modify_args *args)
{
	uint8_t priority = yang_dnode_get_uint8(args->dnode, NULL);
	struct vrrp_scope scope;

	if (args->event == NB_EV_VALIDATE) {
		scope = scope_of(args->context, args->dnode);
		return validated(
			vrrp_check_priority(&scope, priority, args->errmsg, args->errmsg_len) &&
			vrrp_check_track_owner(&scope, priority, args->errmsg, args->errmsg_len) &&
			vrrp_check_sync_owner(&scope, priority, args->errmsg, args->errmsg_len));
	}
	if (args->event == NB_EV_APPLY)
		group_of(args->dnode)->conf.priority = priority;
	return NB_OK;
}

int vrrp_nb_interval_modify(struct nb_cb_modify_args *args)
{
	uint16_t interval_cs = yang_dnode_get_uint16(args->dnode, NULL);
	struct vrrp_scope scope;

	if (args->event == NB_EV_VALIDATE) {
		scope = scope_of(args->context, args->dnode);
		return validated(
			vrrp_check_interval(&scope, interval_cs, args->errmsg, args->errmsg_len));
	}
	if (args->event == NB_EV_APPLY)
		group_of(args->dnode)->conf.interval_cs = interval_cs;
	return NB_OK;
}

int vrrp_nb_preempt_modify(struct nb_cb_modify_args *args)
{
	if (args->event == NB_EV_VALIDATE)
		return validate_preempt(args->context, args->dnode, args->errmsg, args->errmsg_len);
	if (args->event == NB_EV_APPLY)
		group_of(args->dnode)->conf.preempt = yang_dnode_get_bool(args->dnode, NULL);
	return NB_OK;
}

int vrrp_nb_preempt_delay_modify(struct nb_cb_modify_args *args)
{
	if (args->event == NB_EV_VALIDATE)
		return validate_preempt(args->context, args->dnode, args->errmsg, args->errmsg_len);
	if (args->event == NB_EV_APPLY)
		group_of(args->dnode)->conf.preempt_delay_sec = yang_dnode_get_uint16(args->dnode,
										      NULL);
	return NB_OK;
}

/* Callbacks of a leaf that is a field of struct vrrp_group_conf, and the field's default. */
#define MODIFY(name, field, get)                                                                   \
	int vrrp_nb_##name##_modify(struct nb_cb_modify_args *args)                                \
	{                                                                                          \
		if (args->event == NB_EV_APPLY)                                                    \
			group_of(args->dnode)->conf.field = get(args->dnode, NULL);                \
		return NB_OK;                                                                      \
	}                                                                                          \
	MACRO_REQUIRE_SEMICOLON()

#define DESTROY(name, field, unset)                                                                \
	int vrrp_nb_##name##_destroy(struct nb_cb_destroy_args *args)                              \
	{                                                                                          \
		if (args->event == NB_EV_APPLY)                                                    \
			group_of(args->dnode)->conf.field = unset;                                 \
		return NB_OK;                                                                      \
	}                                                                                          \
	MACRO_REQUIRE_SEMICOLON()

static enum vrrp_placement get_placement(const struct lyd_node *dnode, const char *unused)
{
	return vrrp_placement_named(lyd_get_value(dnode));
}

/* Each of these leaves is checked with the others: any of them may be new. */
static int validate_off_lan(const struct nb_context *context, const struct lyd_node *dnode,
			    char *errmsg, size_t size)
{
	struct vrrp_scope scope = scope_of(context, dnode);

	return validated(vrrp_check_off_lan(&scope, errmsg, size));
}

#define MODIFY_OFF_LAN(name, field, get)                                                           \
	int vrrp_nb_##name##_modify(struct nb_cb_modify_args *args)                                \
	{                                                                                          \
		if (args->event == NB_EV_VALIDATE)                                                 \
			return validate_off_lan(args->context, args->dnode, args->errmsg,          \
						args->errmsg_len);                                 \
		if (args->event == NB_EV_APPLY)                                                    \
			group_of(args->dnode)->conf.field = get(args->dnode, NULL);                \
		return NB_OK;                                                                      \
	}                                                                                          \
	MACRO_REQUIRE_SEMICOLON()

static bool get_healthy(const struct lyd_node *dnode, const char *unused)
{
	return strmatch(lyd_get_value(dnode), "healthy");
}

MODIFY_OFF_LAN(when, announce_healthy, get_healthy);
MODIFY_OFF_LAN(drain, drain_msec, yang_dnode_get_uint16);
MODIFY_OFF_LAN(placement, placement, get_placement);
MODIFY_OFF_LAN(announce_metric, announce_metric, yang_dnode_get_uint32);
MODIFY_OFF_LAN(standby_metric, standby_metric, yang_dnode_get_uint32);

/* Its metric is mandatory, and has the checks. */
int vrrp_nb_standby_create(struct nb_cb_create_args *args)
{
	return NB_OK;
}

int vrrp_nb_standby_destroy(struct nb_cb_destroy_args *args)
{
	if (args->event == NB_EV_APPLY) {
		group_of(args->dnode)->conf.standby_metric = 0;
		group_of(args->dnode)->conf.standby_tag = 0;
	}
	return NB_OK;
}

int vrrp_nb_preempt_settle_modify(struct nb_cb_modify_args *args)
{
	struct vrrp_scope scope;

	if (args->event == NB_EV_VALIDATE) {
		scope = scope_of(args->context, args->dnode);
		return validated(vrrp_check_preempt(&scope, args->errmsg, args->errmsg_len) &&
				 vrrp_check_off_lan(&scope, args->errmsg, args->errmsg_len));
	}
	if (args->event == NB_EV_APPLY)
		group_of(args->dnode)->conf.preempt_settle_msec = yang_dnode_get_uint16(args->dnode,
											NULL);
	return NB_OK;
}

int vrrp_nb_description_modify(struct nb_cb_modify_args *args)
{
	struct vrrp_group *group;

	if (args->event != NB_EV_APPLY)
		return NB_OK;
	group = group_of(args->dnode);
	strlcpy(group->description, lyd_get_value(args->dnode), sizeof(group->description));
	return NB_OK;
}

int vrrp_nb_description_destroy(struct nb_cb_destroy_args *args)
{
	if (args->event == NB_EV_APPLY)
		group_of(args->dnode)->description[0] = '\0';
	return NB_OK;
}

MODIFY(startup_hold, startup_hold_sec, yang_dnode_get_uint16);
MODIFY(accept_mode, accept_mode, yang_dnode_get_bool);
MODIFY(checksum, checksum_pseudo, yang_dnode_get_bool);
MODIFY(shutdown, shutdown, yang_dnode_get_bool);
MODIFY(ttl_hops, ttl_hops, yang_dnode_get_uint8);
DESTROY(ttl_hops, ttl_hops, 0);
DESTROY(placement, placement, VRRP_PLACEMENT_AUTO);
MODIFY(announce_tag, announce_tag, yang_dnode_get_uint32);
DESTROY(announce_tag, announce_tag, 0);
MODIFY(standby_tag, standby_tag, yang_dnode_get_uint32);
DESTROY(standby_tag, standby_tag, 0);
MODIFY(bfd_strict, bfd.is_strict, yang_dnode_get_bool);

int vrrp_nb_bfd_create(struct nb_cb_create_args *args)
{
	if (args->event == NB_EV_APPLY)
		group_of(args->dnode)->conf.bfd.is_on = true;
	return NB_OK;
}

DESTROY(bfd, bfd, (struct vrrp_bfd_conf){});

int vrrp_nb_bfd_profile_modify(struct nb_cb_modify_args *args)
{
	struct vrrp_bfd_conf *bfd;

	if (args->event != NB_EV_APPLY)
		return NB_OK;
	bfd = &group_of(args->dnode)->conf.bfd;
	strlcpy(bfd->profile, lyd_get_value(args->dnode), sizeof(bfd->profile));
	return NB_OK;
}

DESTROY(bfd_profile, bfd.profile[0], '\0');

static enum vrrp_auth_mode get_auth_mode(const struct lyd_node *dnode, const char *unused)
{
	const char *name = lyd_get_value(dnode);

	if (strmatch(name, "permissive"))
		return VRRP_AUTH_PERMISSIVE;
	return strmatch(name, "receive-only") ? VRRP_AUTH_RECEIVE_ONLY : VRRP_AUTH_ENFORCE;
}

static bool get_monotonic(const struct lyd_node *dnode, const char *unused)
{
	return strmatch(lyd_get_value(dnode), "monotonic");
}

int vrrp_nb_auth_create(struct nb_cb_create_args *args)
{
	struct vrrp_scope scope;

	if (args->event == NB_EV_VALIDATE) {
		scope = scope_of(args->context, args->dnode);
		return validated(vrrp_check_authentication(&scope, args->errmsg, args->errmsg_len));
	}
	if (args->event == NB_EV_APPLY)
		group_of(args->dnode)->conf.auth.is_on = true;
	return NB_OK;
}

int vrrp_nb_auth_chain_modify(struct nb_cb_modify_args *args)
{
	struct vrrp_auth_conf *auth;

	if (args->event != NB_EV_APPLY)
		return NB_OK;
	auth = &group_of(args->dnode)->conf.auth;
	strlcpy(auth->chain, lyd_get_value(args->dnode), sizeof(auth->chain));
	return NB_OK;
}

DESTROY(auth, auth, (struct vrrp_auth_conf){});
MODIFY(auth_mode, auth.mode, get_auth_mode);
MODIFY(auth_replay, auth.is_monotonic, get_monotonic);
MODIFY(auth_window, auth.window_sec, yang_dnode_get_uint16);
DESTROY(auth_window, auth.window_sec, 0);

/*
 * "no interface X" calls destroy for X's node only, not for nodes below it, and frees the
 * interface; groups on it would be left with a dangling pointer.
 */
static int free_groups_of(struct interface *ifp)
{
	struct vrrp_group *group;
	bool freed = false;

	frr_each_safe (vrrp_groups, &vrrp_groups, group)
		if (group->ifp == ifp) {
			vrrp_claims_forget(ifp->name, group->vrid);
			vrrp_group_free(&group);
			freed = true;
		}
	if (freed)
		vrrp_tick_end(); /* while the interface still exists */
	return 0;
}

static int forget_all(void)
{
	vrrp_claims_forget_all();
	return 0;
}

void vrrp_nb_init(void)
{
	hook_register(if_del, free_groups_of);
	hook_register(frr_fini, forget_all);
}

/* --- addresses ------------------------------------------------------------- */

int vrrp_nb_vip_create(struct nb_cb_create_args *args)
{
	struct vrrp_addr vip = address_of(args->dnode);

	if (args->event == NB_EV_VALIDATE)
		return validate_address(args->context, args->dnode, vrrp_check_vip_and_track,
					args->errmsg, args->errmsg_len);
	if (args->event == NB_EV_APPLY)
		vrrp_group_vip_add(group_of(args->dnode), &vip);
	return NB_OK;
}

int vrrp_nb_vip_destroy(struct nb_cb_destroy_args *args)
{
	struct vrrp_addr vip = address_of(args->dnode);

	if (args->event == NB_EV_APPLY)
		vrrp_group_vip_del(group_of(args->dnode), &vip);
	return NB_OK;
}

int vrrp_nb_peer_create(struct nb_cb_create_args *args)
{
	struct vrrp_addr peer = address_of(args->dnode);

	if (args->event == NB_EV_VALIDATE)
		return validate_address(args->context, args->dnode, vrrp_check_peer_and_votes,
					args->errmsg, args->errmsg_len);
	if (args->event == NB_EV_APPLY)
		vrrp_group_peer_add(group_of(args->dnode), &peer);
	return NB_OK;
}

int vrrp_nb_peer_destroy(struct nb_cb_destroy_args *args)
{
	struct vrrp_addr peer = address_of(args->dnode);

	if (args->event == NB_EV_APPLY)
		vrrp_group_peer_del(group_of(args->dnode), &peer);
	return NB_OK;
}

int vrrp_nb_source_modify(struct nb_cb_modify_args *args)
{
	struct vrrp_addr source = address_of(args->dnode);

	if (args->event == NB_EV_VALIDATE)
		return validate_address(args->context, args->dnode, vrrp_check_source, args->errmsg,
					args->errmsg_len);
	if (args->event == NB_EV_APPLY)
		vrrp_group_source_set(group_of(args->dnode), &source);
	return NB_OK;
}

int vrrp_nb_source_destroy(struct nb_cb_destroy_args *args)
{
	if (args->event == NB_EV_APPLY)
		vrrp_group_source_unset(group_of(args->dnode), address_of(args->dnode).family);
	return NB_OK;
}

/* --- global ------------------------------------------------------------------ */

int vrrp_nb_vip_interface_modify(struct nb_cb_modify_args *args)
{
	const char *ifname = lyd_get_value(args->dnode);

	if (args->event == NB_EV_VALIDATE)
		return validated(vrrp_check_vip_interface(args->dnode, "", ifname,
							  is_asked(args->context), args->errmsg,
							  args->errmsg_len));
	if (args->event == NB_EV_APPLY)
		strlcpy(vrrp_global.vip_interface, ifname, sizeof(vrrp_global.vip_interface));
	return NB_OK;
}

int vrrp_nb_route_table_modify(struct nb_cb_modify_args *args)
{
	uint16_t table = yang_dnode_get_uint16(args->dnode, NULL);

	if (args->event == NB_EV_VALIDATE)
		return validated(vrrp_check_route_table(args->dnode, "", table, args->errmsg,
							args->errmsg_len));
	if (args->event == NB_EV_APPLY)
		vrrp_global.route_table = table;
	return NB_OK;
}

static const char *vrf_of(const struct lyd_node *dnode)
{
	return yang_dnode_get_string(dnode, "../name");
}

int vrrp_nb_vrf_destroy(struct nb_cb_destroy_args *args)
{
	const char *vrf = yang_dnode_get_string(args->dnode, "name");

	if (args->event == NB_EV_APPLY) {
		vrrp_vrf_set_vip_interface(vrf, "");
		vrrp_vrf_set_route_table(vrf, 0);
	}
	return NB_OK;
}

int vrrp_nb_vrf_vip_interface_modify(struct nb_cb_modify_args *args)
{
	const char *ifname = lyd_get_value(args->dnode), *vrf = vrf_of(args->dnode);

	if (args->event == NB_EV_VALIDATE)
		return validated(vrrp_check_vip_interface(args->dnode, vrf, ifname,
							  is_asked(args->context), args->errmsg,
							  args->errmsg_len));
	if (args->event == NB_EV_APPLY)
		vrrp_vrf_set_vip_interface(vrf, ifname);
	return NB_OK;
}

int vrrp_nb_vrf_vip_interface_destroy(struct nb_cb_destroy_args *args)
{
	if (args->event == NB_EV_APPLY)
		vrrp_vrf_set_vip_interface(vrf_of(args->dnode), "");
	return NB_OK;
}

int vrrp_nb_vrf_route_table_modify(struct nb_cb_modify_args *args)
{
	uint16_t table = yang_dnode_get_uint16(args->dnode, NULL);
	const char *vrf = vrf_of(args->dnode);

	if (args->event == NB_EV_VALIDATE)
		return validated(vrrp_check_route_table(args->dnode, vrf, table, args->errmsg,
							args->errmsg_len));
	if (args->event == NB_EV_APPLY)
		vrrp_vrf_set_route_table(vrf, table);
	return NB_OK;
}

int vrrp_nb_vrf_route_table_destroy(struct nb_cb_destroy_args *args)
{
	if (args->event == NB_EV_APPLY)
		vrrp_vrf_set_route_table(vrf_of(args->dnode), 0);
	return NB_OK;
}

int vrrp_nb_address_lease_modify(struct nb_cb_modify_args *args)
{
	uint16_t seconds = yang_dnode_get_uint16(args->dnode, NULL);

	if (args->event == NB_EV_VALIDATE)
		return validated(vrrp_check_address_lease(seconds, args->errmsg, args->errmsg_len));
	if (args->event == NB_EV_APPLY)
		vrrp_global.address_lease_sec = seconds;
	return NB_OK;
}

int vrrp_nb_startup_delay_modify(struct nb_cb_modify_args *args)
{
	if (args->event == NB_EV_APPLY)
		vrrp_global.startup_delay_sec = yang_dnode_get_uint16(args->dnode, NULL);
	return NB_OK;
}

int vrrp_nb_guardian_modify(struct nb_cb_modify_args *args)
{
	if (args->event == NB_EV_APPLY)
		vrrp_global.guardian = yang_dnode_get_bool(args->dnode, NULL);
	return NB_OK;
}

int vrrp_nb_metrics_file_modify(struct nb_cb_modify_args *args)
{
	if (args->event == NB_EV_APPLY)
		strlcpy(vrrp_global.metrics_file, lyd_get_value(args->dnode),
			sizeof(vrrp_global.metrics_file));
	return NB_OK;
}

int vrrp_nb_metrics_file_destroy(struct nb_cb_destroy_args *args)
{
	if (args->event == NB_EV_APPLY)
		vrrp_global.metrics_file[0] = '\0';
	return NB_OK;
}

int vrrp_nb_events_socket_modify(struct nb_cb_modify_args *args)
{
	if (args->event == NB_EV_APPLY)
		strlcpy(vrrp_global.events_socket, lyd_get_value(args->dnode),
			sizeof(vrrp_global.events_socket));
	return NB_OK;
}

int vrrp_nb_events_socket_destroy(struct nb_cb_destroy_args *args)
{
	if (args->event == NB_EV_APPLY)
		vrrp_global.events_socket[0] = '\0';
	return NB_OK;
}

int vrrp_nb_kept_create(struct nb_cb_create_args *args)
{
	return NB_OK;
}

int vrrp_nb_autoconfigure_modify(struct nb_cb_modify_args *args)
{
	if (args->event == NB_EV_APPLY)
		vrrp_global.autoconfigure = yang_dnode_get_enum(args->dnode, NULL);
	return NB_OK;
}

int vrrp_nb_autoconfigure_destroy(struct nb_cb_destroy_args *args)
{
	if (args->event == NB_EV_APPLY)
		vrrp_global.autoconfigure = 0;
	return NB_OK;
}

/* Defaults for autoconfigured groups; a command sets them in the groups that it makes. */
#define MODIFY_DEFAULT(name, field, get)                                                           \
	int vrrp_nb_default_##name##_modify(struct nb_cb_modify_args *args)                        \
	{                                                                                          \
		if (args->event == NB_EV_APPLY)                                                    \
			vrrp_global.defaults.field = get(args->dnode, NULL);                       \
		return NB_OK;                                                                      \
	}                                                                                          \
	MACRO_REQUIRE_SEMICOLON()

MODIFY_DEFAULT(priority, priority, yang_dnode_get_uint8);
MODIFY_DEFAULT(interval, interval_cs, yang_dnode_get_uint16);
MODIFY_DEFAULT(preempt, preempt, yang_dnode_get_bool);
MODIFY_DEFAULT(checksum, checksum_pseudo, yang_dnode_get_bool);
MODIFY_DEFAULT(shutdown, shutdown, yang_dnode_get_bool);

int vrrp_nb_kept_modify(struct nb_cb_modify_args *args)
{
	return NB_OK;
}

int vrrp_nb_kept_destroy(struct nb_cb_destroy_args *args)
{
	return NB_OK;
}

void vrrp_nb_global_apply_finish(struct nb_cb_apply_finish_args *args)
{
	vrrp_nb_checks_apply(args->dnode);
	vrrp_global_apply();
	vrrp_metrics_file_follow();
	vrrp_events_follow();
}
