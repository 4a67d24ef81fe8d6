// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The daemon's mapping grows with the file, and may move; so places are numbers of cells. A
 * guardian maps the file when it needs it.
 */
#include "guardian_page.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define FIRST_CELLS 64

_Static_assert(sizeof(union guardian_cell) == GUARDIAN_CELL, "a cell has its size");

struct guardian_page {
	int fd;
	union guardian_cell *cells;
	uint32_t room;
	uint32_t maybe_free; /* no cell before this one is */
};

static size_t bytes(uint32_t cells)
{
	return (size_t)cells * GUARDIAN_CELL;
}

/* ------------------------------------------------------------------- the daemon's side */

/* A page that is not in memory when the daemon dies is late; so it is locked, if that is allowed. */
static int grow(struct guardian_page *page, uint32_t room)
{
	void *cells;

	if (ftruncate(page->fd, bytes(room)) < 0)
		return -errno;
	if (page->cells)
		cells = mremap(page->cells, bytes(page->room), bytes(room), MREMAP_MAYMOVE);
	else
		cells = mmap(NULL, bytes(room), PROT_READ | PROT_WRITE, MAP_SHARED, page->fd, 0);
	if (cells == MAP_FAILED)
		return -errno;
	page->cells = cells;
	page->room = room;
	(void)mlock(cells, bytes(room));
	return 0;
}

int guardian_page_new(struct guardian_page **result)
{
	struct guardian_page *page = calloc(1, sizeof(*page));
	int error;

	*result = NULL;
	if (!page)
		return -ENOMEM;
	page->fd = memfd_create("vrrp-guardian", MFD_CLOEXEC);
	error = page->fd < 0 ? -errno : grow(page, FIRST_CELLS);
	if (error) {
		guardian_page_free(&page);
		return error;
	}
	page->cells[0].header = (struct guardian_header){ .magic = GUARDIAN_MAGIC, .cells = 1 };
	page->maybe_free = 1;
	*result = page;
	return 0;
}

void guardian_page_free(struct guardian_page **pagep)
{
	struct guardian_page *page = *pagep;

	if (!page)
		return;
	if (page->cells)
		munmap(page->cells, bytes(page->room));
	if (page->fd >= 0)
		close(page->fd);
	free(page);
	*pagep = NULL;
}

int guardian_page_fd(const struct guardian_page *page)
{
	return page->fd;
}

struct guardian_header *guardian_page_header(struct guardian_page *page)
{
	return &page->cells[0].header;
}

/* The number of cells of the record at a place, also of one that is being written; else 1. */
static uint32_t length(const union guardian_cell *cell)
{
	return cell->vip.cells ? cell->vip.cells : 1;
}

static bool is_free(const struct guardian_page *page, uint32_t place, uint32_t count)
{
	for (uint32_t i = place; i < place + count; i++)
		if (i < page->cells[0].header.cells && page->cells[i].kind != GUARDIAN_FREE)
			return false;
	return true;
}

/* So many free cells in a row; they may be beyond those that were ever in use. */
static uint32_t find(struct guardian_page *page, uint32_t count)
{
	uint32_t place = page->maybe_free, used = page->cells[0].header.cells;

	while (place < used && page->cells[place].kind != GUARDIAN_FREE)
		place += length(&page->cells[place]);
	page->maybe_free = place;
	while (place < used && !is_free(page, place, count))
		place += length(&page->cells[place]);
	return place;
}

/* Takes cells for a record, which are free until its kind is written. */
static int take(struct guardian_page *page, uint32_t *place, uint32_t count)
{
	uint32_t found = find(page, count), end = found + count;
	int error = 0;

	if (end > page->room)
		error = grow(page, end > 2 * page->room ? end : 2 * page->room);
	if (error)
		return error;
	*place = found;
	if (end > page->cells[0].header.cells)
		page->cells[0].header.cells = end;
	return 0;
}

/* What was written before is there when what is written afterwards is, also if we are killed. */
static void in_order(void)
{
	__atomic_signal_fence(__ATOMIC_SEQ_CST);
}

static void set_kind(union guardian_cell *cell, uint8_t kind)
{
	in_order();
	cell->kind = kind;
	in_order();
}

