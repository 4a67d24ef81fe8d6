// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * needs: ns ipvs dummy
 *
 * IPVS: that the kernel holds what was wanted, told by ipvsadm(8); that only
 * differences are sent; whose services are left alone, also after a restart;
 * and that packets really go where the table says.
 */
#include "nl_test.h"

#include <fcntl.h>
#include <linux/ip.h>
#include <linux/udp.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "nl_ipvs.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static struct nl_ipvs *ipvs;
static struct nl_ipvs_owned *owned;
static char keys_path[64];

static int begin(void **state)
{
	if (fresh_namespace(state) < 0)
		return -1;
	snprintf(keys_path, sizeof(keys_path), "/tmp/nl_ipvs.%d.keys", getpid());
	remove(keys_path);
	return nl_ipvs_new(&ipvs) || nl_ipvs_owned_load(&owned, NULL);
}

static int end(void **state)
{
	remove(keys_path);
	nl_ipvs_owned_free(&owned);
	nl_ipvs_free(&ipvs);
	return leave_namespace(state);
}

/* --------------------------------------------------- what is wanted */

static struct nl_ipvs_key key(const char *text)
{
	struct nl_ipvs_key parsed;

	rule(nl_ipvs_key_parse(text, &parsed), "the test's key \"%s\" is none", text);
	return parsed;
}

static struct nl_ipvs_service service(const char *text, const char *scheduler)
{
	struct nl_ipvs_service made = { .key = key(text) };

	snprintf(made.scheduler, sizeof(made.scheduler), "%s", scheduler);
	return made;
}

static struct nl_ipvs_server server(const char *address, uint16_t port, enum nl_ipvs_forward forward)
{
	struct nl_ipvs_server made = { .port = port, .forward = forward, .weight = 1 };

	made.address.family = strchr(address, ':') ? AF_INET6 : AF_INET;
	assert_int_equal(inet_pton(made.address.family, address, &made.address.v4), 1);
	return made;
}

/* ------------------------------------------------ what became of it */

/* What the last synchronise() reported. */
static struct {
	int changes, failures;
	int error; /* the last one */
	char text[4096];
} told;

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

static int synchronise(const struct nl_ipvs_service *wanted, size_t count)
{
	int failed;

	memset(&told, 0, sizeof(told));
	failed = nl_ipvs_sync(ipvs, wanted, count, owned, tell, NULL);
	rule(failed < 0 || failed == told.failures, "%d failures told, but %d returned:\n%s",
	     told.failures, failed, told.text);
	return failed;
}

/* Synchronises, which must make so many requests and all of them well. */
static void sync_sends(const struct nl_ipvs_service *wanted, size_t count, int requests,
		       const char *why)
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

/* The error of a sync of one service; the table must be as before. */
static int refusal(const struct nl_ipvs_service *wanted)
{
	char *before = strdup(output("ipvsadm -Sn"));
	int failed = synchronise(wanted, 1);

	rule(failed == 1, "one refusal was expected, not %d: %s", failed, told.text);
	rule(!strcmp(before, output("ipvsadm -Sn")), "refused, and yet changed:\n%s", told.text);
	free(before);
	return told.error;
}

/* ipvsadm -Sn has these lines, in any order, and no others. */
static void table_is(const char *wanted, const char *when)
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

/* ------------------------------------------------------- the options */

static void the_module_is_loaded_by_asking(void **state)
{
	rule_error(nl_ipvs_read(ipvs, NULL, 0, NULL, NULL), 0, "reading an empty table");
	rule(access("/proc/net/ip_vs", F_OK) == 0, "the kernel answered, but has no IPVS");
}

static void every_scheduler_of_the_kernel_is_set_and_changed(void **state)
{
	static const char *const schedulers[] = { "rr",	 "wrr", "lc",	"wlc",	 "sh", "dh", "mh",
						  "sed", "nq",	"lblc", "lblcr", "fo", "ovf" };
	struct nl_ipvs_server real = server("198.51.100.1", 80, NL_IPVS_MASQUERADE);

	for (size_t i = 0; i < COUNT(schedulers); i++) {
		struct nl_ipvs_service wanted = service("tcp 192.0.2.1 80", schedulers[i]);
		char lines[256];

		wanted.servers = &real;
		wanted.servers_count = 1;
		/* The first makes a service and its server, the others change the one. */
		sync_sends(&wanted, 1, i ? 1 : 2, schedulers[i]);
		sync_sends(&wanted, 1, 0, "synchronising again");
		snprintf(lines, sizeof(lines),
			 "-A -t 192.0.2.1:80 -s %s\n"
			 "-a -t 192.0.2.1:80 -r 198.51.100.1:80 -m -w 1\n",
			 schedulers[i]);
		table_is(lines, schedulers[i]);
	}
}

static void the_flags_of_schedulers_and_one_packet_are_set_and_cleared(void **state)
{
	struct nl_ipvs_service wanted[] = {
		service("tcp 192.0.2.1 80", "sh"), service("tcp 192.0.2.1 81", "sh"),
		service("tcp 192.0.2.1 82", "mh"), service("tcp 192.0.2.1 83", "mh"),
		service("udp 192.0.2.1 53", "rr"), service("fwmark 9 ipv4", "rr"),
	};

	wanted[0].fallback = wanted[0].by_port = true;
	wanted[1].fallback = true;
	wanted[2].by_port = true;
	wanted[3].fallback = wanted[3].by_port = true;
	wanted[4].one_packet = wanted[5].one_packet = true;
	sync_sends(wanted, COUNT(wanted), 6, "making services with flags");
	sync_sends(wanted, COUNT(wanted), 0, "synchronising again");
	table_is("-A -t 192.0.2.1:80 -s sh -b sh-fallback,sh-port\n"
		 "-A -t 192.0.2.1:81 -s sh -b sh-fallback\n"
		 "-A -t 192.0.2.1:82 -s mh -b mh-port\n"
		 "-A -t 192.0.2.1:83 -s mh -b mh-fallback,mh-port\n"
		 "-A -u 192.0.2.1:53 -s rr -o\n"
		 "-A -f 9 -s rr -o\n",
		 "with flags");

	wanted[0].fallback = wanted[4].one_packet = false;
	sync_sends(wanted, COUNT(wanted), 2, "clearing a flag of two services");
	table_is("-A -t 192.0.2.1:80 -s sh -b sh-port\n"
		 "-A -t 192.0.2.1:81 -s sh -b sh-fallback\n"
		 "-A -t 192.0.2.1:82 -s mh -b mh-port\n"
		 "-A -t 192.0.2.1:83 -s mh -b mh-fallback,mh-port\n"
		 "-A -u 192.0.2.1:53 -s rr\n"
		 "-A -f 9 -s rr -o\n",
		 "with flags cleared");
}

static void services_are_of_three_protocols_two_families_or_a_mark(void **state)
{
	struct nl_ipvs_service wanted[] = {
		service("tcp 192.0.2.1 80", "rr"),   service("udp 192.0.2.1 80", "rr"),
		service("sctp 192.0.2.1 80", "rr"),  service("tcp 2001:db8::1 80", "rr"),
		service("udp 2001:db8::1 80", "rr"), service("sctp 2001:db8::1 80", "rr"),
		service("fwmark 7 ipv4", "rr"),	     service("fwmark 7 ipv6", "rr"),
	};
	struct nl_ipvs_server v4 = server("198.51.100.1", 80, NL_IPVS_MASQUERADE);
	struct nl_ipvs_server v6 = server("2001:db8:1::1", 8080, NL_IPVS_MASQUERADE);

	for (size_t i = 0; i < COUNT(wanted); i++) {
		wanted[i].servers = wanted[i].key.address.family == AF_INET ? &v4 : &v6;
		wanted[i].servers_count = 1;
	}
	sync_sends(wanted, COUNT(wanted), 16, "making eight services with a server each");
	sync_sends(wanted, COUNT(wanted), 0, "synchronising again");
	table_is("-A -t 192.0.2.1:80 -s rr\n"
		 "-a -t 192.0.2.1:80 -r 198.51.100.1:80 -m -w 1\n"
		 "-A -u 192.0.2.1:80 -s rr\n"
		 "-a -u 192.0.2.1:80 -r 198.51.100.1:80 -m -w 1\n"
		 "-A --sctp-service 192.0.2.1:80 -s rr\n"
		 "-a --sctp-service 192.0.2.1:80 -r 198.51.100.1:80 -m -w 1\n"
		 "-A -t [2001:db8::1]:80 -s rr\n"
		 "-a -t [2001:db8::1]:80 -r [2001:db8:1::1]:8080 -m -w 1\n"
		 "-A -u [2001:db8::1]:80 -s rr\n"
		 "-a -u [2001:db8::1]:80 -r [2001:db8:1::1]:8080 -m -w 1\n"
		 "-A --sctp-service [2001:db8::1]:80 -s rr\n"
		 "-a --sctp-service [2001:db8::1]:80 -r [2001:db8:1::1]:8080 -m -w 1\n"
		 "-A -f 7 -s rr\n"
		 "-a -f 7 -r 198.51.100.1:80 -m -w 1\n"
		 "-A -f 7 -6 -s rr\n"
		 "-a -f 7 -6 -r [2001:db8:1::1]:8080 -m -w 1\n",
		 "with all kinds of service");
	sync_sends(NULL, 0, 8, "wanting none any more");
	table_is("", "with none wanted");
}

