// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Fuzz target: configuration, by the command line and through the northbound.
 *
 * An input is text. A line is a command, as in a file; or an edit of the candidate: "+ XPATH
 * [VALUE]" or "- XPATH", which the line "commit" puts into force; or "up" and "down", which change
 * the state of the links. Links begin as down, since running virtual routers cost the kernel time
 * for each input.
 *
 * This process is vrrpd: its own main() starts it, but frr_run(), which would run for
 * ever, and frr_config_fork() are ours and only return. There is no zebra; interfaces
 * that the kernel has are given to libfrr as zebra would, so where tests/fuzz/run has made
 * some, virtual routers enter elections on them.
 *
 * After every input:
 * - what runs agrees with the running configuration, which can be advertised;
 * - the northbound does not refuse a change that the command line accepted;
 * - the same commands in one transaction give the same configuration (when the
 *   input has no edits, no line met an autoconfigured group, and none was "no vrrp N version V",
 *   which asks whether the group that runs has other lines), but for those that were refused
 *   because of this host, which a file may contain;
 * - the configuration, written and read into an empty daemon, is written the same;
 * - JSON is JSON;
 * - an empty configuration leaves no memory of ours behind.
 */
#include <zebra.h>
#include <ctype.h>

#include <sys/resource.h>

#include <signal.h>

#include <net/if.h>

#include <json-c/json.h>

#include "buffer.h"
#include "command.h"
#include "darr.h"
#include "if.h"
#include "libfrr.h"
#include "linklist.h"
#include "memory.h"
#include "northbound.h"
#include "northbound_cli.h"
#include "prefix.h"
#include "privs.h"
#include "vrf.h"
#include "vty.h"
#include "yang.h"

#include "fuzz.h"
#include "vrrp_daemon.h"
#include "vrrp_ipvs_nb.h"
#include "vrrp_nb.h"
#include "vrrp_group.h"
#include "vrrp_router.h"
#include "vrrp_settle.h"
#include "vrrp_startup.h"
#include "vrrp_track.h"
#include "vrrp_vty_switchover.h"
#include "vrrp_way.h"

/* vrrp_main.c, compiled with this name for main(). */
int vrrpd_main(int argc, char **argv);

#define LINE_MAX_OCTETS 1200 /* a health check with all its texts */
#define LINES_MAX	300
/* Each link event costs the kernel milliseconds. */
#define LINK_EVENTS_MAX 2

/* IFF_LOWER_UP of <linux/if.h>, which cannot stand beside <net/if.h>. */
#define LOWER_UP 0x10000

/* Replacements for the functions of libfrr that vrrp_main.c calls at its end. */
void frr_config_fork(void)
{
	frr_is_after_fork = true; /* otherwise no thread may start */
}

void frr_run(struct event_loop *loop)
{
	(void)loop;
}

static struct nb_config *empty_config;

/*
 * Set when a line met an autoconfigured group: in one transaction there is none, so other lines are
 * refused.
 */
static bool met_autoconfigured;
/* A line was "no vrrp N version V". */
static bool met_version_taken_back;

/*
 * Lines that were refused because of this host when typed one by one; they are left out of the one
 * transaction.
 */
static bool refused_for_host[LINES_MAX];
/* ... and the node in which each line left the session. */
static enum node_type node_after[LINES_MAX];

static size_t empty_memory;

/* Memory that is the daemon's own. */

static int add_memory(void *arg, struct memgroup *group, struct memtype *type)
{
	size_t *total = arg;

	/* claims are hints, kept for addresses that were refused in the end */
	if (type && strmatch(group->name, "vrrpd") && !strmatch(type->name, "VRRP claim"))
		*total += type->n_alloc;
	return 0;
}

static int print_memory(void *arg, struct memgroup *group, struct memtype *type)
{
	if (type && type->n_alloc && strmatch(group->name, "vrrpd"))
		fprintf(stderr, "%zu of %s\n", type->n_alloc, type->name);
	return 0;
}

static size_t memory_in_use(void)
{
	size_t total = 0;

	qmem_walk(add_memory, &total);
	return total;
}

