// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Sysctls of links, see nl_sysctl.h.
 *
 * A hold is one sysctl of one link and its original value. It is made by the first holder and freed
 * when the original is put back. A hold without holders was left by an earlier run, or could not be
 * put back. Events of the kernel never change a hold.
 *
 * The file is written as a whole under another name, and renamed. It is not synced to disk:
 * only a crash of the host loses it, which resets the sysctls as well.
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "nl_devconf.h"
#include "nl_grow.h"
#include "nl_here.h"
#include "nl_sysctl.h"

#define FILE_NAME     "sysctls"
#define FILE_NAME_NEW "sysctls.new"
#define FILE_MAGIC    "frr-crossvip sysctls 1"

/* When a link is renamed during the search for its files, the search begins again. */
#define RENAME_ATTEMPTS 4

static const struct {
	const char *of; /* below /proc/sys/net; of IPVS, else the family of a link's */
	const char *name;
} keys[] = {
	[NL_SYSCTL_ARP_IGNORE] = { "ipv4", "arp_ignore" },
	[NL_SYSCTL_ARP_ANNOUNCE] = { "ipv4", "arp_announce" },
	[NL_SYSCTL_RP_FILTER] = { "ipv4", "rp_filter" },
	[NL_SYSCTL_FORWARDING] = { "ipv4", "forwarding" },
	[NL_SYSCTL_ACCEPT_LOCAL] = { "ipv4", "accept_local" },
	[NL_SYSCTL_ACCEPT_SOURCE_ROUTE] = { "ipv4", "accept_source_route" },
	[NL_SYSCTL_LOG_MARTIANS] = { "ipv4", "log_martians" },
	[NL_SYSCTL_ROUTE_LOCALNET] = { "ipv4", "route_localnet" },
	[NL_SYSCTL_SRC_VALID_MARK] = { "ipv4", "src_valid_mark" },
	[NL_SYSCTL_DISABLE_IPV6] = { "ipv6", "disable_ipv6" },
	[NL_SYSCTL_ACCEPT_DAD] = { "ipv6", "accept_dad" },
	[NL_SYSCTL_ACCEPT_RA] = { "ipv6", "accept_ra" },
	[NL_SYSCTL_AUTOCONF] = { "ipv6", "autoconf" },
	[NL_SYSCTL_KEEP_ADDR_ON_DOWN] = { "ipv6", "keep_addr_on_down" },
	[NL_SYSCTL_FORWARDING_6] = { "ipv6", "forwarding" },
	[NL_SYSCTL_FORCE_FORWARDING] = { "ipv6", "force_forwarding" },
	[NL_SYSCTL_ACCEPT_SOURCE_ROUTE_6] = { "ipv6", "accept_source_route" },
	[NL_SYSCTL_SEG6_ENABLED] = { "ipv6", "seg6_enabled" },
	[NL_SYSCTL_EXPIRE_QUIESCENT_TEMPLATE] = { "ipv4/vs", "expire_quiescent_template" },
	[NL_SYSCTL_EXPIRE_NODEST_CONN] = { "ipv4/vs", "expire_nodest_conn" },
	[NL_SYSCTL_SLOPPY_TCP] = { "ipv4/vs", "sloppy_tcp" },
	[NL_SYSCTL_SLOPPY_SCTP] = { "ipv4/vs", "sloppy_sctp" },
};

static bool is_of_link(enum nl_sysctl_key key)
{
	return key < NL_SYSCTL_EXPIRE_QUIESCENT_TEMPLATE;
}

struct hold {
	int ifindex;
	char name[IFNAMSIZ]; /* when it was saved */
	enum nl_sysctl_key key;
	int original;
	int value; /* what we set */
	unsigned int holders;
};

struct nl_sysctl {
	int directory;
	struct nl_here here; /* that the file is valid for */
	struct hold *holds;
	size_t count;
	size_t room;
};

const char *nl_sysctl_name(enum nl_sysctl_key key)
{
	return keys[key].name;
}

const char *nl_sysctl_family(enum nl_sysctl_key key)
{
	return keys[key].of;
}

/* -------------------------------------------------------------------- /proc/sys */

static bool link_name(int ifindex, char name[IFNAMSIZ])
{
	if (ifindex == NL_SYSCTL_ALL)
		strcpy(name, "all");
	return ifindex == NL_SYSCTL_ALL || (ifindex > 0 && if_indextoname(ifindex, name));
}

