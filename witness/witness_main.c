// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vrrp-witness: a voter that is no router (vrrp_promise.h), for any Linux host.
 *
 * It knows no group before one asks: an entry is made by the first question. At the limit it is
 * taken for another group, unless a router of this one has proved in the last minutes that it
 * hears the answers: forged questions fill the table with what goes first. What is not from where
 * routers are, or not signed, gets no answer and leaves no trace but a number. Nothing is stored
 * on disk: who starts is silent until all that an earlier one can have promised is over.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <getopt.h>
#include <nettle/hmac.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "vrrp_promise_packet.h"

#define SOURCES_MAX 64
#define KEYS_MAX    16
#define GROUPS_MAX  1000
#define LINE_SIZE   256
/* A group of which nobody has repeated a token for so long has none that is good. */
#define IDLE (2 * VRRP_LEASE_MAX)
/* Between two looks for such groups that find none, and between two lines about refusals. */
#define SWEEP_PAUSE  VRRP_USEC_PER_SEC
#define REFUSE_PAUSE (60 * VRRP_USEC_PER_SEC)

struct source {
	struct vrrp_addr prefix;
	unsigned int bits;
};

struct key {
	struct vrrp_auth_key key;
	struct hmac_sha256_ctx begun;
};

struct group {
	struct group *next; /* of the same VRID */
	struct vrrp_promise_group name;
	struct vrrp_voter voter;
};

static struct source sources[SOURCES_MAX];
static struct key keys[KEYS_MAX];
static unsigned int n_sources, n_keys, n_groups;
static struct group *groups[256]; /* by VRID */
static vrrp_usec_t lease_max = VRRP_LEASE_MAX, started;
static vrrp_usec_t full_until; /* no entry can be had before */
static uint64_t refused;       /* packets without an answer */
static volatile sig_atomic_t is_over;

static void __attribute__((noreturn, format(printf, 1, 2))) die(const char *format, ...)
{
	va_list args;

	fputs("vrrp-witness: ", stderr);
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fputc('\n', stderr);
	exit(1);
}

static vrrp_usec_t now_usec(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * VRRP_USEC_PER_SEC + now.tv_nsec / 1000;
}

/* ------------------------------------------------------------------------- keys */

static void hmac(const void *material, const struct vrrp_auth_part *parts, size_t n_parts,
		 uint8_t result[VRRP_AUTH_HMAC_SIZE])
{
	struct hmac_sha256_ctx context = *(const struct hmac_sha256_ctx *)material;

	for (size_t i = 0; i < n_parts; i++)
		hmac_sha256_update(&context, parts[i].size, parts[i].data);
	hmac_sha256_digest(&context, VRRP_AUTH_HMAC_SIZE, result);
	explicit_bzero(&context, sizeof(context));
}

/* A line "ID STRING": the number of a key and its key-string. False: it is empty, or a comment. */
static bool read_key(const char *path, unsigned int number, const char *line)
{
	struct key *key = &keys[n_keys];
	char text[VRRP_AUTH_KEY_SIZE_MAX + 2];
	unsigned int id;
	int end = 0;

	if (strspn(line, " \t\r\n") == strlen(line) || *line == '#')
		return false;
	if (sscanf(line, "%u %65s %n", &id, text, &end) != 2 || line[end] != '\0' || id < 1 ||
	    id > VRRP_AUTH_KEY_ID_MAX || strlen(text) < VRRP_AUTH_KEY_SIZE_MIN ||
	    strlen(text) > VRRP_AUTH_KEY_SIZE_MAX)
		die("%s, line %u: write the ID of a key, 1 to %d, and its key-string, %d to %d characters",
		    path, number, VRRP_AUTH_KEY_ID_MAX, VRRP_AUTH_KEY_SIZE_MIN,
		    VRRP_AUTH_KEY_SIZE_MAX);
	hmac_sha256_set_key(&key->begun, strlen(text), (const uint8_t *)text);
	explicit_bzero(text, sizeof(text));
	key->key = (struct vrrp_auth_key){ .id = id, .material = &key->begun };
	return true;
}