/* The event loop: runs the events that are due now, and those that they cause. */

static void on_last(struct event *event)
{
	bool *done = EVENT_ARG(event);

	*done = true;
}

static void run_events(void)
{
	for (unsigned int round = 0; round < 3; round++) {
		struct event event;
		bool done = false;

		event_add_event(master, on_last, &done, 0, NULL);
		while (!done && event_fetch(master, &event))
			event_call(&event);
	}
}

/* Ends the wait for silence, after which withdrawn configuration is dropped. */
static void settle(void)
{
	vrrp_settle_now();
	vrrp_ipvs_settle_now();
	vrrp_track_checks_settle_now();
	run_events();
}

/* A session at the command line; its output is stored. */

static struct vty *session_open(bool one_transaction)
{
	struct vty *vty = vty_new();

	vty->type = VTY_TERM;
	vty->node = ENABLE_NODE;
	vty_config_enter(vty, false, false, false);
	vty->pending_allowed = one_transaction;
	return vty;
}

static void forget_error(void *error)
{
	XFREE(MTYPE_TMP, error);
}

static void forget_errors(struct vty *vty)
{
	if (!vty->error)
		return;
	vty->error->del = forget_error;
	list_delete(&vty->error);
}

/* "do show …" is no line of a file, and its own kind of command. */
static int session_do(struct vty *vty, const char *command)
{
	enum node_type node = vty->node;
	int result;

	vty->node = ENABLE_NODE;
	result = cmd_execute(vty, command, NULL, 0);
	vty->node = node;
	return result;
}

static int session_type(struct vty *vty, const char *line)
{
	int result;

	if (!strncmp(line, "do ", 3))
		return session_do(vty, line + 3);
	strlcpy(vty->buf, line, VTY_BUFSIZ);
	result = command_config_read_one_line(vty, NULL, 0, 0);
	forget_errors(vty);
	return result;
}

/* The output of the session since the last call; free it by XFREE(MTYPE_TMP). */
static char *session_output(struct vty *vty)
{
	char *text = buffer_getstr(vty->obuf);

	buffer_reset(vty->obuf);
	return text;
}

static void session_close(struct vty *vty)
{
	buffer_reset(vty->obuf);
	vty_close(vty);
}

static char *shown(const char *command)
{
	struct vty *vty = session_open(false);
	char *text;

	session_type(vty, command);
	text = session_output(vty);
	session_close(vty);
	return text;
}

/* Lines. */

static bool begins(const char *line, const char *word)
{
	return !strncmp(line, word, strlen(word));
}

/* True for commands about interfaces that libfrr refuses too late for our rules. */
static bool is_refused_by_libfrr(const char *line)
{
	if (begins(line, "no interface eth")) /* not possible: it exists */
		return true;
	return begins(line, "interface ") && strcspn(line + strlen("interface "), " ") > IFNAMSIZ;
}

/* Commands of our own daemon, and those that lead to them; no "log file", no "write". */
static bool is_command(const char *line)
{
	if (is_refused_by_libfrr(line))
		return false;
	if (begins(line, "no "))
		line += 3;
	return begins(line, "vrrp ") || begins(line, "ipvs ") || begins(line, "interface ") ||
	       begins(line, "clear vrrp") || strmatch(line, "exit") ||
	       begins(line, "do show vrrp") || begins(line, "do show ipvs") ||
	       begins(line, "do clear vrrp") || begins(line, "do vrrp ") ||
	       begins(line, "do no vrrp ");
}

/* "no vrrp N version V", also abbreviated. */
static bool is_version_taken_back(const char *line)
{
	unsigned int vrid;
	char word;

	return sscanf(line, "no vrrp %u %c", &vrid, &word) == 2 && word == 'v';
}

static bool is_edit(const char *line)
{
	return begins(line, "+ /frr-") || begins(line, "- /frr-") || strmatch(line, "commit");
}

