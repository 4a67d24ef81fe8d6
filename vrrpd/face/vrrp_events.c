// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A reader lives from its connection to its end, or to the end of the socket. It has a place in
 * the history and no queue: only the rest of a line that its socket took in part. The last line is
 * kept as text, since most readers want the same one.
 */
#include "vrrp_events.h"

#include <zebra.h>

#include <sys/stat.h>
#include <sys/un.h>

#include "json.h"
#include "memory.h"
#include "network.h"
#include "typesafe.h"

#include "vrrp_daemon.h"
#include "vrrp_group.h"
#include "vrrp_history.h"
#include "vrrp_log.h"
#include "vrrp_memory.h"
#include "vrrp_retry.h"
#include "vrrp_vty_history.h"
#include "vrrp_watch.h"

DEFINE_MTYPE_STATIC(VRRPD, VRRP_READER, "VRRP reader of events");

#define READERS_MAX 256
/* Lines that are written before the event loop goes on; and at the end. */
#define TURN_LINES 256
#define LAST_LINES 65536
/* How long a reader may take nothing. */
#define PATIENCE      (60 * VRRP_USEC_PER_SEC)
#define PAUSE_SEC     1 /* after a connection could not be taken */
#define LINE_SIZE     2048
#define FAULT_STRLEN  256
#define SOCKET_MODE   0660
#define SOCKET_QUEUED 128

PREDECL_DLIST(readers);

struct reader {
	struct readers_item item;
	struct vrrp_watch watch;
	uint64_t next;	      /* the event it gets next, counted from the daemon's start */
	vrrp_usec_t stuck;    /* since when it takes nothing; 0: it does */
	char rest[LINE_SIZE]; /* of a line that it took in part ... */
	size_t rest_size;     /* ... which is sent before all else; 0: none */
};

DECLARE_DLIST(readers, struct reader, item);

static struct readers_head readers = INIT_DLIST(readers);
static size_t reader_count;

static struct {
	char path[sizeof(vrrp_global.events_socket)]; /* "": none is wanted */
	int fd;					      /* -1: it does not listen */
	int error;				      /* errno of the last try */
	char fault[FAULT_STRLEN];
} server = { .fd = -1 };

static bool is_started;
static struct event *t_accept, *t_serve;

/* The last line that was made. */
static struct {
	uint64_t of;
	size_t size; /* 0: none yet */
	char text[LINE_SIZE];
} line;

/* ------------------------------------------------------------------ readers */

static void reader_free(struct reader *reader)
{
	vrrp_watch_end(&reader->watch);
	close(reader->watch.fd);
	readers_del(&readers, reader);
	reader_count--;
	XFREE(MTYPE_VRRP_READER, reader);
}

static void serve(struct event *event);

static void serve_soon(void)
{
	if (reader_count)
		event_add_event(master, serve, NULL, 0, &t_serve);
}

static void set_stuck(struct reader *reader, bool is_stuck)
{
	if (is_stuck && !reader->stuck)
		reader->stuck = vrrp_now();
	if (!is_stuck)
		reader->stuck = 0;
	vrrp_watch_change(&reader->watch, is_stuck ? EPOLLIN | EPOLLOUT : EPOLLIN);
}

/* Keeps what the socket did not take. */
static void keep_rest(struct reader *reader, const char *text, size_t size)
{
	memmove(reader->rest, text, size);
	reader->rest_size = size;
	if (size)
		set_stuck(reader, true);
}

/* The number of octets that the socket took; -1: the reader has gone, and is freed. */
static ssize_t send_some(struct reader *reader, const char *text, size_t size)
{
	ssize_t sent = send(reader->watch.fd, text, size, MSG_DONTWAIT | MSG_NOSIGNAL);

	if (sent >= 0)
		return sent;
	if (ERRNO_IO_RETRY(errno)) {
		set_stuck(reader, true);
		return 0;
	}
	reader_free(reader);
	return -1;
}

/* Puts a JSON object into line.text, and frees it. of: the event; UINT64_MAX: none. */
static void write_line(struct json_object *json, uint64_t of)
{
	const char *text = json_object_to_json_string_ext(json, JSON_C_TO_STRING_PLAIN);

	line.size = strlcpy(line.text, text, sizeof(line.text) - 1);
	line.size = MIN(line.size, sizeof(line.text) - 2);
	line.text[line.size++] = '\n';
	line.of = of;
	json_object_free(json);
}

