// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * needs: ns veth macvlan
 *
 * A VMAC beside its parent on one LAN, as the peer sees them: each address is
 * answered for by its own MAC, and the host's address answers all the time. Each
 * rule is also seen broken without the sysctls, so that it is known what they cure.
 */
#include "nl_peer.h"

#include <linux/rtnetlink.h>

#include "nl_macvlan.h"
#include "nl_route.h"
#include "nl_vmac.h"

#define HOST4	   "10.0.0.1"
#define PEER4	   "10.0.0.2"
#define VIP4	   "10.0.0.100"
#define HOST6	   "2001:db8::1"
#define PEER6	   "2001:db8::2"
#define VIP6	   "2001:db8::100"
#define LOCAL_VIP6 "fe80::100"

static const uint8_t router_mac[] = { 2, 0, 0, 0, 0, 1 };
static const uint8_t peer_mac[] = { 2, 0, 0, 0, 0, 2 };
static const uint8_t mac4[] = { 0x00, 0x00, 0x5e, 0x00, 0x01, 0x0a };
static const uint8_t mac6[] = { 0x00, 0x00, 0x5e, 0x00, 0x02, 0x0a };

static char directory[64];
static struct nl_sysctl *sysctl;
static int eth0;

static int begin(void **state)
{
	strcpy(directory, "/tmp/nl_vmac.XXXXXX");
	if (fresh_lan(state) || !mkdtemp(directory))
		return -1;
	eth0 = (int)if_nametoindex("eth0");
	number("eth0", HOST4, HOST6);
	number_peer(PEER4, PEER6);
	return nl_sysctl_new(&sysctl, directory);
}

static int end(void **state)
{
	nl_sysctl_free(&sysctl);
	run("rm -rf %s", directory);
	return leave_lan(state);
}

static const uint8_t *mac_of(int family)
{
	return family == AF_INET ? mac4 : mac6;
}

/* The number of settings of a VMAC that remain wrong, or an error. */
static int keep(int ifindex, int family, bool ours)
{
	struct nl_vmac what = { .ifindex = ifindex, .parent = eth0, .family = family, .ours = ours };

	return nl_vmac_keep(conn, sysctl, &what, NULL, NULL);
}

/* A VMAC as the daemon makes it, or, without cure, as the kernel has it by default. */
static struct nl_link vmac(int family, bool cured)
{
	struct nl_link link;
	char name[IFNAMSIZ];

	nl_macvlan_name(name, family, eth0, 10);
	if (cured)
		rule_error(nl_vmac_hold_parent(sysctl, eth0, family), 0, "holding on the parent");
	rule_error(nl_macvlan_add(conn, name, eth0, mac_of(family), &link), 0, "making a VMAC");
	if (cured)
		rule_error(keep(link.ifindex, family, true), 0, "preparing it");
	return link;
}

static void activate(const struct nl_link *link, int family)
{
	rule_error(nl_link_set_up(conn, link->ifindex), 0, "setting a VMAC up");
	if (family == AF_INET6) {
		rule_error(nl_route_link_local(conn, link->ifindex, RT_TABLE_MAIN), 0,
			   "a way to its neighbours");
		rule_error(add(LOCAL_VIP6, link->ifindex, 30), 0, "a link-local VIP");
	}
	rule_error(add(family == AF_INET ? VIP4 : VIP6, link->ifindex, 30), 0, "a VIP");
	rule(family == AF_INET || (uses(link->name, LOCAL_VIP6) && uses(link->name, VIP6)),
	     "the VIPs are not used");
}

static void deactivate(const struct nl_link *link, int family)
{
	rule_error(del(family == AF_INET ? VIP4 : VIP6, link->ifindex), 0, "removing a VIP");
	rule_error(nl_link_set_down(conn, link->ifindex), 0, "setting a VMAC down");
}

/* ---------------------------------------------------------------- who answers for it */

struct answers {
	struct nl_addr_key of;
	int host, virtual;
};

static bool is_answer_arp(const uint8_t *frame, const struct answers *answers)
{
	const struct ether_arp *arp = (const void *)(frame + sizeof(struct ether_header));

	return ntohs(arp->arp_op) == ARPOP_REPLY && !memcmp(arp->arp_spa, &answers->of.v4, 4);
}

static bool is_answer_nd(const uint8_t *frame, const struct answers *answers)
{
	struct {
		struct ip6_hdr ip;
		struct nd_neighbor_advert na;
	} packet;

	memcpy(&packet, frame + sizeof(struct ether_header), sizeof(packet));
	return packet.ip.ip6_nxt == IPPROTO_ICMPV6 && packet.na.nd_na_type == ND_NEIGHBOR_ADVERT &&
	       !memcmp(&packet.na.nd_na_target, &answers->of.v6, 16);
}

