// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The whole table of connections, sent to directors that have just begun to listen.
 *
 * The kernel tells of a connection when packets of it pass, and so of idle ones never. Here
 * /proc/net/ip_vs_conn is read and sent as messages of the kernel's own (vrrp_conn.h), to the group and port
 * of its master thread: those who listen are the kernel's backup threads and need nothing new.
 *
 * There is one transfer at a time. It reads the table twice, since a datagram may be lost, and a
 * connection may be passed over when others end meanwhile; and twice more, after what it is about,
 * when another director joins. It proceeds in looks: each reads for some milliseconds at most and
 * sends no more than a receiver's buffer takes at once, and the pause after it is so long that a
 * tenth of a core and 20 Mbit/s are not exceeded. A message that the kernel does not take stays for
 * the next look.
 */
#include "vrrp_daemon.h"
#include "vrrp_ipvs_private.h"

#include "darr.h"
#include "lib_errors.h"
#include "log.h"

#include <fcntl.h>
#include <time.h>

#include "vrrp_conn.h"
#include "vrrp_convert.h"
#include "vrrp_link_socket.h"
#include "vrrp_log.h"

#define TABLE  "/proc/net/ip_vs_conn"
#define PASSES 2

/* A look ends after so much time; one part of the time is used, and so many are not. */
#define LOOK_USEC   2000
#define LOOK_OCTETS 24576
#define IDLE_PARTS  9
#define BITS_USEC   20	 /* in a microsecond, at most */
#define READ_OCTETS 4096 /* what the kernel gives at once */

/* Octets before those of a message: Ethernet, IP and UDP. */
#define FRAME_OCTETS 42
/* What a message is cut to if the kernel does not say. */
#define MESSAGE_LEAST 548

static struct vrrp_ipvs_transfer told;
static void (*tell_failed)(void);

static int table = -1, sock = -1;
static unsigned int passes_left;
static bool is_first_pass;
static struct event *t_look;
static char text[READ_OCTETS + VRRP_CONN_LINE_SIZE];
static size_t text_len;
static struct vrrp_conn_message message;
static size_t message_room;
static uint64_t octets_sent;

const struct vrrp_ipvs_transfer *vrrp_ipvs_transfer(void)
{
	return &told;
}

const char *vrrp_ipvs_transfer_state(void)
{
	if (!vrrp_addr_is_set(&told.to))
		return NULL;
	if (told.is_running)
		return "running";
	return told.error ? "failed" : "done";
}

/* ------------------------------------------------- what a line does not say */

static struct vrrp_portal *by_socket(const struct vrrp_conn *conn, uint16_t port)
{
	struct nl_ipvs_key key = {
		.address = vrrp_addr_ipvs(&conn->virtual),
		.port = port,
		.protocol = conn->protocol,
	};

	return vrrp_portal_by_key(&key);
}

/* A mark's template has the mark for its virtual address, in the last four octets. */
static struct vrrp_portal *by_template_of_mark(const struct vrrp_conn *conn)
{
	const uint8_t *last = conn->virtual.octets + vrrp_addr_size(conn->virtual.family) - 4;
	struct nl_ipvs_key key = {
		.address.family = vrrp_family_af(conn->virtual.family),
		.fwmark = (uint32_t)last[0] << 24 | last[1] << 16 | last[2] << 8 | last[3],
	};

	return key.fwmark ? vrrp_portal_by_key(&key) : NULL;
}

static const struct vrrp_server *server_of(const struct vrrp_service *service,
					   const struct vrrp_conn *conn)
{
	const struct vrrp_server *sorry = service->conf.sorry;
	unsigned int i;

	darr_foreach_i (service->servers, i) {
		const struct vrrp_server *server = service->servers[i];

		bool any_port = service->conf.fwmark || !server->port ||
				server->forward != NL_IPVS_MASQUERADE;

		if (vrrp_addr_same(&server->address, &conn->server) &&
		    (any_port || server->port == conn->server_port))
			return server;
	}
	return sorry && vrrp_addr_same(&sorry->address, &conn->server) ? sorry : NULL;
}

