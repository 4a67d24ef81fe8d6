// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Mutations for fuzz_config: libFuzzer alone seldom writes a line that is a command.
 *
 * A mutation moves, repeats, removes or negates a line, or writes a new one from a
 * form: in it, each letter after a '%' stands for one of a few values, chosen so that
 * they often meet (the same address as VIP and as peer) or are just out of range.
 * Sometimes libFuzzer's own mutations have their turn.
 */
#include "fuzz.h"

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))
#define LINES_MAX     24
#define LINE_SIZE     240

/* libFuzzer's. */
size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t max_size);
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned int seed);

struct text {
	unsigned int count;
	char line[LINES_MAX][LINE_SIZE];
};

static const char *const forms[] = {
	"interface %i",
	"interface %i",
	"vrrp %v",
	"vrrp %v version %e",
	"vrrp %v ip %a",
	"vrrp %v ip %a",
	"vrrp %v ipv6 %b",
	"vrrp %v ipv6 %b",
	"vrrp %v peer %a",
	"vrrp %v peer %b",
	"vrrp %v source %a",
	"vrrp %v source %b",
	"vrrp %v priority %p",
	"vrrp %v advertisement-interval %t",
	"vrrp %v preempt",
	"vrrp %v preempt delay %n",
	"vrrp %v preempt settle %n",
	"vrrp %v startup-hold %n",
	"vrrp %v startup-hold 0",
	"vrrp %v drain %n",
	"vrrp %v accept-mode",
	"vrrp %v checksum-with-ipv4-pseudoheader",
	"vrrp %v version-2-compatible",
	"vrrp %v shutdown",
	"vrrp %v description the web pair",
	"vrrp %v sync-group %x",
	"vrrp %v sync-families",
	"vrrp %v ttl-security hops %p",
	"vrrp %v placement %w",
	"vrrp %v announce metric %n tag %n",
	"vrrp %v announce tag %n",
	"vrrp %v announce standby metric %n",
	"vrrp %v announce standby metric %n tag %n",
	"vrrp %v announce when healthy",
	"vrrp %v announce when active",
	"vrrp %v announce marker %a/32",
	"vrrp %v announce marker %b/128",
	"vrrp %v announce marker 192.0.2.0/24",
	"vrrp %v bfd",
	"vrrp %v bfd strict",
	"vrrp %v bfd profile %i",
	"vrrp %v bfd profile %i strict",
	"vrrp %v authentication key-chain %i",
	"vrrp %v authentication key-chain %i mode permissive",
	"vrrp %v authentication key-chain %i anti-replay time window %n",
	"vrrp %v authentication key-chain %i anti-replay monotonic",
	"vrrp %v witness %a",
	"vrrp %v witness %b %a port %k lease %e name %i",
	"no vrrp %v witness",
	"vrrp %v track interface %i",
	"vrrp %v track interface %i decrement %p delay up %n down 0",
	"vrrp %v track route %a/32 protocol %i",
	"vrrp %v track route %b/128 vrf %i decrement %p",
	"vrrp %v track file /tmp/%i decrement %p",
	"vrrp %v track service %x decrement %p",
	"vrrp %v track check %x decrement %p",
	"vrrp check %x icmp %a interval 5000",
	"vrrp check %x tcp %b %k fall %e vrf %i",
	"vrrp check %x command /bin/true timeout 500",
	"vrrp check %x dns %a %k %q type mx",
	"vrrp check %x udp %b %k payload %l reply %l",
	"vrrp check %x smtp %a %k helo %q source %a",
	"vrrp check %x command /bin/%i arguments %i %a",
	"no vrrp check %x",
	"vrrp vip-interface %i",
	"vrrp vip-interface %i vrf %i",
	"no vrrp vip-interface vrf %i",
	"vrrp route-table %n",
	"vrrp route-table %n vrf %i",
	"vrrp address-lease %n",
	"vrrp startup-delay %e",
	"vrrp metrics file %i",
	"vrrp events socket %i",
	"vrrp guardian",
	"vrrp autoconfigure version %e",
	"vrrp default priority %p",
	"vrrp default advertisement-interval %t",
	"vrrp default preempt",
	"vrrp default shutdown",
	"vrrp default checksum-with-ipv4-pseudoheader",
	"exit",
	"no interface %i",
	"do show vrrp interface %i %v json",
	"do clear vrrp statistics",
	"do clear vrrp switchover interface %i %v ipv4",
	"do vrrp switchover interface %i %v",
	"do vrrp switchover %v ipv6",
	"do vrrp drain",
	"do no vrrp drain",
	"+ %g",
	"+ %g/version %e",
	"+ %g/priority %p",
	"+ %g/advertisement-interval %n",
	"+ %g/preempt %s",
	"+ %g/shutdown %s",
	"+ %g/frr-crossvip:placement %w",
	"+ %g/frr-crossvip:preempt-delay %n",
	"+ %g/frr-crossvip:preempt-settle %n",
	"+ %g/frr-crossvip:startup-hold %n",
	"+ %g/frr-crossvip:drain %n",
	"+ %g/frr-crossvip:description %i",
	"+ %g/frr-crossvip:sync-group %x",
	"+ %g/frr-crossvip:sync-families %s",
	"+ %g/frr-crossvip:ttl-security-hops %p",
	"+ %g/frr-crossvip:announce/metric %n",
	"+ %g/frr-crossvip:announce/tag %n",
	"+ %g/frr-crossvip:standby-route",
	"+ %g/frr-crossvip:standby-route/metric %n",
	"+ %g/frr-crossvip:standby-route/tag %n",
	"+ %g/frr-crossvip:announce-when healthy",
	"+ %g/v4/frr-crossvip:marker %a/32",
	"+ %g/v6/frr-crossvip:marker %b/128",
	"+ %g/frr-crossvip:bfd",
	"+ %g/frr-crossvip:bfd/profile %i",
	"+ %g/frr-crossvip:bfd/strict %s",
	"+ %g/frr-crossvip:authentication",
	"+ %g/frr-crossvip:authentication/key-chain %i",
	"+ %g/frr-crossvip:authentication/mode permissive",
	"+ %g/frr-crossvip:authentication/window %n",
	"+ %g/frr-crossvip:witness",
	"+ %g/frr-crossvip:witness/address[.='%a']",
	"+ %g/frr-crossvip:witness/lease %e",
	"+ %g/frr-crossvip:witness/name %i",
	"+ %g/frr-crossvip:track/interfaces/interface[interface='%i']/priority-decrement %p",
	"+ %g/frr-crossvip:track/files/file[path='/tmp/%i']/delay-up %n",
	"+ %g/v4/virtual-address[.='%a']",
	"+ %g/v6/virtual-address[.='%b']",
	"+ %g/v4/frr-crossvip:peer[.='%a']",
	"+ %g/v6/frr-crossvip:peer[.='%b']",
	"+ %g/v4/frr-crossvip:source %a",
	"+ %g/v6/frr-crossvip:source %b",
	"+ /frr-crossvip:vrrp/vip-interface %i",
	"+ /frr-crossvip:vrrp/route-table %n",
	"+ /frr-crossvip:vrrp/vrf[name='%i']/vip-interface %i",
	"+ /frr-crossvip:vrrp/vrf[name='%i']/route-table %n",
	"+ /frr-crossvip:vrrp/address-lease %n",
	"+ /frr-crossvip:vrrp/autoconfigure %e",
	"+ /frr-crossvip:vrrp/defaults/priority %p",
	"ipvs service %x %o %c %k",
	"ipvs service %x %o %c %k",
	"ipvs service %x address %c %k",
	"ipvs service %x address %c %k to %k",
	"no ipvs service %x address %c %k",
	"ipvs service %x fwmark %n",
	"ipvs service %x fwmark %n ipv6",
	"ipvs service %x scheduler %h",
	"ipvs service %x persistent %n",
	"ipvs service %x quorum %n",
	"ipvs service %x slow-start %n",
	"ipvs service %x pool threshold %p",
	"ipvs service %x pool threshold %p hold %n",
	"ipvs service %x server %c %k pool backup",
	"+ %d/slow-start %n",
	"ipvs service %x always",
	"ipvs service %x inhibit",
	"ipvs service %x survive",
	"ipvs service %x one-packet",
	"ipvs service %x server %c %k",
	"ipvs service %x server %c %k weight %n",
	"ipvs service %x server %c %k forwarding %f",
	"ipvs service %x server %c %k forwarding %f encapsulation %y",
	"ipvs service %x server %c %k upper-threshold %n lower-threshold %n",
	"ipvs service %x check %z",
	"ipvs service %x server %c %k check %z",
	"ipvs service %x sorry-server %c %k forwarding %f",
	"ipvs service %x",
	"ipvs sync-daemon interface %i sync-id %p",
	"ipvs sync-daemon interface %i settle %p",
	"ipvs timeout tcp %n",
	"ipvs timeout udp %n",
	"do show ipvs %x json",
	"+ %d",
	"+ %d/socket/address %c",
	"+ %d/socket/port %k",
	"+ %d/socket/protocol %o",
	"+ %d/firewall-mark/mark %n",
	"+ %d/firewall-mark/family ipv6",
	"+ %d/scheduler/name %h",
	"+ %d/scheduler/fallback %s",
	"+ %d/one-packet %s",
	"+ %d/sorry-server/address %c",
	"+ %d/sorry-server/port %k",
	"+ %d/check/kind %z",
	"+ %d/check/path %u",
	"+ %d/check/match %u",
	"+ %d/check/interval %n",
	"+ %d/check/query %q",
	"+ %d/check/status %m",
	"+ %d/check/sni %q",
	"+ %d/check/ca-file %u",
	"+ %d/check/payload %l",
	"+ %d/check/reply %l",
	"+ %d/check/helo %u",
	"+ %d/check/arguments %u",
	"+ %d/server[address='%c'][port='%k']",
	"+ %d/server[address='%c'][port='%k']/forwarding %f",
	"+ %d/server[address='%c'][port='%k']/encapsulation %y",
	"+ %d/server[address='%c'][port='%k']/gue-port %k",
	"+ %d/server[address='%c'][port='%k']/lower-threshold %n",
	"+ %d/server[address='%c'][port='%k']/check/kind %z",
	"+ %d/server[address='%c'][port='%k']/check/host %u",
	"+ /frr-crossvip:ipvs/sync-daemon/interface %i",
	"+ /frr-crossvip:ipvs/sync-daemon/settle %n",
	"+ /frr-crossvip:ipvs/timeouts/tcp-fin %n",
	"commit",
	"commit",
	"up",
	"down",
};