/* Makes every run of blanks one blank, as the parser of commands reads them, and none at the end. */
static void squeeze(char *line)
{
	size_t n = 0;

	for (const char *from = line; *from; from++)
		if (!isspace((unsigned char)*from))
			line[n++] = *from;
		else if (n > 0 && line[n - 1] != ' ')
			line[n++] = ' ';
	if (n > 0 && line[n - 1] == ' ')
		n--;
	line[n] = '\0';
}

/* The next line; false at the end of the input. The value of an edit keeps its blanks. */
static bool next_line(struct fuzz_input *in, char line[LINE_MAX_OCTETS])
{
	size_t n = 0;
	uint8_t octet = 0;

	if (in->size == 0)
		return false;
	while (in->size && (octet = fuzz_u8(in)) != '\n') {
		if ((n == 0 && octet == ' ') || octet == 0)
			continue;
		if (n + 1 < LINE_MAX_OCTETS)
			line[n++] = octet;
	}
	line[n] = '\0';
	if (!is_edit(line))
		squeeze(line);
	return true;
}

/* Edits of the candidate. */

static void edit(char *line)
{
	struct nb_cfg_change change = {};
	char *value = strchr(line + 2, ' '), text[256];
	bool error = false;

	if (value)
		*value++ = '\0';
	strlcpy(change.xpath, line + 2, sizeof(change.xpath));
	change.operation = line[0] == '-' ? NB_OP_DESTROY : value ? NB_OP_MODIFY : NB_OP_CREATE;
	change.value = value;
	nb_candidate_edit_config_changes(vty_shared_candidate_config, &change, 1, NULL, false, text,
					 sizeof(text), &error);
}

static void commit(void)
{
	struct nb_context context = { .client = NB_CLIENT_CLI };
	char text[512] = "";
	int result = nb_candidate_commit(context, vty_shared_candidate_config, true, NULL, NULL,
					 text, sizeof(text));

	if (result != NB_OK && result != NB_ERR_NO_CHANGES)
		nb_config_replace(vty_shared_candidate_config, running_config, true);
}

static void edit_or_commit(char *line)
{
	if (strmatch(line, "commit"))
		commit();
	else
		edit(line);
}

/* Links. */

static void set_link(const char *name, bool up)
{
	struct interface *ifp = if_lookup_by_name(name, VRF_DEFAULT);
	uint64_t flags = IFF_UP | IFF_RUNNING | LOWER_UP;

	if (!ifp || ifp->ifindex == IFINDEX_INTERNAL || if_is_operative(ifp) == up)
		return;
	if (up) {
		SET_FLAG(ifp->flags, flags);
		if_up_via_zapi(ifp);
	} else {
		UNSET_FLAG(ifp->flags, flags);
		if_down_via_zapi(ifp);
	}
}

static bool is_link_event(const char *line)
{
	return strmatch(line, "up") || strmatch(line, "down");
}

static void set_links(bool up)
{
	const struct vrrp_group *group;

	set_link("eth0", up);
	set_link("eth1", up);
	run_events();
	frr_each (vrrp_groups_const, &vrrp_groups, group)
		met_autoconfigured |= group->autoconfigured != NULL;
}

static bool is_about_host(const char *said)
{
	return strstr(said, " of this host") || strstr(said, " is the next hop of a route") ||
	       strstr(said, " exists and is a ") ||
	       strstr(said, "this is not a file that can be run") ||
	       strstr(said, "can write the file") || strstr(said, "may not run the file") ||
	       strstr(said, "there is no such file") || strstr(said, "cannot be looked at") ||
	       strstr(said, "ca-file: vrrpd's user") ||
	       strstr(said, "ca-file: this file is longer");
}

/* Checks the output of a line. True when the line was refused because of this host. */
static bool check_said(struct vty *vty, int result, bool edits)
{
	char *said = session_output(vty);
	bool for_host = said && result != CMD_SUCCESS && is_about_host(said);

	RULE(edits || !said || !strstr(said, "Configuration failed"),
	     "what the command line let in, the northbound does not refuse:\n%s", said);
	XFREE(MTYPE_TMP, said);
	return for_host;
}