static void persistence_has_a_time_and_a_network(void **state)
{
	struct nl_ipvs_service wanted[] = {
		service("tcp 192.0.2.1 80", "rr"),
		service("tcp 192.0.2.1 0", "rr"), /* any port */
		service("tcp 2001:db8::1 80", "rr"),
		service("tcp 2001:db8::1 81", "rr"),
	};

	for (size_t i = 0; i < COUNT(wanted); i++)
		wanted[i].persistence_sec = 300;
	wanted[0].persistence_prefixlen = 24;
	wanted[2].persistence_prefixlen = 64;
	sync_sends(wanted, COUNT(wanted), 4, "making persistent services");
	sync_sends(wanted, COUNT(wanted), 0, "synchronising again");
	table_is("-A -t 192.0.2.1:80 -s rr -p 300 -M 255.255.255.0\n"
		 "-A -t 192.0.2.1:0 -s rr -p 300\n"
		 "-A -t [2001:db8::1]:80 -s rr -p 300 -M 64\n"
		 "-A -t [2001:db8::1]:81 -s rr -p 300\n",
		 "with persistence");

	wanted[0].persistence_sec = 0;
	wanted[2].persistence_prefixlen = 0;
	wanted[3].persistence_sec = 86400;
	sync_sends(wanted, COUNT(wanted), 3, "changing three");
	sync_sends(wanted, COUNT(wanted), 0, "synchronising again");
	table_is("-A -t 192.0.2.1:80 -s rr\n"
		 "-A -t 192.0.2.1:0 -s rr -p 300\n"
		 "-A -t [2001:db8::1]:80 -s rr -p 300\n"
		 "-A -t [2001:db8::1]:81 -s rr -p 86400\n",
		 "with persistence changed");
}

static struct nl_ipvs_server tunnel(const char *address, enum nl_ipvs_encapsulation encapsulation)
{
	struct nl_ipvs_server made = server(address, 80, NL_IPVS_TUNNEL);

	made.encapsulation = encapsulation;
	made.gue_port = encapsulation == NL_IPVS_GUE ? 6080 : 0;
	return made;
}

#define WEB "-t 192.0.2.1:80 -r "

static void every_forwarding_method_is_set_and_changed(void **state)
{
	struct nl_ipvs_service wanted = service("tcp 192.0.2.1 80", "rr");
	struct nl_ipvs_server servers[] = {
		server("198.51.100.1", 8080, NL_IPVS_MASQUERADE),
		server("198.51.100.2", 80, NL_IPVS_DIRECT),
		tunnel("198.51.100.3", NL_IPVS_IPIP),
		tunnel("198.51.100.4", NL_IPVS_GUE),
		tunnel("198.51.100.5", NL_IPVS_GUE),
		tunnel("198.51.100.6", NL_IPVS_GUE),
		tunnel("198.51.100.7", NL_IPVS_GRE),
		tunnel("198.51.100.8", NL_IPVS_GRE),
		tunnel("2001:db8:1::9", NL_IPVS_IPIP),
	};

	servers[4].checksum = true;
	servers[5].remote_checksum = true;
	servers[7].checksum = true;
	wanted.servers = servers;
	wanted.servers_count = COUNT(servers);
	sync_sends(&wanted, 1, 10, "making a service with nine servers");
	sync_sends(&wanted, 1, 0, "synchronising again");
	table_is("-A -t 192.0.2.1:80 -s rr\n"
		 "-a " WEB "198.51.100.1:8080 -m -w 1\n"
		 "-a " WEB "198.51.100.2:80 -g -w 1\n"
		 "-a " WEB "198.51.100.3:80 -i -w 1 --tun-type ipip\n"
		 "-a " WEB "198.51.100.4:80 -i -w 1 --tun-type gue --tun-port 6080 --tun-nocsum\n"
		 "-a " WEB "198.51.100.5:80 -i -w 1 --tun-type gue --tun-port 6080 --tun-csum\n"
		 "-a " WEB "198.51.100.6:80 -i -w 1 --tun-type gue --tun-port 6080 --tun-remcsum\n"
		 "-a " WEB "198.51.100.7:80 -i -w 1 --tun-type gre --tun-nocsum\n"
		 "-a " WEB "198.51.100.8:80 -i -w 1 --tun-type gre --tun-csum\n"
		 "-a " WEB "[2001:db8:1::9]:80 -i -w 1 --tun-type ipip\n",
		 "with all forwarding methods");

	/* What has no meaning for a method makes no difference. */
	servers[1].gue_port = servers[2].gue_port = servers[7].gue_port = 9;
	servers[1].checksum = servers[2].checksum = true;
	servers[1].encapsulation = NL_IPVS_GRE;
	sync_sends(&wanted, 1, 0, "setting what has no meaning");

	servers[3].gue_port = 6081;
	servers[4].encapsulation = NL_IPVS_GRE;
	servers[6].forward = NL_IPVS_DIRECT;
	servers[8] = tunnel("2001:db8:1::9", NL_IPVS_GRE);
	sync_sends(&wanted, 1, 4, "changing four");
	sync_sends(&wanted, 1, 0, "synchronising again");
	table_is("-A -t 192.0.2.1:80 -s rr\n"
		 "-a " WEB "198.51.100.1:8080 -m -w 1\n"
		 "-a " WEB "198.51.100.2:80 -g -w 1\n"
		 "-a " WEB "198.51.100.3:80 -i -w 1 --tun-type ipip\n"
		 "-a " WEB "198.51.100.4:80 -i -w 1 --tun-type gue --tun-port 6081 --tun-nocsum\n"
		 "-a " WEB "198.51.100.5:80 -i -w 1 --tun-type gre --tun-csum\n"
		 "-a " WEB "198.51.100.6:80 -i -w 1 --tun-type gue --tun-port 6080 --tun-remcsum\n"
		 "-a " WEB "198.51.100.7:80 -g -w 1\n"
		 "-a " WEB "198.51.100.8:80 -i -w 1 --tun-type gre --tun-csum\n"
		 "-a " WEB "[2001:db8:1::9]:80 -i -w 1 --tun-type gre --tun-nocsum\n",
		 "with forwarding methods changed");
}

static void thresholds_says(const char *wanted)
{
	const char *text = output("ipvsadm -Ln --thresholds");

	rule(strstr(text, wanted), "ipvsadm should say \"%s\", but says:\n%s", wanted, text);
}

static void weights_and_thresholds_are_set_and_changed(void **state)
{
	struct nl_ipvs_service wanted = service("tcp 192.0.2.1 80", "wlc");
	struct nl_ipvs_server servers[] = {
		server("198.51.100.1", 80, NL_IPVS_MASQUERADE),
		server("198.51.100.2", 80, NL_IPVS_MASQUERADE),
	};

	wanted.servers = servers;
	wanted.servers_count = COUNT(servers);
	servers[0].weight = 65535;
	servers[0].upper_threshold = 1000;
	servers[0].lower_threshold = 900;
	sync_sends(&wanted, 1, 3, "making a service with two servers");
	sync_sends(&wanted, 1, 0, "synchronising again");
	thresholds_says(" 198.51.100.1:80              1000       900 ");
	thresholds_says(" 198.51.100.2:80              0          0 ");

	servers[0].weight = 0;
	servers[1].upper_threshold = 7;
	sync_sends(&wanted, 1, 2, "draining one, limiting the other");
	sync_sends(&wanted, 1, 0, "synchronising again");
	thresholds_says(" 198.51.100.2:80              7          0 ");
	table_is("-A -t 192.0.2.1:80 -s wlc\n"
		 "-a -t 192.0.2.1:80 -r 198.51.100.1:80 -m -w 0\n"
		 "-a -t 192.0.2.1:80 -r 198.51.100.2:80 -m -w 1\n",
		 "with one server drained");
}

static void only_differences_are_sent(void **state)
{
	struct nl_ipvs_service wanted[] = {
		service("tcp 192.0.2.1 80", "rr"),
		service("tcp 192.0.2.1 443", "rr"),
	};
	struct nl_ipvs_server servers[] = {
		server("198.51.100.1", 80, NL_IPVS_MASQUERADE),
		server("198.51.100.2", 80, NL_IPVS_MASQUERADE),
		server("198.51.100.3", 80, NL_IPVS_MASQUERADE),
	};

	for (size_t i = 0; i < COUNT(wanted); i++) {
		wanted[i].servers = servers;
		wanted[i].servers_count = 2;
	}
	sync_sends(wanted, 2, 6, "making two services with two servers each");
	sync_sends(wanted, 2, 0, "synchronising again");
	wanted[1].servers_count = 3;
	sync_sends(wanted, 2, 1, "adding a server to one");
	wanted[1].servers = &servers[1];
	wanted[1].servers_count = 2;
	sync_sends(wanted, 2, 1, "removing a server of one");
	rule(strstr(told.text, "tcp 192.0.2.1 443: delete server 198.51.100.1: Success"),
	     "told of the removal: %s", told.text);
	servers[2].weight = 5;
	sync_sends(wanted, 2, 1, "a new weight for one");
	wanted[0].persistence_sec = 60;
	sync_sends(wanted, 2, 1, "persistence for one");
	sync_sends(wanted, 1, 1, "wanting one service less");
	table_is("-A -t 192.0.2.1:80 -s rr -p 60\n"
		 "-a -t 192.0.2.1:80 -r 198.51.100.1:80 -m -w 1\n"
		 "-a -t 192.0.2.1:80 -r 198.51.100.2:80 -m -w 1\n",
		 "after all that");
}