#define GROUP_FORM                                                                                 \
	"/frr-interface:lib/interface[name='%i']/frr-vrrpd:vrrp/vrrp-group[virtual-router-id='%v']"

struct values {
	char letter;
	const char *list[16]; /* NULL: no more */
};

static const struct values values[] = {
	{ 'i', { "eth0", "eth0", "eth1", "r0", "vip0", "vip1", "lo", "sixteen-octets-1" } },
	{ 'v', { "1", "10", "10", "11", "20", "255", "0", "256" } },
	{ 'e', { "2", "3", "2", "3", "4" } },
	{ 'a',
	  { "192.0.2.1", "192.0.2.2", "192.0.2.100", "192.0.2.101", "203.0.113.1", "203.0.113.2",
	    "198.51.100.1", "198.51.100.7", "127.0.0.1", "224.0.0.18", "0.0.0.0", "255.255.255.255",
	    "169.254.0.1" } },
	{ 'b',
	  { "2001:db8:0:1::1", "2001:db8:0:1::2", "2001:db8::100", "2001:db8::101", "fe80::1",
	    "fe80::100", "2001:DB8::0100", "::1", "::", "ff02::12", "::ffff:192.0.2.1" } },
	{ 'p', { "1", "100", "150", "200", "254", "255", "0", "256" } },
	{ 't',
	  { "10", "100", "1000", "2000", "40950", "40960", "15", "0", "25500", "25600", "40000" } },
	{ 'n',
	  { "0", "1", "2", "3", "30", "112", "253", "255", "3600", "3601", "65535", "65536", "4095",
	    "4294967295" } },
	{ 's', { "true", "false", "maybe" } },
	{ 'w', { "vip-interface", "vmac", "interface" } },
	{ 'g', { GROUP_FORM } },
	{ 'd', { "/frr-crossvip:ipvs/service[name='%x']" } },
	{ 'x', { "web", "web", "web", "dns", "dns", "a.b_c:d-1", "b'd", "json" } },
	{ 'o', { "tcp", "tcp", "udp", "sctp" } },
	{ 'c',
	  { "203.0.113.1", "203.0.113.1", "192.0.2.11", "192.0.2.11", "192.0.2.12", "192.0.2.12",
	    "2001:db8::11", "2001:DB8::11", "2001:db8:0:1::1", "127.0.0.1", "224.0.0.18", "0.0.0.0",
	    "::", "fe80::1", "::ffff:192.0.2.1" } },
	{ 'k', { "80", "80", "80", "80", "8080", "53", "0", "65535", "65536" } },
	{ 'h',
	  { "rr", "wlc", "sh fallback", "mh by-port", "sh fallback by-port", "rr fallback", "ovf",
	    "sh", "none" } },
	{ 'f', { "direct", "masquerade", "tunnel", "tunnel" } },
	{ 'y', { "ipip", "gre", "gue port 6080", "gue", "gue port 0" } },
	{ 'z',
	  { "none", "tcp", "icmp", "http", "https", "tcp interval 1 timeout 2",
	    "icmp rise %n fall 2", "http /", "http /x status 204 host www.example.com",
	    "https /x match all is well", "http / match a  b", "tcp port 81", "tcp source %c",
	    "none fall 2", "%j" } },
	{ 'j',
	  { "http / source %c status %m", "dns %q", "dns %q type srv port 53", "dns", "udp",
	    "udp payload %l reply %l", "smtp helo %q", "smtp source %c", "file /tmp/x",
	    "file /tmp/x rise 2", "command /bin/true",
	    "command /bin/true arguments {address} {port}", "command true", "file x",
	    "https / sni %q status %m" } },
	{ 'm', { "200", "200,204", "301-302,200", "302-301", "99", "600", "200,", "%n" } },
	{ 'q',
	  { "www.example.com", "www.example.com.", ".", "a..b", "b'd", "_sip._udp.example.com" } },
	{ 'l', { "00", "12ff", "12..", "1", "0x00", "g0", "12 ff" } },
	{ 'u', { "/", "/x", "all is well", "a  b", "www.example.com", " x", "b\xc3\xa9", "/a b" } },
};