static void hear_answer(const uint8_t *frame, size_t len, void *arg)
{
	const struct ether_header *ether = (const void *)frame;
	struct answers *answers = arg;
	int type = ntohs(ether->ether_type);

	if ((type == ETHERTYPE_ARP && answers->of.family == AF_INET &&
	     is_answer_arp(frame, answers)) ||
	    (type == ETHERTYPE_IPV6 && answers->of.family == AF_INET6 &&
	     is_answer_nd(frame, answers))) {
		answers->host += !memcmp(ether->ether_shost, router_mac, ETH_ALEN);
		answers->virtual += !memcmp(ether->ether_shost, mac_of(answers->of.family),
					    ETH_ALEN);
		answers->virtual += !memcmp(ether->ether_shost,
					    mac_of(answers->of.family ^ AF_INET ^ AF_INET6),
					    ETH_ALEN);
	}
}

static void send_frame(const uint8_t *to, int type, const void *payload, size_t len)
{
	uint8_t frame[256] = {};
	struct ether_header *ether = (void *)frame;

	memcpy(ether->ether_dhost, to, ETH_ALEN);
	memcpy(ether->ether_shost, peer_mac, ETH_ALEN);
	ether->ether_type = htons(type);
	memcpy(ether + 1, payload, len);
	assert_int_equal(send(cable, frame, sizeof(*ether) + len, 0), sizeof(*ether) + len);
}

static void ask_arp(const struct nl_addr_key *key)
{
	static const uint8_t everyone[] = { 255, 255, 255, 255, 255, 255 };
	struct ether_arp arp = { .arp_hrd = htons(ARPHRD_ETHER),
				 .arp_pro = htons(ETHERTYPE_IP),
				 .arp_hln = ETH_ALEN,
				 .arp_pln = 4,
				 .arp_op = htons(ARPOP_REQUEST) };

	memcpy(arp.arp_sha, peer_mac, ETH_ALEN);
	inet_pton(AF_INET, PEER4, arp.arp_spa);
	memcpy(arp.arp_tpa, &key->v4, 4);
	send_frame(everyone, ETHERTYPE_ARP, &arp, sizeof(arp));
}

static uint16_t checksum(const void *data, size_t len, uint32_t sum)
{
	const uint8_t *bytes = data;

	for (size_t i = 0; i < len; i += 2)
		sum += bytes[i] << 8 | bytes[i + 1];
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return htons(~sum);
}

/* Sends an ICMPv6 message of the peer, from its link-local address or PEER6. */
static void send_icmpv6(const char *from, const char *to, const uint8_t *to_mac, void *icmp,
			size_t len)
{
	struct {
		struct ip6_hdr ip;
		uint8_t icmp[128];
	} packet = {};
	uint32_t sum = IPPROTO_ICMPV6 + len;

	packet.ip.ip6_flow = htonl(6 << 28);
	packet.ip.ip6_plen = htons(len);
	packet.ip.ip6_nxt = IPPROTO_ICMPV6;
	packet.ip.ip6_hlim = 255;
	inet_pton(AF_INET6, from, &packet.ip.ip6_src);
	inet_pton(AF_INET6, to, &packet.ip.ip6_dst);
	for (const uint8_t *b = (void *)&packet.ip.ip6_src; b < packet.icmp; b += 2)
		sum += b[0] << 8 | b[1];
	((struct icmp6_hdr *)icmp)->icmp6_cksum = checksum(icmp, len, sum);
	memcpy(packet.icmp, icmp, len);
	send_frame(to_mac, ETHERTYPE_IPV6, &packet, sizeof(packet.ip) + len);
}

static void ask_nd(const struct nl_addr_key *key)
{
	struct {
		struct nd_neighbor_solicit ns;
		struct nd_opt_hdr option;
		uint8_t mac[ETH_ALEN];
	} message = { .ns.nd_ns_type = ND_NEIGHBOR_SOLICIT,
		      .option = { ND_OPT_SOURCE_LINKADDR, 1 } };
	const uint8_t *low = &key->v6.s6_addr[13];
	uint8_t group_mac[] = { 0x33, 0x33, 0xff, low[0], low[1], low[2] };
	char group[INET6_ADDRSTRLEN];

	snprintf(group, sizeof(group), "ff02::1:ff%02x:%x", low[0], low[1] << 8 | low[2]);
	message.ns.nd_ns_target = key->v6;
	memcpy(message.mac, peer_mac, ETH_ALEN);
	send_icmpv6(PEER6, group, group_mac, &message, sizeof(message));
}

/* The number of answers of each MAC when the peer asks for an address. */
static struct answers who_has(const char *address)
{
	struct answers answers = { .of = key_of(address, 1) };
	uint8_t frame[2048];

	while (recv(cable, frame, sizeof(frame), MSG_DONTWAIT) > 0)
		;
	if (answers.of.family == AF_INET)
		ask_arp(&answers.of);
	else
		ask_nd(&answers.of);
	for (struct pollfd pollfd = { .fd = cable, .events = POLLIN }; poll(&pollfd, 1, 150) > 0;) {
		ssize_t len = recv(cable, frame, sizeof(frame), MSG_DONTWAIT);

		if (len > 0)
			hear_answer(frame, len, &answers);
	}
	return answers;
}

