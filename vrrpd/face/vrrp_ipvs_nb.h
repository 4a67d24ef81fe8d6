/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Load balancing in the northbound: the binding of container ipvs of the model to the
 * code of vrrp_ipvs.h.
 *
 * vrrp_ipvs_nb.c    configuration: reads a service, and passes it to vrrp_ipvs.h
 * vrrp_ipvs_nb_settle.c changes that wait before they take effect
 * vrrp_ipvs_state.c operational data
 * vrrp_ipvs_check.c validation, and its error messages
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

/* The reverse; an unknown word gives the default. */
uint8_t vrrp_ipvs_protocol(const char *name);
enum nl_ipvs_forward vrrp_ipvs_forward(const char *name);
enum nl_ipvs_encapsulation vrrp_ipvs_encapsulation(const char *name);
/* What a name is made of: type ipvs-name in the model. */
#define VRRP_IPVS_NAME_CHARACTERS                                                                  \
	"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.:-"

/* Seconds of a keepalive-time; value NULL: not set. */
uint16_t vrrp_ipvs_keepalive(enum vrrp_probe_kind kind, const char *value);

/* --- reading a configuration ---------------------------------------------- */

/* The service that the node is, or is part of. */
const struct lyd_node *vrrp_ipvs_service_node(const struct lyd_node *dnode);

/*
 * Reads the configured values; others are zero. Strings belong to the node and live as long
 * as it. conf->sorry is NULL; vrrp_ipvs_read_sorry() reads the sorry server.
 */
void vrrp_ipvs_read_conf(const struct lyd_node *service, struct vrrp_service_conf *conf);
/* Reads one further address, or all of a service; a darr, which the caller frees. */
struct vrrp_ipvs_range vrrp_ipvs_read_range(const struct lyd_node *range);
struct vrrp_ipvs_range *vrrp_ipvs_read_ranges(const struct lyd_node *service);
void vrrp_ipvs_read_server(const struct lyd_node *server, struct vrrp_server *value);
/* Reads the sorry server; false when there is none. */
bool vrrp_ipvs_read_sorry(const struct lyd_node *service, struct vrrp_server *value);

void vrrp_ipvs_read_global(const struct lyd_node *ipvs, struct vrrp_ipvs_global *global);

/* True for the same address and port. */
bool vrrp_ipvs_same_target(const struct vrrp_server *a, const struct vrrp_server *b);

/* --- taking effect -------------------------------------------------------- */

/* Applies the service's node of the running configuration at once. */
void vrrp_ipvs_take(struct vrrp_service *service, const struct lyd_node *dnode);

/*
 * True when the node changes the service, or the global values, only by going back to
 * defaults or by removing something. Such a change waits for what may follow.
 */
bool vrrp_ipvs_only_takes_back(const struct vrrp_service *service, const struct lyd_node *dnode);
bool vrrp_ipvs_only_takes_back_global(const struct vrrp_ipvs_global *wanted);

/* Registers for silence (vrrp_silence.h), after which all that waits takes effect. */
void vrrp_ipvs_settle_later(void);
/* Applies at once all that waits; for tests. */
void vrrp_ipvs_settle_now(void);

/* --- checks ------------------------------------------------------------------ */

/* A service of a candidate configuration. */
struct vrrp_ipvs_scope {
	const struct lyd_node *config;	/* any node of the candidate */
	const struct lyd_node *service; /* NULL: the service is about to be made */
	const char *name;
	struct vrrp_service_conf conf;	     /* as in the candidate, or as it is about to become */
	const struct vrrp_ipvs_range *range; /* a further address that it is about to have; NULL: none */
};

/*
 * Each check is called by the command line before it changes the candidate, and by the
 * northbound. True when the value is valid; else false, with a sentence that names the
 * object in reason, of VRRP_REASON_SIZE octets.
 */
bool vrrp_ipvs_check_name(const char *name, char *reason, size_t size);

/* The service with all of its servers. */
bool vrrp_ipvs_check_service(const struct vrrp_ipvs_scope *scope, char *reason, size_t size);

/* No other service has one of its addresses and ports, or its mark, and it has none twice. */
bool vrrp_ipvs_check_unique(const struct vrrp_ipvs_scope *scope, char *reason, size_t size);
/* The same for all services at once. */
bool vrrp_ipvs_check_all_unique(const struct lyd_node *config, char *reason, size_t size);

/* A server that the service has, or is about to have. */
bool vrrp_ipvs_check_server(const struct vrrp_ipvs_scope *scope, const struct vrrp_server *server,
			    char *reason, size_t size);
bool vrrp_ipvs_check_sorry(const struct vrrp_ipvs_scope *scope, const struct vrrp_server *sorry,
			   char *reason, size_t size);

/* True when connections of the configured services can be synchronised on that interface. */
bool vrrp_ipvs_check_sync(const struct lyd_node *config, const char *ifname, char *reason,
			  size_t size);

/*
 * True, with a warning, for a configuration that hardly works: direct routing to a server that
 * is on no link of this router, a service that is its own server, synchronised connections
 * through tunnels that a Backup does not have.
 */
bool vrrp_ipvs_warning(const char *name, const struct vrrp_service_conf *conf,
		       const struct vrrp_ipvs_range *ranges, const struct vrrp_server *server,
		       char *reason, size_t size);

/* True, with a warning, for an address of a service that is a VIP in a VRF. */
bool vrrp_ipvs_vrf_warning(const char *name, const struct vrrp_addr *address, char *reason,
			   size_t size);

/* --- what the kernel has -------------------------------------------------- */

/* A counter or a rate. */
struct vrrp_ipvs_counter {
	const char *yang;
	const char *json;
	size_t offset; /* of a uint64_t in struct nl_ipvs_stats */
};

/* The last entry has yang NULL. */
extern const struct vrrp_ipvs_counter vrrp_ipvs_counters[];

static inline uint64_t vrrp_ipvs_counter_value(const struct vrrp_ipvs_counter *counter,
					       const struct nl_ipvs_stats *stats)
{
	return *(const uint64_t *)((const char *)stats + counter->offset);
}

/*
 * A service as the kernel has it: the sums of all its portals. Servers have the ports that are
 * configured.
 */
struct vrrp_ipvs_view {
	bool there;
	struct nl_ipvs_stats stats;
	struct nl_ipvs_server_state *servers; /* darr */
};

/* Reads the kernel's table now. */
void vrrp_ipvs_look(const struct vrrp_service *service, struct vrrp_ipvs_view *view);
void vrrp_ipvs_view_fini(struct vrrp_ipvs_view *view);
/* The server in the kernel; NULL when the kernel does not have it. */
const struct nl_ipvs_server_state *vrrp_ipvs_view_server(const struct vrrp_ipvs_view *view,
							 const struct vrrp_server *server);

/*
 * Why the kernel refused the service, with the address if it has several; NULL: it did not.
 * The text may be in the buffer.
 */
const char *vrrp_ipvs_service_error(const struct vrrp_service *service, char *text, size_t size);

/* "up", "down", "unchecked" or "unknown". */
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
