// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The filter of VMACs and VIPs: the wanted contents of the table, and their repair.
 *
 * A nl_nft owns two sockets, one for requests and one for events, and lists of the VMACs and VIPs
 * that belong in the sets of the table. A change is made to a copy of the lists, which replaces
 * them once the kernel has accepted it.
 *
 * Changes are small: elements are added and deleted one by one. When the kernel's table does not
 * match, or there is none, the whole table is made from the lists and replaces the old one. Its
 * counters begin at the values that were read last.
 *
 * An event carries the netlink port of the process that caused it, which identifies our own. The
 * messages are in nl_nft_msg.c.
 */
#include <errno.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <libmnl/libmnl.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>

#include "nl_nft_private.h"

/* Room for a table of a thousand VMACs, and for its events. */
#define BUFFER_BYTES (8 * 1024 * 1024)

/* Somebody may remove or make the table between our look-up and our change. */
#define REBUILD_ATTEMPTS 4

#define EVENTS_AT_ONCE 512

/*
 * NFTA_TABLE_NAME, NFTA_CHAIN_TABLE, ..., NFTA_OBJ_TABLE: the table's name in each kind of message.
 */
#define TABLE_ATTRIBUTE 1

struct nl_nft {
	struct mnl_socket *requests;
	struct mnl_socket *events;
	uint32_t port; /* of requests */
	uint32_t seq;
	struct nl_nft_wanted wanted;
	bool present;				       /* the table is as wanted, as far as known */
	struct nl_nft_count counters[NL_NFT_COUNTERS]; /* as last read */
	uint8_t buffer[NL_DATAGRAM_BYTES] __attribute__((aligned(NLMSG_ALIGNTO)));
};

/* ---------------------------------------------------------------------- sockets */

static struct mnl_socket *socket_new(unsigned int groups)
{
	struct mnl_socket *sock = mnl_socket_open2(NETLINK_NETFILTER, SOCK_CLOEXEC | SOCK_NONBLOCK);
	int bytes = BUFFER_BYTES, one = 1, fd, error;

	if (!sock)
		return NULL;
	fd = mnl_socket_get_fd(sock);
	/* Best effort: large tables may not fit the default buffers. */
	(void)setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &bytes, sizeof(bytes));
	(void)setsockopt(fd, SOL_SOCKET, SO_SNDBUFFORCE, &bytes, sizeof(bytes));
	(void)setsockopt(fd, SOL_NETLINK, NETLINK_CAP_ACK, &one, sizeof(one));

	if (mnl_socket_bind(sock, groups, MNL_SOCKET_AUTOPID) == 0)
		return sock;
	error = errno;
	mnl_socket_close(sock);
	errno = error;
	return NULL;
}

static void wanted_free(struct nl_nft_wanted *wanted)
{
	for (int set = 0; set < NL_NFT_SETS; set++)
		free(wanted->lists[set].vips);
}

int nl_nft_new(struct nl_nft **nftp)
{
	struct nl_nft *nft = calloc(1, sizeof(*nft));
	int err = 0;

	*nftp = NULL;
	if (!nft)
		return -ENOMEM;
	nft->requests = socket_new(0);
	if (nft->requests)
		nft->events = socket_new(1U << (NFNLGRP_NFTABLES - 1));
	if (!nft->events) {
		err = -errno;
		nl_nft_free(&nft);
		return err;
	}
	nft->port = mnl_socket_get_portid(nft->requests);
	nft->seq = 1;
	*nftp = nft;
	return 0;
}

void nl_nft_free(struct nl_nft **nftp)
{
	struct nl_nft *nft = *nftp;

	if (!nft)
		return;
	if (nft->requests)
		mnl_socket_close(nft->requests);
	if (nft->events)
		mnl_socket_close(nft->events);
	wanted_free(&nft->wanted);
	free(nft);
	*nftp = NULL;
}

static int send_all(struct nl_nft *nft, const struct iovec *iov, size_t count)
{
	struct sockaddr_nl kernel = { .nl_family = AF_NETLINK };
	struct msghdr hdr = {
		.msg_name = &kernel,
		.msg_namelen = sizeof(kernel),
		.msg_iov = (struct iovec *)iov,
		.msg_iovlen = count,
	};
	ssize_t sent;

	do {
		sent = sendmsg(mnl_socket_get_fd(nft->requests), &hdr, 0);
	} while (sent < 0 && errno == EINTR);
	return sent < 0 ? -errno : 0;
}

