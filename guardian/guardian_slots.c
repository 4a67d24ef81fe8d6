// SPDX-License-Identifier: GPL-2.0-or-later
#include "guardian_slots.h"

#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "guardian_link.h"

/* A slot has its descriptor and 1, so that 0 is none. */
static int slots[GUARDIAN_SLOTS];

int guardian_slot(uint8_t slot)
{
	return slots[slot] - 1;
}

void guardian_slot_close(uint8_t slot)
{
	if (slots[slot])
		close(slots[slot] - 1);
	slots[slot] = 0;
}

static int descriptor_of(struct msghdr *header)
{
	struct cmsghdr *c = CMSG_FIRSTHDR(header);
	int fd = -1;

	if (c && c->cmsg_level == SOL_SOCKET && c->cmsg_type == SCM_RIGHTS)
		memcpy(&fd, CMSG_DATA(c), sizeof(fd));
	return fd;
}

bool guardian_slots_receive(int link)
{
	uint8_t control[CMSG_SPACE(sizeof(int))] __attribute__((aligned(sizeof(size_t))));
	struct guardian_lend lend = {};
	struct iovec iov = { .iov_base = &lend, .iov_len = sizeof(lend) };
	struct msghdr header = {
		.msg_iov = &iov,
		.msg_iovlen = 1,
		.msg_control = control,
		.msg_controllen = sizeof(control),
	};

	if (recvmsg(link, &header, MSG_DONTWAIT | MSG_CMSG_CLOEXEC) != sizeof(lend))
		return false;
	guardian_slot_close(lend.slot);
	slots[lend.slot] = descriptor_of(&header) + 1;
	return true;
}
