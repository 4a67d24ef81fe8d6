/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the daemon hands its guardian, and what a later daemon and an earlier guardian say to each
 * other.
 *
 * Descriptors go to the guardian by a socket, each into a slot; it has its own copy then, and it
 * outlives the daemon. A copy keeps a connection open that the daemon closes: the daemon takes it
 * back first.
 */
#ifndef GUARDIAN_LINK_H
#define GUARDIAN_LINK_H

#include <stdbool.h>
#include <stdint.h>

/* The descriptors that the guardian begins with. */
enum {
	GUARDIAN_FD_DAEMON = 3, /* a pidfd */
	GUARDIAN_FD_PAGE,	/* guardian_page.h */
	GUARDIAN_FD_LINK,	/* struct guardian_lend comes by it */
	GUARDIAN_FD_LISTENER,	/* a later daemon calls by it */
	GUARDIAN_FDS,
};

/* It is in the folder of the daemon; it has no options. */
#define GUARDIAN_PROGRAM "vrrp-guardian"

/* Its oom_score_adj: the kernel takes nearly every other process first. */
#define GUARDIAN_OOM_SCORE "-900"

/* Slots: none, zebra's connection, then raw sockets. */
#define GUARDIAN_SLOT_NONE  0
#define GUARDIAN_SLOT_ZEBRA 1
#define GUARDIAN_SLOTS	    256

/* With a descriptor (SCM_RIGHTS): it is in that slot from now on. Without: the slot is empty. */
struct guardian_lend {
	uint8_t slot;
};

/*
 * A later daemon connects to this name in the runtime directory. If the guardian's own daemon is
 * dead, it answers with a struct guardian_held: it holds the route of what that daemon had, and
 * takes no address away, until it hears GUARDIAN_RELEASE: then it lets go of the route and ends.
 * When the connection ends otherwise, or after a minute, it does what it was about to do.
 */
#define GUARDIAN_LISTENER "vrrpd.guardian"
#define GUARDIAN_RELEASE  'r'

struct guardian_held {
	uint16_t instance;    /* zebra's, of the routes */
	bool has_said;	      /* others have been told that they are to take over */
	uint32_t speaks_msec; /* for so long, at most, it goes on advertising for the dead daemon */
};

#endif /* GUARDIAN_LINK_H */
