/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A host that exists in memory only: what the rooms up to the election ask of the kernel,
 * of zebra and of libfrr's event loop. A program that links these files and the rooms'
 * libraries, but no netlink/ and no zclient-glue/, has the real engine, in a time that it
 * makes itself.
 *
 *	fake_clock.c    vrrp_alarm.h: time and alarms
 *	fake_loop.c     libfrr's events, and what the process has once
 *	fake_socket.c   vrrp_socket.h, sendmmsg(), recvmmsg()
 *	fake_kernel.c   what is asked by netlink: addresses and sysctls
 *	fake_zebra.c    vrrp_zebra_route.h, vrrp_zebra_link.h: routes and links
 *	fake_absent.c   what no program here may get to: it ends there, and says by what
 *
 * The program is told by struct fake_host what the engine does to its host. It has one
 * host with as many links as it likes, each in a VRF of its own: then virtual routers on
 * different links share neither socket nor address, and are to each other as if on
 * different hosts.
 */
#ifndef FAKE_HOST_H
#define FAKE_HOST_H

#include <zebra.h>

#include "frrevent.h"

#include "vrrp_group.h"

/* VRFs, and links in them, are numbered from 1 on. */
#define FAKE_VRFS 9

/* What the engine does; the program sets all of them before anything else. */
struct fake_host {
	/* alarm->deadline is new; 0: it is cancelled. The program calls fake_alarm_expires(). */
	void (*alarm)(struct vrrp_alarm *alarm);
	/* One datagram; those of one advertisement come one after another. */
	void (*sends)(vrf_id_t vrf_id, const struct vrrp_datagram *dgram);
	/* A virtual address is added to a link, or removed from it. */
	void (*address)(int ifindex, bool added);
	/* zebra is told of a route to a virtual address; false: to no longer have it. */
	void (*route)(const struct prefix *vip, bool added);
	/* A line for the log, without its end. NULL: there is no log, and lines are not made. */
	void (*logs)(const char *line);
};
extern const struct fake_host *fake_host;

/* What vrrp_now() says. */
extern vrrp_usec_t fake_now;

/* The host: call it once. */
void fake_init(const struct fake_host *host);

/* The link of that number, up and without an address; its VRF has the same number. */
struct interface *fake_link(unsigned int number);

/* The link has this address, or no longer; vrrp_host is told, as by the kernel. */
void fake_address(unsigned int number, const struct vrrp_addr *address, bool has);

/* It is due: not pending any more, it tells its owner. */
void fake_alarm_expires(struct vrrp_alarm *alarm);

/*
 * The datagram comes in by the link of that number. The engine reads it at once; what
 * follows from it waits for fake_end_of_tick(). False: nobody listens in that VRF.
 */
bool fake_receive(unsigned int number, const struct vrrp_datagram *dgram);

/* It is due; for the fake host alone. */
void fake_event_runs(struct event *event);

/* The event loop comes back, until there is nothing more to be done at this time. */
void fake_end_of_tick(void);

#endif /* FAKE_HOST_H */