/* The results of the requests from first_seq on. */
struct outcome {
	uint32_t first_seq;
	size_t answered; /* acknowledgements, good and bad */
	int error;	 /* the first bad one */
	nl_answer_fn answer;
	void *arg;
};

static void outcome_message(struct outcome *outcome, struct nlmsghdr *nlh)
{
	int error;

	if ((int32_t)(nlh->nlmsg_seq - outcome->first_seq) < 0)
		return;
	if (nlh->nlmsg_type != NLMSG_ERROR && nlh->nlmsg_type != NLMSG_DONE) {
		if (outcome->answer)
			outcome->answer(nlh, outcome->arg);
		return;
	}
	error = nlmsg_datalen(nlh) >= (int)sizeof(error) ? *(int *)nlmsg_data(nlh) : -EBADMSG;
	outcome->answered++;
	if (error && !outcome->error)
		outcome->error = error;
}

/* Reads all answers; the kernel has queued them before send_all() returns. */
static int receive_all(struct nl_nft *nft, struct outcome *outcome)
{
	int fd = mnl_socket_get_fd(nft->requests);

	for (;;) {
		struct nlmsghdr *nlh = (struct nlmsghdr *)nft->buffer;
		ssize_t len = nl_socket_read(fd, nlh, sizeof(nft->buffer));
		int rest = len;

		if (len == -EAGAIN)
			return 0;
		if (len < 0)
			return len;
		for (; nlmsg_ok(nlh, rest); nlh = nlmsg_next(nlh, &rest))
			outcome_message(outcome, nlh);
	}
}

/* One question; answer is called for each message of the answer. */
static int ask(struct nl_nft *nft, struct nlmsghdr *nlh, nl_answer_fn answer, void *arg)
{
	struct iovec iov = { .iov_base = nlh, .iov_len = nlh->nlmsg_len };
	struct outcome outcome = { .first_seq = nlh->nlmsg_seq, .answer = answer, .arg = arg };
	int err = send_all(nft, &iov, 1);

	if (!err)
		err = receive_all(nft, &outcome);
	if (!err && !outcome.answered)
		err = -EBADMSG;
	return err ? err : outcome.error;
}

/* ----------------------------------------------------------------- transactions */

/* Sends the transaction and frees it: 0, or the first error. */
static int commit(struct nl_nft *nft, struct nl_nft_batch *batch)
{
	struct outcome outcome = { .first_seq = nft->seq };
	struct iovec iov[NL_NFT_IOVECS];
	int count, err;

	nft->seq = nl_nft_batch_end(batch);
	count = nl_nft_batch_iovec(batch, iov);
	err = count < 0 ? count : send_all(nft, iov, count);
	if (!err)
		err = receive_all(nft, &outcome);
	if (!err && !outcome.error && outcome.answered < batch->acks)
		err = -ENOBUFS;
	nl_nft_batch_free(batch);
	return err ? err : outcome.error;
}

/* The owner of the table: 0 no table, 1 ours, -EEXIST someone else's, or an errno. */
static int look(struct nl_nft *nft)
{
	uint8_t question[NL_NFT_QUESTION_BYTES];
	bool ours = false;
	int err = ask(nft, nl_nft_ask_table(question, nft->seq++), nl_nft_is_ours, &ours);

	if (err == -ENOENT)
		return 0;
	if (err)
		return err;
	return ours ? 1 : -EEXIST;
}

/* Removes our table, if there is one. */
static int remove_table(struct nl_nft *nft)
{
	struct nl_nft_batch batch;
	int there = look(nft), err = 0;

	if (there < 0 && there != -EEXIST)
		return there;
	if (there > 0) {
		nl_nft_batch_begin(&batch, nft->seq);
		nl_nft_put_table_del(&batch);
		err = commit(nft, &batch);
	}
	if (err && err != -ENOENT)
		return err;
	nft->present = false;
	return 0;
}

