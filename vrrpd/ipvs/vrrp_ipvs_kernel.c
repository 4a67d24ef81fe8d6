// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Programs portals of services into the kernel, where each is a service: netlink's nl_ipvs compares
 * and sends the difference; this file gives it the wanted ones and keeps the results.
 *
 * An error is kept with its portal or server, and logged when it changes; a failed change
 * is tried again by the next comparison. A kernel without IPVS is logged once, not for each
 * service.
 *
 * Rounds of comparisons go on while there are services, or keys of ours that could not be
 * removed. They begin when the configuration has been read: only then it is known which
 * leftovers of an earlier vrrpd are not configured. A round compares some portals at a
 * time, since a thousand at once would delay advertisements.
 */
#include "vrrp_convert.h"
#include "vrrp_daemon.h"
#include "vrrp_ipvs_private.h"

#include "darr.h"
#include "lib_errors.h"
#include "libfrr.h"
#include "log.h"

#include "vrrp_debug.h"
#include "vrrp_log.h"

/* Between rounds. */
#define ROUND_SEC 5
/* Portals compared at once, and the time between: some milliseconds of each. */
#define SLICE	   32
#define PAUSE_MSEC 20

#define OWNED_FILE "vrrpd-ipvs"

struct nl_ipvs *vrrp_ipvs_nl;
struct nl_ipvs_owned *vrrp_ipvs_owned;

static struct event *t_compare;
static bool settled;
static int logged_error; /* of the kernel as a whole */
static int logged_keep_error;

/* The kernel's timeouts before we set others; 0: not set by us. */
static struct nl_ipvs_timeouts original_timeouts;
static int logged_timeouts_error;

/* -------------------------------------------------------------- what fails */

const char *vrrp_ipvs_error_text(int error)
{
	switch (-error) {
	case EOPNOTSUPP:
		return "the kernel has no IPVS";
	case EEXIST:
		return "there is one already that is not ours";
	case ENOENT:
		return "the kernel has no such scheduler";
	case EAFNOSUPPORT:
		return "the kernel's IPVS cannot do it for this address family";
	case EPROTONOSUPPORT:
		return "the kernel's IPVS cannot do it for this protocol";
	default:
		return safe_strerror(-error);
	}
}

/* True when this error of an object differs from the last. */
static bool note_error(int error, int *logged)
{
	bool news = error != *logged;

	*logged = error;
	return error && news;
}

/* Of several portals by which the kernel refuses a server, the first is told of. */
static void server_failed(struct vrrp_server *server, const struct vrrp_portal *portal,
			  const struct nl_ipvs_result *result)
{
	char address[VRRP_ADDR_STRLEN];

	if (server->error && server->error_by != portal)
		return;
	server->error_by = portal;
	server->error = result->error;
	server->error_what = result->what;
	if (note_error(server->error, &server->logged_error) && vrrp_log_allowed(VRRP_LOG_IPVS))
		zlog_err("ipvs service %s: cannot %s %s port %u: %s", server->service->name,
			 result->what, vrrp_addr_str(&server->address, address), server->port,
			 vrrp_ipvs_error_text(result->error));
}

static void portal_failed(struct vrrp_portal *portal, const struct nl_ipvs_result *result)
{
	char key[NL_IPVS_KEY_TEXT_BYTES];

	portal->error = result->error;
	portal->error_what = result->what;
	if (result->is_new_service)
		portal->programmed = false;
	if (note_error(portal->error, &portal->logged_error) && vrrp_log_allowed(VRRP_LOG_IPVS))
		zlog_err("ipvs service %s: cannot %s %s: %s", portal->service->name, result->what,
			 nl_ipvs_key_text(result->key, key, sizeof(key)),
			 vrrp_ipvs_error_text(result->error));
}

/* Logs a failure for a key without a service, which may have been removed meanwhile. */
static void failed_without_service(const struct nl_ipvs_result *result)
{
	char key[NL_IPVS_KEY_TEXT_BYTES];

	if (vrrp_log_allowed(VRRP_LOG_IPVS))
		zlog_err("ipvs: cannot %s %s: %s", result->what,
			 nl_ipvs_key_text(result->key, key, sizeof(key)),
			 safe_strerror(-result->error));
}

