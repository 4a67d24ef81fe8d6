/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Load balancing in the northbound: what container ipvs of the model and the code of
 * vrrp_ipvs.h call each other.
 *
 * vrrp_ipvs_nb.c    configuration: reads a service, and gives it to vrrp_ipvs.h
 * vrrp_ipvs_nb_settle.c what of it waits before it takes effect
 * vrrp_ipvs_state.c operational data
 * vrrp_ipvs_check.c what a configuration may not say, and the sentence for it
 *
 * vrrp_nb_table.c has the table that binds all of it to the model.
 */
#ifndef VRRP_IPVS_NB_H
#define VRRP_IPVS_NB_H

#include <zebra.h>

#include "northbound.h"

#include "vrrp_ipvs.h"

#define VRRP_XPATH_IPVS	   "/frr-crossvip:ipvs"
#define VRRP_XPATH_SERVICE VRRP_XPATH_IPVS "/service"
#define VRRP_XPATH_SERVER  VRRP_XPATH_SERVICE "/server"

/* --- words: of the model, the commands and JSON --------------------------- */

/* IPPROTO_TCP: "tcp", ... */
const char *vrrp_ipvs_protocol_name(uint8_t protocol);
const char *vrrp_ipvs_forward_name(enum nl_ipvs_forward forward);
const char *vrrp_ipvs_encapsulation_name(enum nl_ipvs_encapsulation encapsulation);
const char *vrrp_ipvs_probe_name(enum vrrp_probe_kind kind);

/* Their reverse; what is no such word gives the default. */
uint8_t vrrp_ipvs_protocol(const char *name);
enum nl_ipvs_forward vrrp_ipvs_forward(const char *name);
enum nl_ipvs_encapsulation vrrp_ipvs_encapsulation(const char *name);
enum vrrp_probe_kind vrrp_ipvs_probe(const char *name);

/* Seconds of a keepalive-time; value NULL: not set. */
uint16_t vrrp_ipvs_keepalive(enum vrrp_probe_kind kind, const char *value);

/* --- reading a configuration ---------------------------------------------- */

/* The service a node is, or is in. */
const struct lyd_node *vrrp_ipvs_service_node(const struct lyd_node *dnode);

/*
 * Values as configured; what is not, is zero. Strings are the node's: good as long as
 * it is. conf->sorry is NULL; vrrp_ipvs_read_sorry() is for that.
 */
void vrrp_ipvs_read_conf(const struct lyd_node *service, struct vrrp_service_conf *conf);
void vrrp_ipvs_read_server(const struct lyd_node *server, struct vrrp_server *value);
/* False when there is none. */
bool vrrp_ipvs_read_sorry(const struct lyd_node *service, struct vrrp_server *value);

void vrrp_ipvs_read_global(const struct lyd_node *ipvs, struct vrrp_ipvs_global *global);

/* The same address and port. */
bool vrrp_ipvs_same_target(const struct vrrp_server *a, const struct vrrp_server *b);

/* --- taking effect -------------------------------------------------------- */

/* Makes the service what its node in the running configuration says, at once. */
void vrrp_ipvs_take(struct vrrp_service *service, const struct lyd_node *dnode);

/*
 * Does the node say nothing of the service, or of all, but that something is at its
 * default again, or gone? Then that waits for what may follow.
 */
bool vrrp_ipvs_only_takes_back(const struct vrrp_service *service, const struct lyd_node *dnode);
bool vrrp_ipvs_only_takes_back_global(const struct vrrp_ipvs_global *wanted);

/* When there is silence (vrrp_silence.h), everything takes effect. */
void vrrp_ipvs_settle_later(void);
/* Silence or not; tests do not wait. */
void vrrp_ipvs_settle_now(void);

/* --- checks ------------------------------------------------------------------ */

/* A service of a candidate configuration. */
struct vrrp_ipvs_scope {
	const struct lyd_node *config;	/* any node of the candidate */
	const struct lyd_node *service; /* NULL: the service is about to be made */
	const char *name;
	struct vrrp_service_conf conf; /* as it is there, or as it is about to be */
};

/*
 * Each is used by the command line before it touches the candidate, and by the
 * northbound. True when it may be so; else false, and a sentence that names the object
 * in reason, which has room for VRRP_REASON_SIZE.
 */