static int sysctl_open_once(int ifindex, enum nl_sysctl_key key, int flags)
{
	char name[IFNAMSIZ], again[IFNAMSIZ], path[128];
	int fd, err;

	if (!link_name(ifindex, name))
		return -ENODEV;
	snprintf(path, sizeof(path), "/proc/sys/net/%s/conf/%s/%s", keys[key].of, name,
		 keys[key].name);
	fd = open(path, flags | O_CLOEXEC);
	err = fd < 0 ? -errno : 0;

	if (!link_name(ifindex, again))
		err = -ENODEV;
	else if (strcmp(name, again))
		err = -EAGAIN;
	if (err && fd >= 0)
		close(fd);
	return err ? err : fd;
}

static int sysctl_open_global(enum nl_sysctl_key key, int flags)
{
	char path[128];
	int fd;

	snprintf(path, sizeof(path), "/proc/sys/net/%s/%s", keys[key].of, keys[key].name);
	fd = open(path, flags | O_CLOEXEC);
	return fd < 0 ? -errno : fd;
}

static int sysctl_open(int ifindex, enum nl_sysctl_key key, int flags)
{
	int fd = -EAGAIN;

	if (!is_of_link(key))
		return sysctl_open_global(key, flags);

	for (int i = 0; fd == -EAGAIN && i < RENAME_ATTEMPTS; i++)
		fd = sysctl_open_once(ifindex, key, flags);
	return fd;
}

int nl_sysctl_get(int ifindex, enum nl_sysctl_key key, int *value)
{
	int fd = sysctl_open(ifindex, key, O_RDONLY);
	char text[32];
	ssize_t len;
	int err;

	if (fd < 0)
		return fd;
	len = read(fd, text, sizeof(text) - 1);
	err = len < 0 ? -errno : 0;
	close(fd);
	if (err)
		return err;
	text[len] = '\0';
	return sscanf(text, "%d", value) == 1 ? 0 : -EBADMSG;
}

static int sysctl_write(int ifindex, enum nl_sysctl_key key, int value)
{
	int fd = sysctl_open(ifindex, key, O_WRONLY);
	int err = 0;

	if (fd < 0)
		return fd;
	if (dprintf(fd, "%d\n", value) < 0)
		err = -errno;
	close(fd);
	return err;
}

int nl_sysctl_set(int ifindex, enum nl_sysctl_key key, int value)
{
	int err = sysctl_write(ifindex, key, value);

	if ((err != -EROFS && err != -EACCES && err != -EPERM) || strcmp(keys[key].of, "ipv4") ||
	    ifindex == NL_SYSCTL_ALL)
		return err;
	return nl_devconf_set(ifindex, key, value) ? err : 0;
}

/* -------------------------------------------------------------------- the file */

static bool hold_matters(const struct hold *hold)
{
	return hold->original != hold->value;
}

static int file_write(const struct nl_sysctl *sysctl, int fd)
{
	FILE *file = fdopen(fd, "w");
	int err = 0;

	if (!file) {
		close(fd);
		return -ENOMEM;
	}
	errno = 0;
	fprintf(file, "%s\nboot %s\nnetns %" PRIu64 "\n", FILE_MAGIC, sysctl->here.boot,
		sysctl->here.netns);
	for (size_t i = 0; i < sysctl->count; i++) {
		const struct hold *hold = &sysctl->holds[i];

		if (hold_matters(hold))
			fprintf(file, "%d %s %s.%s was %d is %d\n", hold->ifindex, hold->name,
				keys[hold->key].of, keys[hold->key].name, hold->original,
				hold->value);
	}
	if (ferror(file) || fflush(file))
		err = errno ? -errno : -EIO;
	if (fclose(file) && !err)
		err = -errno;
	return err;
}

