// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The services and threads of synchronisation that are ours.
 *
 * A nl_ipvs_owned owns a set of keys, and a file with the same keys. The file belongs beside the
 * process's other run-time files. The services vanish at a reboot and with the network namespace,
 * so the first line names the boot and the namespace, and the file counts only if both are the
 * present ones. It need not survive a loss of power, so it is not synced. A daemon that is killed
 * while it writes leaves the old file.
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <arpa/inet.h>

#include "nl_grow.h"
#include "nl_here.h"
#include "nl_ipvs_private.h"

struct nl_ipvs_owned {
	char *path;
	struct nl_ipvs_key *keys; /* sorted */
	size_t count;
	size_t room;
	struct nl_ipvs_daemon daemons[NL_IPVS_BACKUP + 1]; /* by role; no ifname: none */
	bool unsaved;
	bool spilled; /* links beside the file may exist */
	int error;    /* of the last attempt to write it */
};

/* ----------------------------------------------------------- keys as text */

static const struct {
	uint8_t number;
	const char *name;
} protocols[] = {
	{ IPPROTO_TCP, "tcp" },
	{ IPPROTO_UDP, "udp" },
	{ IPPROTO_SCTP, "sctp" },
};

#define PROTOCOLS (sizeof(protocols) / sizeof(protocols[0]))

const char *nl_ipvs_key_text(const struct nl_ipvs_key *key, char *text, size_t size)
{
	char address[INET6_ADDRSTRLEN] = "?";
	const char *protocol = "?";

	if (key->fwmark) {
		snprintf(text, size, "fwmark %" PRIu32 " %s", key->fwmark,
			 key->address.family == AF_INET ? "ipv4" : "ipv6");
		return text;
	}
	for (size_t i = 0; i < PROTOCOLS; i++)
		if (protocols[i].number == key->protocol)
			protocol = protocols[i].name;
	inet_ntop(key->address.family, &key->address.v4, address, sizeof(address));
	snprintf(text, size, "%s %s %u", protocol, address, key->port);
	return text;
}

static bool parse_number(const char *text, unsigned long max, unsigned long *number)
{
	char *end;

	errno = 0;
	*number = strtoul(text, &end, 10);
	return text[0] >= '0' && text[0] <= '9' && !*end && !errno && *number <= max;
}

static bool parse_fwmark(const char *mark, const char *family, struct nl_ipvs_key *key)
{
	unsigned long number;

	if (!parse_number(mark, UINT32_MAX, &number) || !number)
		return false;
	key->fwmark = number;
	key->address.family = !strcmp(family, "ipv4") ? AF_INET : AF_INET6;
	return key->address.family == AF_INET || !strcmp(family, "ipv6");
}

static bool parse_socket(const char *protocol, const char *address, const char *port,
			 struct nl_ipvs_key *key)
{
	unsigned long number;

	for (size_t i = 0; i < PROTOCOLS; i++)
		if (!strcmp(protocols[i].name, protocol))
			key->protocol = protocols[i].number;
	key->address.family = strchr(address, ':') ? AF_INET6 : AF_INET;
	if (!key->protocol || inet_pton(key->address.family, address, &key->address.v4) != 1 ||
	    !parse_number(port, UINT16_MAX, &number))
		return false;
	key->port = number;
	return true;
}

bool nl_ipvs_key_parse(const char *text, struct nl_ipvs_key *key)
{
	char kind[8], first[INET6_ADDRSTRLEN + 1], second[16], rest;

	memset(key, 0, sizeof(*key));
	if (sscanf(text, "%7s %46s %15s %c", kind, first, second, &rest) != 3)
		return false;
	if (!strcmp(kind, "fwmark"))
		return parse_fwmark(first, second, key);
	return parse_socket(kind, first, second, key);
}

/* ---------------------------------------------------------------- the set */