static void answered_by(const char *address, bool host, bool virtual, const char *when)
{
	struct answers answers = who_has(address);

	/* the kernel is late at times */
	for (int i = 0; i < 5 && answers.host <= host && answers.virtual <= virtual &&
			(answers.host < host || answers.virtual < virtual);
	     i++)
		answers = who_has(address);
	rule(answers.host == host && answers.virtual == virtual,
	     "%s, %s must be answered for by %s, but was %d times by the host's MAC and %d times by a virtual one",
	     when, address,
	     host && virtual ? "both"
	     : host	     ? "the host's MAC"
	     : virtual	     ? "the virtual MAC"
			     : "nobody",
	     answers.host, answers.virtual);
}

static void flap(const char *vmac)
{
	run("ip link set dev eth0 down && ip link set dev eth0 up");
	rule(link_carries("eth0") && (!vmac || link_carries(vmac)),
	     "after a flap, the links stay down");
}

static void ipv4_is_answered_for_by_the_right_mac(void **state)
{
	struct nl_link link = vmac(AF_INET, true);

	answered_by(HOST4, true, false, "before");
	activate(&link, AF_INET);
	answered_by(HOST4, true, false, "while Active");
	answered_by(VIP4, false, true, "while Active");
	deactivate(&link, AF_INET);
	answered_by(HOST4, true, false, "while Backup");
	answered_by(VIP4, false, false, "while Backup");
	flap(NULL);
	answered_by(VIP4, false, false, "while Backup, after a flap of the parent");
	activate(&link, AF_INET);
	flap(link.name);
	answered_by(HOST4, true, false, "after a flap of the parent");
	answered_by(VIP4, false, true, "after a flap of the parent");
}

static void ipv4_without_the_sysctls_is_answered_for_by_both(void **state)
{
	struct nl_link link = vmac(AF_INET, false);

	activate(&link, AF_INET);
	answered_by(HOST4, true, true, "without sysctls");
	answered_by(VIP4, true, true, "without sysctls");
}

static void each_of_the_two_arp_ignores_is_needed(void **state)
{
	struct nl_link link = vmac(AF_INET, true);

	activate(&link, AF_INET);
	run("echo 0 > /proc/sys/net/ipv4/conf/eth0/arp_ignore");
	answered_by(VIP4, true, true, "without the parent's");
	answered_by(HOST4, true, false, "without the parent's");
	run("echo 1 > /proc/sys/net/ipv4/conf/eth0/arp_ignore");
	run("echo 0 > /proc/sys/net/ipv4/conf/%s/arp_ignore", link.name);
	answered_by(VIP4, false, true, "without the VMAC's");
	answered_by(HOST4, true, true, "without the VMAC's");
}

static void ipv6_is_answered_for_by_the_right_mac(void **state)
{
	struct nl_link link = vmac(AF_INET6, true);

	activate(&link, AF_INET6);
	answered_by(HOST6, true, false, "while Active");
	answered_by(VIP6, false, true, "while Active");
	answered_by(LOCAL_VIP6, false, true, "while Active");
	deactivate(&link, AF_INET6);
	answered_by(HOST6, true, false, "while Backup");
	answered_by(VIP6, false, false, "while Backup");
	answered_by(LOCAL_VIP6, false, false, "while Backup");
}

static void an_ipv6_vmac_does_not_answer_for_ipv4(void **state)
{
	struct nl_link link = vmac(AF_INET6, true);

	activate(&link, AF_INET6);
	answered_by(HOST4, true, false, "beside an IPv6 VMAC");
	run("echo 0 > /proc/sys/net/ipv4/conf/%s/arp_ignore", link.name);
	answered_by(HOST4, true, false, "by rp_filter alone, for it has no IPv4 address");
	run("echo 0 > /proc/sys/net/ipv4/conf/%s/rp_filter", link.name);
	answered_by(HOST4, true, true, "beside an IPv6 VMAC without sysctls");
}

/* ------------------------------------------------------------- what neighbours learn */

static bool peer_knows(const char *address, const char *mac)
{
	char command[128], line[256] = "";
	FILE *pipe;

	snprintf(command, sizeof(command), "ip neigh show %s dev far", address);
	enter_ns(peer_ns);
	pipe = popen(command, "r");
	assert_non_null(fgets(line, sizeof(line), pipe));
	pclose(pipe);
	enter_ns(router_ns);
	return strstr(line, mac);
}

/* The router forgets the peer, so that it has to ask before it can answer. */
static void ping_of_a_stranger(const char *address)
{
	run("ip neigh flush all");
	on_peer("ip neigh flush all");
	rule(on_peer("ping -c 2 -i 0.2 -W 2 %s >/dev/null", address), "%s does not answer", address);
}