static int file_save(const struct nl_sysctl *sysctl)
{
	int dir = sysctl->directory, fd, err;
	bool wanted = false;

	for (size_t i = 0; i < sysctl->count; i++)
		wanted |= hold_matters(&sysctl->holds[i]);
	if (!wanted)
		return unlinkat(dir, FILE_NAME, 0) && errno != ENOENT ? -errno : 0;

	/* A file that a killed run left half written. */
	(void)unlinkat(dir, FILE_NAME_NEW, 0);
	fd = openat(dir, FILE_NAME_NEW, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd < 0)
		return -errno;
	err = file_write(sysctl, fd);
	if (!err && renameat(dir, FILE_NAME_NEW, dir, FILE_NAME))
		err = -errno;
	if (err)
		(void)unlinkat(dir, FILE_NAME_NEW, 0);
	return err;
}

static struct hold *hold_new(struct nl_sysctl *sysctl)
{
	struct hold *hold;

	if (!nl_grow(sysctl->holds, sysctl->count, &sysctl->room))
		return NULL;
	hold = &sysctl->holds[sysctl->count++];
	memset(hold, 0, sizeof(*hold));
	return hold;
}

static void hold_free(struct nl_sysctl *sysctl, struct hold *hold)
{
	*hold = sysctl->holds[--sysctl->count];
}

/* In a file of an older release, names that exist in one family only have no family. */
static bool is_key(const char *text, enum nl_sysctl_key key)
{
	char full[48];

	snprintf(full, sizeof(full), "%s.%s", keys[key].of, keys[key].name);
	return !strcmp(text, full) || !strcmp(text, keys[key].name);
}

static bool line_parse(const char *line, struct hold *hold)
{
	char key[48];

	if (sscanf(line, "%d %15s %47s was %d is %d", &hold->ifindex, hold->name, key,
		   &hold->original, &hold->value) != 5)
		return false;
	for (int i = 0; i < NL_SYSCTL_KEYS; i++) {
		hold->key = i;
		if (is_key(key, i))
			return true;
	}
	return false;
}

/* True when the file's first lines name this program, this boot and this namespace. */
static bool file_is_true(FILE *file, const struct nl_here *here)
{
	char line[256], boot[64];
	uint64_t netns;

	return fgets(line, sizeof(line), file) && !strcmp(line, FILE_MAGIC "\n") &&
	       fgets(line, sizeof(line), file) && sscanf(line, "boot %63s", boot) == 1 &&
	       fgets(line, sizeof(line), file) && sscanf(line, "netns %" SCNu64, &netns) == 1 &&
	       !strcmp(boot, here->boot) && netns == here->netns;
}