static uint64_t oldest(void)
{
	return vrrp_history_total() - vrrp_history_count();
}

static void write_missed(uint64_t count)
{
	struct json_object *json = json_object_new_object();

	json_object_string_add(json, "event", "missed");
	json_object_int_add(json, "count", count);
	write_line(json, UINT64_MAX);
}

/* Puts the next line of a reader into line.text; true: it has no other since it was too slow. */
static bool make_line(const struct reader *reader)
{
	if (reader->next < oldest()) {
		write_missed(oldest() - reader->next);
		return true;
	}
	if (!line.size || line.of != reader->next)
		write_line(vrrp_vty_json_event(vrrp_history_event(reader->next - oldest())),
			   reader->next);
	return false;
}

/* Sends its next line. False: it is stuck, or has gone and is freed. */
static bool send_line(struct reader *reader)
{
	bool has_missed = make_line(reader);
	ssize_t sent = send_some(reader, line.text, line.size);

	if (sent <= 0)
		return false;
	reader->next = has_missed ? oldest() : reader->next + 1;
	keep_rest(reader, line.text + sent, line.size - sent);
	return !reader->stuck;
}

static bool is_to_be_dropped(const struct reader *reader)
{
	return reader->stuck && vrrp_now() - reader->stuck > PATIENCE;
}

static void drop(struct reader *reader)
{
	if (vrrp_log_allowed(VRRP_LOG_SOCKET))
		zlog_warn("events socket %s: a reader that took nothing for %u s is dropped",
			  server.path, (unsigned int)(PATIENCE / VRRP_USEC_PER_SEC));
	reader_free(reader);
}

/* Sends up to so many lines. True: there are more for someone who takes them. */
static bool serve_lines(unsigned int lines)
{
	struct reader *reader;

	frr_each_safe (readers, &readers, reader) {
		if (is_to_be_dropped(reader)) {
			drop(reader);
			continue;
		}
		while (!reader->stuck && reader->next < vrrp_history_total()) {
			if (!lines--)
				return true;
			if (!send_line(reader))
				break;
		}
	}
	return false;
}

static void serve(struct event *event)
{
	if (serve_lines(TURN_LINES))
		serve_soon();
}

static int on_event(uint64_t total)
{
	serve_soon();
	return 0;
}

/* What a reader says is not heard. False: it has gone, and is freed. */
static bool listen_to(struct reader *reader)
{
	char nothing[64];
	ssize_t size = recv(reader->watch.fd, nothing, sizeof(nothing), MSG_DONTWAIT);

	if (size > 0 || (size < 0 && ERRNO_IO_RETRY(errno)))
		return true;
	reader_free(reader);
	return false;
}

/* Its socket takes something again: sends the rest of a line, and then the others. */
static void go_on(struct reader *reader)
{
	ssize_t sent = 0;

	if (reader->rest_size)
		sent = send_some(reader, reader->rest, reader->rest_size);
	if (sent < 0)
		return;
	keep_rest(reader, reader->rest + sent, reader->rest_size - sent);
	if (reader->rest_size)
		return;
	set_stuck(reader, false);
	serve_soon();
}

static void on_ready(struct vrrp_watch *watch, uint32_t events)
{
	struct reader *reader = container_of(watch, struct reader, watch);

	if ((events & ~EPOLLOUT) && !listen_to(reader))
		return;
	if (events & EPOLLOUT)
		go_on(reader);
}

/* --------------------------------------------------------------- connections */

static void refuse(int fd)
{
	char text[128];
	int size = snprintf(text, sizeof(text),
			    "{\"event\":\"refused\",\"text\":\"there are %u readers already\"}\n",
			    READERS_MAX);

	send(fd, text, size, MSG_DONTWAIT | MSG_NOSIGNAL);
	close(fd);
	if (vrrp_log_allowed(VRRP_LOG_SOCKET))
		zlog_warn("events socket %s: a reader is refused: there are %u already",
			  server.path, READERS_MAX);
}

static void welcome(int fd)
{
	struct reader *reader = XCALLOC(MTYPE_VRRP_READER, sizeof(*reader));

	reader->watch = (struct vrrp_watch){ .fd = fd, .ready = on_ready };
	reader->next = vrrp_history_total();
	readers_add_tail(&readers, reader);
	reader_count++;
	if (vrrp_watch_begin(&reader->watch, EPOLLIN) < 0)
		reader_free(reader);
}

static void on_connection(struct event *event);

