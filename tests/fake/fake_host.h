/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A host that exists in memory only: what the rooms up to the election ask of the kernel, of zebra
 * and of libfrr's event loop. A program that links these files and the rooms' libraries, but no
 * netlink/ and no zclient-glue/, has the real engine, in a time that it sets itself.
 *
 *	fake_clock.c    vrrp_alarm.h: time and alarms
 *	fake_loop.c     libfrr's events, and what the process has once
 *	fake_socket.c   vrrp_socket.h, sendmmsg(), recvmmsg()
 *	fake_kernel.c   netlink requests: addresses and sysctls
 *	fake_zebra.c    vrrp_zebra_route.h, vrrp_zebra_link.h: routes and links
 *	fake_absent.c   parts that no program here may use: a call ends the program with a message
 *
 * The callbacks of struct fake_host report the engine's changes to the program. There is one host
 * with any number of links, each in a separate VRF: so virtual routers on different links share
 * neither socket nor address, as if they were on different hosts.
 */
#ifndef FAKE_HOST_H
#define FAKE_HOST_H

#include <zebra.h>

#include "frrevent.h"

#include "vrrp_group.h"

/* VRFs, and links in them, are numbered from 1 on. */
#define FAKE_VRFS 9

/* Callbacks for the changes of the engine; the program sets all of them first. */
struct fake_host {
	/* alarm->deadline is new; 0: it is cancelled. The program calls fake_alarm_expires(). */
	void (*alarm)(struct vrrp_alarm *alarm);
	/* One datagram; those of one advertisement come one after another. */
	void (*sends)(vrf_id_t vrf_id, const struct vrrp_datagram *dgram);
	/* A virtual address is added to a link, or removed from it. */
	void (*address)(int ifindex, bool added);
	/* A route to a virtual address is added in zebra; false: it is withdrawn. */
	void (*route)(const struct prefix *vip, bool added);
	/* A line for the log, without its end. NULL: there is no log, and lines are not made. */
	void (*logs)(const char *line);
};
extern const struct fake_host *fake_host;

/* The time that vrrp_now() returns. */
extern vrrp_usec_t fake_now;

/* gettimeofday() at fake_now 0, in microseconds: soon after, seconds of UTC take a 33rd bit. */
#define FAKE_EPOCH_USEC (((1ULL << 32) - 100) * VRRP_USEC_PER_SEC)

/* The host: call it once. */
void fake_init(const struct fake_host *host);

/* The link of that number, up and without an address; its VRF has the same number. */
struct interface *fake_link(unsigned int number);

/* Adds an address to a link, or removes it, and reports that to vrrp_host, as the kernel does. */
void fake_address(unsigned int number, const struct vrrp_addr *address, bool has);

/* The alarm expires: it is no longer pending, and calls its owner. */
void fake_alarm_expires(struct vrrp_alarm *alarm);

/*
 * The datagram comes in by the link of that number. The engine reads it at once; its effects wait
 * for fake_end_of_tick(). False: there is no listener in that VRF.
 */
bool fake_receive(unsigned int number, const struct vrrp_datagram *dgram);

/* Runs a due event; used only by the fake host. */
void fake_event_runs(struct event *event);

/* Runs the event loop until no event is due at this time. */
void fake_end_of_tick(void);

#endif /* FAKE_HOST_H */