static void debug_done(const struct nl_ipvs_result *result)
{
	char key[NL_IPVS_KEY_TEXT_BYTES], text[VRRP_ADDR_STRLEN] = "";
	struct vrrp_addr address;

	if (!result->key)
		return;
	if (result->server) {
		address = vrrp_addr_of_ipvs(&result->server->address);
		vrrp_addr_str(&address, text);
	}
	DEBUGF(ipvs, "ipvs: %s %s %s", result->what,
	       nl_ipvs_key_text(result->key, key, sizeof(key)), text);
}

static void on_result(const struct nl_ipvs_result *result, void *arg)
{
	struct vrrp_portal *portal;
	struct vrrp_server *server;

	if (!result->error) {
		debug_done(result);
		return;
	}
	if (!result->key) /* "keep keys": look_at_file() */
		return;
	portal = vrrp_portal_by_key(result->key);
	if (!portal) {
		failed_without_service(result);
		return;
	}
	server = result->server
			 ? vrrp_service_server_of(portal->service, &portal->key, result->server)
			 : NULL;
	if (server)
		server_failed(server, portal, result);
	else
		portal_failed(portal, result);
}

/* The file that says which services are ours, while it cannot be written. */
static void look_at_file(void)
{
	int error = nl_ipvs_owned_error(vrrp_ipvs_owned);

	if (error == logged_keep_error)
		return;
	if (error)
		zlog_err("ipvs: cannot write %s/%s: %s; links beside it tell a successor which services are ours",
			 frr_runstatedir, OWNED_FILE, safe_strerror(-error));
	else
		zlog_notice("ipvs: %s/%s can be written again", frr_runstatedir, OWNED_FILE);
	logged_keep_error = error;
}

void vrrp_ipvs_kernel_warnings(struct vrrp_sentences *sentences)
{
	int error = nl_ipvs_owned_error(vrrp_ipvs_owned);

	if (error)
		vrrp_sentence_add(sentences, "%s/%s cannot be written: %s", frr_runstatedir,
				  OWNED_FILE, safe_strerror(-error));
}

/* Logs once when the kernel cannot be asked at all. */
static void kernel_answered(int error)
{
	if (error > 0)
		error = 0;
	if (note_error(error, &logged_error))
		zlog_err("ipvs: %s", vrrp_ipvs_error_text(error));
	look_at_file();
}

/* ------------------------------------------------------------ wanted services */

typedef void (*server_fn)(struct vrrp_server *server, const struct vrrp_portal *portal);

static void each_server(const struct vrrp_portal *portal, server_fn fn)
{
	const struct vrrp_service *service = portal->service;
	unsigned int i;

	darr_foreach_i (service->servers, i)
		fn(service->servers[i], portal);
	if (service->conf.sorry)
		fn(service->conf.sorry, portal);
}

static void server_end(struct vrrp_server *server, const struct vrrp_portal *portal)
{
	if (!server->error_by || server->error_by == portal)
		note_error(server->error, &server->logged_error);
}

/* Clears the errors: only failures are reported. */
static void portal_begin(struct vrrp_portal *portal)
{
	portal->programmed = true;
	portal->error = 0;
	each_server(portal, vrrp_server_forget_error);
}

static void portal_end(struct vrrp_portal *portal, int error)
{
	if (error < 0) {
		portal->programmed = vrrp_ipvs_owns(&portal->key);
		portal->error = error;
		portal->error_what = "use IPVS";
	}
	note_error(portal->error, &portal->logged_error);
	each_server(portal, server_end);
}

static struct nl_ipvs_service kernel_service(const struct vrrp_portal *portal)
{
	const struct vrrp_service_conf *conf = &portal->service->conf;
	struct nl_ipvs_server *servers = vrrp_service_kernel_servers(portal->service, &portal->key);
	struct nl_ipvs_service kernel = {
		.key = portal->key,
		.fallback = conf->fallback,
		.by_port = conf->by_port,
		.one_packet = conf->one_packet,
		.ordered = conf->survive,
		.persistence_sec = conf->persistent_sec,
		.servers = servers,
		.servers_count = darr_len(servers),
	};

	strlcpy(kernel.scheduler, conf->scheduler, sizeof(kernel.scheduler));
	return kernel;
}

typedef int (*ask_fn)(struct nl_ipvs *ipvs, const struct nl_ipvs_service *wanted, size_t count,
		      struct nl_ipvs_owned *owned, nl_ipvs_result_fn result, void *arg);