bool vrrp_ipvs_check_name(const char *name, char *reason, size_t size);

/* The service with all of its servers. */
bool vrrp_ipvs_check_service(const struct vrrp_ipvs_scope *scope, char *reason, size_t size);

/* No other service has its address and port, or its mark. */
bool vrrp_ipvs_check_unique(const struct vrrp_ipvs_scope *scope, char *reason, size_t size);
/* The same for all services at once. */
bool vrrp_ipvs_check_all_unique(const struct lyd_node *config, char *reason, size_t size);

/* A server that the service has, or is about to have. */
bool vrrp_ipvs_check_server(const struct vrrp_ipvs_scope *scope, const struct vrrp_server *server,
			    char *reason, size_t size);
bool vrrp_ipvs_check_sorry(const struct vrrp_ipvs_scope *scope, const struct vrrp_server *sorry,
			   char *reason, size_t size);

/* Connections can be synchronised on that interface, with the services there are. */
bool vrrp_ipvs_check_sync(const struct lyd_node *config, const char *ifname, char *reason,
			  size_t size);

/*
 * Something that hardly works: direct routing to a server that is on no link of this router,
 * a service that is its own server, synchronised connections through tunnels that a Backup does
 * not have. True, and a sentence, when it is so.
 */
bool vrrp_ipvs_warning(const char *name, const struct vrrp_service_conf *conf,
		       const struct vrrp_server *server, char *reason, size_t size);

/* --- what the kernel has -------------------------------------------------- */

/* A counter or a rate. */
struct vrrp_ipvs_counter {
	const char *yang;
	const char *json;
	size_t offset; /* of a uint64_t in struct nl_ipvs_stats */
};

/* Ends with an entry whose yang is NULL. */
extern const struct vrrp_ipvs_counter vrrp_ipvs_counters[];

static inline uint64_t vrrp_ipvs_counter_value(const struct vrrp_ipvs_counter *counter,
					       const struct nl_ipvs_stats *stats)
{
	return *(const uint64_t *)((const char *)stats + counter->offset);
}

/* A service as the kernel has it. */
struct vrrp_ipvs_view {
	bool there;
	struct nl_ipvs_stats stats;
	struct nl_ipvs_server_state *servers; /* darr */
};

/* Looks now. */
void vrrp_ipvs_look(const struct vrrp_service *service, struct vrrp_ipvs_view *view);
void vrrp_ipvs_view_fini(struct vrrp_ipvs_view *view);
/* NULL: the kernel does not have this server. */
const struct nl_ipvs_server_state *vrrp_ipvs_view_server(const struct vrrp_ipvs_view *view,
							 const struct vrrp_server *server);

/* "up", "down", "unchecked", "unknown"; state may be filled in or not. */
const char *vrrp_ipvs_health(const struct vrrp_server *server, struct vrrp_probe_state *state);

/* --- callbacks --------------------------------------------------------------- */

int vrrp_nb_ipvs_pre_validate(struct nb_cb_pre_validate_args *args);
void vrrp_nb_ipvs_apply_finish(struct nb_cb_apply_finish_args *args);
int vrrp_nb_service_create(struct nb_cb_create_args *args);
int vrrp_nb_service_destroy(struct nb_cb_destroy_args *args);
int vrrp_nb_service_pre_validate(struct nb_cb_pre_validate_args *args);
void vrrp_nb_service_apply_finish(struct nb_cb_apply_finish_args *args);

const void *vrrp_nb_service_get_next(struct nb_cb_get_next_args *args);
int vrrp_nb_service_get_keys(struct nb_cb_get_keys_args *args);
const void *vrrp_nb_service_lookup_entry(struct nb_cb_lookup_entry_args *args);
const void *vrrp_nb_server_get_next(struct nb_cb_get_next_args *args);
int vrrp_nb_server_get_keys(struct nb_cb_get_keys_args *args);
const void *vrrp_nb_server_lookup_entry(struct nb_cb_lookup_entry_args *args);
struct yang_data *vrrp_nb_ipvs_get_elem(struct nb_cb_get_elem_args *args);
struct yang_data *vrrp_nb_service_get_elem(struct nb_cb_get_elem_args *args);
struct yang_data *vrrp_nb_server_get_elem(struct nb_cb_get_elem_args *args);

#endif /* VRRP_IPVS_NB_H */