static void read_keys(const char *path)
{
	char line[LINE_SIZE];
	unsigned int number = 0;
	struct stat status;
	FILE *file = fopen(path, "re");

	if (!file || fstat(fileno(file), &status) < 0)
		die("%s cannot be read: %s", path, strerror(errno));
	if (status.st_mode & (S_IRWXG | S_IRWXO))
		die("%s has keys, and may be read by others: chmod 600 %s", path, path);
	while (fgets(line, sizeof(line), file)) {
		if (n_keys == KEYS_MAX)
			die("%s has more than %d keys", path, KEYS_MAX);
		n_keys += read_key(path, ++number, line);
	}
	explicit_bzero(line, sizeof(line));
	fclose(file);
	if (!n_keys)
		die("%s has no key", path);
}

/* The key that has signed it; NULL: none, or it is not to be signed. */
static const struct vrrp_auth_key *signer(const uint8_t *octets)
{
	for (unsigned int i = 0; i < n_keys; i++)
		if (vrrp_promise_is_signed(octets, &keys[i].key, hmac))
			return &keys[i].key;
	return NULL;
}

/* ----------------------------------------------------------------------- sources */

static void add_source(const char *text)
{
	struct source *source = &sources[n_sources];
	char address[VRRP_ADDR_STRLEN], *slash, *end = "";
	unsigned int most;

	if (n_sources == SOURCES_MAX)
		die("there are more than %d --from", SOURCES_MAX);
	snprintf(address, sizeof(address), "%s", text);
	slash = strchr(address, '/');
	if (slash)
		*slash = '\0';
	if (!vrrp_addr_parse(address, &source->prefix))
		die("--from %s: that is neither an address nor a prefix", text);
	most = 8 * vrrp_addr_size(source->prefix.family);
	source->bits = slash ? strtoul(slash + 1, &end, 10) : most;
	if (*end || source->bits > most)
		die("--from %s: the length is a number up to %u", text, most);
	n_sources++;
}

static bool is_source(const struct vrrp_addr *address)
{
	for (unsigned int i = 0; i < n_sources; i++)
		if (vrrp_addr_in_subnet(address, &sources[i].prefix, sources[i].bits))
			return true;
	return !n_sources;
}

/* ------------------------------------------------------------------------ groups */

/* Nobody who forges questions can make it so. */
static bool is_in_use(const struct group *group, vrrp_usec_t now)
{
	return group->voter.proven && now < group->voter.proven + IDLE;
}

/* Takes out those that are not; a promise is shorter than that. */
static void sweep(vrrp_usec_t now)
{
	for (unsigned int vrid = 0; vrid < 256; vrid++) {
		struct group **at = &groups[vrid], *group;

		while ((group = *at)) {
			if (is_in_use(group, now)) {
				at = &group->next;
				continue;
			}
			*at = group->next;
			free(group);
			n_groups--;
		}
	}
	if (n_groups == GROUPS_MAX)
		full_until = now + SWEEP_PAUSE;
}

static struct group *new_group(const struct vrrp_promise_group *name, vrrp_usec_t now)
{
	struct group *group;

	if (n_groups == GROUPS_MAX && now >= full_until)
		sweep(now);
	group = n_groups < GROUPS_MAX ? calloc(1, sizeof(*group)) : NULL;
	if (!group)
		return NULL;
	group->name = *name;
	vrrp_voter_init(&group->voter, lease_max, started);
	group->next = groups[name->vrid];
	groups[name->vrid] = group;
	n_groups++;
	return group;
}

/* NULL: there are too many. */
static struct group *group_of(const struct vrrp_promise_group *name, vrrp_usec_t now)
{
	struct group *group = groups[name->vrid];

	while (group && !vrrp_promise_group_same(&group->name, name))
		group = group->next;
	return group ? group : new_group(name, now);
}

/* A line for each change of the router that has the promise. */
static void report(const struct group *group, const struct vrrp_addr *before)
{
	static const struct vrrp_addr nobody;
	const struct vrrp_addr *holder = group->voter.until ? &group->voter.holder : &nobody;
	char text[VRRP_ADDR_STRLEN];

	if (vrrp_addr_same(holder, before))
		return;
	printf("VRID %u IPv%d%s%s: %s%s\n", group->name.vrid, group->name.family,
	       *group->name.name ? " " : "", group->name.name,
	       vrrp_addr_is_set(holder) ? "promised to " : "given back",
	       vrrp_addr_str(holder, text));
}

/* --------------------------------------------------------------------- questions */