static uint32_t state;

/* Numerical Recipes' generator: the seed is libFuzzer's, so a run can be repeated. */
static uint32_t chance(uint32_t below)
{
	state = state * 1664525U + 1013904223U;
	return (state >> 8) % below;
}

static const char *value_of(char letter)
{
	size_t count = 0;

	for (size_t i = 0; i < ARRAY_SIZE(values); i++) {
		if (values[i].letter != letter)
			continue;
		while (count < ARRAY_SIZE(values[i].list) && values[i].list[count])
			count++;
		return values[i].list[chance(count)];
	}
	return "";
}

/* A form with values for its letters; a value may be a form itself. */
static void write_form(const char *form, char line[LINE_SIZE], size_t *used)
{
	for (; *form && *used + 1 < LINE_SIZE; form++) {
		if (*form == '%')
			write_form(value_of(*++form), line, used);
		else
			line[(*used)++] = *form;
	}
	line[*used] = '\0';
}

static void new_line(char line[LINE_SIZE])
{
	size_t used = 0;

	write_form(forms[chance(ARRAY_SIZE(forms))], line, &used);
}

/* Lines that are too many or too long are lost. */
static void read_text(struct text *text, const uint8_t *data, size_t size)
{
	size_t used = 0;

	text->count = 0;
	for (size_t i = 0; i < size && text->count < LINES_MAX; i++) {
		if (data[i] != '\n') {
			if (used + 1 < LINE_SIZE)
				text->line[text->count][used++] = data[i];
			if (i + 1 < size)
				continue;
		}
		text->line[text->count++][used] = '\0';
		used = 0;
	}
}

