// SPDX-License-Identifier: GPL-2.0-or-later
#include "vrrp_check_words.h"

#include <arpa/nameser.h>
#include <fcntl.h>
#include <sys/stat.h>

#include "northbound_cli.h"

#include "vrrp_command.h"
#include "vrrp_hex.h"
#include "vrrp_nb.h"
#include "vrrp_status.h"
#include "vrrp_word.h"

static const struct vrrp_word kinds[] = {
	{ VRRP_PROBE_NONE, "none" },
	{ VRRP_PROBE_TCP, "tcp" },
	{ VRRP_PROBE_ICMP, "icmp" },
	{ VRRP_PROBE_HTTP, "http" },
	{ VRRP_PROBE_HTTPS, "https" },
	{ VRRP_PROBE_UDP, "udp" },
	{ VRRP_PROBE_DNS, "dns" },
	{ VRRP_PROBE_SMTP, "smtp" },
	{ VRRP_PROBE_COMMAND, "command" },
	{ VRRP_PROBE_FILE, "file" },
	{},
};

static const struct vrrp_word record_types[] = {
	{ ns_t_a, "a" },	 { ns_t_aaaa, "aaaa" },
	{ ns_t_cname, "cname" }, { ns_t_mx, "mx" },
	{ ns_t_ns, "ns" },	 { ns_t_ptr, "ptr" },
	{ ns_t_soa, "soa" },	 { ns_t_srv, "srv" },
	{ ns_t_txt, "txt" },	 {},
};

const char *vrrp_check_kind_name(enum vrrp_probe_kind kind)
{
	return vrrp_word_name(kinds, kind);
}

enum vrrp_probe_kind vrrp_check_kind(const char *name)
{
	return vrrp_word_number(kinds, name);
}

/* ------------------------------------------------------------------------ leaves */

#define LEAF(word) offsetof(struct vrrp_check_words, word)

/* Each word and its leaf. */
static const struct {
	const char *name;
	size_t offset;
} leaves[] = {
	{ "kind", LEAF(kind) },	      { "address", LEAF(address) },
	{ "port", LEAF(port) },	      { "path", LEAF(path) },
	{ "query", LEAF(query) },     { "interval", LEAF(interval) },
	{ "timeout", LEAF(timeout) }, { "fall", LEAF(fall) },
	{ "rise", LEAF(rise) },	      { "source", LEAF(source) },
	{ "vrf", LEAF(vrf) },	      { "status", LEAF(status) },
	{ "host", LEAF(host) },	      { "sni", LEAF(sni) },
	{ "ca-file", LEAF(ca_file) }, { "keepalive-time", LEAF(keepalive) },
	{ "match", LEAF(match) },     { "type", LEAF(type) },
	{ "payload", LEAF(payload) }, { "reply", LEAF(reply) },
	{ "helo", LEAF(helo) },	      { "arguments", LEAF(arguments) },
};

/* A command may have 16 changes, so what is not typed goes with all of the old check. */
void vrrp_check_enqueue(struct vty *vty, const char *xpath, bool exists,
			const struct vrrp_check_words *words)
{
	char path[XPATH_MAXLEN];

	if (exists)
		nb_cli_enqueue_change(vty, xpath, NB_OP_DESTROY, NULL);
	for (size_t i = 0; i < array_size(leaves); i++) {
		const char *value = *(const char *const *)((const char *)words + leaves[i].offset);

		if (!value)
			continue;
		snprintf(path, sizeof(path), "%s/%s", xpath, leaves[i].name);
		nb_cli_enqueue_change(vty, path, NB_OP_MODIFY, value);
	}
}

static unsigned long number(const char *word)
{
	return word ? strtoul(word, NULL, 10) : 0;
}

struct vrrp_probe_conf vrrp_check_of_words(const struct vrrp_check_words *words)
{
	struct vrrp_probe_conf check = {
		.kind = vrrp_check_kind(words->kind),
		.interval_msec = number(words->interval),
		.timeout_msec = number(words->timeout),
		.fall = number(words->fall),
		.rise = number(words->rise),
		.port = number(words->port),
		.path = words->path,
		.host = words->host,
		.sni = words->sni,
		.ca_file = words->ca_file,
		.status = words->status,
		.match = words->match,
		.query = words->query,
		.payload = words->payload,
		.reply = words->reply,
		.helo = words->helo,
		.arguments = words->arguments,
	};