static void a_few_services_are_made_changed_and_removed_beside_the_others(void **state)
{
	struct nl_ipvs_service wanted[] = {
		service("tcp 192.0.2.1 80", "rr"),
		service("tcp 192.0.2.1 81", "rr"),
		service("tcp 192.0.2.1 82", "rr"),
	};
	struct nl_ipvs_key gone[] = { wanted[0].key, key("tcp 192.0.2.1 99"), wanted[0].key };
	uint64_t before;

	sync_sends(wanted, 2, 2, "making two services");
	run("ipvsadm -A -t 192.0.2.1:99 -s nq && ipvsadm -E -t 192.0.2.1:80 -s wlc");
	before = nl_ipvs_changes(ipvs);
	rule_error(nl_ipvs_put(ipvs, wanted + 1, 2, owned, NULL, NULL), 0, "putting two");
	rule(nl_ipvs_changes(ipvs) == before + 1, "more than the missing one was sent");
	wanted[2] = service("tcp 192.0.2.1 82", "sh");
	rule_error(nl_ipvs_put(ipvs, wanted + 2, 1, owned, NULL, NULL), 0, "changing it");
	table_is("-A -t 192.0.2.1:80 -s wlc\n"
		 "-A -t 192.0.2.1:81 -s rr\n"
		 "-A -t 192.0.2.1:82 -s sh\n"
		 "-A -t 192.0.2.1:99 -s nq\n",
		 "with two put");
	/* Named twice, it is gone by itself the second time, which is no failure. */
	rule_error(nl_ipvs_remove(ipvs, gone, 3, owned, NULL, NULL), 0, "removing one of ours");
	rule_error(nl_ipvs_remove(ipvs, gone, 3, owned, NULL, NULL), 0, "removing it again");
	rule(nl_ipvs_changes(ipvs) == before + 4, "not four changes were sent, but %d",
	     (int)(nl_ipvs_changes(ipvs) - before));
	table_is("-A -t 192.0.2.1:81 -s rr\n"
		 "-A -t 192.0.2.1:82 -s sh\n"
		 "-A -t 192.0.2.1:99 -s nq\n",
		 "with one removed");
	rule(nl_ipvs_owned_count(owned) == 2, "%zu are ours, not two", nl_ipvs_owned_count(owned));
	sync_sends(NULL, 0, 2, "wanting none");
}

/* ---------------------------------------------------------- ownership */

#define FOREIGN                                                                                    \
	"-A -t 192.0.2.1:80 -s sh -p 60\n"                                                         \
	"-a -t 192.0.2.1:80 -r 198.51.100.9:80 -g -w 9\n"                                          \
	"-A -u 192.0.2.1:53 -s rr\n"                                                               \
	"-A -f 7 -6 -s rr\n"

static void make_foreign(void)
{
	run("echo '" FOREIGN "' | grep . | ipvsadm -R");
}

static void a_service_of_someone_else_is_never_touched(void **state)
{
	struct nl_ipvs_service wanted[] = {
		service("tcp 192.0.2.1 80", "rr"), /* theirs, too */
		service("fwmark 7 ipv6", "wlc"),
		service("fwmark 7 ipv4", "wlc"),
	};
	struct nl_ipvs_server real = server("198.51.100.1", 80, NL_IPVS_MASQUERADE);

	make_foreign();
	wanted[0].servers = &real;
	wanted[0].servers_count = 1;
	rule_error(synchronise(wanted, 3), 2, "two services are someone else's");
	rule_error(told.error, -EEXIST, "making a service that someone else has");
	table_is(FOREIGN "-A -f 7 -s wlc\n", "with one of ours beside theirs");
	rule(!nl_ipvs_owned_has(owned, &wanted[0].key), "someone else's service is taken for ours");
	rule_error(synchronise(wanted, 3), 2, "two services are still someone else's");
	rule(nl_ipvs_owned_count(owned) == 1, "%zu services are said to be ours, not one",
	     nl_ipvs_owned_count(owned));
	sync_sends(NULL, 0, 1, "wanting none any more");
	table_is(FOREIGN, "with ours gone");
	rule(nl_ipvs_owned_count(owned) == 0, "what is gone is still ours");
	run("ipvsadm -A -f 7 -s wlc");
	rule_error(refusal(&wanted[2]), -EEXIST, "making again what someone else has made");

	/* Once theirs is gone, ours is made. */
	run("ipvsadm -D -t 192.0.2.1:80");
	sync_sends(wanted, 1, 2, "making ours when theirs is gone");
}

static void what_others_do_to_ours_is_put_right(void **state)
{
	static const char *const others[] = {
		"ipvsadm -C",
		"ipvsadm -D -t 192.0.2.1:80",
		"ipvsadm -E -t 192.0.2.1:80 -s sh -p 10",
		"ipvsadm -d -t 192.0.2.1:80 -r 198.51.100.1:80",
		"ipvsadm -a -t 192.0.2.1:80 -r 198.51.100.7:80 -m",
		"ipvsadm -e -t 192.0.2.1:80 -r 198.51.100.1:80 -i -w 3 -x 4 --tun-type gue --tun-port 9",
	};
	static const int requests[] = { 2, 2, 1, 1, 1, 1 };
	struct nl_ipvs_service wanted = service("tcp 192.0.2.1 80", "rr");
	struct nl_ipvs_server real = server("198.51.100.1", 80, NL_IPVS_MASQUERADE);

	wanted.servers = &real;
	wanted.servers_count = 1;
	sync_sends(&wanted, 1, 2, "making a service");
	for (size_t i = 0; i < COUNT(others); i++) {
		run("%s", others[i]);
		sync_sends(&wanted, 1, requests[i], others[i]);
		table_is("-A -t 192.0.2.1:80 -s rr\n"
			 "-a -t 192.0.2.1:80 -r 198.51.100.1:80 -m -w 1\n",
			 others[i]);
	}
}

/* The daemon ends and starts again, with its file or with none. */
static void restart(const char *path)
{
	nl_ipvs_owned_free(&owned);
	nl_ipvs_free(&ipvs);
	assert_int_equal(nl_ipvs_new(&ipvs), 0);
	rule_error(nl_ipvs_owned_load(&owned, path), 0, "loading the keys");
}

static void a_restarted_daemon_knows_its_own_and_removes_orphans(void **state)
{
	struct nl_ipvs_service wanted[] = {
		service("tcp 192.0.2.1 8080", "rr"),
		service("tcp 2001:db8::1 80", "rr"),
		service("fwmark 9 ipv6", "rr"),
	};

	make_foreign();
	restart(keys_path);
	rule(nl_ipvs_owned_count(owned) == 0, "without a file there are services of ours");
	sync_sends(wanted, 3, 3, "making three services");
	restart(keys_path);
	rule(nl_ipvs_owned_count(owned) == 3, "of three services %zu are known again",
	     nl_ipvs_owned_count(owned));
	sync_sends(wanted, 3, 0, "adopting three services");
	restart(keys_path);
	/* The configuration has changed meanwhile: another scheduler, one service less. */
	wanted[0] = service("tcp 192.0.2.1 8080", "wlc");
	sync_sends(wanted, 2, 2, "adopting two and removing an orphan");
	table_is(FOREIGN "-A -t 192.0.2.1:8080 -s wlc\n"
			 "-A -t [2001:db8::1]:80 -s rr\n",
		 "after a restart");

	/* One vanished while we were down, and someone else's is of its key. */
	run("ipvsadm -D -t 192.0.2.1:8080");
	restart(keys_path);
	sync_sends(wanted + 1, 1, 0, "with one gone");
	run("ipvsadm -A -t 192.0.2.1:8080 -s nq");
	restart(keys_path);
	sync_sends(NULL, 0, 1, "wanting none");
	table_is(FOREIGN "-A -t 192.0.2.1:8080 -s nq\n", "after the last restart");
}

static void without_its_file_a_restarted_daemon_leaves_all_alone(void **state)
{
	struct nl_ipvs_service wanted = service("tcp 192.0.2.1 8080", "rr");

	sync_sends(&wanted, 1, 1, "making a service");
	restart(NULL);
	rule_error(refusal(&wanted), -EEXIST, "a service whose owner is forgotten");
	sync_sends(NULL, 0, 0, "wanting none");
	table_is("-A -t 192.0.2.1:8080 -s rr\n", "after a restart without file");
}

static void the_file_of_another_namespace_or_boot_is_not_believed(void **state)
{
	struct nl_ipvs_service wanted = service("tcp 192.0.2.1 80", "rr");

	restart(keys_path);
	sync_sends(&wanted, 1, 1, "making a service");
	assert_int_equal(unshare(CLONE_NEWNET), 0);
	run("ip link set dev lo up");
	make_foreign();
	restart(keys_path);
	sync_sends(NULL, 0, 0, "wanting none in another namespace");
	table_is(FOREIGN, "in a namespace where all is someone else's");

	run("sed -i 's/boot [0-9a-f]*/boot 0/' %s", keys_path);
	restart(keys_path);
	rule(nl_ipvs_owned_count(owned) == 0, "a file of another boot is believed");
}

static void a_damaged_file_is_told_of_and_used_as_far_as_it_goes(void **state)
{
	struct nl_ipvs_service wanted[] = {
		service("tcp 192.0.2.1 80", "rr"),
		service("tcp 192.0.2.1 81", "rr"),
	};

	restart(keys_path);
	sync_sends(wanted, 2, 2, "making two services");
	run("sed -i 's/ 81$/ 81x/' %s", keys_path);
	nl_ipvs_owned_free(&owned);
	rule_error(nl_ipvs_owned_load(&owned, keys_path), -EBADMSG, "a line of no meaning");
	rule(nl_ipvs_owned_count(owned) == 1, "the other line is not used");
	sync_sends(wanted, 1, 0, "synchronising after that");
	nl_ipvs_owned_free(&owned);
	rule_error(nl_ipvs_owned_load(&owned, keys_path), 0, "the file is as good as new");
	nl_ipvs_owned_free(&owned);
	run("rm %s && mkdir %s", keys_path, keys_path);
	rule_error(nl_ipvs_owned_load(&owned, keys_path), -EISDIR, "a file that is none");
	rule(owned != NULL, "without its file nothing can be done");

	/* What cannot be kept is made all the same, and told of. */
	run("ipvsadm -C");
	rule_error(synchronise(wanted, 2), 1, "a file that cannot be written");
	rule(strstr(told.text, "keep keys"), "told is: %s", told.text);
	table_is("-A -t 192.0.2.1:80 -s rr\n-A -t 192.0.2.1:81 -s rr\n", "with no file to write");
	run("rmdir %s", keys_path);
	sync_sends(wanted, 2, 0, "with a file that can be written again");
	restart(keys_path);
	rule(nl_ipvs_owned_count(owned) == 2, "what could not be kept is kept later");
}

