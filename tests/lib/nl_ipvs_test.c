// SPDX-License-Identifier: GPL-2.0-or-later
#include "nl_ipvs_test.h"

struct nl_ipvs *ipvs;
struct nl_ipvs_owned *owned;
struct ipvs_told told;
char keys_path[64];

int ipvs_begin(void **state)
{
	if (fresh_namespace(state) < 0)
		return -1;
	snprintf(keys_path, sizeof(keys_path), "/tmp/nl_ipvs.%d.keys", getpid());
	remove(keys_path);
	return nl_ipvs_new(&ipvs) || nl_ipvs_owned_load(&owned, NULL);
}

int ipvs_end(void **state)
{
	remove(keys_path);
	nl_ipvs_owned_free(&owned);
	nl_ipvs_free(&ipvs);
	return leave_namespace(state);
}

struct nl_ipvs_key key(const char *text)
{
	struct nl_ipvs_key parsed;

	rule(nl_ipvs_key_parse(text, &parsed), "the test's key \"%s\" is none", text);
	return parsed;
}

struct nl_ipvs_service service(const char *text, const char *scheduler)
{
	struct nl_ipvs_service made = { .key = key(text) };

	snprintf(made.scheduler, sizeof(made.scheduler), "%s", scheduler);
	return made;
}

struct nl_ipvs_server server(const char *address, uint16_t port, enum nl_ipvs_forward forward)
{
	struct nl_ipvs_server made = { .port = port, .forward = forward, .weight = 1 };

	made.address.family = strchr(address, ':') ? AF_INET6 : AF_INET;
	assert_int_equal(inet_pton(made.address.family, address, &made.address.v4), 1);
	return made;
}

struct nl_ipvs_server tunnel(const char *address, enum nl_ipvs_encapsulation encapsulation)
{
	struct nl_ipvs_server made = server(address, 80, NL_IPVS_TUNNEL);

	made.encapsulation = encapsulation;
	made.gue_port = encapsulation == NL_IPVS_GUE ? 6080 : 0;
	return made;
}

static void tell(const struct nl_ipvs_result *result, void *arg)
{
	char line[256], text[NL_IPVS_KEY_TEXT_BYTES] = "", address[INET6_ADDRSTRLEN] = "";
	size_t used = strlen(told.text);

	told.changes++;
	if (result->error) {
		told.failures++;
		told.error = result->error;
	}
	if (result->key)
		nl_ipvs_key_text(result->key, text, sizeof(text));
	if (result->server)
		inet_ntop(result->server->address.family, &result->server->address.v4, address,
			  sizeof(address));
	snprintf(line, sizeof(line), "%s: %s %s: %s\n", text, result->what, address,
		 strerror(-result->error));
	snprintf(told.text + used, sizeof(told.text) - used, "%s", line);
}

int synchronise(const struct nl_ipvs_service *wanted, size_t count)
{
	int failed;

	memset(&told, 0, sizeof(told));
	failed = nl_ipvs_apply(ipvs, wanted, count, owned, tell, NULL);
	rule(failed < 0 || failed == told.failures, "%d failures told, but %d returned:\n%s",
	     told.failures, failed, told.text);
	return failed;
}

void sync_sends(const struct nl_ipvs_service *wanted, size_t count, int requests, const char *why)
{
	uint64_t before = nl_ipvs_changes(ipvs);
	int failed = synchronise(wanted, count), sent;

	rule(failed == 0, "%s: %d (%s)\n%s", why, failed, failed < 0 ? strerror(-failed) : "failed",
	     told.text);
	sent = (int)(nl_ipvs_changes(ipvs) - before);
	rule(sent == requests && told.changes == requests,
	     "%s must take %d requests, but took %d and told of %d:\n%s", why, requests, sent,
	     told.changes, told.text);
}

int refusal(const struct nl_ipvs_service *wanted)
{
	char *before = strdup(output("ipvsadm -Sn"));
	int failed = synchronise(wanted, 1);

	rule(failed == 1, "one refusal was expected, not %d: %s", failed, told.text);
	rule(!strcmp(before, output("ipvsadm -Sn")), "refused, and yet changed:\n%s", told.text);
	free(before);
	return told.error;
}

void table_is(const char *wanted, const char *when)
{
	char *lines = strdup(wanted), *rest = lines, *line;
	const char *table = output("ipvsadm -Sn");
	size_t bytes = 0;

	while ((line = strsep(&rest, "\n"))) {
		const char *at = *line ? strstr(table, line) : table;
		size_t len = strlen(line);

		bytes += len + (len > 0);
		rule(at && (!len || ((at == table || at[-1] == '\n') && at[len] == '\n')),
		     "%s, ipvsadm should say \"%s\", but says:\n%s", when, line, table);
	}
	rule(bytes == strlen(table), "%s, ipvsadm says more than:\n%s\nnamely:\n%s", when, wanted,
	     table);
	free(lines);
}

void see_service(const struct nl_ipvs_service_state *state, void *arg)
{
	struct sight *sight = arg;

	sight->services++;
	sight->state = *state;
	for (size_t i = 0; i < state->servers_count && i < COUNT(sight->servers); i++)
		sight->servers[i] = state->servers[i];
}

void restart(const char *path)
{
	nl_ipvs_owned_free(&owned);
	nl_ipvs_free(&ipvs);
	assert_int_equal(nl_ipvs_new(&ipvs), 0);
	rule_error(nl_ipvs_owned_load(&owned, path), 0, "loading the keys");
}