/* All octets of a record may look like a kind: they go before what says that they are its own. */
void guardian_page_erase(struct guardian_page *page, uint32_t *place)
{
	union guardian_cell *cell;
	uint32_t count;

	if (!*place)
		return;
	cell = &page->cells[*place];
	count = length(cell);
	set_kind(cell, GUARDIAN_FREE);
	memset(cell + 1, 0, bytes(count - 1));
	in_order();
	memset(cell, 0, sizeof(*cell));
	if (*place < page->maybe_free)
		page->maybe_free = *place;
	*place = 0;
}

/* Where a record of so many cells is to be written: where it was, if it has that length. */
static int prepare(struct guardian_page *page, uint32_t *place, uint32_t count)
{
	if (*place && length(&page->cells[*place]) == count) {
		set_kind(&page->cells[*place], GUARDIAN_FREE);
		return 0;
	}
	guardian_page_erase(page, place);
	return take(page, place, count);
}

int guardian_page_put_vip(struct guardian_page *page, uint32_t *place,
			  const struct guardian_vip *vip)
{
	int error = prepare(page, place, 1);
	struct guardian_vip record = *vip;

	if (error)
		return error;
	record.kind = GUARDIAN_FREE;
	record.cells = 1;
	page->cells[*place].vip = record;
	set_kind(&page->cells[*place], GUARDIAN_VIP);
	return 0;
}

static size_t datagram_bytes(const struct guardian_datagram *head)
{
	return offsetof(struct guardian_datagram, octets) + head->size;
}

int guardian_page_put_datagram(struct guardian_page *page, uint32_t *place,
			       const struct guardian_datagram *head, const uint8_t *octets)
{
	size_t count = (datagram_bytes(head) + GUARDIAN_CELL - 1) / GUARDIAN_CELL;
	struct guardian_datagram record = *head;
	int error;

	if (count > UINT8_MAX) {
		guardian_page_erase(page, place);
		return -EMSGSIZE;
	}
	error = prepare(page, place, count);
	if (error)
		return error;
	record.kind = GUARDIAN_FREE;
	record.cells = count;
	page->cells[*place].datagram = record;
	in_order();
	memcpy(page->cells[*place].datagram.octets, octets, head->size);
	set_kind(&page->cells[*place], GUARDIAN_DATAGRAM);
	return 0;
}

const struct guardian_datagram *guardian_page_datagram(const struct guardian_page *page,
						       uint32_t place)
{
	return place ? &page->cells[place].datagram : NULL;
}

/* ----------------------------------------------------------------- the guardian's side */

int guardian_view_open(struct guardian_view *view, int fd)
{
	struct stat file;
	void *cells;

	*view = (struct guardian_view){};
	if (fstat(fd, &file) < 0)
		return -errno;
	if (file.st_size < GUARDIAN_CELL)
		return -EPROTO;
	cells = mmap(NULL, file.st_size, PROT_READ, MAP_SHARED, fd, 0);
	if (cells == MAP_FAILED)
		return -errno;
	view->cells = cells;
	view->count = file.st_size / GUARDIAN_CELL;
	if (view->cells[0].header.magic == GUARDIAN_MAGIC)
		return 0;
	guardian_view_close(view);
	return -EPROTO;
}

void guardian_view_close(struct guardian_view *view)
{
	if (view->cells)
		munmap((void *)view->cells, bytes(view->count));
	*view = (struct guardian_view){};
}

/* The next record of a kind after that place; 0 when there is none. */
static uint32_t next(const struct guardian_view *view, uint32_t place, enum guardian_kind kind)
{
	uint32_t used = view->cells[0].header.cells, step;

	used = used < view->count ? used : view->count;
	for (place += place ? length(&view->cells[place]) : 1; place < used; place += step) {
		step = length(&view->cells[place]);
		if (!step || step > used - place)
			return 0;
		if (view->cells[place].kind == kind)
			return place;
	}
	return 0;
}

void guardian_view_vips(const struct guardian_view *view, guardian_vip_fn fn, void *arg)
{
	uint32_t place = 0;

	while ((place = next(view, place, GUARDIAN_VIP)))
		fn(&view->cells[place].vip, arg);
}

void guardian_view_datagrams(const struct guardian_view *view, guardian_datagram_fn fn, void *arg)
{
	const struct guardian_datagram *datagram;
	uint32_t place = 0;

	while ((place = next(view, place, GUARDIAN_DATAGRAM))) {
		datagram = &view->cells[place].datagram;
		if (datagram_bytes(datagram) <= bytes(datagram->cells))
			fn(datagram, arg);
	}
}