/* Makes, changes and removes services for ever. */
static void busy_daemon(void)
{
	static struct nl_ipvs_service wanted[64];

	if (nl_ipvs_new(&ipvs) || nl_ipvs_owned_load(&owned, keys_path))
		_exit(1);
	for (size_t i = 0; i < COUNT(wanted); i++) {
		wanted[i] = service("tcp 192.0.2.1 1000", i % 2 ? "rr" : "wrr");
		wanted[i].key.port += (uint16_t)i;
	}
	for (unsigned int i = 0;; i++) {
		size_t from = i * 7 % 32, count = i * 11 % 32;

		nl_ipvs_sync(ipvs, wanted + from, count, owned, NULL, NULL);
	}
}

static void a_daemon_killed_at_any_point_leaves_no_orphan(void **state)
{
	run("ipvsadm -A -t 192.0.2.1:999 -s nq");
	for (int i = 0; i < 40; i++) {
		struct timespec pause = { .tv_nsec = 20000000 + i * 1234567 };
		pid_t pid = fork();

		assert_true(pid >= 0);
		if (!pid)
			busy_daemon();
		nanosleep(&pause, NULL);
		kill(pid, SIGKILL);
		waitpid(pid, NULL, 0);
		restart(keys_path);
		rule(synchronise(NULL, 0) == 0, "removing what a killed daemon left: %s", told.text);
		table_is("-A -t 192.0.2.1:999 -s nq\n", "after a daemon was killed");
	}
}

static void keys_are_told_and_read_as_text(void **state)
{
	static const char *const good[] = {
		"tcp 192.0.2.1 80", "udp 2001:db8::1 65535",  "sctp 192.0.2.1 0",
		"fwmark 7 ipv4",    "fwmark 4294967295 ipv6",
	};
	static const char *const bad[] = {
		"",
		"tcp",
		"tcp 192.0.2.1",
		"tcp 192.0.2.1 65536",
		"tcp 192.0.2.1 -1",
		"tcp 192.0.2.1 80 more",
		"tcp 192.0.2.256 80",
		"icmp 192.0.2.1 80",
		"fwmark 0 ipv4",
		"fwmark 4294967296 ipv4",
		"fwmark 7 ipv5",
		"fwmark x ipv4",
		"tcp 2001:db8::1::2 80",
		"tcpsctpudp 192.0.2.1 80",
	};
	char text[NL_IPVS_KEY_TEXT_BYTES];
	struct nl_ipvs_key parsed;

	for (size_t i = 0; i < COUNT(good); i++) {
		rule(nl_ipvs_key_parse(good[i], &parsed), "\"%s\" is a key", good[i]);
		assert_string_equal(nl_ipvs_key_text(&parsed, text, sizeof(text)), good[i]);
	}
	for (size_t i = 0; i < COUNT(bad); i++)
		rule(!nl_ipvs_key_parse(bad[i], &parsed), "\"%s\" is no key", bad[i]);
}

/* ---------------------------------------------------------- refusals */

static void services_that_cannot_be_are_refused_by_name(void **state)
{
	struct nl_ipvs_service s;

	s = service("tcp 192.0.2.1 80", "nonesuch");
	rule_error(refusal(&s), -ENOENT, "a scheduler the kernel has not");
	s = service("tcp 192.0.2.1 80", "");
	rule_error(refusal(&s), -EINVAL, "no scheduler");
	memset(s.scheduler, 'x', sizeof(s.scheduler));
	rule_error(refusal(&s), -EINVAL, "a scheduler's name without end");
	s = service("tcp 192.0.2.1 80", "rr");
	s.key.protocol = IPPROTO_ICMP;
	rule_error(refusal(&s), -EPROTONOSUPPORT, "a service of ICMP");
	s = service("tcp 192.0.2.1 80", "rr");
	s.key.address.family = AF_UNIX;
	rule_error(refusal(&s), -EAFNOSUPPORT, "a service of no IP");
	s = service("tcp 192.0.2.1 0", "rr");
	rule_error(refusal(&s), -EINVAL, "any port without persistence");
	s = service("tcp 192.0.2.1 80", "rr");
	s.one_packet = true;
	rule_error(refusal(&s), -EINVAL, "one packet of TCP");
	s = service("tcp 192.0.2.1 80", "rr");
	s.by_port = true;
	rule_error(refusal(&s), -EINVAL, "a flag of sh for rr");
	s = service("tcp 192.0.2.1 80", "rr");
	s.persistence_sec = 60;
	s.persistence_prefixlen = 33;
	rule_error(refusal(&s), -EINVAL, "33 bits of IPv4");
}

/* The error of one server in a service that is there already. */
static int server_refusal(struct nl_ipvs_service *of, struct nl_ipvs_server real)
{
	of->servers = &real;
	of->servers_count = 1;
	return refusal(of);
}

static void servers_that_cannot_be_are_refused_by_name(void **state)
{
	struct nl_ipvs_service web = service("tcp 192.0.2.1 80", "rr");
	struct nl_ipvs_service web6 = service("tcp 2001:db8::1 80", "rr");
	struct nl_ipvs_service both[] = { web, web6 };
	struct nl_ipvs_server real;

	sync_sends(both, 2, 2, "making two services");
	sync_sends(&web, 1, 1, "keeping one");
	rule_error(server_refusal(&web, server("198.51.100.1", 81, NL_IPVS_DIRECT)), -EINVAL,
		   "direct routing to another port");
	rule_error(server_refusal(&web, server("198.51.100.1", 81, NL_IPVS_TUNNEL)), -EINVAL,
		   "a tunnel to another port");
	rule_error(server_refusal(&web, server("2001:db8::7", 80, NL_IPVS_MASQUERADE)),
		   -EAFNOSUPPORT, "masquerading to another family");
	rule_error(server_refusal(&web, server("2001:db8::7", 80, NL_IPVS_DIRECT)), -EAFNOSUPPORT,
		   "direct routing to another family");
	real = tunnel("198.51.100.1", NL_IPVS_GUE);
	real.gue_port = 0;
	rule_error(server_refusal(&web, real), -EINVAL, "GUE without a port");
	real = server("198.51.100.1", 80, NL_IPVS_MASQUERADE);
	real.upper_threshold = 5;
	real.lower_threshold = 6;
	rule_error(server_refusal(&web, real), -ERANGE, "a lower threshold above the upper");
	real = server("198.51.100.1", 80, NL_IPVS_MASQUERADE);
	real.weight = (uint32_t)INT32_MAX + 1;
	rule_error(server_refusal(&web, real), -ERANGE, "a weight beyond the kernel's");
	rule_error(server_refusal(&web, server("224.0.0.1", 80, NL_IPVS_MASQUERADE)), -EINVAL,
		   "a multicast server");
	sync_sends(&web6, 1, 2, "one for the other");
	rule_error(server_refusal(&web6, server("fe80::1", 80, NL_IPVS_MASQUERADE)), -EINVAL,
		   "a link-local server");
}

static void one_failure_stops_none_of_the_others(void **state)
{
	struct nl_ipvs_service wanted[] = {
		service("tcp 192.0.2.1 80", "rr"),
		service("tcp 192.0.2.1 81", "nonesuch"),
		service("tcp 192.0.2.1 82", "rr"),
		service("tcp 192.0.2.1 80", "wlc"),
	};
	struct nl_ipvs_server servers[] = {
		server("198.51.100.1", 80, NL_IPVS_MASQUERADE),
		server("224.0.0.1", 80, NL_IPVS_MASQUERADE),
		server("198.51.100.2", 80, NL_IPVS_MASQUERADE),
		server("198.51.100.1", 80, NL_IPVS_DIRECT),
	};

	for (size_t i = 0; i < COUNT(wanted); i++) {
		wanted[i].servers = servers;
		wanted[i].servers_count = COUNT(servers);
	}
	/* A service twice, one of no scheduler, and in each of two a server of
	   no use and one that is named twice. */
	rule_error(synchronise(wanted, COUNT(wanted)), 6, "failures of four services");
	rule(strstr(told.text, "tcp 192.0.2.1 80: add service : File exists"), "%s", told.text);
	rule(strstr(told.text, "tcp 192.0.2.1 81: add service : No such file"), "%s", told.text);
	rule(strstr(told.text, "tcp 192.0.2.1 82: add server 224.0.0.1: Invalid"), "%s", told.text);
	rule(strstr(told.text, "tcp 192.0.2.1 82: add server 198.51.100.1: File exists"), "%s",
	     told.text);
	rule(!strstr(told.text, "81: add server"), "a server of no service was tried:\n%s",
	     told.text);
	table_is("-A -t 192.0.2.1:80 -s rr\n"
		 "-a -t 192.0.2.1:80 -r 198.51.100.1:80 -m -w 1\n"
		 "-a -t 192.0.2.1:80 -r 198.51.100.2:80 -m -w 1\n"
		 "-A -t 192.0.2.1:82 -s rr\n"
		 "-a -t 192.0.2.1:82 -r 198.51.100.1:80 -m -w 1\n"
		 "-a -t 192.0.2.1:82 -r 198.51.100.2:80 -m -w 1\n",
		 "with what could be");
	rule(nl_ipvs_owned_count(owned) == 2, "%zu are ours, not two", nl_ipvs_owned_count(owned));
}

static void a_service_of_ours_that_becomes_impossible_stays_as_it_is(void **state)
{
	struct nl_ipvs_service wanted = service("tcp 192.0.2.1 80", "rr");

	sync_sends(&wanted, 1, 1, "making a service");
	wanted = service("tcp 192.0.2.1 80", "nonesuch");
	rule_error(refusal(&wanted), -ENOENT, "changing to no scheduler");
	rule(strstr(told.text, "change service"), "told is: %s", told.text);
	wanted = service("tcp 192.0.2.1 80", "rr");
	wanted.one_packet = true;
	rule_error(refusal(&wanted), -EINVAL, "changing to the impossible");
	rule(strstr(told.text, "change service"), "told is: %s", told.text);
	sync_sends(NULL, 0, 1, "wanting none");
}

static struct nl_ipvs_service many_services[1000];

