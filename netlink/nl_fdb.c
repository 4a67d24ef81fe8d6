// SPDX-License-Identifier: GPL-2.0-or-later
/* Entries by request; nothing is remembered. */
#include "nl_fdb.h"

#include <errno.h>
#include <linux/if_link.h>
#include <linux/neighbour.h>
#include <string.h>

#include <netlink/attr.h>

#include "nl_link_private.h"

/* ------------------------------------------------------------------------ the bridge */

/* The VLAN of frames without a tag, where the bridge filters; its own port may differ. */
static uint16_t untagged_vlan(struct nlattr *data)
{
	static struct nla_policy policy[IFLA_BR_MAX + 1] = {
		[IFLA_BR_VLAN_FILTERING] = { .type = NLA_U8 },
		[IFLA_BR_VLAN_DEFAULT_PVID] = { .type = NLA_U16 },
	};
	struct nlattr *attrs[IFLA_BR_MAX + 1];

	if (!data || nla_parse_nested(attrs, IFLA_BR_MAX, data, policy) < 0 ||
	    !attrs[IFLA_BR_VLAN_FILTERING] || !nla_get_u8(attrs[IFLA_BR_VLAN_FILTERING]) ||
	    !attrs[IFLA_BR_VLAN_DEFAULT_PVID])
		return 0;
	return nla_get_u16(attrs[IFLA_BR_VLAN_DEFAULT_PVID]);
}

static void answer_bridge(struct nlmsghdr *nlh, void *arg)
{
	struct nlattr *attrs[IFLA_MAX + 1], *info[IFLA_INFO_MAX + 1];
	uint16_t *vlan = arg;

	if (nlh->nlmsg_type == RTM_NEWLINK &&
	    nlmsg_parse(nlh, sizeof(struct ifinfomsg), attrs, IFLA_MAX, NULL) == 0 &&
	    attrs[IFLA_LINKINFO] &&
	    nla_parse_nested(info, IFLA_INFO_MAX, attrs[IFLA_LINKINFO], NULL) == 0)
		*vlan = untagged_vlan(info[IFLA_INFO_DATA]);
}

int nl_fdb_find(struct nl_conn *conn, int ifindex, const uint8_t mac[NL_MAC_BYTES],
		struct nl_fdb_key *key)
{
	struct ifinfomsg ifi = {};
	struct nl_link link;
	uint16_t tag = 0, untagged = 0;
	int err = nl_link_get_index(conn, ifindex, &link);

	memset(key, 0, sizeof(*key));
	if (!err && !strcmp(link.kind, "vlan")) {
		tag = link.vlan;
		err = nl_link_get_index(conn, link.parent, &link);
	}
	if (!err && strcmp(link.kind, "bridge"))
		err = -ENODEV;
	if (err)
		return err;
	ifi.ifi_index = link.ifindex;
	err = nl_conn_call_one(conn, nl_link_msg(RTM_GETLINK, 0, &ifi, NULL), answer_bridge,
			       &untagged);
	if (err)
		return err;
	key->bridge = link.ifindex;
	key->vlan = untagged && tag ? tag : untagged;
	memcpy(key->mac, mac, NL_MAC_BYTES);
	return 0;
}

/* ------------------------------------------------------------------------- the entry */

static struct nl_msg *message(int type, int flags, const struct nl_fdb_key *key,
			      const struct ndmsg *ndm)
{
	struct nl_msg *msg = nlmsg_alloc_simple(type, flags);

	if (msg && nlmsg_append(msg, (void *)ndm, sizeof(*ndm), NLMSG_ALIGNTO) == 0 &&
	    nla_put(msg, NDA_LLADDR, NL_MAC_BYTES, key->mac) == 0 &&
	    (!key->vlan || nla_put_u16(msg, NDA_VLAN, key->vlan) == 0))
		return msg;
	nlmsg_free(msg);
	return NULL;
}

static struct nl_msg *entry_message(int type, int flags, const struct nl_fdb_key *key)
{
	struct ndmsg ndm = {
		.ndm_family = AF_BRIDGE,
		.ndm_ifindex = key->bridge,
		.ndm_state = NUD_PERMANENT,
		.ndm_flags = NTF_SELF,
	};

	return message(type, flags, key, &ndm);
}

static void answer_entry(struct nlmsghdr *nlh, void *arg)
{
	const struct ndmsg *ndm = nlmsg_data(nlh);

	if (nlh->nlmsg_type == RTM_NEWNEIGH && nlmsg_valid_hdr(nlh, sizeof(*ndm)))
		*(bool *)arg = ndm->ndm_state & NUD_PERMANENT;
}

/* True when the entry is permanent, or cannot be read: then it is left alone. */
static bool is_permanent(struct nl_conn *conn, const struct nl_fdb_key *key)
{
	struct ndmsg ndm = { .ndm_family = AF_BRIDGE };
	struct nl_msg *msg = message(RTM_GETNEIGH, 0, key, &ndm);
	bool permanent = true;

	if (msg && nla_put_u32(msg, NDA_MASTER, key->bridge) < 0) {
		nlmsg_free(msg);
		return true;
	}
	return nl_conn_call_one(conn, msg, answer_entry, &permanent) || permanent;
}

int nl_fdb_add(struct nl_conn *conn, const struct nl_fdb_key *key)
{
	struct nl_msg *msg = entry_message(RTM_NEWNEIGH, NLM_F_CREATE | NLM_F_EXCL, key);
	int err = nl_conn_call_one(conn, msg, NULL, NULL);

	if (err != -EEXIST || is_permanent(conn, key))
		return err;
	msg = entry_message(RTM_NEWNEIGH, NLM_F_CREATE | NLM_F_REPLACE, key);
	return nl_conn_call_one(conn, msg, NULL, NULL);
}

int nl_fdb_del(struct nl_conn *conn, const struct nl_fdb_key *key)
{
	int err = nl_conn_call_one(conn, entry_message(RTM_DELNEIGH, 0, key), NULL, NULL);

	return err == -ENOENT || err == -ENODEV ? 0 : err;
}
