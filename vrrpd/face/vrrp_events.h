/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * "vrrp events socket": a UNIX stream that tells any number of readers of each event of the
 * history, one JSON object a line.
 *
 * A reader takes its events from the history at its own pace, and nobody waits for it. When events
 * that it has not taken are no longer kept, a line tells it how many it has missed. One that takes
 * nothing for a minute is dropped, and the log says so.
 */
#ifndef VRRP_EVENTS_H
#define VRRP_EVENTS_H

/* The configured path may have changed: listens there, and nowhere else. */
void vrrp_events_follow(void);

/* A sentence about a socket that cannot be had; NULL: it listens, or none is configured. */
const char *vrrp_events_fault(void);

/* After the fork; before, as when a file is only tried (-C), nobody listens. */
void vrrp_events_start(void);
/* Tells readers of the last events, as far as they take them, and ends their streams. */
void vrrp_events_stop(void);

#endif /* VRRP_EVENTS_H */