/* Makes the whole table; replaces ours if there is one. */
static int rebuild(struct nl_nft *nft, const struct nl_nft_wanted *wanted)
{
	struct nl_nft_batch batch;
	int err = -ENOENT;

	nft->present = false;
	for (int i = 0; (err == -ENOENT || err == -EEXIST) && i < REBUILD_ATTEMPTS; i++) {
		int there = look(nft);

		if (there < 0)
			return there;
		nl_nft_batch_begin(&batch, nft->seq);
		if (there)
			nl_nft_put_table_del(&batch);
		nl_nft_put_table(&batch, nft->counters);
		nl_nft_put_elements(&batch, wanted, true);
		err = commit(nft, &batch);
	}
	nft->present = !err;
	return err;
}

/* ------------------------------------------------------------------------ lists */

static int list_copy(struct nl_nft_list *to, const struct nl_nft_list *from, size_t room)
{
	to->vips = calloc(from->count + room + 1, sizeof(*to->vips));
	if (!to->vips)
		return -ENOMEM;
	if (from->count)
		memcpy(to->vips, from->vips, from->count * sizeof(*to->vips));
	to->count = from->count;
	return 0;
}

static int wanted_copy(struct nl_nft_wanted *to, const struct nl_nft_wanted *from, size_t room)
{
	int err = 0;

	memset(to, 0, sizeof(*to));
	for (int set = 0; !err && set < NL_NFT_SETS; set++)
		err = list_copy(&to->lists[set], &from->lists[set], room);
	if (err)
		wanted_free(to);
	return err;
}

/* Elements of all sets. */
static size_t wanted_count(const struct nl_nft_wanted *wanted)
{
	size_t count = 0;

	for (int set = 0; set < NL_NFT_SETS; set++)
		count += wanted->lists[set].count;
	return count;
}

static struct nl_nft_vip *list_find(const struct nl_nft_list *list, const struct nl_nft_vip *vip)
{
	for (size_t i = 0; i < list->count; i++)
		if (!memcmp(&list->vips[i], vip, sizeof(*vip)))
			return &list->vips[i];
	return NULL;
}

/* Adds vip to the list and to the changes, unless the list has it already. */
static void list_add(struct nl_nft_list *list, struct nl_nft_list *changes,
		     const struct nl_nft_vip *vip)
{
	if (list_find(list, vip))
		return;
	list->vips[list->count++] = *vip;
	changes->vips[changes->count++] = *vip;
}

static void list_del(struct nl_nft_list *list, struct nl_nft_list *changes,
		     const struct nl_nft_vip *vip)
{
	struct nl_nft_vip *found = list_find(list, vip);

	if (!found)
		return;
	changes->vips[changes->count++] = *found;
	*found = list->vips[--list->count];
}

/* Makes a key, which is padded with zeros. */
static int vip_make(struct nl_nft_vip *vip, const char *ifname, const struct in6_addr *address)
{
	size_t len = strnlen(ifname, IFNAMSIZ);

	if (!len || len >= IFNAMSIZ)
		return -EINVAL;
	memset(vip, 0, sizeof(*vip));
	memcpy(vip->ifname, ifname, len);
	if (address)
		vip->address = *address;
	return 0;
}

/* A change under way: the new lists, and the elements that are added and deleted. */
struct change {
	struct nl_nft_wanted next;
	struct nl_nft_wanted differ;
	bool add;
};

static int change_begin(struct change *change, const struct nl_nft *nft, size_t count, bool add)
{
	static const struct nl_nft_wanted nothing;
	size_t most = count + wanted_count(&nft->wanted);
	int err = wanted_copy(&change->next, &nft->wanted, count);

	change->add = add;
	if (!err && wanted_copy(&change->differ, &nothing, most)) {
		wanted_free(&change->next);
		err = -ENOMEM;
	}
	return err;
}

static int change_send(struct nl_nft *nft, const struct change *change)
{
	struct nl_nft_batch batch;
	int err;

	if (!wanted_count(&change->next))
		return wanted_count(&nft->wanted) ? remove_table(nft) : 0;
	if (!nft->present)
		return rebuild(nft, &change->next);
	if (!wanted_count(&change->differ))
		return 0;

	nl_nft_batch_begin(&batch, nft->seq);
	nl_nft_put_elements(&batch, &change->differ, change->add);
	err = commit(nft, &batch);
	/* An element is missing: somebody has removed it, and that event has not been read yet. */
	return err == -ENOENT ? rebuild(nft, &change->next) : err;
}

