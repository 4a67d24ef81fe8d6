/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Private to the nl_ipvs_*.c: messages of the IPVS family, the kernel's table as read, and
 * the keys of our services.
 */
#ifndef NL_IPVS_PRIVATE_H
#define NL_IPVS_PRIVATE_H

#include <netlink/attr.h>

#include "nl_ipvs.h"
#include "nl_addr_private.h"

struct nl_ipvs {
	struct nl_conn *conn;
	int family;	  /* of generic netlink; as of the last ipvs_find() */
	uint64_t changes; /* sent */
};

/*
 * Asks for the family's number, which changes when the module is loaded anew:
 * every public function starts with it. 0, -EOPNOTSUPP or another negative errno.
 */
int ipvs_find(struct nl_ipvs *ipvs);

/* An empty request; NULL: no memory. */
struct nl_msg *ipvs_msg(const struct nl_ipvs *ipvs, int command, int flags);

/* Sends calls that change something. Takes their messages. As nl_conn_call(). */
int ipvs_change(struct nl_ipvs *ipvs, struct nl_call *calls, size_t count);
int ipvs_change_one(struct nl_ipvs *ipvs, struct nl_msg *msg);

/* The attributes of an answer; false: it is none. */
bool ipvs_parse(struct nlmsghdr *nlh, struct nlattr **attrs);

/* 16 bytes, or fewer of IPv4, at an attribute; the family says what they are. */
void ipvs_address_get(struct nl_ipvs_address *address, const struct nlattr *attr);
int ipvs_address_put(struct nl_msg *msg, int type, const struct nl_ipvs_address *address);
int ipvs_address_cmp(const struct nl_ipvs_address *a, const struct nl_ipvs_address *b);

/* Requests about a service, and about a server of it: NEW, SET or DEL; NULL: no memory. */
struct nl_msg *ipvs_service_msg(const struct nl_ipvs *ipvs, int command,
				const struct nl_ipvs_service *service);
struct nl_msg *ipvs_server_msg(const struct nl_ipvs *ipvs, int command,
			       const struct nl_ipvs_key *key, const struct nl_ipvs_server *server);

/*
 * True when the kernel need not change anything. Not compared: a service's key and servers, a
 * server's address and port.
 */
bool ipvs_service_same(const struct nl_ipvs_service *a, const struct nl_ipvs_service *b);
bool ipvs_server_same(const struct nl_ipvs_server *a, const struct nl_ipvs_server *b);
int ipvs_server_cmp(const struct nl_ipvs_server *a, const struct nl_ipvs_server *b);

/* The kernel's services. */
struct ipvs_entry {
	struct nl_ipvs_service_state state;
	struct nl_ipvs_server_state *servers; /* sorted once read; state.servers is this */
	size_t room;
};

struct ipvs_table {
	struct ipvs_entry *entries; /* sorted by key once read */
	size_t count;
	size_t room;
	bool no_memory;
};

/* Reads the services with these keys, or all (NULL), without their servers. */
int ipvs_table_read(struct nl_ipvs *ipvs, struct ipvs_table *table, const struct nl_ipvs_key *keys,
		    size_t count);
/* The servers of one of them. */
int ipvs_entry_read(struct nl_ipvs *ipvs, struct ipvs_entry *entry);
struct ipvs_entry *ipvs_table_find(const struct ipvs_table *table, const struct nl_ipvs_key *key);
void ipvs_table_free(struct ipvs_table *table);

/* Puts a key in, or takes it out; nothing is written by this. 0 or -ENOMEM. */
int ipvs_owned_add(struct nl_ipvs_owned *owned, const struct nl_ipvs_key *key);
void ipvs_owned_del(struct nl_ipvs_owned *owned, const struct nl_ipvs_key *key);
const struct nl_ipvs_key *ipvs_owned_keys(const struct nl_ipvs_owned *owned);

/* The thread that is remembered; no ifname: none. */
const struct nl_ipvs_daemon *ipvs_owned_daemon(const struct nl_ipvs_owned *owned,
					       enum nl_ipvs_role role);

/*
 * Writes the file unless it is up to date. 0 or negative errno: then its lines are stored as links
 * beside it, if possible, and the next call tries again.
 */
int ipvs_owned_save(struct nl_ipvs_owned *owned);

/* ------------------------------------- lines beside a file that cannot be written */

/*
 * Stores a line, without its line end, with the boot and namespace (where) that it is valid for. 0
 * or negative errno.
 */
int ipvs_spill_add(const char *path, const char *line, const char *where);
/*
 * Calls keep for each line that is valid here. Lines for which it returns false, and lines that are
 * not valid here, are removed.
 */
int ipvs_spill_each(const char *path, const char *where, bool (*keep)(const char *line, void *arg),
		    void *arg);

#endif /* NL_IPVS_PRIVATE_H */