	if (words->type || check.kind == VRRP_PROBE_DNS)
		check.record_type = vrrp_word_number(record_types, words->type);
	if (words->source)
		vrrp_addr_parse(words->source, &check.source);
	return check;
}

struct vrrp_probe_conf vrrp_check_of_node(const struct lyd_node *dnode)
{
	struct vrrp_check_words words = {};

	for (size_t i = 0; i < array_size(leaves); i++) {
		const char *value = vrrp_nb_value(dnode, leaves[i].name);

		if (*value)
			*(const char **)((char *)&words + leaves[i].offset) = value;
	}
	return vrrp_check_of_words(&words);
}

/* ------------------------------------------------------------------------ faults */

static bool is_http(enum vrrp_probe_kind kind)
{
	return kind == VRRP_PROBE_HTTP || kind == VRRP_PROBE_HTTPS;
}

/* A command and a file are here, and not at the server. */
static bool is_here(enum vrrp_probe_kind kind)
{
	return kind == VRRP_PROBE_COMMAND || kind == VRRP_PROBE_FILE;
}

static bool has_path(enum vrrp_probe_kind kind)
{
	return is_http(kind) || is_here(kind);
}

bool vrrp_check_has_port(enum vrrp_probe_kind kind)
{
	return kind != VRRP_PROBE_NONE && kind != VRRP_PROBE_ICMP && !is_here(kind);
}

/* Words that are of another kind of check. */
static const char *fault_of_kind(const struct vrrp_probe_conf *check)
{
	enum vrrp_probe_kind kind = check->kind;

	if (check->port && !vrrp_check_has_port(kind))
		return "a port is for tcp, http, https, udp, dns and smtp only";
	if (vrrp_addr_is_set(&check->source) && is_here(kind))
		return "a command and a file have no source";
	if ((check->host || check->status || check->match || check->keepalive_sec) && !is_http(kind))
		return "status, host, match and keepalive-time are for http and https only";
	if ((check->sni || check->ca_file) && kind != VRRP_PROBE_HTTPS)
		return "sni and ca-file are for https only";
	if (check->path && !strmatch(check->path, "/") && !has_path(kind))
		return "a path is for http, https, command and file only";
	if ((check->query || check->record_type) && kind != VRRP_PROBE_DNS)
		return "a name to ask for and its type are for dns only";
	if ((check->payload || check->reply) && kind != VRRP_PROBE_UDP)
		return "payload and reply are for udp only";
	if (check->helo && kind != VRRP_PROBE_SMTP)
		return "helo is for smtp only";
	if (check->arguments && kind != VRRP_PROBE_COMMAND)
		return "only a command has arguments";
	return NULL;
}

/* Words that the kind cannot do without. */
static const char *fault_of_need(const struct vrrp_probe_conf *check)
{
	if (is_here(check->kind) && (!check->path || strmatch(check->path, "/")))
		return "it needs the path of a file";
	if (check->kind == VRRP_PROBE_DNS && !check->query)
		return "it needs a name to ask for";
	return NULL;
}

static const char *fault_of_name(const char *name)
{
	static const char characters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
					 "0123456789-_.";
	uint8_t octets[NS_MAXCDNAME];

	if (name[strspn(name, characters)])
		return "a name of DNS is of letters, digits and . _ -";
	if (!*name || ns_name_pton(name, octets, sizeof(octets)) < 0)
		return "a name of DNS has 1 to 63 characters between dots, and 253 in all";
	return NULL;
}