static void a_router_that_asks_does_not_spoil_the_vips_mac(void **state)
{
	struct nl_link link4 = vmac(AF_INET, true), link6 = vmac(AF_INET6, true);

	activate(&link4, AF_INET);
	activate(&link6, AF_INET6);
	ping_of_a_stranger(VIP4);
	rule(peer_knows(VIP4, "00:00:5e:00:01:0a"), "the peer learned a wrong MAC for the VIP");
	ping_of_a_stranger(HOST4);
	rule(peer_knows(HOST4, ROUTER_MAC), "the peer learned a wrong MAC for the host");
	ping_of_a_stranger(VIP6);
	rule(peer_knows(VIP6, "00:00:5e:00:02:0a"), "the peer learned a wrong MAC for the VIP");
	ping_of_a_stranger(HOST6);
	rule(peer_knows(HOST6, ROUTER_MAC), "the peer learned a wrong MAC for the host");

	run("echo 0 > /proc/sys/net/ipv4/conf/eth0/arp_announce");
	ping_of_a_stranger(VIP4);
	rule(peer_knows(VIP4, ROUTER_MAC), "without arp_announce, nothing was wrong");
}

/* ------------------------------------------------------------------- who is reachable */

static void strict_rp_filter_of_all_links_stands_in_no_way(void **state)
{
	struct nl_link link = vmac(AF_INET, true);

	run("echo 1 > /proc/sys/net/ipv4/conf/all/rp_filter");
	rule_error(keep(link.ifindex, AF_INET, true), 0, "looking again");
	activate(&link, AF_INET);
	rule(on_peer("ping -c 1 -W 2 " VIP4 " >/dev/null"), "with rp_filter 2 the VIP is silent");
	run("echo 0 > /proc/sys/net/ipv4/conf/%s/rp_filter", link.name);
	rule(!on_peer("ping -c 1 -W 1 " VIP4 " >/dev/null"),
	     "with rp_filter 0 the VIP answers too: then 2 is not needed");
}

/* Asked from a link-local address, as hosts ask their gateway. */
static bool link_local_vip_answers(void)
{
	return on_peer("ping -c 1 -W 1 " LOCAL_VIP6 "%%far >/dev/null");
}

static void a_link_local_vip_answers_its_neighbours(void **state)
{
	struct nl_link link = vmac(AF_INET6, true);

	activate(&link, AF_INET6);
	rule(link_local_vip_answers(), "the link-local VIP does not answer");
	rule_error(nl_route_link_local(conn, link.ifindex, RT_TABLE_MAIN), 0,
		   "a route that is there");
	run("ip -6 route del fe80::/64 dev %s", link.name);
	rule(!link_local_vip_answers(), "without fe80::/64, nothing was wrong");
	deactivate(&link, AF_INET6);
	activate(&link, AF_INET6);
	rule(link_local_vip_answers(), "the link-local VIP does not answer the second time");
}

static void count_ipv4(const uint8_t *frame, size_t len, void *arg)
{
	*(int *)arg += ntohs(((const struct ether_header *)frame)->ether_type) == ETHERTYPE_IP;
}

/* How many packets come from the virtual MAC when the peer pings the host. */
static int host_answers_from_the_virtual_mac(void)
{
	int count = 0;

	listen_on_cable(mac4, 100, count_ipv4, &count);
	count = 0;
	on_peer("ping -q -c 5 -i 0.05 -W 1 " HOST4 " >/dev/null");
	listen_on_cable(mac4, 100, count_ipv4, &count);
	return count;
}

/* A known problem: a VIP with the LAN's mask takes over the return route of the host's address. */
static void the_hosts_packets_leave_from_the_hosts_mac(void **state)
{
	struct nl_link link = vmac(AF_INET, true);

	activate(&link, AF_INET);
	flap(link.name);
	rule(!strstr(output("ip route show"), link.name), "a VIP of ours brings a route");
	rule(!host_answers_from_the_virtual_mac(), "the host answers from the virtual MAC");
	deactivate(&link, AF_INET);

	rule_error(nl_link_set_up(conn, link.ifindex), 0, "setting it up");
	run("ip addr add " VIP4 "/24 dev %s", link.name);
	flap(link.name);
	rule(host_answers_from_the_virtual_mac(), "with a wide VIP by hand, nothing was wrong");
}

/* Pings the host while VMACs of both families come and go; whether none was lost. */
static void transitions_lose_no_ping(const char *address)
{
	struct nl_link link4 = vmac(AF_INET, true), link6 = vmac(AF_INET6, true);
	char text[1024] = "";
	FILE *ping;

	enter_ns(peer_ns);
	snprintf(text, sizeof(text), "ping -q -c 200 -i 0.01 -W 2 %s", address);
	ping = popen(text, "r");
	enter_ns(router_ns);
	for (int i = 0; i < 10; i++) {
		activate(&link4, AF_INET);
		activate(&link6, AF_INET6);
		usleep(100 * 1000);
		deactivate(&link4, AF_INET);
		deactivate(&link6, AF_INET6);
		usleep(100 * 1000);
	}
	(void)!fread(text, 1, sizeof(text) - 1, ping);
	pclose(ping);
	rule(strstr(text, " 0% packet loss"), "pings to %s were lost: %s", address, text);
}

