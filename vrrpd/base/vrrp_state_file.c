// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A header, the entries, and the times, in the host's byte order. The header has a line that names
 * format, boot and namespace, and a sum over all but the times: those are overwritten while
 * the daemon may be killed, and each is whole by itself.
 */
#include "vrrp_state_file.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

#include "nl_here.h"

#define ANY_FORMAT "frr-crossvip vrrpd, Active virtual routers, format "
#define FORMAT	   ANY_FORMAT "1, "

struct header {
	char line[160]; /* all of it after the end is 0 */
	uint32_t count;
	uint32_t sum;
};

static_assert(sizeof(struct vrrp_state_entry) == IFNAMSIZ + 12, "an entry has no gaps");

vrrp_usec_t vrrp_state_clock(void)
{
	struct timespec now;

	clock_gettime(CLOCK_BOOTTIME, &now);
	return now.tv_sec * UINT64_C(1000000) + now.tv_nsec / 1000;
}

int vrrp_state_alloc(struct vrrp_state_table *table, size_t count)
{
	*table = (struct vrrp_state_table){
		.entries = calloc(count + 1, sizeof(*table->entries)),
		.sent = calloc(count + 1, sizeof(*table->sent)),
		.count = count,
	};
	if (table->entries && table->sent)
		return 0;
	vrrp_state_free(table);
	return -ENOMEM;
}

void vrrp_state_free(struct vrrp_state_table *table)
{
	free(table->entries);
	free(table->sent);
	memset(table, 0, sizeof(*table));
}

/* FNV-1a */
static uint32_t sum_on(uint32_t sum, const void *data, size_t size)
{
	const uint8_t *octet = data;

	for (size_t i = 0; i < size; i++)
		sum = (sum ^ octet[i]) * UINT32_C(16777619);
	return sum;
}

static uint32_t sum_of(const struct header *header, const struct vrrp_state_table *table)
{
	uint32_t sum = sum_on(UINT32_C(2166136261), header->line, sizeof(header->line));

	sum = sum_on(sum, &header->count, sizeof(header->count));
	return sum_on(sum, table->entries, table->count * sizeof(*table->entries));
}

static off_t times_at(size_t count)
{
	return sizeof(struct header) + count * sizeof(struct vrrp_state_entry);
}

static off_t size_of(size_t count)
{
	return times_at(count) + count * sizeof(vrrp_usec_t);
}

static void header_line(struct header *header)
{
	struct nl_here here;

	memset(header, 0, sizeof(*header));
	(void)nl_here_find(&here); /* what cannot be found out is empty */
	snprintf(header->line, sizeof(header->line), FORMAT "boot %s, netns %" PRIu64 "\n",
		 here.boot, here.netns);
}

/* -------------------------------------------------------------------- reading */

static bool begins(const struct header *header, const char *with)
{
	return !strncmp(header->line, with, strlen(with));
}

static int check_header(const struct header *header, off_t size)
{
	struct header here;

	header_line(&here);
	if (!begins(header, ANY_FORMAT))
		return -EBADMSG;
	if (!begins(header, FORMAT))
		return -EPROTO;
	if (memcmp(header->line, here.line, sizeof(here.line)) != 0)
		return -ESTALE;
	if (header->count > VRRP_STATE_MAX || size != size_of(header->count))
		return -EBADMSG;
	return 0;
}

static bool entry_is_sane(const struct vrrp_state_entry *entry)
{
	size_t length = strnlen(entry->ifname, sizeof(entry->ifname));

	for (size_t i = length; i < sizeof(entry->ifname); i++)
		if (entry->ifname[i])
			return false;
	return length && length < sizeof(entry->ifname) && entry->vrid &&
	       (entry->family == 4 || entry->family == 6) && entry->priority &&
	       (entry->version == 2 || entry->version == 3) && entry->interval_cs &&
	       entry->interval_cs <= 4095;
}

static bool table_is_sane(const struct header *header, const struct vrrp_state_table *table)
{
	if (header->sum != sum_of(header, table))
		return false;
	for (size_t i = 0; i < table->count; i++)
		if (!entry_is_sane(&table->entries[i]))
			return false;
	return true;
}

static int read_table(int fd, const struct header *header, struct vrrp_state_table *table)
{
	int error = vrrp_state_alloc(table, header->count);
	struct iovec parts[] = {
		{ table->entries, table->count * sizeof(*table->entries) },
		{ table->sent, table->count * sizeof(*table->sent) },
	};
	ssize_t whole = parts[0].iov_len + parts[1].iov_len;

	if (error)
		return error;
	if (preadv(fd, parts, 2, sizeof(*header)) != whole || !table_is_sane(header, table)) {
		vrrp_state_free(table);
		return -EBADMSG;
	}
	return 0;
}

/* A file that only we, or root, can have written. */
static int check_file(int fd, off_t *size)
{
	struct stat status;

	if (fstat(fd, &status) < 0)
		return -errno;
	*size = status.st_size;
	if (!S_ISREG(status.st_mode))
		return -EBADMSG;
	return status.st_uid == geteuid() || !status.st_uid ? 0 : -EPERM;
}

int vrrp_state_read(const char *path, struct vrrp_state_table *table)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY);
	struct header header;
	off_t size = 0;
	int error;

	memset(table, 0, sizeof(*table));
	if (fd < 0)
		return -errno;
	error = check_file(fd, &size);
	if (!error && pread(fd, &header, sizeof(header), 0) != sizeof(header))
		error = -EBADMSG;
	if (!error)
		error = check_header(&header, size);
	if (!error)
		error = read_table(fd, &header, table);
	close(fd);
	return error;
}

/* -------------------------------------------------------------------- writing */

static int write_all(int fd, const struct vrrp_state_table *table)
{
	struct header header;
	struct iovec parts[] = {
		{ &header, sizeof(header) },
		{ table->entries, table->count * sizeof(*table->entries) },
		{ table->sent, table->count * sizeof(*table->sent) },
	};
	ssize_t done;

	header_line(&header);
	header.count = table->count;
	header.sum = sum_of(&header, table);
	done = writev(fd, parts, 3);
	if (done < 0)
		return -errno;
	return done == size_of(table->count) ? 0 : -ENOSPC;
}

int vrrp_state_write(const char *path, const struct vrrp_state_table *table, int *file)
{
	char temporary[PATH_MAX];
	int error, fd;

	*file = -1;
	if (snprintf(temporary, sizeof(temporary), "%s.new", path) >= (int)sizeof(temporary))
		return -ENAMETOOLONG;
	(void)unlink(temporary); /* a killed run left it */
	fd = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (fd < 0)
		return -errno;
	error = write_all(fd, table);
	if (!error && rename(temporary, path) < 0)
		error = -errno;
	if (!error) {
		*file = fd;
		return 0;
	}
	(void)unlink(temporary);
	close(fd);
	return error;
}

int vrrp_state_stamp(int file, const struct vrrp_state_table *table)
{
	size_t size = table->count * sizeof(*table->sent);
	ssize_t done = pwrite(file, table->sent, size, times_at(table->count));

	if (done < 0)
		return -errno;
	return done == (ssize_t)size ? 0 : -ENOSPC;
}
