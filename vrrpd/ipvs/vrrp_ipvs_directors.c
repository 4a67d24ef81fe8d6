// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The other directors on the interface of connection synchronisation.
 *
 * While a thread of synchronisation runs here, this director says each second that it is there
 * (vrrp_hello.h), by multicast to the kernel's group and the port after the kernel's. What others say
 * of themselves is in an array, from their first hello until they have been silent for some seconds.
 *
 * A director that listens for connections is sent the whole table once (vrrp_ipvs_transfer.c) by
 * each one whose master thread runs: when it is new here, when its thread was started again, and when
 * it was silent, since it may have missed what others said. So nobody has to ask, and nothing that is
 * lost is lost for good. Anybody on the interface may say hello: the array is small, and a transfer
 * has its pace, however many are wanted.
 */
#include "vrrp_daemon.h"
#include "vrrp_ipvs_private.h"

#include "darr.h"
#include "jhash.h"
#include "lib_errors.h"
#include "log.h"

#include <net/if.h>
#include <sys/random.h>

#include "vrrp_hello.h"
#include "vrrp_link_socket.h"
#include "vrrp_log.h"

/* 224.0.0.81, as the kernel's. */
#define GROUP	   0xe0000051
#define PORT	   8849
#define TTL	   1
#define HELLO_MSEC 1000
/* One that has said nothing for so long is not there. */
#define SILENT_USEC (10 * VRRP_USEC_PER_SEC)
/* Hellos that are read at once. */
#define READ_MOST 64
/* A difference that is over sooner is one of health checks, which do not fail at once. */
#define LASTS_USEC (30 * VRRP_USEC_PER_SEC)

static struct vrrp_director directors[VRRP_DIRECTORS_MOST];
static unsigned int directors_count;

static int sock = -1, sock_error;
static unsigned int sock_ifindex;
static struct event *t_hello, *t_read;

/* Of our own backup thread: the number of its start, and when that was. */
static uint32_t run;
static vrrp_usec_t run_since;
/* The service that is told of next, by name. */
static char told_of[VRRP_IPVS_NAME_LEN];

const struct vrrp_director *vrrp_ipvs_directors(unsigned int *count)
{
	*count = directors_count;
	return directors;
}

/* -------------------------------------------------------- what others have */

/* By which a service of several addresses is known is the first one. */
static uint32_t key_hash(const struct vrrp_service *service)
{
	struct nl_ipvs_key key = vrrp_service_key(&service->conf);
	char text[NL_IPVS_KEY_TEXT_BYTES];

	nl_ipvs_key_text(&key, text, sizeof(text));
	return jhash(text, strlen(text), 0);
}

static const struct vrrp_hello_service *named_in(const struct vrrp_hello *hello, uint32_t key)
{
	for (unsigned int i = 0; i < hello->count; i++)
		if (hello->services[i].key == key)
			return &hello->services[i];
	return NULL;
}

static bool differs_from(const struct vrrp_service *service, const struct vrrp_addr *director)
{
	return service->differs_since && vrrp_addr_same(&service->differs_from, director);
}

unsigned int vrrp_service_differs_sec(const struct vrrp_service *service)
{
	vrrp_usec_t now = vrrp_now();

	if (!service->conf.survive || !service->differs_since ||
	    now - service->differs_since < LASTS_USEC)
		return 0;
	return (now - service->differs_since) / VRRP_USEC_PER_SEC;
}

static void note_difference(struct vrrp_service *service, const struct vrrp_addr *director)
{
	char text[VRRP_ADDR_STRLEN];

	if (!service->differs_since) {
		service->differs_since = vrrp_now();
		service->differs_from = *director;
		service->differs_logged = false;
	}
	if (service->differs_logged || !vrrp_service_differs_sec(service) ||
	    !vrrp_log_allowed(VRRP_LOG_IPVS))
		return;
	service->differs_logged = true;
	zlog_warn("ipvs service %s: director %s has other addresses, servers, weights or health: connections break when its VIP moves",
		  service->name, vrrp_addr_str(&service->differs_from, text));
}

