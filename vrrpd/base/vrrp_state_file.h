/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The file of virtual routers that are Active, for the daemon that comes after this one.
 *
 * It is replaced as a whole when another virtual router is Active, and what it says of time is
 * overwritten in place. It counts for one boot and one network namespace, and for one format. Who
 * reads it believes nothing of it that is not whole.
 */
#ifndef VRRP_STATE_FILE_H
#define VRRP_STATE_FILE_H

#include <stddef.h>
#include <stdint.h>

#include <net/if.h>

#include "vrrp_usec.h"

/* One that is Active. Without gaps, as it is in the file. */
struct vrrp_state_entry {
	char ifname[IFNAMSIZ]; /* of its group, all of it after the end is 0 */
	uint8_t vrid;
	uint8_t family; /* 4 or 6 */
	uint8_t priority;
	uint8_t version;      /* of VRRP */
	uint32_t interval_cs; /* that it advertised */
	uint32_t fingerprint; /* of its configuration */
};

/* All zero: none. */
struct vrrp_state_table {
	struct vrrp_state_entry *entries;
	vrrp_usec_t *sent; /* of each, its last advertisement by vrrp_state_clock(); 0: forget it */
	size_t count;
};

/* Most that are written, or read. */
#define VRRP_STATE_MAX 65536

/* Microseconds since the boot, those in which the host slept as well. */
vrrp_usec_t vrrp_state_clock(void);

/* Room for so many, all zero. -ENOMEM: it is empty. */
int vrrp_state_alloc(struct vrrp_state_table *table, size_t count);
void vrrp_state_free(struct vrrp_state_table *table);

/*
 * Reads the file; the caller frees the table. -ENOENT: there is none; -ESTALE: it is of another
 * boot or namespace; -EPROTO: of another format; -EBADMSG: it is not such a file, or damaged; or
 * another errno. The table is empty then.
 */
int vrrp_state_read(const char *path, struct vrrp_state_table *table);

/*
 * Replaces the file by one that says this. *file: a descriptor for vrrp_state_stamp(), which the
 * caller closes. 0 or a negative errno.
 */
int vrrp_state_write(const char *path, const struct vrrp_state_table *table, int *file);

/* Overwrites the times of all. The table is the one that was written. One system call. */
int vrrp_state_stamp(int file, const struct vrrp_state_table *table);

#endif /* VRRP_STATE_FILE_H */