/* True when the input had edits. */
static bool type_all(struct fuzz_input in, bool one_transaction)
{
	struct vty *vty = session_open(one_transaction);
	unsigned int link_events = 0;
	char line[LINE_MAX_OCTETS];
	bool edits = false;
	int result;

	for (unsigned int i = 0; i < LINES_MAX && next_line(&in, line); i++) {
		if (is_link_event(line)) {
			if (!one_transaction && link_events++ < LINK_EVENTS_MAX)
				set_links(strmatch(line, "up"));
		} else if (is_edit(line)) {
			edits = true;
			edit_or_commit(line);
		} else if (is_command(line) && one_transaction && refused_for_host[i]) {
			/* FRR leaves a node for a command of a higher one, refused or not */
			if (vty->node != node_after[i])
				session_type(vty, "exit");
		} else if (is_command(line)) {
			met_version_taken_back |= is_version_taken_back(line);
			result = session_type(vty, line);
			refused_for_host[i] = check_said(vty, result, edits);
			node_after[i] = vty->node;
		}
	}
	if (one_transaction)
		check_said(vty, nb_cli_pending_commit_check(vty), edits);
	session_close(vty);
	nb_config_replace(vty_shared_candidate_config, running_config, true);
	run_events();
	settle();
	return edits;
}

static void make_empty(void)
{
	nb_config_replace(vty_shared_candidate_config, empty_config, true);
	commit();
	set_links(false);
	settle();
	RULE(vrrp_groups_count(&vrrp_groups) == 0, "an empty configuration has no groups");
	RULE(vrrp_services_count(&vrrp_services) == 0, "an empty configuration has no services");
	vrrp_vty_switchover_stop();
	vrrp_router_retreat(false);
	vrrp_way_stop(); /* those that nobody uses any more stay for a second */
	if (memory_in_use() != empty_memory)
		qmem_walk(print_memory, NULL);
	RULE(memory_in_use() == empty_memory,
	     "an empty configuration leaves nothing behind: %zu pieces of memory, not %zu",
	     memory_in_use(), empty_memory);
}

/* Rules about what runs. */

static bool can_be_advertised(const struct vrrp_router *router)
{
	const struct vrrp_group_conf *conf = &router->group->conf;
	struct vrrp_addr dst = vrrp_addr_group(router->family);
	uint8_t octets[VRRP_PACKET_MAX], addresses[VRRP_ADDRESSES_MAX * 16] = {};
	struct vrrp_advert advert = {
		.family = router->family,
		.version = conf->version,
		.vrid = router->group->vrid,
		.priority = conf->priority,
		.count = 1,
		.interval_cs = conf->interval_cs,
		.addresses = addresses,
	};

	return vrrp_packet_encode(&advert, &dst, &dst, octets, sizeof(octets));
}

static void check_router(const struct vrrp_router *router)
{
	RULE(!router->group->is_unsettled, "what has settled waits for nothing");
	RULE(!darr_len(router->vips) || can_be_advertised(router),
	     "what is configured can be advertised");
	RULE(router->fsm.state == VRRP_INITIALIZE || !vrrp_hold_first(&router->holds),
	     "what is held does not run");
	RULE(router->fsm.state == VRRP_INITIALIZE ||
		     router->fsm_config.priority == vrrp_startup_priority(router),
	     "what runs has the priority configured");
}

static int count_group(const struct lyd_node *group, void *arg)
{
	struct vrrp_group *found = vrrp_group_find(vrrp_nb_ifname(group), vrrp_nb_vrid(group));
	unsigned int *count = arg;

	(*count)++;
	RULE(found && !found->autoconfigured, "a group that is configured exists");
	RULE(found->conf.priority == yang_dnode_get_uint8(group, "priority") &&
		     found->conf.interval_cs ==
			     yang_dnode_get_uint16(group, "advertisement-interval") &&
		     found->conf.preempt == yang_dnode_get_bool(group, "preempt") &&
		     found->conf.shutdown == yang_dnode_get_bool(group, "shutdown"),
	     "and is as configured");
	return YANG_ITER_CONTINUE;
}