static void without_net_admin_all_is_refused(void **state)
{
	struct nl_ipvs_service wanted = service("tcp 192.0.2.1 80", "rr");
	struct nl_ipvs_daemon daemon = { .role = NL_IPVS_MASTER, .ifname = "lo" };
	struct nl_ipvs_timeouts timeouts = { .tcp_sec = 1 };

	rule_error(synchronise(NULL, 0), 0, "reading with CAP_NET_ADMIN");
	net_admin(false);
	rule_error(synchronise(&wanted, 1), -EPERM, "synchronising without CAP_NET_ADMIN");
	rule(nl_ipvs_owned_count(owned) == 0, "refused, and yet ours");
	rule_error(nl_ipvs_read(ipvs, NULL, 0, NULL, NULL), -EPERM, "reading without");
	rule_error(nl_ipvs_timeouts_get(ipvs, &timeouts), -EPERM, "reading timeouts without");
	rule_error(nl_ipvs_daemon_run(ipvs, &daemon), -EPERM, "starting a daemon without");
	rule_error(nl_ipvs_daemon_stop(ipvs, NL_IPVS_MASTER), -EPERM, "stopping one without");
	/* A connection opened without it is as good as any. */
	restart(NULL);
	net_admin(true);
	sync_sends(&wanted, 1, 1, "making a service with CAP_NET_ADMIN");
	for (size_t i = 0; i < COUNT(many_services); i++) {
		many_services[i] = service("tcp 192.0.2.1 1000", "wlc");
		many_services[i].key.port += (uint16_t)i;
	}
	sync_sends(many_services, 1000, 1001, "making 1000 through a small receive buffer");
	sync_sends(many_services, 1000, 0, "synchronising them through it");
}

/* ------------------------------------------------------------- looking */

struct sight {
	struct nl_ipvs_service_state state; /* the last */
	struct nl_ipvs_server_state servers[4];
	int services;
};

static void see(const struct nl_ipvs_service_state *state, void *arg)
{
	struct sight *sight = arg;

	sight->services++;
	sight->state = *state;
	for (size_t i = 0; i < state->servers_count && i < COUNT(sight->servers); i++)
		sight->servers[i] = state->servers[i];
}

static void reading_tells_of_all_services_or_of_one(void **state)
{
	struct nl_ipvs_key keys[] = { key("tcp 192.0.2.1 99"), key("tcp 192.0.2.1 80") };
	struct sight sight = {};

	make_foreign();
	rule_error(nl_ipvs_read(ipvs, NULL, 0, see, &sight), 0, "reading all");
	rule(sight.services == 3, "of three services %d are seen", sight.services);
	sight.services = 0;
	rule_error(nl_ipvs_read(ipvs, keys, 2, see, &sight), 0, "reading one, and one that is not");
	assert_int_equal(sight.services, 1);
	assert_int_equal(nl_ipvs_key_cmp(&sight.state.service.key, &keys[1]), 0);
	assert_string_equal(sight.state.service.scheduler, "sh");
	assert_int_equal(sight.state.service.persistence_sec, 60);
	assert_int_equal(sight.state.service.persistence_prefixlen, 32);
	assert_int_equal(sight.state.servers_count, 1);
	assert_int_equal(sight.servers[0].server.forward, NL_IPVS_DIRECT);
	assert_int_equal(sight.servers[0].server.weight, 9);
	assert_int_equal(sight.servers[0].server.port, 80);
}

static void timeouts_are_read_and_set(void **state)
{
	struct nl_ipvs_timeouts timeouts = {}, wanted = { .tcp_sec = 1000, .udp_sec = 33 };
	const char *text;
	uint64_t before;

	rule_error(nl_ipvs_timeouts_get(ipvs, &timeouts), 0, "reading timeouts");
	text = output("ipvsadm -L --timeout");
	rule(timeouts.tcp_sec == 900 && timeouts.tcp_fin_sec == 120 && timeouts.udp_sec == 300,
	     "read: %u %u %u; ipvsadm: %s", timeouts.tcp_sec, timeouts.tcp_fin_sec,
	     timeouts.udp_sec, text);

	before = nl_ipvs_changes(ipvs);
	rule_error(nl_ipvs_timeouts_set(ipvs, &wanted), 0, "setting two of three");
	rule_error(nl_ipvs_timeouts_set(ipvs, &wanted), 0, "setting them again");
	rule(nl_ipvs_changes(ipvs) == before + 1, "setting what is so was sent");
	text = output("ipvsadm -L --timeout");
	rule(strstr(text, "1000 120 33"), "set were 1000, -, 33; ipvsadm: %s", text);
	wanted.tcp_fin_sec = UINT32_MAX;
	rule_error(nl_ipvs_timeouts_set(ipvs, &wanted), -EINVAL, "more than can be counted");
}

static void daemons_are(const char *wanted)
{
	const char *text = output("ipvsadm -L --daemon");

	rule(!strcmp(text, wanted), "ipvsadm should say:\n%sbut says:\n%s", wanted, text);
}

/* One with the kernel's choices, as ipvsadm tells it. */
#define SYNC_LINE(role, id)                                                                        \
	role " sync daemon (mcast=sync0, syncid=" id                                               \
	     ", maxlen=1472, group=224.0.0.81, port=8848, ttl=1)\n"

/* They are taken as they are, or the thread would be started for ever. */
static void extreme_lengths_are_taken(struct nl_ipvs_daemon *daemon, uint16_t least)
{
	const uint16_t lengths[] = { least, UINT16_MAX - 48 };
	uint64_t before;

	for (size_t i = 0; i < COUNT(lengths); i++) {
		daemon->sync_maxlen = lengths[i];
		rule_error(nl_ipvs_daemon_run(ipvs, daemon), 0, "an extreme sync_maxlen");
		before = nl_ipvs_changes(ipvs);
		rule_error(nl_ipvs_daemon_run(ipvs, daemon), 0, "the same again");
		rule(nl_ipvs_changes(ipvs) == before, "sync_maxlen %u was not taken", lengths[i]);
	}
	daemon->sync_maxlen = 0;
}

static void sync_daemons_start_change_and_stop(void **state)
{
	struct nl_ipvs_daemon master = { .role = NL_IPVS_MASTER, .ifname = "sync0", .sync_id = 5 };
	struct nl_ipvs_daemon backup = { .role = NL_IPVS_BACKUP, .ifname = "sync0" };
	struct nl_ipvs_daemon is;
	uint64_t before;

	rule_error(nl_ipvs_daemon_run(ipvs, &master), -ENODEV, "a master on no interface");
	backup.sync_maxlen = 1023;
	rule_error(nl_ipvs_daemon_run(ipvs, &backup), -EINVAL, "a backup of short messages");
	backup.sync_maxlen = 0;
	run("ip link add name sync0 type dummy");
	run("ip link set dev sync0 multicast on up");
	run("ip addr add 10.0.0.1/24 dev sync0 && ip addr add 2001:db8:5::1/64 dev sync0 nodad");
	rule_error(nl_ipvs_daemon_get(ipvs, NL_IPVS_MASTER, &is), -ESRCH, "a master that is not");
	rule_error(nl_ipvs_daemon_run(ipvs, &master), 0, "starting a master");
	rule_error(nl_ipvs_daemon_run(ipvs, &backup), 0, "starting a backup beside it");
	daemons_are(SYNC_LINE("master", "5") SYNC_LINE("backup", "0"));
	before = nl_ipvs_changes(ipvs);
	rule_error(nl_ipvs_daemon_run(ipvs, &master), 0, "starting the same again");
	rule(nl_ipvs_changes(ipvs) == before, "what runs as wanted was sent again");
	rule_error(nl_ipvs_daemon_get(ipvs, NL_IPVS_MASTER, &is), 0, "looking at it");
	rule(is.sync_id == 5 && is.sync_maxlen == 1472 && is.port == 8848 && is.ttl == 1 &&
		     is.group.family == AF_INET && !strcmp(is.ifname, "sync0"),
	     "the master runs otherwise than ipvsadm says");

	extreme_lengths_are_taken(&master, 1);
	extreme_lengths_are_taken(&backup, 1024);

	master.sync_id = 255;
	master.sync_maxlen = 1000;
	master.port = 9000;
	master.ttl = 3;
	master.group.family = AF_INET6;
	assert_int_equal(inet_pton(AF_INET6, "ff02::5", &master.group.v6), 1);
	rule_error(nl_ipvs_daemon_run(ipvs, &master), 0, "changing the master");
	backup.group.family = AF_INET;
	assert_int_equal(inet_pton(AF_INET, "224.0.0.99", &backup.group.v4), 1);
	rule_error(nl_ipvs_daemon_run(ipvs, &backup), 0, "changing the backup");
	daemons_are(
		"master sync daemon (mcast=sync0, syncid=255, maxlen=1000, group=ff02::5, port=9000, ttl=3)\n"
		"backup sync daemon (mcast=sync0, syncid=0, maxlen=1472, group=224.0.0.99, port=8848, ttl=1)\n");

	rule_error(nl_ipvs_daemon_stop(ipvs, NL_IPVS_MASTER), 0, "stopping the master");
	rule_error(nl_ipvs_daemon_stop(ipvs, NL_IPVS_MASTER), 0, "stopping it again");
	daemons_are(
		"backup sync daemon (mcast=sync0, syncid=0, maxlen=1472, group=224.0.0.99, port=8848, ttl=1)\n");
	rule_error(nl_ipvs_daemon_stop(ipvs, NL_IPVS_BACKUP), 0, "stopping the backup");
	daemons_are("");
}

static int reclaim(enum nl_ipvs_role role)
{
	return nl_ipvs_daemon_reclaim(ipvs, role, owned);
}