static void ask(ask_fn fn, struct vrrp_portal **portals)
{
	struct nl_ipvs_service *wanted = NULL;
	struct nl_ipvs_server *servers;
	unsigned int i;
	int error = 0;

	darr_foreach_i (portals, i) {
		portal_begin(portals[i]);
		*darr_append(wanted) = kernel_service(portals[i]);
	}
	frr_with_privs (&vrrp_privs) {
		error = fn(vrrp_ipvs_nl, wanted, darr_len(wanted), vrrp_ipvs_owned, on_result, NULL);
	}
	kernel_answered(error);
	darr_foreach_i (portals, i) {
		portal_end(portals[i], error);
		servers = (struct nl_ipvs_server *)wanted[i].servers;
		darr_free(servers);
	}
	darr_free(wanted);
}

void vrrp_ipvs_put(struct vrrp_portal **portals)
{
	if (darr_len(portals))
		ask(nl_ipvs_put, portals);
}

void vrrp_ipvs_remove(const struct nl_ipvs_key *keys)
{
	frr_with_privs (&vrrp_privs) {
		kernel_answered(nl_ipvs_remove(vrrp_ipvs_nl, keys, darr_len(keys), vrrp_ipvs_owned,
					       on_result, NULL));
	}
}

bool vrrp_ipvs_owns(const struct nl_ipvs_key *key)
{
	return nl_ipvs_owned_has(vrrp_ipvs_owned, key);
}

int vrrp_service_read(const struct vrrp_service *service, nl_ipvs_fn fn, void *arg)
{
	struct nl_ipvs_key *keys = NULL;
	unsigned int i;
	int error = -ESRCH;

	darr_foreach_i (service->portals, i)
		if (service->portals[i]->programmed)
			*darr_append(keys) = service->portals[i]->key;
	if (darr_len(keys))
		frr_with_privs (&vrrp_privs) {
			error = nl_ipvs_read(vrrp_ipvs_nl, keys, darr_len(keys), fn, arg);
		}
	darr_free(keys);
	return error;
}

/* ----------------------------------------------------------------- timeouts */

static uint32_t wanted_timeout(uint32_t configured, uint32_t original)
{
	return configured ? configured : original;
}

static bool no_timeouts(const struct nl_ipvs_timeouts *timeouts)
{
	return !timeouts->tcp_sec && !timeouts->tcp_fin_sec && !timeouts->udp_sec;
}

static int set_timeouts(const struct nl_ipvs_timeouts *configured)
{
	struct nl_ipvs_timeouts *original = &original_timeouts;
	int error = 0;

	if (no_timeouts(original))
		error = nl_ipvs_timeouts_get(vrrp_ipvs_nl, original);
	if (error)
		return error;
	return nl_ipvs_timeouts_set(vrrp_ipvs_nl,
				    &(struct nl_ipvs_timeouts){
					    wanted_timeout(configured->tcp_sec, original->tcp_sec),
					    wanted_timeout(configured->tcp_fin_sec,
							   original->tcp_fin_sec),
					    wanted_timeout(configured->udp_sec, original->udp_sec),
				    });
}

/* A timeout that was never configured is not changed. */
static void apply_timeouts(const struct nl_ipvs_timeouts *configured)
{
	int error = 0;

	if (no_timeouts(configured) && no_timeouts(&original_timeouts))
		return;
	frr_with_privs (&vrrp_privs) {
		error = set_timeouts(configured);
	}
	if (error == -EOPNOTSUPP)
		kernel_answered(error);
	else if (note_error(error, &logged_timeouts_error))
		zlog_err("ipvs: cannot set timeouts: %s", vrrp_ipvs_error_text(error));
}

/* --------------------------------------------------------------- comparisons */

static void begin_round(struct event *event);

static bool has_work(void)
{
	return vrrp_services_count(&vrrp_services) || nl_ipvs_owned_count(vrrp_ipvs_owned) ||
	       nl_ipvs_owns_daemon(vrrp_ipvs_owned, NL_IPVS_MASTER) ||
	       nl_ipvs_owns_daemon(vrrp_ipvs_owned, NL_IPVS_BACKUP);
}

void vrrp_ipvs_watch(void)
{
	if (settled && !t_compare && has_work())
		event_add_timer(master, begin_round, NULL, ROUND_SEC, &t_compare);
}

