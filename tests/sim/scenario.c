// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Scenario files. A line is a setting, or an incident behind "at" (once) or
 * "every" (again and again); # begins a comment. Where a value is expected a
 * range A-B may stand, and each run draws from it. A setting of the routers has
 * a value for each; the last one counts for all that follow.
 *
 *	routers 3                          version 3          family ipv6
 *	members 2 (of a sync group, on each host; routers counts them all)
 *	priority 200 1-254                 interval 100ms     preempt yes no either
 *	preempt-delay 10s                  delivery lan       delay 1ms-5ms
 *	latency 0-2ms                      stale 1%           length 30m
 *	resume timers                      reorder 1s
 *	at 10s priority 1 50               every 1m-5m crash any for 1s-20s
 *	every 10m loss 30% for 10s-1m      every 5m partition for 10s-2m
 *	every 2m oneway any any for 5s     every 5m stall active for 1s-9s
 *	every 300ms farewell any backup    every 1m switchover active
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim.h"

#define WORDS_MAX 16

enum unit { UNIT_NONE, UNIT_NUMBER, UNIT_CS, UNIT_SEC, UNIT_USEC, UNIT_PPM };

static const struct {
	const char *name;
	unsigned int routers; /* that it names */
	enum unit value;
} kinds[INCIDENTS] = {
	[INCIDENT_CRASH] = { "crash", 1, UNIT_NONE },
	[INCIDENT_RESTART] = { "restart", 1, UNIT_NONE },
	[INCIDENT_STOP] = { "stop", 1, UNIT_NONE },
	[INCIDENT_SOURCE] = { "source", 1, UNIT_NONE },
	[INCIDENT_STALL] = { "stall", 1, UNIT_NONE },
	[INCIDENT_PRIORITY] = { "priority", 1, UNIT_NUMBER },
	[INCIDENT_TRACK] = { "track", 1, UNIT_NUMBER },
	[INCIDENT_INTERVAL] = { "interval", 1, UNIT_CS },
	[INCIDENT_PREEMPT] = { "preempt", 1, UNIT_NONE },
	[INCIDENT_ADDRESS] = { "address", 1, UNIT_NONE },
	[INCIDENT_PARTITION] = { "partition", 0, UNIT_NONE },
	[INCIDENT_CUT] = { "cut", 2, UNIT_NONE },
	[INCIDENT_ONEWAY] = { "oneway", 2, UNIT_NONE },
	[INCIDENT_LOSS] = { "loss", 0, UNIT_PPM },
	[INCIDENT_DUP] = { "duplicate", 0, UNIT_PPM },
	[INCIDENT_REORDER] = { "reorder", 0, UNIT_PPM },
	[INCIDENT_CORRUPT] = { "corrupt", 0, UNIT_PPM },
	[INCIDENT_CLOCK] = { "clock", 1, UNIT_USEC },
	[INCIDENT_FORGE] = { "forge", 1, UNIT_NONE },
	[INCIDENT_SWITCHOVER] = { "switchover", 1, UNIT_NONE },
	[INCIDENT_FAREWELL] = { "farewell", 2, UNIT_NONE },
	[INCIDENT_PEER_DOWN] = { "peer-down", 2, UNIT_NONE },
};

static const struct {
	const char *suffix;
	double factor;
} suffixes[][6] = {
	[UNIT_NUMBER] = { { "", 1 } },
	[UNIT_CS] = { { "ms", 0.1 }, { "s", 100 } },
	[UNIT_SEC] = { { "s", 1 }, { "m", 60 }, { "", 1 } },
	[UNIT_USEC] = { { "us", 1 },
			{ "ms", 1e3 },
			{ "s", 1e6 },
			{ "m", 60e6 },
			{ "h", 3600e6 },
			{ "", 1 } },
	[UNIT_PPM] = { { "%", 10000 } },
};

struct reader {
	const char *path;
	unsigned int line, n_words;
	char *word[WORDS_MAX];
	struct scenario *scenario;
};

static bool complain(const struct reader *reader, const char *what, const char *word)
{
	fprintf(stderr, "%s:%u: %s: %s\n", reader->path, reader->line, what,
		word ? word : "missing");
	return false;
}

