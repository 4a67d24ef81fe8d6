// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The kernel counts failures in /proc/net/snmp, where a line of names precedes a line of values,
 * and in /proc/net/snmp6, which has one line for each counter.
 */
#include "vrrp_fragments.h"

#include <netinet/ip6.h>

#include "darr.h"

#include "vrrp_warning.h"

#define LINE_MAX_OCTETS 2048

/* The word of a line that is at this place, counted from 0; NULL when there are fewer. */
static const char *word_at(char *line, unsigned int place)
{
	char *save, *word = strtok_r(line, " \n", &save);

	while (word && place--)
		word = strtok_r(NULL, " \n", &save);
	return word;
}

static int place_of(char *line, const char *wanted)
{
	char *save, *word = strtok_r(line, " \n", &save);
	int place = 0;

	for (; word && !strmatch(word, wanted); place++)
		word = strtok_r(NULL, " \n", &save);
	return word ? place : -1;
}

static uint64_t number(const char *word)
{
	return word ? strtoull(word, NULL, 10) : 0;
}

static uint64_t failed_v4(FILE *file)
{
	char names[LINE_MAX_OCTETS], values[LINE_MAX_OCTETS];
	int place;

	while (fgets(names, sizeof(names), file) && fgets(values, sizeof(values), file)) {
		if (strncmp(names, "Ip:", strlen("Ip:")) != 0)
			continue;
		place = place_of(names, "ReasmFails");
		return place < 0 ? 0 : number(word_at(values, place));
	}
	return 0;
}

static uint64_t failed_v6(FILE *file)
{
	static const char name[] = "Ip6ReasmFails";
	char line[LINE_MAX_OCTETS];

	while (fgets(line, sizeof(line), file))
		if (!strncmp(line, name, strlen(name)))
			return number(line + strlen(name));
	return 0;
}

uint64_t vrrp_fragments_failed(enum vrrp_family family)
{
	FILE *file = fopen(family == VRRP_IPV4 ? "/proc/net/snmp" : "/proc/net/snmp6", "r");
	uint64_t failed;

	if (!file)
		return 0;
	failed = family == VRRP_IPV4 ? failed_v4(file) : failed_v6(file);
	fclose(file);
	return failed;
}

static unsigned int octets_of(const struct vrrp_router *router)
{
	size_t header = router->family == VRRP_IPV4 ? sizeof(struct iphdr) : sizeof(struct ip6_hdr);

	header += vrrp_auth_signs(&router->group->applied.auth) ? VRRP_TRAILER_SIZE : 0;
	return header + VRRP_HEADER_SIZE + darr_len(router->vips) * vrrp_addr_size(router->family);
}

static int warn(const struct vrrp_router *router, struct vrrp_sentences *sentences)
{
	unsigned int octets = octets_of(router);

	if (octets > VRRP_MTU)
		vrrp_sentence_add(sentences,
				  "its advertisements have %u octets and travel in fragments of %u: on a way that drops fragments nobody hears them; use several groups for %u virtual addresses",
				  octets, VRRP_MTU, darr_len(router->vips));
	return 0;
}

void vrrp_fragments_init(void)
{
	hook_register(vrrp_warnings, warn);
}
