// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * needs: ns ipvs dummy
 *
 * IPVS: the kernel has the wanted services, as ipvsadm(8) prints them; only differences are sent;
 * which services are refused, and how long a thousand take.
 */
#include "nl_ipvs_test.h"

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
		/* The first makes a service and its server, the others change the service. */
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

	/* Options that have no meaning for a forwarding method make no difference. */
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
	/* A key that is named twice is gone already the second time, which is not a failure. */
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

/* -------------------------------------------------------------- order */

/* The last bytes of its servers' addresses, in the order of the kernel's list. */
static void order_is(const char *wanted, const char *when)
{
	struct nl_ipvs_key asked = key("tcp 192.0.2.1 80");
	char order[8] = "";
	struct sight sight = {};

	rule_error(nl_ipvs_read(ipvs, &asked, 1, see_service, &sight), 0, when);
	for (size_t i = 0; i < sight.state.servers_count; i++)
		order[sight.servers[i].place] =
			(char)('0' + (ntohl(sight.servers[i].server.address.v4.s_addr) & 0xff));
	rule(!strcmp(order, wanted), "%s: %s instead of %s", when, order, wanted);
}

/* Makes them from the digits, which are the last bytes of their addresses. */
static void wants_order(struct nl_ipvs_service *wanted, const char *digits, int requests)
{
	static struct nl_ipvs_server servers[4];
	char address[INET_ADDRSTRLEN];

	wanted->servers = servers;
	wanted->servers_count = strlen(digits);
	for (size_t i = 0; digits[i]; i++) {
		snprintf(address, sizeof(address), "198.51.100.%c", digits[i]);
		servers[i] = server(address, 80, NL_IPVS_MASQUERADE);
	}
	sync_sends(wanted, 1, requests, digits);
	order_is(digits, digits);
	sync_sends(wanted, 1, 0, "synchronising again");
}

static void ordered_servers_are_in_one_order_whatever_came_when(void **state)
{
	struct nl_ipvs_service wanted = service("tcp 192.0.2.1 80", "mh");

	wanted.ordered = wanted.fallback = wanted.by_port = true;
	wants_order(&wanted, "24", 3);
	wants_order(&wanted, "124", 1);	     /* one before all: it is the first by itself */
	wants_order(&wanted, "1234", 1 + 4); /* one in between: those before it, and itself, again */
	wants_order(&wanted, "134", 1);	     /* one less */
	wants_order(&wanted, "431", 4);	     /* the last stays */
	sync_sends(NULL, 0, 1, "wanting none");
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
	/*
	 * A service twice, one without a scheduler, and in each of two an invalid server and one
	 * that is named twice.
	 */
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
	/* A connection opened without CAP_NET_ADMIN is as good as any. */
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
		test(ordered_servers_are_in_one_order_whatever_came_when),
		test(services_that_cannot_be_are_refused_by_name),
		test(servers_that_cannot_be_are_refused_by_name),
		test(one_failure_stops_none_of_the_others),
		test(a_service_of_ours_that_becomes_impossible_stays_as_it_is),
		test(without_net_admin_all_is_refused),
		test(a_thousand_servers_are_quick_whatever_they_are_spread_over),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