static void compare(const struct vrrp_hello *hello, const struct vrrp_addr *from)
{
	const struct vrrp_hello_service *theirs;
	struct vrrp_service *service;

	frr_each (vrrp_services, &vrrp_services, service) {
		if (!service->conf.survive || !darr_len(service->portals))
			continue;
		theirs = named_in(hello, key_hash(service));
		if (!theirs)
			continue;
		if (theirs->servers != vrrp_service_servers_hash(service))
			note_difference(service, from);
		else if (differs_from(service, from))
			service->differs_since = 0;
	}
}

static void forget(unsigned int i)
{
	struct vrrp_service *service;

	frr_each (vrrp_services, &vrrp_services, service)
		if (differs_from(service, &directors[i].address))
			service->differs_since = 0;
	directors[i] = directors[--directors_count];
}

static void forget_silent(void)
{
	for (unsigned int i = directors_count; i-- > 0;)
		if (vrrp_now() - directors[i].heard > SILENT_USEC)
			forget(i);
}

/* ---------------------------------------------------------------- hearing */

/* The director of that address, or a new one; NULL: there are too many. */
static struct vrrp_director *director_of(const struct vrrp_addr *address)
{
	for (unsigned int i = 0; i < directors_count; i++)
		if (vrrp_addr_same(&directors[i].address, address))
			return &directors[i];
	if (directors_count == array_size(directors))
		return NULL;
	directors[directors_count] = (struct vrrp_director){ .address = *address };
	return &directors[directors_count++];
}

/* Those that were counted as served are served again, at their next hello. */
static void on_transfer_failed(void)
{
	for (unsigned int i = 0; i < directors_count; i++)
		directors[i].is_served = false;
}

static void serve(struct vrrp_director *director)
{
	if (!director->listens || director->is_served || !vrrp_ipvs_sync_is_master())
		return;
	director->is_served = true;
	vrrp_ipvs_transfer_begin(&director->address, on_transfer_failed);
}

static bool is_of_our_group(uint8_t sync_id)
{
	return !sync_id || !vrrp_ipvs_global.sync_id || sync_id == vrrp_ipvs_global.sync_id;
}

static void take_hello(const struct vrrp_hello *hello, const struct vrrp_addr *from)
{
	struct vrrp_director *director;

	if (!is_of_our_group(hello->sync_id) || hello->run == run)
		return;
	director = director_of(from);
	if (!director)
		return;
	if (director->run != hello->run)
		director->is_served = false;
	director->run = hello->run;
	director->listens = hello->listens;
	director->heard = vrrp_now();
	compare(hello, from);
	serve(director);
}

static bool read_one(void)
{
	uint8_t octets[VRRP_HELLO_MOST + 1];
	struct sockaddr_in from = {};
	socklen_t from_len = sizeof(from);
	struct vrrp_addr address = { .family = VRRP_IPV4 };
	struct vrrp_hello hello;
	ssize_t len = recvfrom(sock, octets, sizeof(octets), MSG_DONTWAIT, (struct sockaddr *)&from,
			       &from_len);

	if (len < 0)
		return false;
	address.v4 = from.sin_addr;
	if (vrrp_hello_read(&hello, octets, len))
		take_hello(&hello, &address);
	return true;
}

static void on_readable(struct event *event)
{
	event_add_read(master, on_readable, NULL, sock, &t_read);
	for (unsigned int i = 0; i < READ_MOST && read_one(); i++)
		;
}

/* ----------------------------------------------------------------- saying */

static void close_socket(void)
{
	event_cancel(&t_read);
	if (sock >= 0)
		close(sock);
	sock = -1;
}

static int open_socket(const char *ifname)
{
	int error;

	sock = vrrp_link_socket(ifname, TTL);
	if (sock < 0)
		return sock;
	error = vrrp_link_socket_hear(sock, ifname, htonl(GROUP), htons(PORT));
	if (error)
		close_socket();
	else
		event_add_read(master, on_readable, NULL, sock, &t_read);
	return error;
}