/* "10ms" at *text, which moves behind it. */
static bool read_value(const char **text, enum unit unit, uint64_t *value)
{
	unsigned int i;
	char *end;
	double number = strtod(*text, &end);

	if (end == *text || number < 0)
		return false;
	for (i = 0; i < 6 && suffixes[unit][i].suffix; i++) {
		size_t length = strlen(suffixes[unit][i].suffix);

		if (strncmp(end, suffixes[unit][i].suffix, length) != 0 ||
		    (end[length] != '\0' && end[length] != '-'))
			continue;
		*value = number * suffixes[unit][i].factor + 0.5;
		*text = end + length;
		return true;
	}
	return false;
}

/* "A" or "A-B" */
static bool read_range(const struct reader *reader, const char *word, enum unit unit,
		       struct range *range)
{
	const char *at = word;

	if (!word || !read_value(&at, unit, &range->low))
		return complain(reader, "no value of the right kind", word);
	range->high = range->low;
	if (*at == '-' && (at++, !read_value(&at, unit, &range->high)))
		return complain(reader, "no end of a range", word);
	if (*at || range->high < range->low)
		return complain(reader, "strange range", word);
	return true;
}

static bool read_preempt(const struct reader *reader, const char *word, struct range *range)
{
	range->low = strcmp(word, "yes") == 0;
	range->high = strcmp(word, "no") != 0;
	if (range->low || !range->high || !strcmp(word, "either"))
		return true;
	return complain(reader, "neither yes, no nor either", word);
}

/* A value for each router. */
static bool read_list(const struct reader *reader, enum unit unit, struct range *list)
{
	unsigned int r;

	for (r = 0; r < SIM_ROUTERS_MAX; r++) {
		unsigned int i = r + 1 < reader->n_words ? r + 1 : reader->n_words - 1;

		if (unit == UNIT_NONE ? !read_preempt(reader, reader->word[i], &list[r])
				      : !read_range(reader, reader->word[i], unit, &list[r]))
			return false;
	}
	return true;
}

static bool read_who(const struct reader *reader, const char *word, int *who)
{
	if (word && !strcmp(word, "any"))
		*who = WHO_ANY;
	else if (word && !strcmp(word, "active"))
		*who = WHO_ACTIVE;
	else if (word && !strcmp(word, "backup"))
		*who = WHO_BACKUP;
	else if (word && atoi(word) >= 1 && atoi(word) <= (int)reader->scenario->n_routers)
		*who = atoi(word) - 1;
	else
		return complain(reader, "no such router", word);
	return true;
}

static const char *word_at(const struct reader *reader, unsigned int i)
{
	return i < reader->n_words ? reader->word[i] : NULL;
}

/* Reads the words after the kind: routers, value, "for" and a time. */
static bool read_incident_rest(const struct reader *reader, struct incident *incident)
{
	unsigned int at = 3;

	if (kinds[incident->kind].routers > 0 &&
	    !read_who(reader, word_at(reader, at++), &incident->who))
		return false;
	if (kinds[incident->kind].routers > 1 &&
	    !read_who(reader, word_at(reader, at++), &incident->whom))
		return false;
	if (kinds[incident->kind].value != UNIT_NONE &&
	    !read_range(reader, word_at(reader, at++), kinds[incident->kind].value,
			&incident->value))
		return false;
	if (at == reader->n_words)
		return true;
	if (strcmp(reader->word[at], "for") != 0 || at + 2 != reader->n_words)
		return complain(reader, "not understood", reader->word[at]);
	return read_range(reader, reader->word[at + 1], UNIT_USEC, &incident->lasts);
}

static bool read_incident(struct reader *reader)
{
	struct scenario *scenario = reader->scenario;
	struct incident *incident = &scenario->incident[scenario->n_incidents++];
	const char *kind = word_at(reader, 2);

	if (scenario->n_incidents > SIM_INCIDENTS_MAX || !kind)
		return complain(reader, "too much or too little", kind);
	incident->repeats = !strcmp(reader->word[0], "every");
	if (!read_range(reader, reader->word[1], UNIT_USEC, &incident->when))
		return false;
	while (incident->kind < INCIDENTS && strcmp(kind, kinds[incident->kind].name) != 0)
		incident->kind++;
	if (incident->kind == INCIDENTS)
		return complain(reader, "no such incident", kind);
	return read_incident_rest(reader, incident);
}