static void the_hosts_ipv4_answers_all_the_time(void **state)
{
	transitions_lose_no_ping(HOST4);
}

static void the_hosts_ipv6_answers_all_the_time(void **state)
{
	transitions_lose_no_ping(HOST6);
}

static void a_vip_answers_while_the_other_family_comes_and_goes(void **state)
{
	struct nl_link link4 = vmac(AF_INET, true), link6 = vmac(AF_INET6, true);

	activate(&link4, AF_INET);
	for (int i = 0; i < 5; i++) {
		activate(&link6, AF_INET6);
		rule(on_peer("ping -q -c 10 -i 0.01 -W 2 " VIP4 " >/dev/null"), "a ping was lost");
		deactivate(&link6, AF_INET6);
		rule(on_peer("ping -q -c 10 -i 0.01 -W 2 " VIP4 " >/dev/null"), "a ping was lost");
	}
}

/* ------------------------------------------------------------ what is sent to the MAC */

static void count_forwarded(const uint8_t *frame, size_t len, void *arg)
{
	static const uint8_t third[] = { 2, 0, 0, 0, 0, 3 };

	*(int *)arg += !memcmp(frame, third, ETH_ALEN);
}

/*
 * The peer sends a packet to a third host through the virtual MAC; returns how often it is
 * forwarded.
 */
static int forwarded(int family)
{
	struct ip6_hdr six = { .ip6_flow = htonl(6 << 28), .ip6_nxt = IPPROTO_NONE, .ip6_hlim = 64 };
	struct iphdr four = {
		.version = 4,
		.ihl = 5,
		.ttl = 64,
		.protocol = 253,
		.tot_len = htons(sizeof(four)),
	};
	int count = 0;

	inet_pton(AF_INET, PEER4, &four.saddr);
	inet_pton(AF_INET, "10.0.0.3", &four.daddr);
	four.check = checksum(&four, sizeof(four), 0);
	inet_pton(AF_INET6, PEER6, &six.ip6_src);
	inet_pton(AF_INET6, "2001:db8::3", &six.ip6_dst);
	if (family == AF_INET)
		send_frame(mac4, ETHERTYPE_IP, &four, sizeof(four));
	else
		send_frame(mac6, ETHERTYPE_IPV6, &six, sizeof(six));
	listen_on_cable(router_mac, 200, count_forwarded, &count);
	return count;
}

static struct nl_link forwarding_vmac(int family)
{
	struct nl_link link;

	run("echo 1 > /proc/sys/net/ipv4/ip_forward");
	run("echo 1 > /proc/sys/net/ipv6/conf/all/forwarding");
	run("ip neigh add 10.0.0.3 lladdr 02:00:00:00:00:03 dev eth0 nud permanent");
	run("ip neigh add 2001:db8::3 lladdr 02:00:00:00:00:03 dev eth0 nud permanent");
	link = vmac(family, true);
	rule(forwarded(family) == 0, "a VMAC that was never up forwards");
	activate(&link, family);
	rule(forwarded(family) == 1, "an Active router does not forward");
	deactivate(&link, family);
	rule(forwarded(family) == 0, "a Backup forwards what is sent to the virtual MAC");
	rule_error(nl_link_set_up(conn, link.ifindex), 0, "setting it up without a VIP");
	return link;
}

static void an_ipv4_backup_discards_what_is_sent_to_the_virtual_mac(void **state)
{
	struct nl_link link;

	run("echo 2 > /proc/sys/net/ipv4/conf/eth0/rp_filter");
	link = forwarding_vmac(AF_INET);

	rule(forwarded(AF_INET) == 0, "with rp_filter 2 and no address, it forwards");
	run("echo 0 > /proc/sys/net/ipv4/conf/%s/rp_filter", link.name);
	rule(forwarded(AF_INET) == 1, "up without a VIP and with rp_filter 0, nothing was wrong");
}

static void an_ipv6_backup_discards_what_is_sent_to_the_virtual_mac(void **state)
{
	forwarding_vmac(AF_INET6);
	rule(forwarded(AF_INET6) == 1, "up without a VIP, nothing was wrong");
}

/* ------------------------------------------------------------------ what routers tell */

static void send_router_advertisement(void)
{
	struct {
		struct nd_router_advert ra;
		struct nd_opt_prefix_info prefix;
	} message = {
		.ra = { .nd_ra_type = ND_ROUTER_ADVERT, .nd_ra_router_lifetime = htons(1800) },
		.prefix = { .nd_opt_pi_type = ND_OPT_PREFIX_INFORMATION,
			    .nd_opt_pi_len = 4,
			    .nd_opt_pi_prefix_len = 64,
			    .nd_opt_pi_flags_reserved = ND_OPT_PI_FLAG_ONLINK | ND_OPT_PI_FLAG_AUTO,
			    .nd_opt_pi_valid_time = htonl(3600),
			    .nd_opt_pi_preferred_time = htonl(3600) },
	};
	static const uint8_t all_nodes[] = { 0x33, 0x33, 0, 0, 0, 1 };

	inet_pton(AF_INET6, "2001:db8:7::", &message.prefix.nd_opt_pi_prefix);
	send_icmpv6("fe80::2", "ff02::1", all_nodes, &message, sizeof(message));
	usleep(100 * 1000);
}