static size_t write_text(const struct text *text, uint8_t *data, size_t max_size)
{
	size_t size = 0;

	for (unsigned int i = 0; i < text->count; i++) {
		size_t length = strlen(text->line[i]);

		if (size + length + 1 > max_size)
			break;
		memcpy(data + size, text->line[i], length);
		size += length;
		data[size++] = '\n';
	}
	return size;
}

static void insert(struct text *text, const char line[LINE_SIZE])
{
	unsigned int at = chance(text->count + 1);

	if (text->count == LINES_MAX)
		return;
	memmove(text->line[at + 1], text->line[at], (text->count - at) * LINE_SIZE);
	memcpy(text->line[at], line, LINE_SIZE);
	text->count++;
}

static void remove_line(struct text *text, unsigned int at)
{
	text->count--;
	memmove(text->line[at], text->line[at + 1], (text->count - at) * LINE_SIZE);
}

/* "X" becomes "no X", "+ X" becomes "- X", and back. */
static void negate(char line[LINE_SIZE])
{
	size_t length = strlen(line);

	if (line[0] == '+' || line[0] == '-') {
		line[0] = line[0] == '+' ? '-' : '+';
	} else if (!strncmp(line, "no ", 3)) {
		memmove(line, line + 3, length - 2);
	} else if (length + 4 < LINE_SIZE) {
		memmove(line + 3, line, length + 1);
		memcpy(line, "no ", 3);
	}
}

static void mutate(struct text *text)
{
	char line[LINE_SIZE] = "";
	unsigned int at = text->count ? chance(text->count) : 0, what = chance(8);

	if (what < 4 || !text->count) {
		new_line(line);
		insert(text, line);
	} else if (what == 4) {
		memcpy(line, text->line[at], LINE_SIZE);
		insert(text, line);
		negate(text->line[at]);
	} else if (what == 5) {
		remove_line(text, at);
	} else if (what == 6) {
		memcpy(line, text->line[at], LINE_SIZE);
		remove_line(text, at);
		insert(text, line);
	} else {
		negate(text->line[at]);
	}
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned int seed)
{
	static struct text text;
	unsigned int times;

	state = seed;
	if (chance(16) == 0)
		return LLVMFuzzerMutate(data, size, max_size);
	read_text(&text, data, size);
	for (times = 1 + chance(4); times; times--)
		mutate(&text);
	return write_text(&text, data, max_size);
}
