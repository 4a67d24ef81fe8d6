/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Shared by the vrrp_ipvs*.c that make services work, and by nobody else: what is
 * wanted of the kernel (vrrp_ipvs.c), what stays for a while (vrrp_ipvs_drain.c), health
 * (vrrp_ipvs_health.c), and the kernel (vrrp_ipvs_kernel.c, vrrp_ipvs_sync.c,
 * vrrp_ipvs_expiry.c).
 */
#ifndef VRRP_IPVS_PRIVATE_H
#define VRRP_IPVS_PRIVATE_H

#include "vrrp_ipvs.h"

/* An address as the kernel wants it, and back. */
struct nl_ipvs_address vrrp_ipvs_address(const struct vrrp_addr *address);
struct vrrp_addr vrrp_ipvs_vrrp_addr(const struct nl_ipvs_address *address);

/* ---------------------------------------------------------------- services */

/* Ought the kernel to have it now? */
bool vrrp_service_is_wanted(const struct vrrp_service *service);

/* What is wanted of it has changed; noted for the flush at the end of this tick. */
void vrrp_service_touch(struct vrrp_service *service);

/* The service of a key; NULL = none. */
struct vrrp_service *vrrp_service_by_key(const struct nl_ipvs_key *key);

/* ------------------------------------------------------------------ health */

/* Makes its probes those of its configuration. */
void vrrp_service_check(struct vrrp_service *service);
void vrrp_server_uncheck(struct vrrp_server *server);

/* The servers that are up, or may be as far as is known yet, weigh enough. */
bool vrrp_service_has_quorum(const struct vrrp_service *service);
/* Counts and tells when that has changed, whoever did it. */
void vrrp_service_judge_quorum(struct vrrp_service *service);

/* The kernel has had it for us before we were started, so it counts as up. */
void vrrp_server_presume_up(struct vrrp_server *server);

/* Those the kernel is to have, as things are; darr, the caller frees it. */
struct nl_ipvs_server *vrrp_service_kernel_servers(const struct vrrp_service *service);

/* ------------------------------------------------------------------ kernel */

/* Those of a darr, made as wanted; what fails is logged once, and tried by the next sync. */
void vrrp_ipvs_put(struct vrrp_service **services);
/* Those of a darr that are ours. */
void vrrp_ipvs_remove(const struct nl_ipvs_key *keys);

/*
 * It is new here. If an earlier vrrpd made it, its servers that get connections now go on
 * until they are known.
 */
void vrrp_service_presume(struct vrrp_service *service);

/* Is it one of ours, whichever of us made it? */
bool vrrp_ipvs_owns(const struct nl_ipvs_key *key);

/*
 * From now on, what is wanted of all services is compared with what the kernel has,
 * at once and every few seconds; what is ours and not wanted goes.
 */
void vrrp_ipvs_kernel_settle(void);
/* There is something to compare. */
void vrrp_ipvs_watch(void);

void vrrp_ipvs_kernel_warnings(struct vrrp_sentences *sentences);

void vrrp_ipvs_kernel_init(void);
/* Whatever is ours goes. */
void vrrp_ipvs_kernel_stop(void);

/* The connection and what is ours, for connection synchronisation; raise vrrp_privs. */
extern struct nl_ipvs *vrrp_ipvs_nl;
extern struct nl_ipvs_owned *vrrp_ipvs_owned;

/* ------------------------------------------------------------------- drain */

/* Its VIP was Active here, and is no more. */
void vrrp_service_loses_vip(struct vrrp_service *service);
/* Ought the kernel to have it, or may it still? */
bool vrrp_service_is_kept(struct vrrp_service *service);
/* Waits for those that have lost their VIP not long ago; the daemon is ending. */
void vrrp_ipvs_drain_stop(void);

/* ------------------------------------------------------- expiry of connections */

/* Sets what services want of the kernel's sysctls, and puts back what none wants. */
void vrrp_ipvs_expiry_apply(void);
void vrrp_ipvs_expiry_stop(void);
void vrrp_ipvs_expiry_warnings(struct vrrp_sentences *sentences);

/* --------------------------------------------- connection synchronisation */

/* Which roles the places of the services ask for. */
void vrrp_ipvs_sync_want(bool master, bool backup);
/* A master that is wanted starts; then, when services are gone, all the rest is done. */
void vrrp_ipvs_sync_up(void);
void vrrp_ipvs_sync_down(void);
/* Looks whether they run, for what others did to them. */
void vrrp_ipvs_sync_check(void);
void vrrp_ipvs_sync_stop(void);

#endif /* VRRP_IPVS_PRIVATE_H */