static void routers_give_a_vmac_no_addresses_and_no_routes(void **state)
{
	struct nl_link link = vmac(AF_INET6, true);

	activate(&link, AF_INET6);
	send_router_advertisement();
	rule(comes_to_print("2001:db8:7:", "ip addr show dev eth0"), "the parent got no address");
	rule(!strstr(output("ip addr show dev %s", link.name), "2001:db8:7:"),
	     "the VMAC took an address from a router");
	rule(!strstr(output("ip -6 route show default"), link.name),
	     "the VMAC took a default route");

	run("echo 1 > /proc/sys/net/ipv6/conf/%s/accept_ra", link.name);
	run("echo 1 > /proc/sys/net/ipv6/conf/%s/autoconf", link.name);
	send_router_advertisement();
	rule(strstr(output("ip addr show dev %s", link.name), "2001:db8:7:") &&
		     strstr(output("ip -6 route show default"), link.name),
	     "without the sysctls, nothing was wrong");
}

static void count_ipv6(const uint8_t *frame, size_t len, void *arg)
{
	*(int *)arg += ntohs(((const struct ether_header *)frame)->ether_type) == ETHERTYPE_IPV6;
}

static void an_ipv4_vmac_has_no_ipv6(void **state)
{
	struct nl_link link = vmac(AF_INET, true);
	int said = 0;

	activate(&link, AF_INET);
	rule(add(VIP6, link.ifindex, 30) < 0, "it takes IPv6 addresses");
	rule(!strstr(output("ip -6 addr show dev %s", link.name), "inet6"), "it has an address");
	rule(!strstr(output("ip -6 route show table all"), link.name), "it has a route");
	listen_on_cable(mac4, 1500, count_ipv6, &said);
	rule(!said, "it said %d things by IPv6", said);
}

/* ----------------------------------------------------------------------- advertisements */

struct seen {
	int type;
	const char *source;
	int count;
};

static void see_advertisement(const uint8_t *frame, size_t len, void *arg)
{
	const struct ether_header *ether = (const void *)frame;
	bool four = ntohs(ether->ether_type) == ETHERTYPE_IP;
	const uint8_t *ip = frame + sizeof(*ether);
	struct seen *seen = arg;
	char source[INET6_ADDRSTRLEN];

	if (ntohs(ether->ether_type) != seen->type || ip[four ? 9 : 6] != 112)
		return;
	inet_ntop(four ? AF_INET : AF_INET6, ip + (four ? 12 : 8), source, sizeof(source));
	seen->count += !strcmp(source, seen->source);
}

static int vrrp_socket(int family, const struct nl_link *link, bool freebind)
{
	int fd = socket(family, SOCK_RAW | SOCK_CLOEXEC, 112), one = 1;
	struct ip_mreqn where = { .imr_ifindex = link->ifindex };

	assert_int_equal(setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, link->name, strlen(link->name)),
			 0);
	if (family == AF_INET)
		assert_int_equal(setsockopt(fd, IPPROTO_IP, IP_MULTICAST_IF, &where, sizeof(where)),
				 0);
	else
		assert_int_equal(setsockopt(fd, IPPROTO_IPV6, IPV6_MULTICAST_IF, &link->ifindex,
					    sizeof(int)),
				 0);
	if (freebind)
		assert_int_equal(setsockopt(fd, IPPROTO_IPV6, IPV6_FREEBIND, &one, sizeof(one)), 0);
	return fd;
}

static void ipv4_advertisements_leave_with_both_addresses_right(void **state)
{
	struct nl_link link = vmac(AF_INET, true);
	struct seen seen = { .type = ETHERTYPE_IP, .source = HOST4 };
	struct sockaddr_in from = { .sin_family = AF_INET }, to = { .sin_family = AF_INET };
	int fd = vrrp_socket(AF_INET, &link, false);

	activate(&link, AF_INET);
	inet_pton(AF_INET, HOST4, &from.sin_addr);
	inet_pton(AF_INET, "224.0.0.18", &to.sin_addr);
	rule(bind(fd, (struct sockaddr *)&from, sizeof(from)) == 0,
	     "no binding to the parent's address");
	rule(sendto(fd, "advert", 6, 0, (struct sockaddr *)&to, sizeof(to)) == 6, "not sent: %s",
	     strerror(errno));
	listen_on_cable(mac4, 100, see_advertisement, &seen);
	rule(seen.count == 1, "no advertisement from virtual MAC and parent's address");
	close(fd);
}

