// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Both are files of /proc. The counter is a column of /proc/net/netstat, where a line of
 * names is followed by one of values.
 */
#include <errno.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "nl_rpfilter.h"

#define NETSTAT "/proc/net/netstat"
#define COUNTER "IPReversePathFilter"
#define STRICT	1

/* Names and values, side by side. */
static int find_counter(char *names, char *values, uint64_t *discarded)
{
	char *next_name = names, *next_value = values, *name, *value;

	while ((name = strsep(&next_name, " \n")) && (value = strsep(&next_value, " \n")))
		if (!strcmp(name, COUNTER)) {
			*discarded = strtoull(value, NULL, 10);
			return 0;
		}
	return -ENOENT;
}

int nl_rpfilter_discarded(uint64_t *discarded)
{
	char *names = NULL, *values = NULL;
	size_t names_size = 0, values_size = 0;
	FILE *file = fopen(NETSTAT, "re");
	int ret = -ENOENT;

	if (!file)
		return -errno;
	while (ret == -ENOENT && getline(&names, &names_size, file) > 0 &&
	       getline(&values, &values_size, file) > 0)
		ret = find_counter(names, values, discarded);
	free(names);
	free(values);
	fclose(file);
	return ret;
}

/* The value of a link, or of "all"; 0 when it cannot be read. */
static int mode_of(const char *name)
{
	char path[64];
	int mode = 0;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/sys/net/ipv4/conf/%s/rp_filter", name);
	file = fopen(path, "re");
	if (!file)
		return 0;
	if (fscanf(file, "%d", &mode) != 1)
		mode = 0;
	fclose(file);
	return mode;
}

static void append(char *names, size_t size, const char *name)
{
	size_t length = strlen(names);

	snprintf(names + length, size - length, "%s%s", length ? ", " : "", name);
}

int nl_rpfilter_strict_links(char *names, size_t size)
{
	struct if_nameindex *links = if_nameindex();
	int all = mode_of("all"), count = 0, mode;

	names[0] = '\0';
	if (!links)
		return -errno;
	for (size_t i = 0; links[i].if_name; i++) {
		mode = mode_of(links[i].if_name);
		if ((mode > all ? mode : all) != STRICT || !strcmp(links[i].if_name, "lo"))
			continue;
		append(names, size, links[i].if_name);
		count++;
	}
	if_freenameindex(links);
	return count;
}