static void a_restarted_daemon_stops_the_threads_it_left_and_no_others(void **state)
{
	struct nl_ipvs_daemon master = { .role = NL_IPVS_MASTER, .ifname = "sync0", .sync_id = 5 };
	struct nl_ipvs_daemon backup = { .role = NL_IPVS_BACKUP, .ifname = "sync0" };

	run("ip link add name sync0 type dummy && ip link set dev sync0 multicast on up");
	run("ip addr add 10.0.0.1/24 dev sync0");
	run("ipvsadm --start-daemon backup --mcast-interface sync0 --syncid 7");
	restart(keys_path);
	nl_ipvs_own_daemon(owned, &master);
	rule_error(nl_ipvs_daemon_run(ipvs, &master), 0, "starting a master");
	restart(keys_path);
	rule(nl_ipvs_owns_daemon(owned, NL_IPVS_MASTER), "a master that was left is not known");
	rule(!nl_ipvs_owns_daemon(owned, NL_IPVS_BACKUP), "a stranger's backup is taken for ours");
	rule_error(reclaim(NL_IPVS_MASTER), 0, "stopping the master");
	rule_error(reclaim(NL_IPVS_BACKUP), 0, "stopping no backup");
	daemons_are(SYNC_LINE("backup", "7"));

	/* One of ours vanished while we were down, and someone else's runs in its place. */
	nl_ipvs_own_daemon(owned, &backup);
	restart(keys_path);
	rule(!nl_ipvs_owns_daemon(owned, NL_IPVS_MASTER), "what was stopped is known still");
	rule_error(reclaim(NL_IPVS_BACKUP), 0, "stopping a backup that is not ours any more");
	rule(!nl_ipvs_owns_daemon(owned, NL_IPVS_BACKUP), "a stranger's is taken for ours");
	daemons_are(SYNC_LINE("backup", "7"));
	nl_ipvs_own_daemon(owned, &master);
	rule_error(reclaim(NL_IPVS_MASTER), 0, "stopping a master that vanished");
	restart(keys_path);
	rule(!nl_ipvs_owns_daemon(owned, NL_IPVS_MASTER), "what vanished is known still");
}

/* The kernel leaves the request to stop such a thread without any answer. */
static void a_sync_daemon_that_never_ran_is_stopped_at_once(void **state)
{
	const struct sched_param first = { .sched_priority = 1 }, normal = {};
	struct nl_ipvs_daemon daemon = { .role = NL_IPVS_MASTER, .ifname = "sync0" };
	double before = seconds();

	run("ip link add name sync0 type dummy && ip link set dev sync0 up");
	run("ip addr add 10.0.0.1/24 dev sync0");
	for (int i = 0; i < 20; i++) {
		int started, stopped;

		daemon.role = i % 2 ? NL_IPVS_MASTER : NL_IPVS_BACKUP;
		/* On one processor, the thread does not run until we wait. */
		assert_int_equal(sched_setscheduler(0, SCHED_FIFO, &first), 0);
		started = nl_ipvs_daemon_run(ipvs, &daemon);
		stopped = nl_ipvs_daemon_stop(ipvs, daemon.role);
		assert_int_equal(sched_setscheduler(0, SCHED_OTHER, &normal), 0);
		rule_error(started, 0, "starting a daemon");
		rule_error(stopped, 0, "stopping it before it ran");
		daemons_are("");
	}
	rule(seconds() - before < 4, "that took %.1f s", seconds() - before);
}

static void servers_of_two_families_and_sync_daemons_exclude_each_other(void **state)
{
	struct nl_ipvs_daemon master = { .role = NL_IPVS_MASTER, .ifname = "sync0" };
	struct nl_ipvs_service wanted = service("tcp 192.0.2.1 80", "rr");
	struct nl_ipvs_server real = tunnel("2001:db8:1::9", NL_IPVS_IPIP);

	run("ip link add name sync0 type dummy && ip link set dev sync0 up");
	run("ip addr add 10.0.0.1/24 dev sync0");
	wanted.servers = &real;
	wanted.servers_count = 1;
	sync_sends(&wanted, 1, 2, "tunnelling IPv4 in IPv6");
	rule_error(nl_ipvs_daemon_run(ipvs, &master), -EINVAL, "synchronising both families");
	sync_sends(NULL, 0, 1, "wanting none");
	rule_error(nl_ipvs_daemon_run(ipvs, &master), 0, "synchronising");
	rule_error(synchronise(&wanted, 1), 1, "tunnelling IPv4 in IPv6 meanwhile");
	rule_error(told.error, -EINVAL, "tunnelling IPv4 in IPv6 meanwhile");
	/* A namespace does not go while its daemons run. */
	rule_error(nl_ipvs_daemon_stop(ipvs, NL_IPVS_MASTER), 0, "stopping the master");
}

/* ------------------------------------------------------------- speed */

static struct nl_ipvs_server many_servers[1000];

static double timed_sync(size_t count, int requests, const char *what)
{
	double before = seconds(), took;

	sync_sends(many_services, count, requests, what);
	took = seconds() - before;
	print_message("%-60s %7.1f ms\n", what, took * 1e3);
	return took;
}

static double timed_weight(void)
{
	double before = seconds(), took;

	many_servers[500].weight = 7;
	rule_error(nl_ipvs_put(ipvs, &many_services[500], 1, owned, NULL, NULL), 0, "one weight");
	took = seconds() - before;
	print_message("%-60s %7.1f ms\n", "one weight changed, of one service put", took * 1e3);
	return took;
}

static void a_thousand_servers_are_quick_whatever_they_are_spread_over(void **state)
{
	double took;

	for (size_t i = 0; i < COUNT(many_servers); i++) {
		many_servers[i] = server("10.0.0.0", 80, NL_IPVS_MASQUERADE);
		many_servers[i].address.v4.s_addr |= htonl((uint32_t)i + 1);
		many_services[i] = service("tcp 192.0.2.1 1000", "wlc");
		many_services[i].key.port += (uint16_t)i;
		many_services[i].servers = &many_servers[i];
		many_services[i].servers_count = 1;
	}
	took = timed_sync(1000, 2000, "1000 services of one server each: made");
	took += timed_sync(1000, 0, "nothing differs");
	for (size_t i = 0; i < COUNT(many_servers); i++)
		many_servers[i].weight = 2;
	took += timed_sync(1000, 1000, "all weights changed");
	took += timed_weight();
	took += timed_sync(0, 1000, "removed");

	many_services[0].servers = many_servers;
	many_services[0].servers_count = COUNT(many_servers);
	took += timed_sync(1, 1001, "one service of 1000 servers: made");
	took += timed_sync(1, 0, "nothing differs");
	for (size_t i = 0; i < COUNT(many_servers); i++)
		many_servers[i].weight = 3;
	took += timed_sync(1, 1000, "all weights changed");
	took += timed_sync(0, 1, "removed");
	rule(took < 10, "all that took %.1f s", took);

	/* mh computes its table anew with each server: quadratic in the kernel. */
	snprintf(many_services[0].scheduler, sizeof(many_services[0].scheduler), "mh");
	timed_sync(1, 1001, "one service of 1000 servers, scheduler mh: made");
	timed_sync(0, 1, "removed");
}

/* ----------------------------------------------------------- traffic */

/*
 *	client ---- director ---- farm
 *	     \--------------------/	the farm's own way back
 *
 * The farm has two real servers of each family, the director the VIPs.
 */
static int director_ns, client_ns, farm_ns;

static void go_to(int ns)
{
	assert_int_equal(setns(ns, CLONE_NEWNET), 0);
}

static int here(void)
{
	int fd = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);

	assert_true(fd >= 0);
	return fd;
}

static int new_namespace(void)
{
	assert_int_equal(unshare(CLONE_NEWNET), 0);
	run("ip link set dev lo up");
	run("sysctl -qw net.ipv4.conf.all.rp_filter=0 net.ipv4.conf.default.rp_filter=0");
	return here();
}

static void wire(const char *name, int far_ns, const char *far)
{
	run("ip link add name %s type veth peer name %s netns /proc/%d/fd/%d", name, far, getpid(),
	    far_ns);
	run("ip link set dev %s up", name);
}

static void numbered(const char *name, const char *v4, const char *v6)
{
	run("ip link set dev %s up", name);
	run("ip addr add %s dev %s && ip addr add %s dev %s nodad", v4, name, v6, name);
}

static void build_network(void)
{
	director_ns = here();
	client_ns = new_namespace();
	farm_ns = new_namespace();
	wire("back", client_ns, "back");
	go_to(director_ns);
	wire("clients", client_ns, "eth0");
	wire("farm", farm_ns, "eth0");
	run("sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1");
	numbered("clients", "203.0.113.1/24", "2001:db8:c::1/64");
	numbered("farm", "198.51.100.1/24", "2001:db8:f::1/64");
	run("ip link add name vip0 type dummy");
	numbered("vip0", "192.0.2.1/32", "2001:db8::1/128");

	go_to(client_ns);
	numbered("eth0", "203.0.113.2/24", "2001:db8:c::2/64");
	numbered("back", "10.0.0.2/24", "2001:db8:b::2/64");
	run("ip route add 192.0.2.1 via 203.0.113.1");
	run("ip route add 2001:db8::1 via 2001:db8:c::1");

	go_to(farm_ns);
	numbered("eth0", "198.51.100.2/24", "2001:db8:f::2/64");
	numbered("eth0", "198.51.100.3/24", "2001:db8:f::3/64");
	numbered("back", "10.0.0.3/24", "2001:db8:b::3/64");
	run("ip route add default via 198.51.100.1");
	run("ip route add default via 2001:db8:f::1");
	go_to(director_ns);
}

static void leave_network(void)
{
	go_to(director_ns);
	close(client_ns);
	close(farm_ns);
	close(director_ns);
}

struct endpoint {
	union {
		struct sockaddr any;
		struct sockaddr_in v4;
		struct sockaddr_in6 v6;
	};
	socklen_t len;
};

static struct endpoint endpoint(const char *address, uint16_t port)
{
	struct endpoint made = {};

