/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Private to this folder: services (vrrp_service.c), their portals (vrrp_portal.c), the flush of those touched
 * (vrrp_ipvs.c), services that drain (vrrp_ipvs_drain.c), health (vrrp_ipvs_health.c), shares of
 * connections (vrrp_ipvs_share.c), the kernel (vrrp_ipvs_kernel.c, vrrp_ipvs_sync.c,
 * vrrp_ipvs_sysctl.c), and directors that tell each other of connections (vrrp_ipvs_learn.c,
 * vrrp_ipvs_directors.c, vrrp_ipvs_transfer.c).
 */
#ifndef VRRP_IPVS_PRIVATE_H
#define VRRP_IPVS_PRIVATE_H

#include "vrrp_ipvs.h"

/* ---------------------------------------------------------------- services */

DECLARE_DLIST(vrrp_services_touched, struct vrrp_service, touched_item);

/* Those that the next flush looks at. */
extern struct vrrp_services_touched_head vrrp_touched_services;

/*
 * Holding: the configuration has not been read yet, so services without a virtual router wait.
 * Stopping: no service is wanted any more.
 */
extern bool vrrp_ipvs_is_holding, vrrp_ipvs_is_stopping;

/* Calls the hook vrrp_services_changed. */
void vrrp_services_tell_changed(void);

/* Marks a service for the flush at the end of this tick: its wanted state has changed. */
void vrrp_service_touch(struct vrrp_service *service);

/* ----------------------------------------------------------------- portals */

/* The first portal of a VIP, or the one after another; NULL: there is none. */
struct vrrp_portal *vrrp_portal_next_on_vip(struct vrrp_portal *portal, const struct vrrp_addr *vip);
/* The portal after a key, which need not be there, or the first; NULL: there is none. */
struct vrrp_portal *vrrp_portal_next(const struct nl_ipvs_key *key);

/* Where its virtual router is Active now; where it was at the last flush is what is set. */
enum vrrp_service_place vrrp_portal_place_of(const struct vrrp_portal *portal);
void vrrp_portal_set_place(struct vrrp_portal *portal, enum vrrp_service_place place);
/* The number of portals in a place. */
unsigned int vrrp_portals_in(enum vrrp_service_place place);

/* True when the kernel should have the portal now. */
bool vrrp_portal_is_wanted(const struct vrrp_portal *portal);

/*
 * Gives the service the portals of its configuration, those of other services as well, and what the
 * kernel has by them. True when it did not have all of them.
 */
bool vrrp_service_take_keys(struct vrrp_service *service);
/* Frees all its portals. */
void vrrp_service_give_up_keys(struct vrrp_service *service);

/* Keys in the kernel that no service has any more; a darr, of the caller from now on. */
struct nl_ipvs_key *vrrp_portals_take_gone(void);

/* ------------------------------------------------------------------ health */

/* Makes the service's probes match its configuration. */
void vrrp_service_probe(struct vrrp_service *service);
void vrrp_server_stop_probe(struct vrrp_server *server);

/* True when the weights of servers that are up, or may be up, reach the quorum. */
bool vrrp_service_has_quorum(const struct vrrp_service *service);
/* Counts and logs a change of the quorum, by checks or by configuration. */
void vrrp_service_judge_quorum(struct vrrp_service *service);

/* The kernel has the server from an earlier vrrpd, so it counts as up. */
void vrrp_server_presume_up(struct vrrp_server *server);

/* Has the backup pool serve, or no more, by the health of the others; before the quorum is judged. */
void vrrp_service_judge_pools(struct vrrp_service *service);

/* The weight that the kernel should have for a server that is up; and the steps to the whole one. */
uint32_t vrrp_server_weight_now(const struct vrrp_server *server);
void vrrp_service_start_slowly(struct vrrp_service *service);

/* The servers that the kernel should have now by that key; darr, the caller frees it. */
struct nl_ipvs_server *vrrp_service_kernel_servers(const struct vrrp_service *service,
						   const struct nl_ipvs_key *key);
