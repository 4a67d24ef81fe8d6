/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The words of a health check, which are the same for the servers of IPVS and for "vrrp check": typed,
 * in the model, in the running configuration, and what each kind may have.
 */
#ifndef VRRP_CHECK_WORDS_H
#define VRRP_CHECK_WORDS_H

#include <zebra.h>

#include "vty.h"
#include "yang.h"

#include "vrrp_probe.h"

/* A check as typed, or as its leaves in the model are; a word that is not there is NULL. */
struct vrrp_check_words {
	const char *kind, *address, *port, *path, *query;
	const char *interval, *timeout, *fall, *rise, *source, *vrf;
	const char *status, *host, *sni, *ca_file, *keepalive, *match;
	const char *type, *payload, *reply, *helo, *arguments;
};

/* "tcp", …; an unknown word is VRRP_PROBE_NONE. */
const char *vrrp_check_kind_name(enum vrrp_probe_kind kind);
enum vrrp_probe_kind vrrp_check_kind(const char *name);
bool vrrp_check_has_port(enum vrrp_probe_kind kind);

/*
 * The check of typed words, or of the node that has them as leaves, whose strings it borrows. Interval and
 * timeout are numbers as they stand there. Address, VRF and keepalive-time are left to the caller.
 */
struct vrrp_probe_conf vrrp_check_of_words(const struct vrrp_check_words *words);
struct vrrp_probe_conf vrrp_check_of_node(const struct lyd_node *dnode);

/* What is wrong with a check by itself: a clause, in text or static; NULL: nothing. */
#define VRRP_CHECK_FAULT_SIZE 128
const char *vrrp_check_fault(const struct vrrp_probe_conf *check, char text[VRRP_CHECK_FAULT_SIZE]);

/*
 * What is wrong with the files of a check, as they are now: a short sentence, static; NULL: nothing. It may
 * hang with their file system.
 */
const char *vrrp_check_file_fault(const struct vrrp_probe_conf *check);

/* Queues the check at xpath, in the place of one that exists there: words not typed have their defaults. */
void vrrp_check_enqueue(struct vty *vty, const char *xpath, bool exists,
			const struct vrrp_check_words *words);

/* Writes the words of a check's node as they are typed, from its kind on. */
void vrrp_check_show(struct vty *vty, const struct lyd_node *dnode, bool show_defaults);

/* Help for words that both commands have. */
#define VRRP_CHECK_HTTP_KIND_STR                                                                   \
	"An HTTP request\n"                                                                        \
	"An HTTPS request; without ca-file any certificate is accepted\n"
#define VRRP_CHECK_HTTP_PATH_STR "Path to request\n"
#define VRRP_CHECK_HTTP_WORDS_STR                                                                  \
	"Set the HTTP statuses that count as success\n"                                            \
	"Statuses and ranges of them, as 200,204,301-302 (default 200-399)\n"                      \
	"Set the host that is named in the request, and in TLS without sni\n"                      \
	"Name (default the server's address)\n"                                                    \
	"Set the name that is named in TLS\n"                                                      \
	"Name (default that of host)\n"                                                            \
	"Accept certificates of these authorities alone\n"                                         \
	"Absolute path of their file, in PEM\n"
#define VRRP_CHECK_UDP_STR  "A datagram of UDP\n"
#define VRRP_CHECK_DNS_STR  "A question of DNS, by UDP\n"
#define VRRP_CHECK_SMTP_STR "A session of SMTP, up to the answer of EHLO\n"
#define VRRP_CHECK_COMMAND_STR                                                                     \
	"A program, which is up while it ends with status 0\n"                                     \
	"Absolute path of its file\n"
#define VRRP_CHECK_ARGUMENTS_STR                                                                   \
	"Give it arguments\n"                                                                      \
	"Separated by blanks, to the end of the line\n"
#define VRRP_CHECK_QUERY_STR "Name to ask for\n"
#define VRRP_CHECK_TYPE_STR                                                                        \
	"Set the type of record to ask for (default a)\n"                                          \
	"IPv4 address\n"                                                                           \
	"IPv6 address\n"                                                                           \
	"Alias\n"                                                                                  \
	"Mail servers\n"                                                                           \
	"Name servers\n"                                                                           \
	"Pointer\n"                                                                                \
	"Start of authority\n"                                                                     \
	"Service\n"                                                                                \
	"Text\n"
#define VRRP_CHECK_PAYLOAD_STR                                                                     \
	"Set what is sent (default an empty datagram)\n"                                           \
	"Hexadecimal digits, two for each octet\n"
#define VRRP_CHECK_REPLY_STR                                                                       \
	"Require an answer that begins so (default any, or none)\n"                                \
	"Hexadecimal digits, two for each octet; .. for any octet\n"
#define VRRP_CHECK_HELO_STR                                                                        \
	"Set the name that is told to the server\n"                                                \
	"Name (default the address of this router)\n"

#endif /* VRRP_CHECK_WORDS_H */
