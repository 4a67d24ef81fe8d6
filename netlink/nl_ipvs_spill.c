// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A substitute for the file of owned services while that cannot be written.
 *
 * A full disk has no room for a file, but for names. So each line of the file becomes the
 * name of a symbolic link beside it, prefixed with the file's name. The link's target is the
 * file's first line, which names the boot and the namespace; it leads nowhere and is only
 * read. When the file can be written again, the links are removed.
 */
#include <dirent.h>
#include <errno.h>
#include <libgen.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "nl_ipvs_private.h"

static int link_make(const char *path, const char *line, const char *where)
{
	char name[PATH_MAX];

	snprintf(name, sizeof(name), "%s.%s", path, line);
	if (symlink(where, name) == 0)
		return 0;
	if (errno != EEXIST || unlink(name) < 0)
		return -errno;
	return symlink(where, name) < 0 ? -errno : 0;
}

int ipvs_spill_add(const char *path, const char *line, const char *where)
{
	return link_make(path, line, where);
}

/* The line that a name in the directory stands for; NULL when the name is not ours. */
static const char *line_of(const char *name, const char *base)
{
	size_t len = strlen(base);

	return !strncmp(name, base, len) && name[len] == '.' ? name + len + 1 : NULL;
}

static bool points_to(int dir, const char *name, const char *where)
{
	char target[256];
	ssize_t len = readlinkat(dir, name, target, sizeof(target) - 1);

	if (len < 0)
		return false;
	target[len] = '\0';
	return !where || !strcmp(target, where);
}

int ipvs_spill_each(const char *path, const char *where, bool (*keep)(const char *line, void *arg),
		    void *arg)
{
	char *copy = strdup(path), *copy2 = strdup(path);
	const char *base = copy ? basename(copy) : NULL, *line;
	DIR *dir = copy2 ? opendir(dirname(copy2)) : NULL;
	int err = dir && base ? 0 : -errno;
	struct dirent *entry;

	while (!err && (entry = readdir(dir))) {
		line = line_of(entry->d_name, base);
		if (!line || !points_to(dirfd(dir), entry->d_name, NULL))
			continue;
		if (!points_to(dirfd(dir), entry->d_name, where) || !keep(line, arg))
			(void)unlinkat(dirfd(dir), entry->d_name, 0);
	}
	if (dir)
		closedir(dir);
	free(copy);
	free(copy2);
	return err;
}