static int file_load(struct nl_sysctl *sysctl)
{
	int fd = openat(sysctl->directory, FILE_NAME, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	struct hold left, *hold = &left;
	char line[256];
	FILE *file;

	if (fd < 0)
		return errno == ENOENT ? 0 : -errno;
	file = fdopen(fd, "r");
	if (!file) {
		close(fd);
		return -ENOMEM;
	}
	if (!file_is_true(file, &sysctl->here))
		goto out;
	while (hold && fgets(line, sizeof(line), file)) {
		memset(&left, 0, sizeof(left));
		if (!line_parse(line, &left))
			continue;
		hold = hold_new(sysctl);
		if (hold)
			*hold = left;
	}
out:
	fclose(file);
	return hold ? (int)sysctl->count : -ENOMEM;
}

/* ----------------------------------------------------------------------- holds */

int nl_sysctl_new(struct nl_sysctl **sysctlp, const char *directory)
{
	struct nl_sysctl *sysctl = calloc(1, sizeof(*sysctl));
	int err;

	*sysctlp = NULL;
	if (!sysctl)
		return -ENOMEM;
	sysctl->directory = open(directory, O_PATH | O_DIRECTORY | O_CLOEXEC);
	err = sysctl->directory < 0 ? -errno : nl_here_find(&sysctl->here);
	if (!err)
		err = file_load(sysctl);
	if (err < 0) {
		nl_sysctl_free(&sysctl);
		return err;
	}
	*sysctlp = sysctl;
	return err;
}

void nl_sysctl_free(struct nl_sysctl **sysctlp)
{
	if (!*sysctlp)
		return;
	if ((*sysctlp)->directory >= 0)
		close((*sysctlp)->directory);
	free((*sysctlp)->holds);
	free(*sysctlp);
	*sysctlp = NULL;
}

static struct hold *hold_find(struct nl_sysctl *sysctl, int ifindex, enum nl_sysctl_key key)
{
	for (size_t i = 0; i < sysctl->count; i++)
		if (sysctl->holds[i].ifindex == ifindex && sysctl->holds[i].key == key)
			return &sysctl->holds[i];
	return NULL;
}

/* Called for the first holder. On failure *hold is as before: what an earlier run left, or free. */
static int hold_begin(struct nl_sysctl *sysctl, struct hold *hold, const struct hold *left)
{
	int err = file_save(sysctl);

	if (!err)
		err = nl_sysctl_set(hold->ifindex, hold->key, hold->value);
	if (!err) {
		hold->holders = 1;
		return 0;
	}
	if (left)
		*hold = *left;
	else
		hold_free(sysctl, hold);
	(void)file_save(sysctl);
	return err;
}

int nl_sysctl_hold(struct nl_sysctl *sysctl, int ifindex, enum nl_sysctl_key key, int value)
{
	struct hold *hold = hold_find(sysctl, ifindex, key);
	struct hold old, *left = NULL;
	int now, err;

	if (hold && hold->holders) {
		if (hold->value != value)
			return -EBUSY;
		hold->holders++;
		return 0;
	}
	err = nl_sysctl_get(ifindex, key, &now);
	if (err)
		return err;

	if (hold) {
		old = *hold;
		left = &old;
	} else {
		hold = hold_new(sysctl);
	}
	if (!hold)
		return -ENOMEM;
	/* An earlier run saved the original, unless someone has changed it since. */
	if (!left || now != left->value)
		hold->original = now;
	hold->ifindex = ifindex;
	hold->key = key;
	hold->value = value;
	if (!if_indextoname(ifindex, hold->name))
		strcpy(hold->name, "?");
	return hold_begin(sysctl, hold, left);
}

int nl_sysctl_keep(struct nl_sysctl *sysctl, int ifindex, enum nl_sysctl_key key, int value)
{
	struct hold *hold = hold_find(sysctl, ifindex, key);
	int now, err;

	if (!hold || !hold->holders)
		return -ENOENT;
	err = nl_sysctl_get(ifindex, key, &now);
	if (err || (now == value && hold->value == value))
		return err;
	if (now != hold->value)
		hold->original = now;
	hold->value = value;
	err = file_save(sysctl);
	if (!err && now != value)
		err = nl_sysctl_set(ifindex, key, value);
	return err ? err : now != value;
}

/* Puts back the original value: 0, NL_SYSCTL_FOREIGN, -ENODEV when the link is gone, ... */
static int hold_end(const struct hold *hold)
{
	int now, err = nl_sysctl_get(hold->ifindex, hold->key, &now);

	if (err)
		return err;
	/* A daemon killed between saving and setting has set nothing. */
	if (now == hold->original)
		return 0;
	if (now != hold->value)
		return NL_SYSCTL_FOREIGN;
	return nl_sysctl_set(hold->ifindex, hold->key, hold->original);
}

int nl_sysctl_drop(struct nl_sysctl *sysctl, int ifindex, enum nl_sysctl_key key)
{
	struct hold *hold = hold_find(sysctl, ifindex, key);
	int err, saved;

	if (!hold || !hold->holders)
		return -ENOENT;
	if (--hold->holders)
		return 0;
	err = hold_end(hold);
	/* The sysctl is gone, with its link or with IPv6. */
	if (err == -ENODEV || err == -ENOENT)
		err = 0;
	if (err < 0)
		return err;
	hold_free(sysctl, hold);
	saved = file_save(sysctl);
	return saved ? saved : err;
}

int nl_sysctl_settle(struct nl_sysctl *sysctl, nl_sysctl_fn fn, void *arg)
{
	int failed = 0, err;

	for (size_t i = sysctl->count; i-- > 0;) {
		struct hold *hold = &sysctl->holds[i];
		struct nl_sysctl_report report = {
			.ifindex = hold->ifindex,
			.key = hold->key,
			.original = hold->original,
		};

		if (hold->holders)
			continue;
		memcpy(report.name, hold->name, sizeof(report.name));
		report.error = hold_end(hold);
		if (report.error >= 0 || report.error == -ENODEV || report.error == -ENOENT)
			hold_free(sysctl, hold);
		else
			failed++;
		if (fn && report.error != -ENODEV && report.error != -ENOENT)
			fn(&report, arg);
	}
	err = file_save(sysctl);
	return err ? err : failed;
}