static bool read_number(const struct reader *reader, enum unit unit, uint64_t *number)
{
	struct range range;

	if (!read_range(reader, reader->word[1], unit, &range))
		return false;
	*number = range.low;
	return true;
}

static bool read_choice(const struct reader *reader, const char *no, const char *yes, bool *is_yes)
{
	*is_yes = !strcmp(reader->word[1], yes);
	return *is_yes || !strcmp(reader->word[1], no) ||
	       complain(reader, "not understood", reader->word[1]);
}

static bool read_setting(struct reader *reader)
{
	struct scenario *s = reader->scenario;
	const char *name = reader->word[0];
	uint64_t number = 0;
	bool yes = false, good = true;

	if (!strcmp(name, "routers"))
		good = read_number(reader, UNIT_NUMBER, &number), s->n_routers = number;
	else if (!strcmp(name, "members"))
		good = read_number(reader, UNIT_NUMBER, &number), s->members = number;
	else if (!strcmp(name, "version"))
		good = read_number(reader, UNIT_NUMBER, &number), s->version = number;
	else if (!strcmp(name, "family"))
		good = read_choice(reader, "ipv4", "ipv6", &yes), s->family = yes ? 6 : 4;
	else if (!strcmp(name, "delivery"))
		good = read_choice(reader, "unicast", "lan", &s->lan);
	else if (!strcmp(name, "resume"))
		good = read_choice(reader, "sockets", "timers", &s->timers_first);
	else if (!strcmp(name, "priority"))
		good = read_list(reader, UNIT_NUMBER, s->priority);
	else if (!strcmp(name, "interval"))
		good = read_list(reader, UNIT_CS, s->interval_cs);
	else if (!strcmp(name, "preempt"))
		good = read_list(reader, UNIT_NONE, s->preempt);
	else if (!strcmp(name, "preempt-delay"))
		good = read_list(reader, UNIT_SEC, s->preempt_delay_sec);
	else if (!strcmp(name, "delay"))
		good = read_range(reader, reader->word[1], UNIT_USEC, &s->delay);
	else if (!strcmp(name, "latency"))
		good = read_range(reader, reader->word[1], UNIT_USEC, &s->latency);
	else if (!strcmp(name, "reorder"))
		good = read_number(reader, UNIT_USEC, &s->reorder);
	else if (!strcmp(name, "stale"))
		good = read_number(reader, UNIT_PPM, &number), s->stale_ppm = number;
	else if (!strcmp(name, "drain"))
		good = read_number(reader, UNIT_USEC, &s->drain);
	else if (!strcmp(name, "standby"))
		good = read_choice(reader, "no", "yes", &s->standby);
	else if (!strcmp(name, "healthy"))
		good = read_choice(reader, "no", "yes", &s->healthy);
	else if (!strcmp(name, "settle"))
		good = read_number(reader, UNIT_USEC, &s->settle);
	else if (!strcmp(name, "length"))
		good = read_number(reader, UNIT_USEC, &s->length);
	else
		good = complain(reader, "no such setting", name);
	return good;
}

static bool read_line(struct reader *reader, char *line)
{
	char *save, *word;

	line[strcspn(line, "#\n")] = '\0';
	reader->n_words = 0;
	for (word = strtok_r(line, " \t", &save); word; word = strtok_r(NULL, " \t", &save)) {
		if (reader->n_words == WORDS_MAX)
			return complain(reader, "too many words", word);
		reader->word[reader->n_words++] = word;
	}
	if (reader->n_words == 0)
		return true;
	if (reader->n_words == 1)
		return complain(reader, "nothing follows", reader->word[0]);
	if (!strcmp(reader->word[0], "at") || !strcmp(reader->word[0], "every"))
		return read_incident(reader);
	return read_setting(reader);
}