	if (strchr(address, ':')) {
		made.len = sizeof(made.v6);
		made.v6.sin6_family = AF_INET6;
		made.v6.sin6_port = htons(port);
		assert_int_equal(inet_pton(AF_INET6, address, &made.v6.sin6_addr), 1);
	} else {
		made.len = sizeof(made.v4);
		made.v4.sin_family = AF_INET;
		made.v4.sin_port = htons(port);
		assert_int_equal(inet_pton(AF_INET, address, &made.v4.sin_addr), 1);
	}
	return made;
}

static int socket_of(int ns, int family, int type, int protocol)
{
	struct timeval limit = { .tv_sec = 10 };
	int fd;

	go_to(ns);
	fd = socket(family, type | SOCK_CLOEXEC, protocol);
	go_to(director_ns);
	assert_true(fd >= 0);
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
	setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof(limit));
	return fd;
}

static int listener(int ns, const char *address, uint16_t port)
{
	struct endpoint at = endpoint(address, port);
	int fd = socket_of(ns, at.any.sa_family, SOCK_STREAM, 0);

	rule(bind(fd, &at.any, at.len) == 0 && listen(fd, 8) == 0, "no server can be at %s: %s",
	     address, strerror(errno));
	return fd;
}

/* A TCP connection of the client's and the server's end of it. */
struct connection {
	int client, server;
	int which; /* listener */
};

static struct connection connect_to(const char *vip, uint16_t port, const int *listeners,
				    size_t count)
{
	struct endpoint to = endpoint(vip, port);
	struct connection made = { .client = socket_of(client_ns, to.any.sa_family, SOCK_STREAM,
						       0) };
	struct pollfd ready[4] = {};
	int result = connect(made.client, &to.any, to.len);

	rule(result == 0, "the client cannot connect to %s port %u: %s", vip, port, strerror(errno));
	for (size_t i = 0; i < count; i++)
		ready[i] = (struct pollfd){ .fd = listeners[i], .events = POLLIN };
	rule(poll(ready, count, 10000) == 1, "a connection must reach one server");
	while (!ready[made.which].revents)
		made.which++;
	made.server = accept4(listeners[made.which], NULL, NULL, SOCK_CLOEXEC);
	assert_true(made.server >= 0);
	return made;
}

static void carries(const struct connection *connection, const char *when)
{
	char text[8] = "";

	rule(write(connection->client, "to", 2) == 2 && read(connection->server, text, 2) == 2 &&
		     !strcmp(text, "to"),
	     "%s, nothing comes to the server", when);
	rule(write(connection->server, "fro", 3) == 3 && read(connection->client, text, 3) == 3 &&
		     !strcmp(text, "fro"),
	     "%s, nothing comes back", when);
}

static void hang_up(struct connection *connection)
{
	close(connection->client);
	close(connection->server);
}

static struct sight look(const struct nl_ipvs_service *of)
{
	struct sight sight = {};

	rule_error(nl_ipvs_read(ipvs, &of->key, 1, see, &sight), 0, "reading a service");
	return sight;
}

/* The counters of what ipvsadm calls by that name, as five numbers with blanks between. */
static void counted_by_ipvsadm(const char *name, char *text, size_t size)
{
	const char *at = strstr(output("ipvsadm -Ln --stats --exact"), name);
	unsigned long long c[5] = {};

	if (at)
		sscanf(at + strlen(name), "%llu %llu %llu %llu %llu", &c[0], &c[1], &c[2], &c[3],
		       &c[4]);
	snprintf(text, size, "%llu %llu %llu %llu %llu ", c[0], c[1], c[2], c[3], c[4]);
}

static void counted_here(const struct nl_ipvs_stats *stats, char *text, size_t size)
{
	snprintf(text, size, "%llu %llu %llu %llu %llu ", (unsigned long long)stats->connections,
		 (unsigned long long)stats->packets_in, (unsigned long long)stats->packets_out,
		 (unsigned long long)stats->bytes_in, (unsigned long long)stats->bytes_out);
}

static void counters_are(const struct nl_ipvs_service *of, const char *const *names, char *ours,
			 char *theirs, size_t size)
{
	struct sight sight = look(of);

	ours[0] = theirs[0] = '\0';
	for (int i = 0; i < 3; i++) {
		char *our_end = ours + strlen(ours), *their_end = theirs + strlen(theirs);

		if (i) {
			*our_end++ = *their_end++ = '|';
			*our_end++ = *their_end++ = ' ';
		}
		counted_here(i ? &sight.servers[i - 1].stats : &sight.state.stats, our_end,
			     size - (size_t)(our_end - ours));
		counted_by_ipvsadm(names[i], their_end, size - (size_t)(their_end - theirs));
	}
}

/* The kernel sums counters up every two seconds, each at its own time. */
static void counters_agree(const struct nl_ipvs_service *of, const char *const *names)
{
	double limit = seconds() + 20;
	char ours[512], theirs[512];

	do {
		struct timespec pause = { .tv_nsec = 100000000 };

		nanosleep(&pause, NULL);
		counters_are(of, names, ours, theirs, sizeof(ours));
	} while (seconds() < limit && (strcmp(ours, theirs) != 0 || strstr(ours, " 0 ")));
	rule(!strcmp(ours, theirs), "read is: %s; but ipvsadm says: %s", ours, theirs);
	rule(!strncmp(ours, "2 ", 2) && !strstr(ours, " 0 "),
	     "two connections, one to each server, are counted as: %s", ours);
}

static void rates_rise(const struct nl_ipvs_service *of, const struct connection *connection)
{
	double limit = seconds() + 20;
	struct sight sight;

	do {
		struct timespec pause = { .tv_nsec = 20000000 };

		carries(connection, "while rates are estimated");
		nanosleep(&pause, NULL);
		sight = look(of);
	} while (seconds() < limit &&
		 (!sight.state.stats.packet_rate_in || !sight.state.stats.byte_rate_in ||
		  !sight.state.stats.packet_rate_out || !sight.state.stats.byte_rate_out));
	rule(seconds() < limit, "packets flow, but their rate stays 0");
}

static void all_carry(const struct connection *connections, size_t count, const char *when)
{
	for (size_t i = 0; i < count; i++)
		carries(&connections[i], when);
}

static void each_server_has_one(const struct nl_ipvs_service *of)
{
	struct sight sight = look(of);

	assert_int_equal(sight.state.servers_count, 2);
	for (size_t i = 0; i < 2; i++)
		rule(sight.servers[i].active == 1 && sight.servers[i].inactive == 0,
		     "%u active, %u inactive where one connection is", sight.servers[i].active,
		     sight.servers[i].inactive);
}

/* Nothing that is changed, or that goes and comes back, may end a connection. */
static void change_and_make_again(struct nl_ipvs_service *wanted, struct nl_ipvs_server *servers)
{
	servers[0].weight = 5;
	snprintf(wanted->scheduler, sizeof(wanted->scheduler), "wlc");
	sync_sends(wanted, 1, 2, "changing scheduler and weight");
	wanted->servers = &servers[1];
	wanted->servers_count = 1;
	sync_sends(wanted, 1, 1, "removing a server");
	wanted->servers = servers;
	wanted->servers_count = 2;
	sync_sends(wanted, 1, 1, "making it again");
	sync_sends(NULL, 0, 1, "removing the service");
	sync_sends(wanted, 1, 3, "making it again");
}

static void masquerading_serves(const char *vip, const char *first, const char *second)
{
	bool v4 = !strchr(vip, ':');
	int listeners[] = { listener(farm_ns, first, 8080), listener(farm_ns, second, 8080) };
	struct nl_ipvs_service wanted = service(v4 ? "tcp 192.0.2.1 80" : "tcp 2001:db8::1 80",
						"rr");
	struct nl_ipvs_server servers[] = {
		server(first, 8080, NL_IPVS_MASQUERADE),
		server(second, 8080, NL_IPVS_MASQUERADE),
	};
	static const char *const names4[] = { "192.0.2.1:80", "198.51.100.2:8080",
					      "198.51.100.3:8080" };
	static const char *const names6[] = { "[2001:db8::1]:80", "[2001:db8:f::2]:8080",
					      "[2001:db8:f::3]:8080" };
	struct connection connections[4];

	wanted.servers = servers;
	wanted.servers_count = 2;
	sync_sends(&wanted, 1, 3, "making a service");
	for (size_t i = 0; i < 2; i++)
		connections[i] = connect_to(vip, 80, listeners, 2);
	all_carry(connections, 2, "through a masquerading service");
	rule(connections[0].which != connections[1].which, "two connections went to one server");
	each_server_has_one(&wanted);
	counters_agree(&wanted, v4 ? names4 : names6);

	/* The first drains: what is there goes on, what is new goes elsewhere. */
	servers[0].weight = 0;
	sync_sends(&wanted, 1, 1, "draining a server");
	for (size_t i = 2; i < 4; i++) {
		connections[i] = connect_to(vip, 80, listeners, 2);
		rule(connections[i].which == 1, "a new connection went to a draining server");
	}
	all_carry(connections, 4, "while one server drains");
	if (v4)
		rates_rise(&wanted, &connections[1]);
	/* Without any service of its family, IPVS sees no packets: a late one would be refused. */
	run("ipvsadm -A -t %s:99", v4 ? "192.0.2.1" : "[2001:db8::1]");
	change_and_make_again(&wanted, servers);
	all_carry(connections, 4, "after its service came back");
	for (size_t i = 0; i < 4; i++)
		hang_up(&connections[i]);
	close(listeners[0]);
	close(listeners[1]);
	sync_sends(NULL, 0, 1, "wanting none");
}

static void a_masquerading_service_serves_and_drains(void **state)
{
	build_network();
	masquerading_serves("192.0.2.1", "198.51.100.2", "198.51.100.3");
	masquerading_serves("2001:db8::1", "2001:db8:f::2", "2001:db8:f::3");
	leave_network();
}