static int change_end(struct nl_nft *nft, struct change *change, int err)
{
	if (!err)
		err = change_send(nft, change);
	if (!err) {
		struct nl_nft_wanted old = nft->wanted;

		nft->wanted = change->next;
		change->next = old;
	}
	wanted_free(&change->next);
	wanted_free(&change->differ);
	return err;
}

static void change_element(struct change *change, enum nl_nft_set set, const struct nl_nft_vip *vip)
{
	if (change->add)
		list_add(&change->next.lists[set], &change->differ.lists[set], vip);
	else
		list_del(&change->next.lists[set], &change->differ.lists[set], vip);
}

static void forget_locals_of(struct change *change, const struct nl_nft_vip *vmac)
{
	const struct nl_nft_list *locals = &change->next.lists[NL_NFT_SET_LOCALS];

	for (size_t i = locals->count; i-- > 0;) {
		struct nl_nft_vip local = locals->vips[i];

		if (!memcmp(local.ifname, vmac->ifname, IFNAMSIZ))
			change_element(change, NL_NFT_SET_LOCALS, &local);
	}
}

static int change_vmacs(struct nl_nft *nft, const char *const *names, size_t count, bool add)
{
	struct change change;
	int err = change_begin(&change, nft, count, add);

	if (err)
		return err;
	for (size_t i = 0; !err && i < count; i++) {
		struct nl_nft_vip vmac;

		err = vip_make(&vmac, names[i], NULL);
		if (err)
			break;
		change_element(&change, NL_NFT_SET_VMACS, &vmac);
		if (!add)
			forget_locals_of(&change, &vmac);
	}
	return change_end(nft, &change, err);
}

static int change_locals(struct nl_nft *nft, const struct nl_nft_vip *vips, size_t count, bool add)
{
	struct change change;
	int err = change_begin(&change, nft, count, add);

	if (err)
		return err;
	for (size_t i = 0; !err && i < count; i++) {
		struct nl_nft_vip vip, vmac;

		err = vip_make(&vip, vips[i].ifname, &vips[i].address);
		if (err || !IN6_IS_ADDR_LINKLOCAL(&vip.address))
			continue;
		vip_make(&vmac, vips[i].ifname, NULL);
		if (add && !list_find(&change.next.lists[NL_NFT_SET_VMACS], &vmac))
			err = -ENODEV;
		else
			change_element(&change, NL_NFT_SET_LOCALS, &vip);
	}
	return change_end(nft, &change, err);
}

/* The set for a refused VIP, and its element in that set. */
static int refused_make(const struct nl_nft_vip *from, enum nl_nft_set *set, struct nl_nft_vip *vip)
{
	if (IN6_IS_ADDR_LINKLOCAL(&from->address)) {
		*set = NL_NFT_SET_REFUSED_LOCALS;
		return vip_make(vip, from->ifname, &from->address);
	}
	*set = IN6_IS_ADDR_V4MAPPED(&from->address) ? NL_NFT_SET_REFUSED_IPV4
						    : NL_NFT_SET_REFUSED_IPV6;
	memset(vip, 0, sizeof(*vip));
	vip->address = from->address;
	return 0;
}

static int change_refused(struct nl_nft *nft, const struct nl_nft_vip *vips, size_t count, bool add)
{
	struct change change;
	int err = change_begin(&change, nft, count, add);

	if (err)
		return err;
	for (size_t i = 0; !err && i < count; i++) {
		struct nl_nft_vip vip;
		enum nl_nft_set set;

		err = refused_make(&vips[i], &set, &vip);
		if (!err)
			change_element(&change, set, &vip);
	}
	return change_end(nft, &change, err);
}

int nl_nft_add(struct nl_nft *nft, const char *const *names, size_t count)
{
	return change_vmacs(nft, names, count, true);
}

int nl_nft_del(struct nl_nft *nft, const char *const *names, size_t count)
{
	return change_vmacs(nft, names, count, false);
}

int nl_nft_allow(struct nl_nft *nft, const struct nl_nft_vip *vips, size_t count)
{
	return change_locals(nft, vips, count, true);
}

int nl_nft_forbid(struct nl_nft *nft, const struct nl_nft_vip *vips, size_t count)
{
	return change_locals(nft, vips, count, false);
}

int nl_nft_refuse(struct nl_nft *nft, const struct nl_nft_vip *vips, size_t count)
{
	return change_refused(nft, vips, count, true);
}