/* Derives the values that the bounds of check.c need, and checks their preconditions. */
static bool finish(struct reader *reader)
{
	struct scenario *s = reader->scenario;
	uint64_t shortest = UINT64_MAX, longest = 0, delay = 0;
	bool unplanned = false;
	unsigned int i;

	for (i = 0; i < SIM_ROUTERS_MAX; i++) {
		shortest = s->interval_cs[i].low < shortest ? s->interval_cs[i].low : shortest;
		longest = s->interval_cs[i].high > longest ? s->interval_cs[i].high : longest;
		delay = s->preempt_delay_sec[i].high > delay ? s->preempt_delay_sec[i].high : delay;
	}
	for (i = 0; i < s->n_incidents; i++) {
		unplanned |= s->incident[i].kind != INCIDENT_STOP &&
			     s->incident[i].kind != INCIDENT_PRIORITY &&
			     s->incident[i].kind != INCIDENT_TRACK &&
			     s->incident[i].kind != INCIDENT_PREEMPT &&
			     s->incident[i].kind != INCIDENT_SWITCHOVER;
		s->farewells |= s->incident[i].kind == INCIDENT_FAREWELL;
		s->moves |= s->incident[i].kind == INCIDENT_ADDRESS;
		if (s->incident[i].kind != INCIDENT_INTERVAL)
			continue;
		shortest = s->incident[i].value.low < shortest ? s->incident[i].value.low : shortest;
		longest = s->incident[i].value.high > longest ? s->incident[i].value.high : longest;
	}
	s->interval_max = longest * VRRP_USEC_PER_CS;
	s->preempt_delay = delay * VRRP_USEC_PER_SEC;
	s->interval_min = shortest * VRRP_USEC_PER_CS;
	if (s->n_routers < 1 || s->n_routers > SIM_ROUTERS_MAX || s->length == 0 || shortest == 0)
		return complain(reader, "routers 1 to 8, an interval and a length are needed", "");
	if (s->drain && (s->lan || s->family != VRRP_IPV4 || unplanned))
		return complain(reader, "a drain needs unicast IPv4, and nothing unplanned", "");
	if (s->members < 1 || s->n_routers % s->members ||
	    (s->members > 1 && (s->drain || s->moves)))
		return complain(reader,
				"members: as many on each host, without a drain, of one address",
				"");
	if ((s->settle || s->standby || s->healthy) && !s->drain)
		return complain(reader, "settle, standby and healthy need a drain", "");
	if (s->healthy && s->standby)
		return complain(reader, "healthy and standby exclude one another", "");
	if (s->delay.high + 2 * s->latency.high >= shortest * VRRP_USEC_PER_CS)
		return complain(reader, "delay and latency must be shorter than an interval", "");
	return true;
}

static void defaults(struct scenario *scenario)
{
	unsigned int r;

	memset(scenario, 0, sizeof(*scenario));
	scenario->version = 3;
	scenario->members = 1;
	scenario->family = VRRP_IPV4;
	scenario->delay = (struct range){ SIM_MS, 5 * SIM_MS };
	scenario->length = 3600 * SIM_S;
	for (r = 0; r < SIM_ROUTERS_MAX; r++) {
		scenario->priority[r] = (struct range){ 1, 254 };
		scenario->interval_cs[r] = (struct range){ 100, 100 };
		scenario->preempt[r] = (struct range){ 1, 1 };
	}
}

bool scenario_read(const char *path, struct scenario *scenario)
{
	struct reader reader = { .path = path, .scenario = scenario };
	const char *name = strrchr(path, '/');
	char line[300];
	bool good = true;
	FILE *file;

	defaults(scenario);
	snprintf(scenario->name, sizeof(scenario->name), "%s", name ? name + 1 : path);
	scenario->name[strcspn(scenario->name, ".")] = '\0';
	file = fopen(path, "r");
	if (!file) {
		perror(path);
		return false;
	}
	while (good && fgets(line, sizeof(line), file)) {
		reader.line++;
		good = read_line(&reader, line);
	}
	fclose(file);
	return good && finish(&reader);
}