/* NULL with an answer in octets, in the place of the question; or why there is none. */
static const char *answer(const struct vrrp_addr *from, uint8_t *octets, size_t size)
{
	static const struct vrrp_voter_self witness;
	const struct vrrp_auth_key *key;
	struct vrrp_promise_packet packet, reply = { .is_answer = true };
	struct vrrp_addr before = {};
	vrrp_usec_t now = now_usec();
	struct group *group;
	uint64_t random;

	if (!is_source(from))
		return "no --from has this address";
	if (!vrrp_promise_decode(octets, size, &packet) || packet.is_answer ||
	    !vrrp_addr_same(&packet.ask.from, from))
		return "it is no question of a router";
	key = signer(octets);
	if (n_keys && !key)
		return "no key has signed it";
	group = group_of(&packet.group, now);
	if (!group)
		return "there are too many groups";
	if (getrandom(&random, sizeof(random), 0) != sizeof(random))
		return "there are no random numbers";
	if (group->voter.until)
		before = group->voter.holder;
	vrrp_voter_answer(&group->voter, &witness, &packet.ask, random, now, &reply.answer);
	report(group, &before);
	reply.group = packet.group;
	vrrp_promise_encode(&reply, key, hmac, octets);
	return NULL;
}

/* Says so, not more often than once a minute. */
static void refuse(const struct vrrp_addr *from, const char *why)
{
	static vrrp_usec_t quiet_until;
	char text[VRRP_ADDR_STRLEN];

	refused++;
	if (now_usec() < quiet_until)
		return;
	quiet_until = now_usec() + REFUSE_PAUSE;
	printf("refused a packet from %s: %s; with it %llu\n", vrrp_addr_str(from, text), why,
	       (unsigned long long)refused);
}

/* The answer leaves from the address that was asked: the control message is sent back. */
static void forget_link(struct msghdr *message)
{
	struct cmsghdr *c = CMSG_FIRSTHDR(message);

	if (c && c->cmsg_level == IPPROTO_IP && c->cmsg_type == IP_PKTINFO)
		((struct in_pktinfo *)CMSG_DATA(c))->ipi_ifindex = 0;
	else if (c && c->cmsg_level == IPPROTO_IPV6 && c->cmsg_type == IPV6_PKTINFO &&
		 !IN6_IS_ADDR_LINKLOCAL(&((struct in6_pktinfo *)CMSG_DATA(c))->ipi6_addr))
		((struct in6_pktinfo *)CMSG_DATA(c))->ipi6_ifindex = 0;
}

static void serve(int fd)
{
	uint8_t octets[VRRP_PROMISE_SIZE + 1], control[CMSG_SPACE(sizeof(struct in6_pktinfo))]
		__attribute__((aligned(__alignof__(struct cmsghdr))));
	struct iovec iov = { octets, sizeof(octets) };
	struct sockaddr_storage peer;
	struct msghdr message = { .msg_name = &peer,
				  .msg_namelen = sizeof(peer),
				  .msg_iov = &iov,
				  .msg_iovlen = 1,
				  .msg_control = control,
				  .msg_controllen = sizeof(control) };
	ssize_t size = recvmsg(fd, &message, MSG_DONTWAIT);
	struct vrrp_addr from;
	const char *why;

	if (size < 0)
		return;
	from = vrrp_addr_of_sockaddr(&peer);
	why = answer(&from, octets, size);
	if (why) {
		refuse(&from, why);
		return;
	}
	iov.iov_len = VRRP_PROMISE_SIZE;
	forget_link(&message);
	if (sendmsg(fd, &message, MSG_DONTWAIT) < 0)
		fprintf(stderr, "vrrp-witness: an answer cannot be sent: %s\n", strerror(errno));
}

/* ------------------------------------------------------------------------- start */

/* The descriptor; negative errno. */
static int open_socket(const struct vrrp_addr *address, uint16_t port)
{
	bool v4 = address->family == VRRP_IPV4;
	int fd = socket(vrrp_family_af(address->family), SOCK_DGRAM | SOCK_CLOEXEC, 0), on = 1;
	struct sockaddr_storage here;
	socklen_t len = vrrp_addr_sockaddr(address, port, &here);

	if (fd < 0)
		return -errno;
	if (!v4)
		(void)setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof(on));
	if (setsockopt(fd, v4 ? IPPROTO_IP : IPPROTO_IPV6, v4 ? IP_PKTINFO : IPV6_RECVPKTINFO, &on,
		       sizeof(on)) < 0 ||
	    bind(fd, (struct sockaddr *)&here, len) < 0) {
		on = -errno;
		close(fd);
		return on;
	}
	return fd;
}