static void check_groups(void)
{
	unsigned int configured = 0, autoconfigured = 0;
	const struct vrrp_group *group;

	yang_dnode_iterate(count_group, &configured, running_config->dnode, "%s", VRRP_XPATH_GROUPS);
	frr_each (vrrp_groups_const, &vrrp_groups, group) {
		autoconfigured += group->autoconfigured != NULL;
		check_router(&group->v4);
		check_router(&group->v6);
	}
	RULE(configured + autoconfigured == vrrp_groups_count(&vrrp_groups),
	     "no group exists that is neither configured nor autoconfigured");
	RULE(!autoconfigured ||
		     yang_dnode_exists(running_config->dnode, VRRP_XPATH_GLOBAL "/autoconfigure"),
	     "without vrrp autoconfigure, no group is autoconfigured");
}

static int count_service(const struct lyd_node *node, void *arg)
{
	struct vrrp_service *found = vrrp_service_find(vrrp_nb_value(node, "name"));
	struct vrrp_service_conf conf;
	unsigned int *count = arg;

	(*count)++;
	vrrp_ipvs_read_conf(node, &conf);
	RULE(found, "a service that is configured exists");
	RULE(strmatch(found->conf.scheduler, conf.scheduler) && found->conf.quorum == conf.quorum &&
		     found->conf.fwmark == conf.fwmark && found->conf.port == conf.port &&
		     found->conf.check.kind == conf.check.kind,
	     "and is as configured");
	return YANG_ITER_CONTINUE;
}

static int count_server(const struct lyd_node *node, void *arg)
{
	unsigned int *count = arg;

	(void)node;
	(*count)++;
	return YANG_ITER_CONTINUE;
}

static void check_services(void)
{
	unsigned int services = 0, servers = 0;
	struct vrrp_service *service;

	yang_dnode_iterate(count_service, &services, running_config->dnode, "%s",
			   VRRP_XPATH_SERVICE);
	yang_dnode_iterate(count_server, &servers, running_config->dnode, "%s", VRRP_XPATH_SERVER);
	RULE(services == vrrp_services_count(&vrrp_services),
	     "no service exists that is not configured");
	frr_each (vrrp_services, &vrrp_services, service)
		servers -= darr_len(service->servers);
	RULE(servers == 0, "services have the servers that are configured");
}

static void check_json(const char *command)
{
	char *text = shown(command);
	struct json_object *json = text ? json_tokener_parse(text) : NULL;

	RULE(json, "%s prints JSON, not: %s", command, text);
	json_object_put(json);
	XFREE(MTYPE_TMP, text);
}

static void check_shows(void)
{
	char *text = shown("do show vrrp");

	XFREE(MTYPE_TMP, text);
	text = shown("do show vrrp summary");
	XFREE(MTYPE_TMP, text);
	check_json("do show vrrp json");
	check_json("do show vrrp summary json");
	check_json("do show yang operational-data /frr-interface:lib format json");
	text = shown("do show ipvs");
	XFREE(MTYPE_TMP, text);
	check_json("do show ipvs json");
	check_json("do show yang operational-data /frr-crossvip:ipvs format json");
}

/* An explicit value and the same by default are no difference. */
static void check_same_as(const struct nb_config *before, const char *written, const char *why)
{
	char *again = shown("do show running-config");

	RULE(strmatch(written, again), "%s, but not written the same:\n%s\n%s", why, written, again);
	RULE(lyd_compare_siblings(before->dnode, running_config->dnode,
				  LYD_COMPARE_FULL_RECURSION) == LY_SUCCESS,
	     "%s, but something is never written:\n%s", why, written);
	XFREE(MTYPE_TMP, again);
}

/* Written and read again; as a file when edits let in what does not fit this host. */
static void check_round_trip(const struct nb_config *before, const char *written, bool edits)
{
	struct fuzz_input in = { (const uint8_t *)written, strlen(written) };
	struct vty *vty = session_open(edits);
	char line[LINE_MAX_OCTETS];
	int result;

	while (next_line(&in, line)) {
		if (!is_command(line))
			continue;
		result = session_type(vty, line);
		RULE(result == CMD_SUCCESS, "a configuration written can be read: %s\n%s\nof\n%s",
		     line, session_output(vty), written);
	}
	if (edits)
		check_said(vty, nb_cli_pending_commit_check(vty), false);
	session_close(vty);
	run_events();
	settle();
	check_same_as(before, written, "a configuration written and read is the same");
}

