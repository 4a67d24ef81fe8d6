/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What directors tell each other on the interface of connection synchronisation, as octets: that
 * one is there, whether it listens for connections and since which start, and of services that
 * survive a hash of their servers.
 */
#ifndef VRRP_HELLO_H
#define VRRP_HELLO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Services in one hello; a director with more tells of them in turn. */
#define VRRP_HELLO_SERVICES 150
#define VRRP_HELLO_MOST	    (16 + 8 * VRRP_HELLO_SERVICES)

struct vrrp_hello_service {
	uint32_t key;	  /* a hash of what the service is */
	uint32_t servers; /* ... and of its servers */
};

struct vrrp_hello {
	uint8_t sync_id;
	bool listens; /* its backup thread runs, and it has its servers */
	uint32_t run; /* another number with each start of that */
	unsigned int count;
	struct vrrp_hello_service services[VRRP_HELLO_SERVICES];
};

/* Writes it into VRRP_HELLO_MOST octets; returns how many it takes. */
size_t vrrp_hello_write(const struct vrrp_hello *hello, uint8_t *octets);

/* False for anything that is not a hello. */
bool vrrp_hello_read(struct vrrp_hello *hello, const uint8_t *octets, size_t len);

#endif /* VRRP_HELLO_H */