/* Nothing says which mark a packet had: the first service by mark with that server. */
static struct vrrp_portal *by_server(const struct vrrp_conn *conn)
{
	struct vrrp_service *service;

	if (!vrrp_portals_in(VRRP_SERVICE_MARKED))
		return NULL;
	frr_each (vrrp_services, &vrrp_services, service)
		if (darr_len(service->portals) && service->conf.fwmark &&
		    service->conf.fwmark_family == conn->virtual.family && server_of(service, conn))
			return service->portals[0];
	return NULL;
}

static struct vrrp_portal *portal_of(const struct vrrp_conn *conn)
{
	struct vrrp_portal *portal;

	if (conn->protocol == IPPROTO_IP)
		return by_template_of_mark(conn);
	portal = by_socket(conn, conn->virtual_port);
	if (!portal)
		portal = by_socket(conn, 0);
	return portal ? portal : by_server(conn);
}

/* False for a connection that is not ours to tell of. */
static bool describe(const struct vrrp_conn *conn, struct vrrp_conn_service *facts)
{
	const struct vrrp_portal *portal = portal_of(conn);
	const struct vrrp_service *service;
	const struct vrrp_server *server;

	if (!portal || portal->place == VRRP_SERVICE_ELSEWHERE)
		return false;
	service = portal->service;
	server = server_of(service, conn);
	if (!server)
		return false;
	*facts = (struct vrrp_conn_service){
		.forwarding = server->forward,
		.fwmark = service->conf.fwmark,
		.persistent_sec = conn->client_port ? 0 : service->conf.persistent_sec,
	};
	return conn->client_port || facts->persistent_sec;
}

/* ---------------------------------------------------------------- sending */

static void begin_message(void)
{
	vrrp_conn_message_begin(&message, vrrp_ipvs_global.sync_id, message_room);
}

/* Sends the message; 0, or negative errno: it is kept. */
static int flush(void)
{
	if (!vrrp_conn_message_count(&message))
		return 0;
	if (send(sock, message.octets, message.len, MSG_DONTWAIT) < 0)
		return -errno;
	octets_sent += message.len + FRAME_OCTETS;
	begin_message();
	return 0;
}

static int send_line(const char *line)
{
	struct vrrp_conn_service facts;
	struct vrrp_conn conn;
	int error = 0;

	if (!vrrp_conn_read(&conn, line) || !describe(&conn, &facts))
		return 0;
	if (!vrrp_conn_message_add(&message, &conn, &facts)) {
		error = flush();
		if (error || !vrrp_conn_message_add(&message, &conn, &facts))
			return error;
	}
	if (is_first_pass)
		told.connections++;
	return 0;
}

/* Sends the whole lines of the text; those that could not be sent remain. */
static int send_text(void)
{
	char *line = text, *end;
	int error = 0;

	while (!error && (end = memchr(line, '\n', text + text_len - line))) {
		*end = '\0';
		error = send_line(line);
		if (error)
			*end = '\n';
		else
			line = end + 1;
	}
	text_len -= line - text;
	memmove(text, line, text_len);
	return error;
}

/* One piece of the table: 1 when there is more, 0 at the end of all, or negative errno. */
static int send_piece(void)
{
	ssize_t len;
	int error = send_text();

	if (error)
		return error;
	if (text_len > VRRP_CONN_LINE_SIZE) /* no line of ours */
		text_len = 0;
	len = read(table, text + text_len, READ_OCTETS);
	if (len < 0)
		return -errno;
	text_len += len;
	if (len)
		return 1;
	error = flush();
	if (error || !--passes_left)
		return error;
	is_first_pass = false;
	text_len = 0;
	return lseek(table, 0, SEEK_SET) < 0 ? -errno : 1;
}

/* -------------------------------------------------------------------- end */