static void ipv6_advertisements_leave_with_both_addresses_right(void **state)
{
	struct nl_link link = vmac(AF_INET6, true);
	struct seen seen = { .type = ETHERTYPE_IPV6, .source = "fe80::ff:fe00:1" };
	struct sockaddr_in6 from = { .sin6_family = AF_INET6, .sin6_scope_id = link.ifindex };
	struct sockaddr_in6 to = from;
	int fd = vrrp_socket(AF_INET6, &link, true), strict = vrrp_socket(AF_INET6, &link, false);

	activate(&link, AF_INET6);
	rule(strstr(output("ip -6 addr show dev eth0"), seen.source), "the parent has no %s",
	     seen.source);
	inet_pton(AF_INET6, seen.source, &from.sin6_addr);
	inet_pton(AF_INET6, "ff02::12", &to.sin6_addr);
	rule(bind(strict, (struct sockaddr *)&from, sizeof(from)) < 0,
	     "the parent's link-local address can be had without IPV6_FREEBIND: tell so in the header");
	rule(bind(fd, (struct sockaddr *)&from, sizeof(from)) == 0, "no binding to it: %s",
	     strerror(errno));
	rule(sendto(fd, "advert", 6, 0, (struct sockaddr *)&to, sizeof(to)) == 6, "not sent: %s",
	     strerror(errno));
	listen_on_cable(mac6, 100, see_advertisement, &seen);
	rule(seen.count == 1, "no advertisement from virtual MAC and parent's address");
	close(fd);
	close(strict);
}

/* ------------------------------------------------------------------------ putting back */

static void all_is_as_before_when_the_last_vmac_is_gone(void **state)
{
	static const char dump[] =
		"{ ip -d addr | sed 's/\\(valid\\|preferred\\)_lft [0-9]*sec//g'; ip route show table all; "
		"ip -6 route show table all; grep -r . /proc/sys/net/ipv4/conf/eth0 "
		"/proc/sys/net/ipv6/conf/eth0; } 2>/dev/null";
	char before[64 * 1024];
	struct nl_link link4, link6;

	snprintf(before, sizeof(before), "%s", output("%s", dump));
	link4 = vmac(AF_INET, true);
	link6 = vmac(AF_INET6, true);
	rule_error(nl_vmac_hold_parent(sysctl, eth0, AF_INET), 0, "a second group");
	activate(&link4, AF_INET);
	activate(&link6, AF_INET6);
	rule(strcmp(before, output("%s", dump)), "nothing was changed");
	rule_error(nl_link_del(conn, link4.ifindex), 0, "removing one");
	rule_error(nl_link_del(conn, link6.ifindex), 0, "removing the other");
	rule_error(nl_vmac_drop_parent(sysctl, eth0, AF_INET), 0, "dropping one group's");
	answered_by(HOST4, true, false, "with one group left");
	rule(strcmp(before, output("%s", dump)), "put back with one group left");
	rule_error(nl_vmac_drop_parent(sysctl, eth0, AF_INET), 0, "dropping the other's");
	rule_error(nl_vmac_drop_parent(sysctl, eth0, AF_INET6), 0, "dropping IPv6's");
	rule(!strcmp(before, output("%s", dump)), "not all is as before");
}

/* The sysctls of one link, from /proc/sys. */
static void sysctls_of(const char *ifname, char *text, size_t size)
{
	snprintf(text, size, "%s",
		 output("grep -r . /proc/sys/net/ipv4/conf/%s /proc/sys/net/ipv6/conf/%s 2>/dev/null",
			ifname, ifname));
}

static void one_made_by_hand_is_given_back_as_it_was(void **state)
{
	char before[32 * 1024], now[32 * 1024];
	int index;

	run("ip link add name by-hand link eth0 address 00:00:5e:00:01:0a type macvlan mode bridge");
	index = (int)if_nametoindex("by-hand");
	sysctls_of("by-hand", before, sizeof(before));
	rule_error(nl_vmac_hold_parent(sysctl, eth0, AF_INET), 0, "holding on its parent");
	rule_error(keep(index, AF_INET, false), 0, "holding on it");
	rule_error(keep(index, AF_INET6, false), 0, "holding for IPv6 too");
	sysctls_of("by-hand", now, sizeof(now));
	rule(strcmp(before, now), "nothing was changed");
	run("ip link set dev by-hand up");
	rule_error(add(VIP4, index, 30), 0, "a VIP on it");
	answered_by(HOST4, true, false, "beside a VMAC made by hand");
	answered_by(VIP4, false, true, "on a VMAC made by hand");
	rule_error(nl_vmac_drop(sysctl, index, AF_INET), 0, "dropping");
	rule_error(nl_vmac_drop(sysctl, index, AF_INET6), 0, "dropping for IPv6 too");
	sysctls_of("by-hand", now, sizeof(now));
	rule(!strcmp(before, now), "not all is as before: %s", now);
}

/* A macvlan with addresses of the operator's, and its index. */
static int made_by_hand(void)
{
	run("ip link add name by-hand link eth0 address 00:00:5e:00:02:0a type macvlan mode bridge");
	run("ip link set dev by-hand up && ip addr add " VIP4 "/24 dev by-hand && ip addr add " VIP6
	    "/64 dev by-hand nodad");
	return (int)if_nametoindex("by-hand");
}