static void end_round(void)
{
	vrrp_ipvs_sync_look();
	vrrp_ipvs_sysctl_apply();
	apply_timeouts(&vrrp_ipvs_global.timeouts);
	vrrp_ipvs_watch();
}

/* Goes on after the portal last looked at, which may be gone. */
static void compare_slice(struct event *event)
{
	static struct nl_ipvs_key looked_at;
	static bool has_begun;
	struct vrrp_portal **wanted = NULL, *portal;

	portal = vrrp_portal_next(has_begun ? &looked_at : NULL);
	for (unsigned int i = 0; i < SLICE && portal; i++) {
		if (vrrp_portal_is_kept(portal))
			*darr_append(wanted) = portal;
		looked_at = portal->key;
		portal = vrrp_portal_next(&looked_at);
	}
	vrrp_ipvs_put(wanted);
	darr_free(wanted);
	has_begun = portal != NULL;
	if (has_begun)
		event_add_timer_msec(master, compare_slice, NULL, PAUSE_MSEC, &t_compare);
	else
		end_round();
}

static void compare_all(void)
{
	struct vrrp_portal **wanted = NULL, *portal;

	for (portal = vrrp_portal_next(NULL); portal; portal = vrrp_portal_next(&portal->key))
		if (vrrp_portal_is_kept(portal))
			*darr_append(wanted) = portal;
	ask(nl_ipvs_apply, wanted);
	darr_free(wanted);
	end_round();
}

/* True when a key of ours has no portal. */
static bool has_leftovers(void)
{
	const struct vrrp_portal *portal;
	size_t programmed = 0;

	for (portal = vrrp_portal_next(NULL); portal; portal = vrrp_portal_next(&portal->key))
		programmed += portal->programmed;
	return nl_ipvs_owned_count(vrrp_ipvs_owned) > programmed;
}

static void begin_round(struct event *event)
{
	if (has_leftovers())
		compare_all();
	else
		compare_slice(NULL);
}

/* ------------------------------------------------- what an earlier vrrpd left */

static void presume(const struct nl_ipvs_service_state *state, void *arg)
{
	struct vrrp_service *service = arg;
	struct vrrp_server *server;

	for (size_t i = 0; i < state->servers_count; i++) {
		server = vrrp_service_server_of(service, &state->service.key,
						&state->servers[i].server);
		if (server && server != service->conf.sorry && state->servers[i].server.weight)
			vrrp_server_presume_up(server);
	}
}

/* All its portals have the same servers, so one is enough. */
void vrrp_service_presume(struct vrrp_service *service)
{
	const struct nl_ipvs_key *key = NULL;
	unsigned int i;

	darr_foreach_i (service->portals, i)
		if (!key && vrrp_ipvs_owns(&service->portals[i]->key))
			key = &service->portals[i]->key;
	if (!key)
		return;
	frr_with_privs (&vrrp_privs) {
		nl_ipvs_read(vrrp_ipvs_nl, key, 1, presume, service);
	}
}

void vrrp_ipvs_kernel_settle(void)
{
	settled = true;
	event_cancel(&t_compare);
	if (has_work())
		compare_all();
}

void vrrp_ipvs_global_apply(void)
{
	apply_timeouts(&vrrp_ipvs_global.timeouts);
	vrrp_ipvs_sync_apply();
}

/* ------------------------------------------------------------ start and stop */

void vrrp_ipvs_kernel_init(void)
{
	char path[MAXPATHLEN];
	int error = nl_ipvs_new(&vrrp_ipvs_nl);

	if (error) {
		zlog_err("ipvs: netlink cannot be opened: %s", safe_strerror(-error));
		exit(1);
	}
	snprintfrr(path, sizeof(path), "%s/%s", frr_runstatedir, OWNED_FILE);
	error = nl_ipvs_owned_load(&vrrp_ipvs_owned, path);
	if (error)
		zlog_err("ipvs: %s cannot be read, services of an earlier vrrpd may stay: %s", path,
			 safe_strerror(-error));
	assert(vrrp_ipvs_owned);
}

void vrrp_ipvs_kernel_stop(void)
{
	event_cancel(&t_compare);
	if (nl_ipvs_owned_count(vrrp_ipvs_owned))
		ask(nl_ipvs_apply, NULL);
	apply_timeouts(&(struct nl_ipvs_timeouts){});
	nl_ipvs_owned_free(&vrrp_ipvs_owned);
	nl_ipvs_free(&vrrp_ipvs_nl);
}
