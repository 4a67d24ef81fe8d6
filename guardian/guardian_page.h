/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The page: what the guardian must know at the instant of the daemon's death.
 *
 * It is a file in memory (memfd) that the daemon writes, as its state changes, and that the
 * guardian only reads. It is an array of cells of the same size. The first is the header; a record
 * is one cell or several, and its kind is written last, and cleared first: a daemon that is killed
 * between has no such record. All numbers are of the host; both programs are built together,
 * and the guardian refuses a page of another layout.
 */
#ifndef GUARDIAN_PAGE_H
#define GUARDIAN_PAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Another one for each layout. */
#define GUARDIAN_MAGIC 0x56475035

#define GUARDIAN_CELL 64

enum guardian_kind {
	GUARDIAN_FREE,
	GUARDIAN_VIP,
	GUARDIAN_DATAGRAM,
};

/* A virtual address that the daemon has put on a link, with protocol 112. */
struct guardian_vip {
	uint8_t kind;
	uint8_t cells;
	uint8_t family; /* AF_INET or AF_INET6 */
	uint8_t prefixlen;
	int32_t ifindex;
	int32_t vrf;	     /* ifindex of the VRF of its link; 0: the default one */
	uint32_t drain_msec; /* how long it outlasts the daemon, if it is not exclusive */
	uint32_t lease_sec;  /* the kernel's, of which a third is left at least; 0: it has none */
	bool is_exclusive; /* on a LAN, or promised to one router: no other may have it meanwhile */
	uint8_t address[16];
};

/*
 * What is said of an Active virtual router, to one peer: its advertisement with priority 0, in the end;
 * or the one that it sends, again and again while another daemon is awaited.
 */
struct guardian_datagram {
	uint8_t kind;
	uint8_t cells;
	uint8_t family;
	uint8_t slot;		/* the descriptor that sends it: see guardian_link.h */
	uint16_t size;		/* of octets, of which there are more than one cell has room for */
	uint8_t dialect;	/* the writer's */
	int32_t ifindex;	/* the link that it leaves by; 0: what routing says */
	uint32_t interval_usec; /* 0: it is said in the end */
	uint8_t source[16];
	uint8_t destination[16];
	uint8_t octets[];
};

/* The first cell. */
struct guardian_header {
	uint32_t magic;
	uint32_t cells;		 /* that were ever in use, with this one */
	uint32_t lease_sec;	 /* "vrrp address-lease"; 0: a daemon that hangs may keep VIPs */
	uint32_t restart_msec;	 /* the daemon is started again in that time; 0: it is not */
	uint16_t instance;	 /* zebra's, of the routes */
	bool is_planned;	 /* the daemon ends and needs no guardian */
	uint64_t heartbeat_usec; /* when the daemon last ran; CLOCK_MONOTONIC */
};

union guardian_cell {
	uint8_t kind; /* of a record: its first octet */
	struct guardian_header header;
	struct guardian_vip vip;
	struct guardian_datagram datagram;
	uint8_t octets[GUARDIAN_CELL];
};

/* ------------------------------------------------------------------- the daemon's side */

struct guardian_page;

/* 0 or negative errno. Freed by guardian_page_free(). */
int guardian_page_new(struct guardian_page **page);
void guardian_page_free(struct guardian_page **page);

/* The file, for the guardian. */
int guardian_page_fd(const struct guardian_page *page);
/* To be written in place. Good until the next record is put. */
struct guardian_header *guardian_page_header(struct guardian_page *page);

/*
 * Writes a record. *place says where it is, and belongs to the caller: 0 when there is none. 0,
 * or negative errno when the page cannot grow: then there is none.
 */
int guardian_page_put_vip(struct guardian_page *page, uint32_t *place,
			  const struct guardian_vip *vip);
/* head.size octets follow it. */
int guardian_page_put_datagram(struct guardian_page *page, uint32_t *place,
			       const struct guardian_datagram *head, const uint8_t *octets);
void guardian_page_erase(struct guardian_page *page, uint32_t *place);

/* The datagram at a place; NULL: none. Good until the next record is put. */
const struct guardian_datagram *guardian_page_datagram(const struct guardian_page *page,
						       uint32_t place);

/* ----------------------------------------------------------------- the guardian's side */

/* A page as it is read. */
struct guardian_view {
	const union guardian_cell *cells;
	uint32_t count;
};

/* Maps the page of the file. 0 or negative errno; -EPROTO: it is none, or of another layout. */
int guardian_view_open(struct guardian_view *view, int fd);
void guardian_view_close(struct guardian_view *view);

/* Calls back for each record of a kind. It never reads beyond the page, whatever is written there. */
typedef void (*guardian_vip_fn)(const struct guardian_vip *vip, void *arg);
typedef void (*guardian_datagram_fn)(const struct guardian_datagram *datagram, void *arg);
void guardian_view_vips(const struct guardian_view *view, guardian_vip_fn fn, void *arg);
void guardian_view_datagrams(const struct guardian_view *view, guardian_datagram_fn fn, void *arg);

#endif /* GUARDIAN_PAGE_H */