static void close_all(void)
{
	event_cancel(&t_look);
	if (table >= 0)
		close(table);
	if (sock >= 0)
		close(sock);
	table = sock = -1;
	told.is_running = false;
}

static void end_transfer(int error)
{
	static int logged_error;
	char address[VRRP_ADDR_STRLEN];

	vrrp_addr_str(&told.to, address);
	told.ended = vrrp_now();
	told.error = error;
	close_all();
	if (!error && vrrp_log_allowed(VRRP_LOG_IPVS))
		zlog_info("ipvs: director %s was sent %" PRIu64 " connections", address,
			  told.connections);
	if (error && error != logged_error && vrrp_log_allowed(VRRP_LOG_IPVS))
		zlog_warn("ipvs: director %s cannot be sent connections: %s", address,
			  safe_strerror(-error));
	logged_error = error;
	if (error)
		tell_failed();
}

/* ------------------------------------------------------------------- pace */

static uint64_t cpu_usec(void)
{
	struct timespec now;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
	return now.tv_sec * VRRP_USEC_PER_SEC + now.tv_nsec / 1000;
}

static bool is_full(int error)
{
	return error == -EAGAIN || error == -ENOBUFS;
}

/* Pieces until the look has taken its time; the result of the last. */
static int look(uint64_t *used)
{
	uint64_t begun = cpu_usec(), before = octets_sent;
	int result;

	do {
		result = send_piece();
		*used = cpu_usec() - begun;
	} while (result > 0 && *used < LOOK_USEC && octets_sent - before < LOOK_OCTETS);
	return result;
}

static void on_look(struct event *event)
{
	uint64_t before = octets_sent, used, pause;
	int result;

	if (!vrrp_ipvs_sync_is_master()) {
		end_transfer(-ECANCELED);
		return;
	}
	result = look(&used);
	if (result <= 0 && !is_full(result)) {
		end_transfer(result);
		return;
	}
	pause = MAX(used * IDLE_PARTS, (octets_sent - before) * 8 / BITS_USEC);
	event_add_timer_msec(master, on_look, NULL, pause / 1000 + 1, &t_look);
}

/* ------------------------------------------------------------------ begin */

static int open_socket(const struct nl_ipvs_daemon *daemon)
{
	struct sockaddr_in to = {
		.sin_family = AF_INET,
		.sin_addr = daemon->group.v4,
		.sin_port = htons(daemon->port),
	};

	if (daemon->group.family != AF_INET)
		return -EAFNOSUPPORT;
	sock = vrrp_link_socket(daemon->ifname, daemon->ttl);
	if (sock < 0)
		return sock;
	return connect(sock, (struct sockaddr *)&to, sizeof(to)) < 0 ? -errno : 0;
}

static int open_all(void)
{
	struct nl_ipvs_daemon daemon = {};
	int error = 0;

	frr_with_privs (&vrrp_privs) {
		error = nl_ipvs_daemon_get(vrrp_ipvs_nl, NL_IPVS_MASTER, &daemon);
	}
	if (error)
		return error;
	message_room = daemon.sync_maxlen ? daemon.sync_maxlen : MESSAGE_LEAST;
	table = open(TABLE, O_RDONLY | O_CLOEXEC);
	return table < 0 ? -errno : open_socket(&daemon);
}

void vrrp_ipvs_transfer_begin(const struct vrrp_addr *to, void (*failed)(void))
{
	int error;

	tell_failed = failed;
	if (told.is_running) {
		passes_left = PASSES + 1;
		return;
	}
	told = (struct vrrp_ipvs_transfer){ .to = *to, .began = vrrp_now(), .is_running = true };
	passes_left = PASSES;
	is_first_pass = true;
	text_len = 0;
	error = open_all();
	if (error) {
		end_transfer(error);
		return;
	}
	begin_message();
	event_add_event(master, on_look, NULL, 0, &t_look);
}

void vrrp_ipvs_transfer_stop(void)
{
	if (told.is_running)
		told.ended = vrrp_now();
	close_all();
}