/* One real server is the director itself, the other has the VIP on its loopback. */
static void direct_routing_serves(const char *vip, const char *local, const char *remote)
{
	bool v4 = !strchr(vip, ':');
	struct nl_ipvs_service wanted = service(v4 ? "tcp 192.0.2.1 80" : "tcp 2001:db8::1 80",
						"rr");
	struct nl_ipvs_server servers[] = {
		server(local, 80, NL_IPVS_DIRECT),
		server(remote, 80, NL_IPVS_DIRECT),
	};
	struct connection connections[2];
	int listeners[2];

	go_to(farm_ns);
	run("ip addr add %s/%d dev lo %s", vip, v4 ? 32 : 128, v4 ? "" : "nodad");
	run(v4 ? "ip route add 203.0.113.2 via 10.0.0.2"
	       : "ip route add 2001:db8:c::2 via 2001:db8:b::2");
	go_to(director_ns);
	listeners[0] = listener(director_ns, vip, 80);
	listeners[1] = listener(farm_ns, vip, 80);
	wanted.servers = servers;
	wanted.servers_count = 2;
	sync_sends(&wanted, 1, 3, "making a service");
	for (size_t i = 0; i < 2; i++) {
		connections[i] = connect_to(vip, 80, listeners, 2);
		carries(&connections[i], "by direct routing");
	}
	rule(connections[0].which != connections[1].which,
	     "of a local and a remote server only one serves");
	for (size_t i = 0; i < 2; i++) {
		hang_up(&connections[i]);
		close(listeners[i]);
	}
	sync_sends(NULL, 0, 1, "wanting none");
}

static void direct_routing_serves_from_the_director_and_from_afar(void **state)
{
	build_network();
	direct_routing_serves("192.0.2.1", "198.51.100.1", "198.51.100.2");
	direct_routing_serves("2001:db8::1", "2001:db8:f::1", "2001:db8:f::2");
	leave_network();
}

/* Whether the packet ends with a TCP segment to the VIP's port in an IP packet to the VIP. */
static bool has_segment_to_vip(const uint8_t *packet, ssize_t len)
{
	static const uint8_t vip[] = { 192, 0, 2, 1 };

	for (ssize_t at = 0; at + 24 <= len; at++)
		if (packet[at] == 0x45 && packet[at + 9] == IPPROTO_TCP &&
		    !memcmp(packet + at + 16, vip, sizeof(vip)) && packet[at + 22] == 0 &&
		    packet[at + 23] == 80)
			return true;
	return false;
}

/* A connection is begun; the farm gets its first packet wrapped as the server says. */
static void wraps(struct nl_ipvs_server real, int outer_family, int protocol)
{
	bool gue = protocol == IPPROTO_UDP;
	int farm = socket_of(farm_ns, outer_family, gue ? SOCK_DGRAM : SOCK_RAW, gue ? 0 : protocol);
	struct nl_ipvs_service wanted = service("tcp 192.0.2.1 80", "rr");
	struct endpoint to = endpoint("192.0.2.1", 80);
	struct endpoint at = endpoint("0.0.0.0", 6080);
	int client = socket_of(client_ns, AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
	uint8_t packet[2048];
	ssize_t len;

	if (gue)
		assert_int_equal(bind(farm, &at.any, at.len), 0);
	wanted.servers = &real;
	wanted.servers_count = 1;
	sync_sends(&wanted, 1, 2, "making a service that tunnels");
	assert_int_equal(connect(client, &to.any, to.len), -1);
	assert_int_equal(errno, EINPROGRESS);
	len = recv(farm, packet, sizeof(packet), 0);
	rule(len > 0, "no packet of protocol %d comes to the farm: %s", protocol, strerror(errno));
	rule(has_segment_to_vip(packet, len), "what comes by protocol %d is not for the VIP",
	     protocol);
	close(client);
	close(farm);
	sync_sends(NULL, 0, 1, "wanting none");
}

static void tunnels_wrap_packets_as_they_say(void **state)
{
	struct nl_ipvs_server checked = tunnel("198.51.100.2", NL_IPVS_GUE);

	build_network();
	checked.checksum = true;
	wraps(tunnel("198.51.100.2", NL_IPVS_IPIP), AF_INET, IPPROTO_IPIP);
	wraps(tunnel("198.51.100.2", NL_IPVS_GRE), AF_INET, IPPROTO_GRE);
	wraps(tunnel("198.51.100.2", NL_IPVS_GUE), AF_INET, IPPROTO_UDP);
	wraps(checked, AF_INET, IPPROTO_UDP);
	wraps(tunnel("2001:db8:f::2", NL_IPVS_IPIP), AF_INET6, IPPROTO_IPIP);
	leave_network();
}

/* Connections of the director appear in the farm, which is its backup here. */
static void a_backup_learns_of_the_masters_connections(void **state)
{
	struct nl_ipvs_daemon master = { .role = NL_IPVS_MASTER, .ifname = "farm", .sync_id = 7 };
	struct nl_ipvs_daemon backup = { .role = NL_IPVS_BACKUP, .ifname = "eth0", .sync_id = 7 };
	struct nl_ipvs_service wanted = service("tcp 192.0.2.1 80", "rr");
	struct nl_ipvs_server real = server("198.51.100.2", 8080, NL_IPVS_MASQUERADE);
	double limit = seconds() + 20;
	struct connection connection;
	struct nl_ipvs *farm;
	int listening;
	bool learnt;

	build_network();
	go_to(farm_ns);
	assert_int_equal(nl_ipvs_new(&farm), 0);
	rule_error(nl_ipvs_daemon_run(farm, &backup), 0, "starting the backup");
	go_to(director_ns);
	rule_error(nl_ipvs_daemon_run(ipvs, &master), 0, "starting the master");
	wanted.servers = &real;
	wanted.servers_count = 1;
	sync_sends(&wanted, 1, 2, "making a service");
	listening = listener(farm_ns, "198.51.100.2", 8080);
	connection = connect_to("192.0.2.1", 80, &listening, 1);
	do {
		struct timespec pause = { .tv_nsec = 20000000 };

		carries(&connection, "with connections synchronised");
		nanosleep(&pause, NULL);
		go_to(farm_ns);
		learnt = strstr(output("cat /proc/net/ip_vs_conn_sync"), "C0000201 0050 C6336402");
		go_to(director_ns);
	} while (!learnt && seconds() < limit);
	rule(learnt, "the backup does not learn of a connection");
	rule_error(nl_ipvs_daemon_stop(farm, NL_IPVS_BACKUP), 0, "stopping the backup");
	rule_error(nl_ipvs_daemon_stop(ipvs, NL_IPVS_MASTER), 0, "stopping the master");
	hang_up(&connection);
	close(listening);
	nl_ipvs_free(&farm);
	leave_network();
}

/* What the client sends to any address of a network is marked as it comes in. */
static void a_service_by_mark_serves_a_network(void **state)
{
	struct nl_ipvs_service wanted = service("fwmark 7 ipv4", "rr");
	struct nl_ipvs_server real = server("198.51.100.2", 0, NL_IPVS_MASQUERADE);
	static const uint16_t ports[] = { 80, 443 };

	build_network();
	run("tc qdisc add dev clients clsact");
	run("tc filter add dev clients ingress protocol ip matchall action skbedit mark 7");
	run("ip rule add fwmark 7 lookup 7 && ip route add local 192.0.2.128/25 dev lo table 7");
	go_to(client_ns);
	run("ip route add 192.0.2.128/25 via 203.0.113.1");
	go_to(director_ns);
	wanted.servers = &real;
	wanted.servers_count = 1;
	sync_sends(&wanted, 1, 2, "making a service by mark");
	for (size_t i = 0; i < COUNT(ports); i++) {
		int listening = listener(farm_ns, "198.51.100.2", ports[i]);
		struct connection connection = connect_to("192.0.2.200", ports[i], &listening, 1);

		carries(&connection, "through a service by mark");
		hang_up(&connection);
		close(listening);
	}
	leave_network();
}

#undef test
#define test(function) cmocka_unit_test_setup_teardown(function, begin, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		test(the_module_is_loaded_by_asking),
		test(every_scheduler_of_the_kernel_is_set_and_changed),
		test(the_flags_of_schedulers_and_one_packet_are_set_and_cleared),
		test(services_are_of_three_protocols_two_families_or_a_mark),
		test(persistence_has_a_time_and_a_network),
		test(every_forwarding_method_is_set_and_changed),
		test(weights_and_thresholds_are_set_and_changed),
		test(only_differences_are_sent),
		test(a_few_services_are_made_changed_and_removed_beside_the_others),
		test(a_service_of_someone_else_is_never_touched),
		test(what_others_do_to_ours_is_put_right),
		test(a_restarted_daemon_knows_its_own_and_removes_orphans),
		test(without_its_file_a_restarted_daemon_leaves_all_alone),
		test(the_file_of_another_namespace_or_boot_is_not_believed),
		test(a_damaged_file_is_told_of_and_used_as_far_as_it_goes),
		test(a_daemon_killed_at_any_point_leaves_no_orphan),
		test(keys_are_told_and_read_as_text),
		test(services_that_cannot_be_are_refused_by_name),
		test(servers_that_cannot_be_are_refused_by_name),
		test(one_failure_stops_none_of_the_others),
		test(a_service_of_ours_that_becomes_impossible_stays_as_it_is),
		test(without_net_admin_all_is_refused),
		test(reading_tells_of_all_services_or_of_one),
		test(timeouts_are_read_and_set),
		test(sync_daemons_start_change_and_stop),
		test(a_restarted_daemon_stops_the_threads_it_left_and_no_others),
		test(a_sync_daemon_that_never_ran_is_stopped_at_once),
		test(servers_of_two_families_and_sync_daemons_exclude_each_other),
		test(a_thousand_servers_are_quick_whatever_they_are_spread_over),
		test(a_masquerading_service_serves_and_drains),
		test(direct_routing_serves_from_the_director_and_from_afar),
		test(tunnels_wrap_packets_as_they_say),
		test(a_backup_learns_of_the_masters_connections),
		test(a_service_by_mark_serves_a_network),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