int nl_nft_accept(struct nl_nft *nft, const struct nl_nft_vip *vips, size_t count)
{
	return change_refused(nft, vips, count, false);
}

int nl_nft_settle(struct nl_nft *nft)
{
	if (!wanted_count(&nft->wanted))
		return remove_table(nft);
	return nft->present ? 0 : rebuild(nft, &nft->wanted);
}

/* --------------------------------------------------------------------- counters */

static int counters_look(struct nl_nft *nft)
{
	uint8_t question[NL_NFT_QUESTION_BYTES];
	struct nl_nft_count seen[NL_NFT_COUNTERS];
	int err;

	memcpy(seen, nft->counters, sizeof(seen));
	err = ask(nft, nl_nft_ask_counters(question, nft->seq++), nl_nft_take_counter, seen);
	if (!err)
		memcpy(nft->counters, seen, sizeof(seen));
	return err == -ENOENT ? 0 : err;
}

int nl_nft_counters(struct nl_nft *nft, struct nl_nft_count counters[NL_NFT_COUNTERS])
{
	int err = nft->present ? counters_look(nft) : 0;

	memcpy(counters, nft->counters, sizeof(nft->counters));
	return err;
}

/* ----------------------------------------------------------------------- events */

int nl_nft_fd(const struct nl_nft *nft)
{
	return mnl_socket_get_fd(nft->events);
}

static int take_table(const struct nlattr *attr, void *arg)
{
	if (mnl_attr_get_type(attr) == TABLE_ATTRIBUTE &&
	    mnl_attr_validate(attr, MNL_TYPE_NUL_STRING) >= 0)
		*(const char **)arg = mnl_attr_get_str(attr);
	return MNL_CB_OK;
}

/* True when an event says that someone else has removed a part of our table. */
static bool is_robbery(const struct nl_nft *nft, const struct nlmsghdr *nlh)
{
	const struct nfgenmsg *nfg = mnl_nlmsg_get_payload(nlh);
	const char *table = NULL;

	if (nlh->nlmsg_pid == nft->port || NFNL_SUBSYS_ID(nlh->nlmsg_type) != NFNL_SUBSYS_NFTABLES ||
	    mnl_nlmsg_get_payload_len(nlh) < sizeof(*nfg) || nfg->nfgen_family != NFPROTO_INET)
		return false;
	switch (NFNL_MSG_TYPE(nlh->nlmsg_type)) {
	case NFT_MSG_DELTABLE:
	case NFT_MSG_DELCHAIN:
	case NFT_MSG_DELRULE:
	case NFT_MSG_DELSET:
	case NFT_MSG_DELSETELEM:
	case NFT_MSG_DELOBJ:
		mnl_attr_parse(nlh, sizeof(*nfg), take_table, &table);
		return table && !strcmp(table, NL_NFT_TABLE);
	default:
		return false;
	}
}

/*
 * Events were lost, so the whole table is made again. Our own events of that are discarded unread,
 * since they may again be too many.
 */
static int overrun(struct nl_nft *nft)
{
	int err = nl_socket_discard(nl_nft_fd(nft), nft->buffer, sizeof(nft->buffer));

	if (err || !wanted_count(&nft->wanted))
		return err;
	(void)counters_look(nft);
	err = rebuild(nft, &nft->wanted);
	return err ? err : nl_socket_discard(nl_nft_fd(nft), nft->buffer, sizeof(nft->buffer));
}

static int put_back(struct nl_nft *nft)
{
	int err = rebuild(nft, &nft->wanted);

	return err ? err : 1;
}

int nl_nft_read(struct nl_nft *nft)
{
	bool robbed = !nft->present;

	for (int i = 0; i < EVENTS_AT_ONCE; i++) {
		struct nlmsghdr *nlh = (struct nlmsghdr *)nft->buffer;
		ssize_t len = nl_socket_read(nl_nft_fd(nft), nlh, sizeof(nft->buffer));
		int rest = len;

		if (len == -EAGAIN)
			break;
		if (len == -ENOBUFS || len == -EMSGSIZE)
			return overrun(nft);
		if (len < 0)
			return len;
		for (; nlmsg_ok(nlh, rest); nlh = nlmsg_next(nlh, &rest))
			robbed |= is_robbery(nft, nlh);
	}
	return robbed && wanted_count(&nft->wanted) ? put_back(nft) : 0;
}
