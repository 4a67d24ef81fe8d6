/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * bfdd itself: whether it runs, and which profiles it has.
 *
 * zebra tells neither: a session of a dead bfdd stays as it was, and one with an unknown profile
 * has bfdd's defaults. So the socket for vtysh is kept open, which ends with bfdd, and profiles
 * are read from the running configuration there.
 */
#ifndef VRRP_BFDD_H
#define VRRP_BFDD_H

#include <stdbool.h>

struct vrrp_bfdd_ops {
	void (*runs)(bool runs); /* it began or ended; once at the start if it does not run */
	bool (*profiles)(void);	 /* profiles were read; true: read them again in 10 seconds */
};

void vrrp_bfdd_start(const struct vrrp_bfdd_ops *ops);
void vrrp_bfdd_stop(void);

/* Reads the profiles in a second. */
void vrrp_bfdd_ask(void);

bool vrrp_bfdd_runs(void);
/* True when it runs, has told its profiles, and has none of this name. "": false. */
bool vrrp_bfdd_lacks(const char *profile);

#endif /* VRRP_BFDD_H */