/* The port that the kernel should have for a server by that key. */
uint16_t vrrp_server_kernel_port(const struct vrrp_server *server, const struct nl_ipvs_key *key);
/* The server has no error any more that came by this portal. */
void vrrp_server_forget_error(struct vrrp_server *server, const struct vrrp_portal *portal);

/* ------------------------------------------------------------------ kernel */

/* Makes the portals of a darr; a failure is logged once, and retried by the next comparison. */
void vrrp_ipvs_put(struct vrrp_portal **portals);
/* Removes those keys of a darr that are ours. */
void vrrp_ipvs_remove(const struct nl_ipvs_key *keys);

/*
 * The service, or a portal of it, is new here. If an earlier vrrpd put it into the kernel, its servers
 * that get connections now keep getting them until their health is known.
 */
void vrrp_service_presume(struct vrrp_service *service);

/* True when the kernel's service is ours, made by this vrrpd or an earlier one. */
bool vrrp_ipvs_owns(const struct nl_ipvs_key *key);

/*
 * Begins to compare all wanted services with the kernel's, at once and every few seconds;
 * services of ours that are not wanted are removed.
 */
void vrrp_ipvs_kernel_settle(void);
/* Starts the next round of comparisons, if there is something to compare. */
void vrrp_ipvs_watch(void);

void vrrp_ipvs_kernel_warnings(struct vrrp_sentences *sentences);

void vrrp_ipvs_kernel_init(void);
/* Removes all services of ours. */
void vrrp_ipvs_kernel_stop(void);

/* The connection and what is ours, for connection synchronisation; raise vrrp_privs. */
extern struct nl_ipvs *vrrp_ipvs_nl;
extern struct nl_ipvs_owned *vrrp_ipvs_owned;

/* ------------------------------------------------------------------- drain */

/* Called when the portal's VIP is no longer Active here. */
void vrrp_portal_loses_vip(struct vrrp_portal *portal);
/* True when the kernel should have the portal, or may keep it because it drains. */
bool vrrp_portal_is_kept(struct vrrp_portal *portal);
/* The daemon is ending: waits for services that drain. */
void vrrp_ipvs_drain_stop(void);

/* ----------------------------------------------------------------- sysctls */

/* Sets the sysctls that services need, and puts back those that none needs. */
void vrrp_ipvs_sysctl_apply(void);
void vrrp_ipvs_sysctl_stop(void);
void vrrp_ipvs_sysctl_warnings(struct vrrp_sentences *sentences);

/* --------------------------------------------- connection synchronisation */

/* The roles that follow from the places of the services. */
void vrrp_ipvs_sync_want(bool master, bool backup);
/* Starts a wanted master; and, when services are gone, applies all other changes. */
void vrrp_ipvs_sync_up(void);
void vrrp_ipvs_sync_down(void);
/* Checks that the threads still run, since others may stop them. */
void vrrp_ipvs_sync_look(void);
void vrrp_ipvs_sync_stop(void);
/* The same when something else is configured. */
void vrrp_ipvs_sync_apply(void);
/* Called when a thread has started or ended, or something else is configured. */
DECLARE_HOOK(vrrp_ipvs_sync_changed, (), ());
/* When the backup thread began to listen; 0: it does not run. */
vrrp_usec_t vrrp_ipvs_sync_listens_since(void);
bool vrrp_ipvs_sync_is_master(void);

/* --------------------------------------------------------- other directors */

void vrrp_ipvs_directors_init(void);
void vrrp_ipvs_directors_stop(void);
void vrrp_ipvs_directors_warnings(struct vrrp_sentences *sentences);

/*
 * Sends the whole table of connections to a director that listens from now on. failed: called when
 * it could not be sent.
 */
void vrrp_ipvs_transfer_begin(const struct vrrp_addr *to, void (*failed)(void));
void vrrp_ipvs_transfer_stop(void);

/* ---------------------------------------------------------------- learning */

void vrrp_ipvs_learn_init(void);
void vrrp_ipvs_learn_stop(void);

#endif /* VRRP_IPVS_PRIVATE_H */