static const char *fault_of_text(const struct vrrp_probe_conf *check)
{
	if (check->path && (check->path[0] != '/' || !vrrp_word_is_printable(check->path, false)))
		return "a path begins with / and is printable, without blanks";
	if (check->host && !vrrp_word_is_printable(check->host, false))
		return "a host is printable, without blanks";
	if (check->match && !vrrp_word_is_printable(check->match, true))
		return "the text to match is printable ASCII, 255 characters at most";
	if (check->arguments && !vrrp_word_is_printable(check->arguments, true))
		return "arguments are printable ASCII, 255 characters at most";
	if (check->helo && !vrrp_word_is_printable(check->helo, false))
		return "helo is printable, without blanks, 255 characters at most";
	if (check->ca_file &&
	    (check->ca_file[0] != '/' || !vrrp_word_is_printable(check->ca_file, false)))
		return "the path of ca-file begins with / and is printable, without blanks";
	if (check->sni && fault_of_name(check->sni))
		return fault_of_name(check->sni);
	return check->query ? fault_of_name(check->query) : NULL;
}

static const char *fault_of_form(const struct vrrp_probe_conf *check,
				 char text[VRRP_CHECK_FAULT_SIZE])
{
	const char *fault = check->payload ? vrrp_hex_fault(check->payload, false) : NULL;
	const char *what = "payload";

	if (!fault && check->reply) {
		fault = vrrp_hex_fault(check->reply, true);
		what = "reply";
	}
	if (!fault && check->status) {
		fault = vrrp_status_fault(check->status);
		what = "status";
	}
	if (!fault)
		return NULL;
	snprintf(text, VRRP_CHECK_FAULT_SIZE, "%s %s", what, fault);
	return text;
}

const char *vrrp_check_fault(const struct vrrp_probe_conf *check, char text[VRRP_CHECK_FAULT_SIZE])
{
	const char *fault = fault_of_kind(check);

	if (!fault)
		fault = fault_of_need(check);
	if (!fault)
		fault = fault_of_text(check);
	if (!fault)
		fault = fault_of_form(check, text);
	if (!fault && vrrp_addr_is_set(&check->source) && *vrrp_check_not_a_host(&check->source))
		fault = "the source is not a host's address";
	return fault;
}

static const char *ca_file_fault(const char *path)
{
	struct stat file;

	if (stat(path, &file))
		return "ca-file: there is no such file";
	if (!S_ISREG(file.st_mode) || faccessat(AT_FDCWD, path, R_OK, AT_EACCESS))
		return "ca-file: vrrpd's user cannot read this file";
	return file.st_size > VRRP_PROBE_CA_MOST ? "ca-file: this file is longer than 64 KiB" : NULL;
}

const char *vrrp_check_file_fault(const struct vrrp_probe_conf *check)
{
	if (check->kind == VRRP_PROBE_COMMAND)
		return vrrp_command_fault(check->path);
	return check->ca_file ? ca_file_fault(check->ca_file) : NULL;
}

/* ------------------------------------------------------------------------ running configuration */

static void show_leaf(struct vty *vty, const struct lyd_node *check, const char *leaf, bool named,
		      bool show_defaults)
{
	const struct lyd_node *dnode = vrrp_nb_child(check, leaf);

	if (!dnode || (named && !show_defaults && yang_dnode_is_default(dnode, NULL)))
		return;
	if (named)
		vty_out(vty, " %s", leaf);
	vty_out(vty, " %s", lyd_get_value(dnode));
}

void vrrp_check_show(struct vty *vty, const struct lyd_node *dnode, bool show_defaults)
{
	/* a text to the end of the line is the last one */
	static const char *const named[] = { "interval", "timeout",  "fall",	"rise",
					     "port",	 "source",   "vrf",	"status",
					     "host",	 "sni",	     "ca-file", "type",
					     "payload",	 "reply",    "helo",	"keepalive-time",
					     "match",	 "arguments" };
	bool of_groups = vrrp_nb_child(dnode, "address");

	vty_out(vty, " %s", vrrp_nb_value(dnode, "kind"));
	if (of_groups) {
		show_leaf(vty, dnode, "address", false, show_defaults);
		show_leaf(vty, dnode, "port", false, show_defaults);
	}
	if (has_path(vrrp_check_kind(vrrp_nb_value(dnode, "kind"))))
		show_leaf(vty, dnode, "path", false, show_defaults);
	show_leaf(vty, dnode, "query", false, show_defaults);
	for (size_t i = 0; i < array_size(named); i++)
		if (!of_groups || !strmatch(named[i], "port"))
			show_leaf(vty, dnode, named[i], true, show_defaults);
}