/* Where a key is, or would be. */
static size_t owned_place(const struct nl_ipvs_owned *owned, const struct nl_ipvs_key *key,
			  bool *found)
{
	size_t low = 0, high = owned->count;

	*found = false;
	while (low < high && !*found) {
		size_t middle = low + (high - low) / 2;
		int differ = nl_ipvs_key_cmp(&owned->keys[middle], key);

		*found = !differ;
		if (differ < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return high;
}

bool nl_ipvs_owned_has(const struct nl_ipvs_owned *owned, const struct nl_ipvs_key *key)
{
	bool found;

	owned_place(owned, key, &found);
	return found;
}

size_t nl_ipvs_owned_count(const struct nl_ipvs_owned *owned)
{
	return owned->count;
}

int nl_ipvs_owned_error(const struct nl_ipvs_owned *owned)
{
	return owned->error;
}

const struct nl_ipvs_key *ipvs_owned_keys(const struct nl_ipvs_owned *owned)
{
	return owned->keys;
}

int ipvs_owned_add(struct nl_ipvs_owned *owned, const struct nl_ipvs_key *key)
{
	bool found;
	size_t at = owned_place(owned, key, &found);

	if (found)
		return 0;
	if (!nl_grow(owned->keys, owned->count, &owned->room))
		return -ENOMEM;
	memmove(&owned->keys[at + 1], &owned->keys[at], (owned->count - at) * sizeof(*owned->keys));
	owned->keys[at] = *key;
	owned->count++;
	owned->unsaved = true;
	return 0;
}

void ipvs_owned_del(struct nl_ipvs_owned *owned, const struct nl_ipvs_key *key)
{
	bool found;
	size_t at = owned_place(owned, key, &found);

	if (!found)
		return;
	owned->count--;
	memmove(&owned->keys[at], &owned->keys[at + 1], (owned->count - at) * sizeof(*owned->keys));
	owned->unsaved = true;
}

/* ------------------------------------------------------------ the threads */

/* "master eth1 5" */
static const char *const roles[] = {
	[NL_IPVS_MASTER] = "master",
	[NL_IPVS_BACKUP] = "backup",
};

const struct nl_ipvs_daemon *ipvs_owned_daemon(const struct nl_ipvs_owned *owned,
					       enum nl_ipvs_role role)
{
	return &owned->daemons[role];
}

bool nl_ipvs_owns_daemon(const struct nl_ipvs_owned *owned, enum nl_ipvs_role role)
{
	return *owned->daemons[role].ifname;
}

static void set_daemon(struct nl_ipvs_owned *owned, enum nl_ipvs_role role, const char *ifname,
		       uint8_t sync_id)
{
	struct nl_ipvs_daemon *daemon = &owned->daemons[role];

	if (!strcmp(daemon->ifname, ifname) && daemon->sync_id == sync_id)
		return;
	daemon->role = role;
	daemon->sync_id = sync_id;
	snprintf(daemon->ifname, sizeof(daemon->ifname), "%s", ifname);
	owned->unsaved = true;
}

void nl_ipvs_own_daemon(struct nl_ipvs_owned *owned, const struct nl_ipvs_daemon *daemon)
{
	set_daemon(owned, daemon->role, daemon->ifname, daemon->sync_id);
	(void)ipvs_owned_save(owned);
}

void nl_ipvs_disown_daemon(struct nl_ipvs_owned *owned, enum nl_ipvs_role role)
{
	set_daemon(owned, role, "", 0);
	(void)ipvs_owned_save(owned);
}

static bool parse_daemon(struct nl_ipvs_owned *owned, const char *line)
{
	char role[8], ifname[IFNAMSIZ], id[8], rest;
	unsigned long number;

	if (sscanf(line, "%7s %15s %7s %c", role, ifname, id, &rest) != 3 ||
	    !parse_number(id, UINT8_MAX, &number))
		return false;
	for (enum nl_ipvs_role each = NL_IPVS_MASTER; each <= NL_IPVS_BACKUP; each++) {
		if (strcmp(role, roles[each]) != 0)
			continue;
		set_daemon(owned, each, ifname, (uint8_t)number);
		return true;
	}
	return false;
}

/* --------------------------------------------------------------- the file */

/* Names this boot and this network namespace, by a cookie that is never used again. */
static void first_line(char *text, size_t size)
{
	struct nl_here here;

	(void)nl_here_find(&here); /* what cannot be found out is empty */
	snprintf(text, size, "IPVS services of frr-crossvip vrrpd, boot %s, netns %" PRIu64 "\n",
		 here.boot, here.netns);
}

/* Parses one line; err is the error so far, and is returned unless this line has another. */
static int parse_line(struct nl_ipvs_owned *owned, const char *line, int err)
{
	struct nl_ipvs_key key;

	if (parse_daemon(owned, line))
		return err;
	if (!nl_ipvs_key_parse(line, &key))
		return -EBADMSG;
	return ipvs_owned_add(owned, &key) < 0 ? -ENOMEM : err;
}

static int owned_parse(struct nl_ipvs_owned *owned, FILE *file)
{
	char line[256], expected[256];
	int err = 0;

	first_line(expected, sizeof(expected));
	errno = EIO;
	if (!fgets(line, sizeof(line), file))
		return ferror(file) ? -errno : 0;
	if (strcmp(line, expected) != 0)
		return 0;
	while (err != -ENOMEM && fgets(line, sizeof(line), file))
		err = parse_line(owned, line, err);
	owned->unsaved = err != 0;
	return err;
}

/* Takes over a line that the file does not have; the next save writes it. */
static bool take_spilled(const char *line, void *arg)
{
	struct nl_ipvs_owned *owned = arg;

	owned->unsaved = true;
	return parse_line(owned, line, 0) == 0;
}

static void load_spilled(struct nl_ipvs_owned *owned)
{
	char where[256];

	first_line(where, sizeof(where));
	owned->spilled = true; /* links of another boot are removed as well */
	(void)ipvs_spill_each(owned->path, where, take_spilled, owned);
}

int nl_ipvs_owned_load(struct nl_ipvs_owned **ownedp, const char *path)
{
	struct nl_ipvs_owned *owned = calloc(1, sizeof(*owned));
	FILE *file;
	int err;

	*ownedp = NULL;
	if (!owned)
		return -ENOMEM;
	*ownedp = owned;
	if (!path)
		return 0;

	owned->path = strdup(path);
	if (!owned->path) {
		nl_ipvs_owned_free(ownedp);
		return -ENOMEM;
	}
	file = fopen(path, "re");
	err = file || errno == ENOENT ? 0 : -errno;
	if (file) {
		err = owned_parse(owned, file);
		fclose(file);
	}
	if (err != -ENOMEM)
		load_spilled(owned);
	if (err == -ENOMEM)
		nl_ipvs_owned_free(ownedp);
	return err;
}

void nl_ipvs_owned_free(struct nl_ipvs_owned **ownedp)
{
	if (!*ownedp)
		return;
	free((*ownedp)->keys);
	free((*ownedp)->path);
	free(*ownedp);
	*ownedp = NULL;
}

/* Each line but the first, without its end; stops when fn returns an error, and returns it. */
static int each_line(const struct nl_ipvs_owned *owned, int (*fn)(const char *line, void *arg),
		     void *arg)
{
	const struct nl_ipvs_daemon *daemon;
	char text[256];
	int err = 0;

	for (size_t i = 0; !err && i < owned->count; i++)
		err = fn(nl_ipvs_key_text(&owned->keys[i], text, sizeof(text)), arg);
	for (enum nl_ipvs_role role = NL_IPVS_MASTER; !err && role <= NL_IPVS_BACKUP; role++) {
		daemon = &owned->daemons[role];
		snprintf(text, sizeof(text), "%s %s %u", roles[role], daemon->ifname,
			 daemon->sync_id);
		if (nl_ipvs_owns_daemon(owned, role))
			err = fn(text, arg);
	}
	return err;
}

static int write_line(const char *line, void *arg)
{
	fprintf(arg, "%s\n", line);
	return 0;
}

static int owned_write(const struct nl_ipvs_owned *owned, int fd)
{
	char text[256];
	FILE *file = fdopen(fd, "w");
	bool failed;

	if (!file) {
		close(fd);
		return -ENOMEM;
	}
	first_line(text, sizeof(text));
	fputs(text, file);
	each_line(owned, write_line, file);
	errno = EIO;
	failed = ferror(file);
	/* An error of buffered data may show only here. */
	failed |= fclose(file) != 0;
	return failed ? -errno : 0;
}

static int owned_replace(const struct nl_ipvs_owned *owned, const char *temporary)
{
	int fd = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0640);
	int err = fd < 0 ? -errno : owned_write(owned, fd);

	if (!err && rename(temporary, owned->path) < 0)
		err = -errno;
	if (err && fd >= 0)
		unlink(temporary);
	return err;
}

struct spill {
	const struct nl_ipvs_owned *owned;
	char where[256];
	const char *line; /* looked for */
};

static int spill_line(const char *line, void *arg)
{
	const struct spill *spill = arg;

	return ipvs_spill_add(spill->owned->path, line, spill->where);
}

static int same_line(const char *line, void *arg)
{
	const struct spill *spill = arg;

	return strcmp(line, spill->line) ? 0 : 1;
}

static bool is_ours(const char *line, void *arg)
{
	struct spill *spill = arg;

	spill->line = line;
	return each_line(spill->owned, same_line, spill) != 0;
}

static bool none(const char *line, void *arg)
{
	(void)line;
	(void)arg;
	return false;
}

/* Stores the keys as links, and removes the file: it is outdated, but would be believed. */
static void owned_spill(struct nl_ipvs_owned *owned)
{
	struct spill spill = { .owned = owned };

	first_line(spill.where, sizeof(spill.where));
	owned->spilled = true;
	if (each_line(owned, spill_line, &spill))
		return;
	(void)unlink(owned->path);
	(void)ipvs_spill_each(owned->path, spill.where, is_ours, &spill);
}

static void owned_unspill(struct nl_ipvs_owned *owned)
{
	if (owned->spilled)
		(void)ipvs_spill_each(owned->path, "", none, NULL);
	owned->spilled = false;
}

int ipvs_owned_save(struct nl_ipvs_owned *owned)
{
	char *temporary;

	if (!owned->path || (!owned->unsaved && !owned->error))
		return 0;
	if (asprintf(&temporary, "%s.new", owned->path) < 0)
		return -ENOMEM;
	owned->error = owned_replace(owned, temporary);
	free(temporary);
	if (owned->error)
		owned_spill(owned);
	else
		owned_unspill(owned);
	owned->unsaved = owned->error != 0;
	return owned->error;
}
