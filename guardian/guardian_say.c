// SPDX-License-Identifier: GPL-2.0-or-later
/* The daemon's own sockets send them, with the daemon's options. */
#include "guardian_say.h"

#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

#include "guardian_slots.h"

/* So far are the turns of datagrams apart that are neighbours on the page. */
#define APART_USEC 1009

static void add(struct msghdr *header, int level, int type, const void *data, size_t size)
{
	struct cmsghdr *c;

	header->msg_controllen = CMSG_SPACE(size);
	c = CMSG_FIRSTHDR(header);
	c->cmsg_level = level;
	c->cmsg_type = type;
	c->cmsg_len = CMSG_LEN(size);
	memcpy(CMSG_DATA(c), data, size);
}

static void address_v4(const struct guardian_datagram *said, struct msghdr *header)
{
	struct sockaddr_in *to = header->msg_name;
	struct in_pktinfo info = { .ipi_ifindex = said->ifindex };

	*to = (struct sockaddr_in){ .sin_family = AF_INET };
	memcpy(&to->sin_addr, said->destination, sizeof(to->sin_addr));
	header->msg_namelen = sizeof(*to);
	memcpy(&info.ipi_spec_dst, said->source, sizeof(info.ipi_spec_dst));
	add(header, IPPROTO_IP, IP_PKTINFO, &info, sizeof(info));
}

static void address_v6(const struct guardian_datagram *said, struct msghdr *header)
{
	struct sockaddr_in6 *to = header->msg_name;
	struct in6_pktinfo info = { .ipi6_ifindex = said->ifindex };

	*to = (struct sockaddr_in6){ .sin6_family = AF_INET6 };
	memcpy(&to->sin6_addr, said->destination, sizeof(to->sin6_addr));
	header->msg_namelen = sizeof(*to);
	memcpy(&info.ipi6_addr, said->source, sizeof(info.ipi6_addr));
	add(header, IPPROTO_IPV6, IPV6_PKTINFO, &info, sizeof(info));
}

static bool send_one(const struct guardian_datagram *said)
{
	uint8_t control[CMSG_SPACE(sizeof(struct in6_pktinfo))]
		__attribute__((aligned(sizeof(size_t)))) = {};
	struct sockaddr_storage to;
	struct iovec iov = { .iov_base = (void *)said->octets, .iov_len = said->size };
	struct msghdr header = {
		.msg_name = &to,
		.msg_iov = &iov,
		.msg_iovlen = 1,
		.msg_control = control,
		.msg_controllen = sizeof(control),
	};

	if (said->family == AF_INET)
		address_v4(said, &header);
	else
		address_v6(said, &header);
	return sendmsg(guardian_slot(said->slot), &header, MSG_DONTWAIT) >= 0;
}

static void say_one(const struct guardian_datagram *said, void *arg)
{
	unsigned int *count = arg;

	if (!said->interval_usec)
		*count += send_one(said);
}

unsigned int guardian_say(const struct guardian_view *view)
{
	unsigned int count = 0;

	guardian_view_datagrams(view, say_one, &count);
	return count;
}

static void is_repeated(const struct guardian_datagram *said, void *arg)
{
	bool *found = arg;

	*found |= said->interval_usec > 0;
}

bool guardian_has_repeats(const struct guardian_view *view)
{
	bool found = false;

	guardian_view_datagrams(view, is_repeated, &found);
	return found;
}

/* The time that has passed, and how many datagrams have been looked at. */
struct turns {
	uint64_t after_usec, now_usec;
	uint32_t number;
};

static void repeat_one(const struct guardian_datagram *said, void *arg)
{
	struct turns *turns = arg;
	uint64_t ahead = (uint64_t)turns->number++ * APART_USEC, interval = said->interval_usec;

	if (interval &&
	    (turns->now_usec + ahead) / interval != (turns->after_usec + ahead) / interval)
		send_one(said);
}

void guardian_repeat(const struct guardian_view *view, uint64_t after_usec, uint64_t now_usec)
{
	struct turns turns = { .after_usec = after_usec, .now_usec = now_usec };

	guardian_view_datagrams(view, repeat_one, &turns);
}