/* The same commands at once. */
static void check_one_transaction(struct fuzz_input in, const struct nb_config *before,
				  const char *written)
{
	type_all(in, true);
	check_groups();
	check_services();
	check_same_as(before, written, "in one transaction it is the same");
}

/* Start. */

/* The checkout's model, when it is in the working directory; else the installed one. */
static void embed_model(void)
{
	static struct yang_module_embed model = { .mod_name = "frr-crossvip",
						  .mod_rev = "",
						  .format = LYS_IN_YANG };
	static char text[1 << 18];
	FILE *file = fopen("frr-crossvip.yang", "r");

	if (!file)
		return;
	if (fread(text, 1, sizeof(text) - 1, file)) {
		RULE(feof(file), "the buffer has the whole model");
		model.data = text;
		yang_module_embed(&model);
	}
	fclose(file);
}

/* Known to the kernel, and configured: it cannot be removed from the configuration. */
static void give_interface(const char *name, const char *address4, const char *address6)
{
	struct interface *ifp;
	struct prefix p;

	if (!if_nametoindex(name))
		return;
	ifp = if_get_by_name(name, VRF_DEFAULT, VRF_DEFAULT_NAME);
	if_set_index(ifp, if_nametoindex(name));
	SET_FLAG(ifp->status, ZEBRA_INTERFACE_ACTIVE);
	SET_FLAG(ifp->status, ZEBRA_INTERFACE_LINKDETECTION);
	SET_FLAG(ifp->flags, IFF_MULTICAST);
	str2prefix(address4, &p);
	connected_add_by_prefix(ifp, &p, NULL);
	str2prefix(address6, &p);
	connected_add_by_prefix(ifp, &p, NULL);
	if_new_via_zapi(ifp);
}

static void configure_interfaces(void)
{
	struct vty *vty = session_open(false);

	session_type(vty, "interface eth0");
	session_type(vty, "interface eth1");
	session_close(vty);
}

/* Crashes, alarms and the rest are libFuzzer's to handle, or nobody's; not libfrr's. */
static void let_signals_through(void)
{
	for (int number = 1; number < SIGRTMIN; number++)
		if (number != SIGPIPE)
			signal(number, SIG_DFL);
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	int priority = getpriority(PRIO_PROCESS, 0);
	static char *arguments[] = { (char *)"vrrpd", (char *)"--log", (char *)"file:/dev/null",
				     NULL };

	(void)argc;
	(void)argv;
	vrrp_privs.user = vrrp_privs.group = vrrp_privs.vty_group = NULL; /* stay who we are */
	vrrp_privs.cap_num_p = 0;
	embed_model();
	vrrpd_main(array_size(arguments) - 1, arguments);
	setpriority(PRIO_PROCESS, 0, priority); /* nothing here is urgent */
	give_interface("eth0", "192.0.2.1/24", "2001:db8::1/64");
	give_interface("eth1", "198.51.100.1/24", "2001:db8:0:1::1/64");
	let_signals_through();
	configure_interfaces();
	run_events();
	empty_config = nb_config_dup(running_config);
	empty_memory = memory_in_use();
	return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct fuzz_input in = { data, size };
	struct nb_config *before;
	char *written;
	bool edits;

	met_autoconfigured = met_version_taken_back = false;
	edits = type_all(in, false);
	check_groups();
	check_services();
	check_shows();
	before = nb_config_dup(running_config);
	written = shown("do show running-config");
	make_empty();
	check_round_trip(before, written, edits);
	make_empty();
	if (!edits && !met_autoconfigured && !met_version_taken_back) {
		check_one_transaction(in, before, written);
		make_empty();
	}
	XFREE(MTYPE_TMP, written);
	nb_config_free(before);
	return 0;
}