/* An interface that was made anew, or another one, needs another socket. */
static bool have_socket(void)
{
	const char *ifname = vrrp_ipvs_global.sync_ifname;
	unsigned int ifindex = if_nametoindex(ifname);

	if (sock >= 0 && ifindex == sock_ifindex)
		return true;
	close_socket();
	sock_ifindex = ifindex;
	sock_error = ifindex ? open_socket(ifname) : -ENODEV;
	return sock >= 0;
}

static struct vrrp_service *next_to_tell(void)
{
	struct vrrp_service ref = {};

	strlcpy(ref.name, told_of, sizeof(ref.name));
	return vrrp_services_find_gteq(&vrrp_services, &ref);
}

static void put_services(struct vrrp_hello *hello)
{
	struct vrrp_service *service = next_to_tell();

	for (; service && hello->count < VRRP_HELLO_SERVICES;
	     service = vrrp_services_next(&vrrp_services, service))
		if (service->conf.survive && darr_len(service->portals))
			hello->services[hello->count++] = (struct vrrp_hello_service){
				.key = key_hash(service),
				.servers = vrrp_service_servers_hash(service),
			};
	strlcpy(told_of, service ? service->name : "", sizeof(told_of));
}

/* Two directors have different numbers, and one has another after each start. */
static void number_run(void)
{
	vrrp_usec_t since = vrrp_ipvs_sync_listens_since();

	if (run && since == run_since)
		return;
	run_since = since;
	if (getrandom(&run, sizeof(run), 0) != sizeof(run) || !run)
		run = (uint32_t)vrrp_now() | 1;
}

/*
 * The kernel ties a connection to its server when it is told of it, and not later. A server that is checked
 * gets into the kernel with its first result.
 */
static bool are_servers_known(void)
{
	const struct vrrp_service *service;
	unsigned int i;

	frr_each (vrrp_services_const, &vrrp_services, service)
		darr_foreach_i (service->servers, i)
			if (service->servers[i]->health == VRRP_SERVER_UNKNOWN)
				return false;
	return true;
}

static void say_hello(void)
{
	struct sockaddr_in to = {
		.sin_family = AF_INET,
		.sin_addr.s_addr = htonl(GROUP),
		.sin_port = htons(PORT),
	};
	struct vrrp_hello hello = { .sync_id = vrrp_ipvs_global.sync_id };
	uint8_t octets[VRRP_HELLO_MOST];
	size_t len;

	number_run();
	hello.run = run;
	hello.listens = run_since && are_servers_known();
	put_services(&hello);
	len = vrrp_hello_write(&hello, octets);
	sock_error = 0;
	if (sendto(sock, octets, len, MSG_DONTWAIT, (struct sockaddr *)&to, sizeof(to)) < 0)
		sock_error = -errno;
}

static void on_hello(struct event *event)
{
	event_add_timer_msec(master, on_hello, NULL, HELLO_MSEC, &t_hello);
	forget_silent();
	if (have_socket())
		say_hello();
}

void vrrp_ipvs_directors_warnings(struct vrrp_sentences *sentences)
{
	if (t_hello && sock_error)
		vrrp_sentence_add(sentences, "other directors cannot be told on %s: %s",
				  vrrp_ipvs_global.sync_ifname, safe_strerror(-sock_error));
}

static int on_change(void)
{
	bool is_wanted = vrrp_ipvs_sync_listens_since() || vrrp_ipvs_sync_is_master();

	event_cancel(&t_hello);
	if (is_wanted)
		event_add_event(master, on_hello, NULL, 0, &t_hello);
	else
		vrrp_ipvs_directors_stop();
	return 0;
}

void vrrp_ipvs_directors_init(void)
{
	hook_register(vrrp_ipvs_sync_changed, on_change);
}

void vrrp_ipvs_directors_stop(void)
{
	event_cancel(&t_hello);
	close_socket();
	sock_error = 0;
	while (directors_count)
		forget(0);
}