static void what_was_put_on_by_hand_stays_while_it_is_down(void **state)
{
	int index = made_by_hand();

	rule_error(nl_vmac_hold_parent(sysctl, eth0, AF_INET), 0, "holding on its parent");
	rule_error(keep(index, AF_INET6, false), 0, "holding");
	rule_error(nl_link_set_down(conn, index), 0, "setting it down");
	answered_by(VIP4, false, false, "while it is down");
	answered_by(VIP6, false, false, "while it is down");
	rule_error(nl_vmac_drop(sysctl, index, AF_INET6), 0, "dropping");
	rule_error(nl_link_set_up(conn, index), 0, "setting it up");
	witness_says("by-hand", VIP4, "\"prefixlen\":24");
	witness_says("by-hand", VIP6, "\"prefixlen\":64");

	run("ip link set dev by-hand down && ip link set dev by-hand up");
	rule(!witness("by-hand", VIP6), "without the sysctl, nothing was wrong");
}

static void what_was_put_on_by_hand_answers_as_soon_as_it_is_up(void **state)
{
	int index = made_by_hand();

	/* an address with DAD would be tentative for 100 s */
	run("echo 100 > /proc/sys/net/ipv6/conf/by-hand/dad_transmits");
	run("ip addr del " VIP6 "/64 dev by-hand && ip addr add " VIP6 "/64 dev by-hand");
	rule_error(keep(index, AF_INET6, false), 0, "holding");
	rule_error(nl_link_set_down(conn, index), 0, "setting it down");
	rule_error(nl_link_set_up(conn, index), 0, "setting it up");
	rule(uses("by-hand", VIP6), "the VIP is not used");
	witness_silent("by-hand", VIP6, "tentative");

	rule_error(nl_link_set_down(conn, index), 0, "setting it down");
	run("echo 1 > /proc/sys/net/ipv6/conf/by-hand/accept_dad");
	rule_error(nl_link_set_up(conn, index), 0, "setting it up");
	witness_says("by-hand", VIP6, "\"tentative\":true");
}

static void what_the_operator_has_set_stricter_is_left(void **state)
{
	run("echo 2 > /proc/sys/net/ipv4/conf/eth0/arp_ignore");
	rule_error(nl_vmac_hold_parent(sysctl, eth0, AF_INET), 0, "holding");
	assert_string_equal(output("cat /proc/sys/net/ipv4/conf/eth0/arp_ignore"), "2\n");
	rule_error(nl_vmac_drop_parent(sysctl, eth0, AF_INET), 0, "dropping");
	assert_string_equal(output("cat /proc/sys/net/ipv4/conf/eth0/arp_ignore"), "2\n");
	rule_error(nl_vmac_hold_parent(sysctl, 9999, AF_INET), -ENODEV, "on no link");
	rule_error(keep(9999, AF_INET, true), -ENODEV, "preparing no link");
	rule_error(nl_vmac_drop_parent(sysctl, 9999, AF_INET), 0, "what nobody holds");
}

#define test_vmac(function) cmocka_unit_test_setup_teardown(function, begin, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		test_vmac(ipv4_is_answered_for_by_the_right_mac),
		test_vmac(ipv4_without_the_sysctls_is_answered_for_by_both),
		test_vmac(each_of_the_two_arp_ignores_is_needed),
		test_vmac(ipv6_is_answered_for_by_the_right_mac),
		test_vmac(an_ipv6_vmac_does_not_answer_for_ipv4),
		test_vmac(a_router_that_asks_does_not_spoil_the_vips_mac),
		test_vmac(strict_rp_filter_of_all_links_stands_in_no_way),
		test_vmac(a_link_local_vip_answers_its_neighbours),
		test_vmac(the_hosts_packets_leave_from_the_hosts_mac),
		test_vmac(the_hosts_ipv4_answers_all_the_time),
		test_vmac(the_hosts_ipv6_answers_all_the_time),
		test_vmac(a_vip_answers_while_the_other_family_comes_and_goes),
		test_vmac(an_ipv4_backup_discards_what_is_sent_to_the_virtual_mac),
		test_vmac(an_ipv6_backup_discards_what_is_sent_to_the_virtual_mac),
		test_vmac(routers_give_a_vmac_no_addresses_and_no_routes),
		test_vmac(an_ipv4_vmac_has_no_ipv6),
		test_vmac(ipv4_advertisements_leave_with_both_addresses_right),
		test_vmac(ipv6_advertisements_leave_with_both_addresses_right),
		test_vmac(all_is_as_before_when_the_last_vmac_is_gone),
		test_vmac(one_made_by_hand_is_given_back_as_it_was),
		test_vmac(what_was_put_on_by_hand_stays_while_it_is_down),
		test_vmac(what_was_put_on_by_hand_answers_as_soon_as_it_is_up),
		test_vmac(what_the_operator_has_set_stricter_is_left),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