static void accept_again(struct event *event)
{
	event_add_read(master, on_connection, NULL, server.fd, &t_accept);
}

/* One at a time, so that the event loop goes on between any two. */
static void on_connection(struct event *event)
{
	int fd = accept4(server.fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);

	if (fd < 0 && !ERRNO_IO_RETRY(errno) && errno != ECONNABORTED) {
		if (vrrp_log_allowed(VRRP_LOG_SOCKET))
			zlog_warn("events socket %s: cannot take a reader: %s", server.path,
				  safe_strerror(errno));
		event_add_timer(master, accept_again, NULL, PAUSE_SEC, &t_accept);
		return;
	}
	accept_again(NULL);
	if (fd < 0)
		return;
	if (reader_count >= READERS_MAX)
		refuse(fd);
	else
		welcome(fd);
}

/* ---------------------------------------------------------------- the socket */

static struct sockaddr_un address_of(const char *path)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };

	strlcpy(address.sun_path, path, sizeof(address.sun_path));
	return address;
}

/* 0: nobody has the path, or the errno. Removes a socket that a dead process has left. */
static int free_path(int fd, const char *path)
{
	struct sockaddr_un address = address_of(path);
	struct stat status;

	if (lstat(path, &status) < 0)
		return errno == ENOENT ? 0 : errno;
	if (!S_ISSOCK(status.st_mode))
		return ENOTSOCK;
	if (connect(fd, (struct sockaddr *)&address, sizeof(address)) == 0 || errno != ECONNREFUSED)
		return errno == EACCES ? EACCES : EADDRINUSE;
	return unlink(path) < 0 ? errno : 0;
}

/* Returns the errno; the caller closes fd if there is one. */
static int bind_to(int fd, const char *path)
{
	struct sockaddr_un address = address_of(path);

	/* until listen(), nobody can connect, whatever the mode is */
	if (bind(fd, (struct sockaddr *)&address, sizeof(address)) < 0 ||
	    chmod(path, SOCKET_MODE) < 0 || listen(fd, SOCKET_QUEUED) < 0)
		return errno;
	return 0;
}

static int unix_socket(void)
{
	return socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
}

/* Returns the errno. */
static int open_server(void)
{
	int probe = unix_socket(), error;

	if (probe < 0)
		return errno;
	error = free_path(probe, server.path);
	close(probe);
	if (error)
		return error;
	server.fd = unix_socket();
	if (server.fd < 0)
		return errno;
	error = bind_to(server.fd, server.path);
	if (!error) {
		event_add_read(master, on_connection, NULL, server.fd, &t_accept);
		return 0;
	}
	close(server.fd);
	server.fd = -1;
	return error;
}

static const char *error_text(int error)
{
	if (error == EADDRINUSE)
		return "a living process has it";
	return error == ENOTSOCK ? "there is a file that is no socket" : safe_strerror(error);
}

static void try_to_listen(void);

static struct vrrp_retry retry = { .again = try_to_listen };

static void try_to_listen(void)
{
	int error = open_server();

	server.fault[0] = '\0';
	if (error) {
		snprintf(server.fault, sizeof(server.fault), "events socket %s: %s", server.path,
			 error_text(error));
		if (error != server.error)
			zlog_warn("%s; it is tried again", server.fault);
		vrrp_retry_later(&retry);
	} else if (server.error) {
		zlog_info("events socket %s: listens now", server.path);
	}
	server.error = error;
}

static void close_server(void)
{
	struct reader *reader;

	vrrp_retry_cancel(&retry);
	event_cancel(&t_accept);
	event_cancel(&t_serve);
	frr_each_safe (readers, &readers, reader)
		reader_free(reader);
	if (server.fd >= 0) {
		unlink(server.path);
		close(server.fd);
	}
	server.fd = -1;
	server.error = 0;
	server.fault[0] = '\0';
}

void vrrp_events_follow(void)
{
	if (!is_started || strmatch(server.path, vrrp_global.events_socket))
		return;
	close_server();
	strlcpy(server.path, vrrp_global.events_socket, sizeof(server.path));
	if (*server.path)
		try_to_listen();
}

const char *vrrp_events_fault(void)
{
	return *server.fault ? server.fault : NULL;
}

void vrrp_events_start(void)
{
	is_started = true;
	hook_register(vrrp_history_grew, on_event);
	vrrp_events_follow();
}

void vrrp_events_stop(void)
{
	serve_lines(LAST_LINES);
	close_server();
}