static unsigned long number(const char *option, const char *text, unsigned long most)
{
	char *end;
	unsigned long value = strtoul(text, &end, 10);

	if (!*text || *end || value < 1 || value > most)
		die("--%s %s: write a number from 1 to %lu", option, text, most);
	return value;
}

static void __attribute__((noreturn)) help(void)
{
	printf("usage: vrrp-witness [--listen ADDRESS] [--port PORT] [--lease SECONDS]\n"
	       "                    [--keys FILE] [--from ADDRESS[/LENGTH]]...\n\n"
	       "Promises itself to one router of each VRRP group at a time; see vrrp-witness(8).\n"
	       "Without --keys there must be a --from.\n");
	exit(0);
}

struct options {
	struct vrrp_addr listen; /* unset: all addresses */
	uint16_t port;
};

static struct options read_options(int argc, char **argv)
{
	static const struct option known[] = { { "listen", required_argument, NULL, 'l' },
					       { "port", required_argument, NULL, 'p' },
					       { "lease", required_argument, NULL, 's' },
					       { "keys", required_argument, NULL, 'k' },
					       { "from", required_argument, NULL, 'f' },
					       { "help", no_argument, NULL, 'h' },
					       {} };
	struct options options = { .port = VRRP_PROMISE_PORT };
	int option;

	while ((option = getopt_long(argc, argv, "", known, NULL)) != -1) {
		if (option == 'l' && !vrrp_addr_parse(optarg, &options.listen))
			die("--listen %s: that is no address", optarg);
		else if (option == 'p')
			options.port = number("port", optarg, UINT16_MAX);
		else if (option == 's')
			lease_max = number("lease", optarg, VRRP_LEASE_MAX_SEC) * VRRP_USEC_PER_SEC;
		else if (option == 'k')
			read_keys(optarg);
		else if (option == 'f')
			add_source(optarg);
		else if (option == 'h')
			help();
		else if (option == '?')
			exit(1);
	}
	if (optind < argc)
		die("%s is no option: see vrrp-witness --help", argv[optind]);
	if (!n_keys && !n_sources)
		die("anybody could ask: say by --from where the routers are, or give --keys");
	return options;
}

/* The number of sockets; one of IPv6 may be missing where the host has none. */
static unsigned int open_sockets(const struct options *options, struct pollfd sockets[2])
{
	static const struct vrrp_addr any[] = { { .family = VRRP_IPV4 }, { .family = VRRP_IPV6 } };
	bool one = vrrp_addr_is_set(&options->listen);
	char text[VRRP_ADDR_STRLEN];
	unsigned int count = 0;

	for (unsigned int i = 0; i < (one ? 1 : 2); i++) {
		const struct vrrp_addr *address = one ? &options->listen : &any[i];
		int fd = open_socket(address, options->port);

		if (fd >= 0)
			sockets[count++] = (struct pollfd){ .fd = fd, .events = POLLIN };
		else if (fd != -EAFNOSUPPORT || one)
			die("cannot listen at %s, port %u: %s", vrrp_addr_str(address, text),
			    options->port, strerror(-fd));
	}
	return count;
}

static void on_signal(int number_of_it)
{
	is_over = 1;
}

int main(int argc, char **argv)
{
	struct options options = read_options(argc, argv);
	struct sigaction end = { .sa_handler = on_signal };
	struct pollfd sockets[2];
	unsigned int count = open_sockets(&options, sockets);

	setvbuf(stdout, NULL, _IOLBF, 0);
	sigaction(SIGTERM, &end, NULL);
	sigaction(SIGINT, &end, NULL);
	started = now_usec();
	printf("silent for %u s, the longest lease; then port %u answers\n",
	       (unsigned int)(lease_max / VRRP_USEC_PER_SEC), options.port);
	while (!is_over) {
		if (poll(sockets, count, -1) < 0)
			continue;
		for (unsigned int i = 0; i < count; i++)
			if (sockets[i].revents)
				serve(sockets[i].fd);
	}
	explicit_bzero(keys, sizeof(keys));
	printf("ends; %llu packets were refused\n", (unsigned long long)refused);
	return 0;
}
