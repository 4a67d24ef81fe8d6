// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * libcurl does HTTP(S): one multi handle for all probes, made by the first, names the
 * descriptors and the time that it waits for. Each probe has an easy handle, kept from its
 * first try to its end, so that its options are set once. During a try the handle is in the
 * multi handle.
 *
 * libcurl must not be called from its own callbacks, so results are collected after it has
 * returned. Each of libcurl's descriptors has a watch.
 *
 * A connection that is open since the last try does not prove that the server accepts new
 * ones; but with TLS, a new one costs ten times as much. So a check limits how long a
 * connection may serve, and a failed try is the last on its connection. Between tries the
 * connection is in a pool of that probe only: it never has another source, and is closed with
 * the probe. The TLS session is kept there as well, since it makes the next connection
 * cheaper; a failed try drops it, too. None is kept where certificates are verified: each
 * connection shows the server's anew.
 *
 * An answer is read as far as needed: to its end if the connection is kept; otherwise, without
 * a match, until its body begins.
 *
 * A server may send anything, and must not delay an advertisement by it. So the kernel
 * buffers little, libcurl reads no more than that at a time, and the limit of a try counts
 * octets of TCP, which include everything.
 */
#include "vrrp_probe_private.h"

#include <curl/curl.h>
#include <sys/stat.h>

#include "nl_tcp.h"
#include "vrrp_match.h"
#include "vrrp_memory.h"
#include "vrrp_status.h"

DEFINE_MTYPE_STATIC(VRRPD, VRRP_PROBE_HTTP, "VRRP health check by HTTP");
DEFINE_MTYPE_STATIC(VRRPD, VRRP_PROBE_WATCH, "VRRP health check socket");

/* Maximum length of a body that is searched for the match. */
#define BODY_MOST (64 * 1024)
/* Maximum number of octets read in a try: body with chunks, headers, TLS. */
#define OCTETS_MOST (256 * 1024)
/* Maximum processor time of a try. */
#define WORK_MOST_USEC (100 * 1000)
/* Size of the kernel's receive buffer. */
#define RECEIVE_BUFFER (8 * 1024)
/* Octets that libcurl reads at once: folded headers of that length take a millisecond. */
#define READ_BUFFER (2 * 1024)
/* Octets a second. It is never reached; with a limit, libcurl reads once and returns. */
#define SPEED_LIMIT ((curl_off_t)1 << 40)

#define STATUS_GOOD_FROM  200
#define STATUS_GOOD_BELOW 400

struct vrrp_probe_http {
	CURL *easy;
	struct curl_slist *connect_to, *headers;
	CURLSH *pool;	   /* of its connection and its TLS session; NULL: of none yet */
	vrrp_usec_t until; /* the last connection serves tries; 0: there was none */

	/* the try */
	bool keep;		 /* its connection, when all goes well */
	struct vrrp_match match; /* when one is wanted */
	bool matches;		 /* the body so far, or none is wanted */
	size_t body_len;
	bool enough; /* the rest of the answer is not needed */
	bool good;
	vrrp_usec_t work; /* of the processor, so far */
	int error;	  /* negative errno of making the socket */
	char failure[CURL_ERROR_SIZE];
};

/* A descriptor of libcurl's, as long as libcurl uses it for a try. */
struct http_watch {
	struct vrrp_watch watch;
	struct vrrp_probe *probe; /* NULL: none is going on */
	uint64_t read_before;	  /* octets */
};

static CURLM *multi;
static struct vrrp_alarm wakeup;
static bool adding; /* a handle is being added; libcurl continues it at once */

/* ----------------------------------------------------------------------- results */

/* Reasons for failures without an errno. */
static const char *failure_reason(CURLcode code, char text[VRRP_PROBE_REASON_LEN])
{
	switch (code) {
	case CURLE_GOT_NOTHING:
		return "closed without an answer";
	case CURLE_PARTIAL_FILE:
		return "answer cut short";
	case CURLE_SSL_CACERT_BADFILE:
		return "the CA file cannot be read";
	case CURLE_TOO_LARGE:
		return "answer is too long";
	case CURLE_RECV_ERROR: /* as for chunks that are none */
	case CURLE_UNSUPPORTED_PROTOCOL:
	case CURLE_WEIRD_SERVER_REPLY:
		return "answer is not HTTP";
	default:
		strlcpy(text, curl_easy_strerror(code), VRRP_PROBE_REASON_LEN);
		text[0] = tolower((unsigned char)text[0]);
		return text;
	}
}

static void failed(struct vrrp_probe *probe, CURLcode code)
{
	const char *said = probe->http->failure;
	char text[VRRP_PROBE_REASON_LEN];
	long error = 0;

	curl_easy_getinfo(probe->http->easy, CURLINFO_OS_ERRNO, &error);
	if (probe->http->error)
		vrrp_probe_error(probe, -probe->http->error);
	else if (code == CURLE_OUT_OF_MEMORY || code == CURLE_FAILED_INIT)
		vrrp_probe_error(probe, ENOMEM);
	else if (code == CURLE_SSL_CONNECT_ERROR || code == CURLE_PEER_FAILED_VERIFICATION ||
		 strstr(said, "TLS"))
		vrrp_probe_result(probe, false, "%s", vrrp_probe_tls_reason(probe, said, text));
	else if (error && (code == CURLE_COULDNT_CONNECT || code == CURLE_RECV_ERROR ||
			   code == CURLE_SEND_ERROR))
		vrrp_probe_error(probe, error);
	else
		vrrp_probe_result(probe, false, "%s", failure_reason(code, text));
}

static bool status_is_good(const struct vrrp_probe *probe, long status)
{
	if (probe->conf.status)
		return vrrp_status_has(probe->conf.status, status);
	return status >= STATUS_GOOD_FROM && status < STATUS_GOOD_BELOW;
}

static long status_of(const struct vrrp_probe *probe)
{
	long status = 0;

	curl_easy_getinfo(probe->http->easy, CURLINFO_RESPONSE_CODE, &status);
	return status;
}

static void answered(struct vrrp_probe *probe)
{
	long status = status_of(probe);

	if (!status_is_good(probe, status)) {
		vrrp_probe_result(probe, false, "status %ld", status);
	} else if (!probe->http->matches) {
		vrrp_probe_result(probe, false, "no match in the answer");
	} else {
		probe->http->good = true;
		vrrp_probe_result(probe, true, "ok");
	}
}

/* Collects finished tries. A report may free any probe, and with it its message. */
static void collect(void)
{
	const CURLMsg *message;
	CURLcode code;
	char *private;
	int left;

	while ((message = curl_multi_info_read(multi, &left))) {
		struct vrrp_probe *probe;

		if (message->msg != CURLMSG_DONE)
			continue;
		code = message->data.result;
		curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &private);
		probe = (struct vrrp_probe *)private;
		if (code == CURLE_OK || probe->http->enough)
			answered(probe);
		else
			failed(probe, code);
	}
}

/* ---------------------------------------------------------- descriptors and time */

static vrrp_usec_t processor_time(void)
{
	struct timespec now;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
	return now.tv_sec * VRRP_USEC_PER_SEC + now.tv_nsec / 1000;
}

/* Lets libcurl continue this probe's try; NULL: any try. */
static void go_on(struct vrrp_probe *probe, curl_socket_t fd, int flags)
{
	vrrp_usec_t began = processor_time();
	int running;

	curl_multi_socket_action(multi, fd, flags, &running);
	if (probe)
		probe->http->work += processor_time() - began;
	collect();
}

/* The reason why a try must end; NULL: it may go on. */
static const char *excess(const struct http_watch *watch)
{
	if (nl_tcp_octets_read(watch->watch.fd) > watch->read_before + OCTETS_MOST)
		return "answer is too long";
	if (watch->probe->http->work > WORK_MOST_USEC)
		return "answer is too much work";
	return NULL;
}

static void on_ready(struct vrrp_watch *ready, uint32_t events)
{
	struct http_watch *watch = container_of(ready, struct http_watch, watch);
	const char *why_not = watch->probe ? excess(watch) : NULL;
	int flags = 0;

	if (why_not) {
		vrrp_probe_result(watch->probe, false, "%s", why_not);
		return;
	}
	if (events & (EPOLLIN | EPOLLHUP))
		flags |= CURL_CSELECT_IN;
	if (events & EPOLLOUT)
		flags |= CURL_CSELECT_OUT;
	if (events & EPOLLERR)
		flags |= CURL_CSELECT_ERR;
	go_on(watch->probe, ready->fd, flags);
}

static void on_alarm(struct vrrp_alarm *due)
{
	go_on(NULL, CURL_SOCKET_TIMEOUT, 0);
}

static int watch_socket(CURL *easy, curl_socket_t fd, uint32_t events)
{
	struct http_watch *watch = XCALLOC(MTYPE_VRRP_PROBE_WATCH, sizeof(*watch));
	char *private = NULL;
	int error;

	curl_easy_getinfo(easy, CURLINFO_PRIVATE, &private);
	watch->probe = (struct vrrp_probe *)private;
	watch->read_before = nl_tcp_octets_read(fd);
	watch->watch.fd = fd;
	watch->watch.ready = on_ready;
	curl_multi_assign(multi, fd, watch);
	error = vrrp_watch_begin(&watch->watch, events);
	if (error && watch->probe && watch->probe->trying)
		vrrp_probe_lacks(watch->probe, -error);
	return 0;
}

/* Callback of libcurl: watch this descriptor, or stop. */
static int set_socket(CURL *easy, curl_socket_t fd, int what, void *arg, void *assigned)
{
	struct http_watch *watch = assigned;
	uint32_t events = 0;

	if (what == CURL_POLL_REMOVE) {
		if (watch)
			vrrp_watch_end(&watch->watch);
		XFREE(MTYPE_VRRP_PROBE_WATCH, watch);
		return 0;
	}
	if (what & CURL_POLL_IN)
		events |= EPOLLIN;
	if (what & CURL_POLL_OUT)
		events |= EPOLLOUT;
	return watch ? vrrp_watch_change(&watch->watch, events) : watch_socket(easy, fd, events);
}

/* Callback of libcurl: wake it up after this time; negative: not at all. */
static int set_timer(CURLM *handle, long wait_ms, void *arg)
{
	if (adding)
		return 0;
	vrrp_alarm_cancel(&wakeup);
	if (wait_ms >= 0)
		vrrp_alarm_set(&wakeup, vrrp_now() + (vrrp_usec_t)wait_ms * 1000);
	return 0;
}

/* --------------------------------------------------------------- kept connections */

static vrrp_usec_t keepalive(const struct vrrp_probe *probe)
{
	return probe->conf.keepalive_sec * VRRP_USEC_PER_SEC;
}

static bool is_open(const struct vrrp_probe_http *http)
{
	curl_socket_t fd = CURL_SOCKET_BAD;

	curl_easy_getinfo(http->easy, CURLINFO_ACTIVESOCKET, &fd);
	return fd != CURL_SOCKET_BAD;
}

/* True when this try's connection will be young enough for the next try. */
static bool serves_another(const struct vrrp_probe *probe)
{
	vrrp_usec_t until = is_open(probe->http) ? probe->http->until
						 : probe->began + keepalive(probe);

	return probe->began + probe->conf.interval_msec * VRRP_USEC_PER_MSEC <= until;
}

static bool make_pool(struct vrrp_probe_http *http)
{
	if (http->pool)
		return true;
	http->pool = curl_share_init();
	if (!http->pool)
		return false;
	curl_share_setopt(http->pool, CURLSHOPT_SHARE, CURL_LOCK_DATA_CONNECT);
	curl_share_setopt(http->pool, CURLSHOPT_SHARE, CURL_LOCK_DATA_SSL_SESSION);
	curl_easy_setopt(http->easy, CURLOPT_SHARE, http->pool);
	return true;
}

/* Frees the pool, with its connection and TLS session. */
static void drop_pool(struct vrrp_probe_http *http)
{
	if (!http->pool)
		return;
	curl_easy_setopt(http->easy, CURLOPT_SHARE, NULL);
	curl_share_cleanup(http->pool);
	http->pool = NULL;
}

static void decide_to_keep(struct vrrp_probe *probe)
{
	struct vrrp_probe_http *http = probe->http;

	http->keep = serves_another(probe) && vrrp_probe_may_keep(probe);
	if (http->keep || probe->conf.kind == VRRP_PROBE_HTTPS)
		http->keep &= make_pool(http);
	curl_easy_setopt(http->easy, CURLOPT_FORBID_REUSE, http->keep ? 0L : 1L);
}

/* ---------------------------------------------------------------------- requests */

static size_t take_body(char *data, size_t size, size_t count, void *arg)
{
	struct vrrp_probe *probe = arg;
	struct vrrp_probe_http *http = probe->http;
	size_t len = MIN(size * count, BODY_MOST - http->body_len);

	if (!http->matches)
		http->matches = vrrp_match_feed(&http->match, data, len);
	http->body_len += len;
	http->enough = http->body_len == BODY_MOST || http->matches;
	probe->answered = http->matches && status_is_good(probe, status_of(probe));
	if (http->keep && probe->answered && http->body_len < BODY_MOST)
		return size * count;
	return http->enough ? CURL_WRITEFUNC_ERROR : size * count;
}

/* Opens the socket here, since libcurl does not report why it could not. */
static curl_socket_t open_socket(void *arg, curlsocktype purpose, struct curl_sockaddr *to)
{
	struct vrrp_probe *probe = arg;
	int fd = socket(to->family, to->socktype | SOCK_CLOEXEC, to->protocol);

	probe->http->error = fd < 0 ? -errno : 0;
	return fd < 0 ? CURL_SOCKET_BAD : fd;
}

static int prepare_socket(void *arg, curl_socket_t fd, curlsocktype purpose)
{
	struct vrrp_probe *probe = arg;
	struct vrrp_probe_http *http = probe->http;
	vrrp_usec_t life = keepalive(probe);
	int bytes = RECEIVE_BUFFER;

	(void)setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &bytes, sizeof(bytes));
	/* spreads the ends of connections that began together */
	http->until = probe->began + (http->until || !life ? life : vrrp_probe_random(life));
	http->error = vrrp_probe_prepare(probe, fd);
	return http->error ? CURL_SOCKOPT_ERROR : CURL_SOCKOPT_OK;
}

/* What libcurl takes from the URL is the name for TLS; the Host may be another one. */
static void set_host(const struct vrrp_probe *probe, CURL *easy, const char *host)
{
	char *header = asprintfrr(MTYPE_TMP, "Host: %s", host);

	probe->http->headers = curl_slist_append(NULL, header);
	curl_easy_setopt(easy, CURLOPT_HTTPHEADER, probe->http->headers);
	XFREE(MTYPE_TMP, header);
}

/* Sets the request; names are used as configured, without the server's port. */
static void set_request(const struct vrrp_probe *probe, CURL *easy)
{
	bool secure = probe->conf.kind == VRRP_PROBE_HTTPS;
	const char *path = probe->conf.path ? probe->conf.path : "/", *host = probe->conf.host;
	bool v6 = probe->server.family == VRRP_IPV6;
	char address[VRRP_ADDR_STRLEN], server[VRRP_ADDR_STRLEN + 16];
	char *url;

	vrrp_addr_str(&probe->server, address);
	snprintf(server, sizeof(server), v6 ? "[%s]:%u" : "%s:%u", address, probe->port);
	if (!host)
		host = server;
	url = asprintfrr(MTYPE_TMP, "%s://%s%s", secure ? "https" : "http",
			 probe->conf.sni ? probe->conf.sni : host, path);
	curl_easy_setopt(easy, CURLOPT_URL, url);
	XFREE(MTYPE_TMP, url);
	if (probe->conf.sni)
		set_host(probe, easy, host);

	snprintf(server, sizeof(server), v6 ? "::[%s]:%u" : "::%s:%u", address, probe->port);
	probe->http->connect_to = curl_slist_append(NULL, server);
	curl_easy_setopt(easy, CURLOPT_CONNECT_TO, probe->http->connect_to);
	curl_easy_setopt(easy, CURLOPT_PATH_AS_IS, 1L);
	curl_easy_setopt(easy, CURLOPT_USERAGENT, "frr-crossvip");
	curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
}

/* Without a file any certificate is accepted. */
static void set_verification(const struct vrrp_probe *probe, CURL *easy)
{
	const char *file = probe->conf.ca_file;

	curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, file ? 1L : 0L);
	curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, file ? 2L : 0L);
	if (!file)
		return;
	curl_easy_setopt(easy, CURLOPT_CAINFO, file);
	curl_easy_setopt(easy, CURLOPT_CAPATH, NULL);
	curl_easy_setopt(easy, CURLOPT_CA_CACHE_TIMEOUT, 0L);
	curl_easy_setopt(easy, CURLOPT_SSL_SESSIONID_CACHE, 0L);
}

/* Connects to the server itself. */
static void set_connection(struct vrrp_probe *probe, CURL *easy)
{
	curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
	curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
	curl_easy_setopt(easy, CURLOPT_PROXY, "");
	curl_easy_setopt(easy, CURLOPT_DNS_CACHE_TIMEOUT, 0L);
	curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, LONG_MAX); /* it is ours */
	curl_easy_setopt(easy, CURLOPT_BUFFERSIZE, (long)READ_BUFFER);
	curl_easy_setopt(easy, CURLOPT_MAX_RECV_SPEED_LARGE, SPEED_LIMIT);
	curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, probe->http->failure);
	vrrp_probe_tls_offer(easy);
	curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, open_socket);
	curl_easy_setopt(easy, CURLOPT_OPENSOCKETDATA, probe);
	curl_easy_setopt(easy, CURLOPT_SOCKOPTFUNCTION, prepare_socket);
	curl_easy_setopt(easy, CURLOPT_SOCKOPTDATA, probe);
	curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, take_body);
	curl_easy_setopt(easy, CURLOPT_WRITEDATA, probe);
	curl_easy_setopt(easy, CURLOPT_PRIVATE, probe);
}

static bool make_multi(void)
{
	if (multi)
		return true;
	if (curl_global_init(CURL_GLOBAL_ALL) != CURLE_OK)
		return false;
	multi = curl_multi_init();
	if (!multi) {
		curl_global_cleanup();
		return false;
	}
	wakeup.expire = on_alarm;
	curl_multi_setopt(multi, CURLMOPT_SOCKETFUNCTION, set_socket);
	curl_multi_setopt(multi, CURLMOPT_TIMERFUNCTION, set_timer);
	return true;
}

static bool make_easy(struct vrrp_probe *probe)
{
	if (probe->http)
		return true;
	if (!make_multi())
		return false;
	probe->http = XCALLOC(MTYPE_VRRP_PROBE_HTTP, sizeof(*probe->http));
	probe->http->easy = curl_easy_init();
	if (!probe->http->easy) {
		XFREE(MTYPE_VRRP_PROBE_HTTP, probe->http);
		return false;
	}
	set_connection(probe, probe->http->easy);
	set_verification(probe, probe->http->easy);
	set_request(probe, probe->http->easy);
	return true;
}

static void begin_answer(struct vrrp_probe *probe)
{
	struct vrrp_probe_http *http = probe->http;

	http->matches = !probe->conf.match;
	if (probe->conf.match)
		vrrp_match_begin(&http->match, probe->conf.match);
	http->body_len = 0;
	http->enough = http->good = false;
	http->work = 0;
	http->error = 0;
	http->failure[0] = '\0';
}

/* It is read by the TLS library at once. */
static bool ca_file_is_too_long(const struct vrrp_probe *probe)
{
	struct stat file;

	return probe->conf.ca_file && !stat(probe->conf.ca_file, &file) &&
	       file.st_size > VRRP_PROBE_CA_MOST;
}

static void http_begin(struct vrrp_probe *probe)
{
	CURLMcode code;

	if (ca_file_is_too_long(probe)) {
		vrrp_probe_result(probe, false, "the CA file is longer than 64 KiB");
		return;
	}
	if (!make_easy(probe)) {
		vrrp_probe_error(probe, ENOMEM);
		return;
	}
	decide_to_keep(probe);
	begin_answer(probe);
	adding = true;
	code = curl_multi_add_handle(multi, probe->http->easy);
	adding = false;
	if (code == CURLM_OK)
		go_on(NULL, CURL_SOCKET_TIMEOUT, 0);
	else
		vrrp_probe_error(probe, ENOMEM);
}

static void http_end(struct vrrp_probe *probe)
{
	struct vrrp_probe_http *http = probe->http;

	if (!http)
		return;
	curl_multi_remove_handle(multi, http->easy);
	if (http->good && is_open(http))
		return;
	if (!http->good)
		drop_pool(http);
	vrrp_probe_keeps_no_more(probe);
}

static void http_free(struct vrrp_probe *probe)
{
	if (!probe->http)
		return;
	drop_pool(probe->http);
	curl_easy_cleanup(probe->http->easy);
	curl_slist_free_all(probe->http->connect_to);
	curl_slist_free_all(probe->http->headers);
	XFREE(MTYPE_VRRP_PROBE_HTTP, probe->http);
}

static void http_stop(void)
{
	if (!multi)
		return;
	vrrp_alarm_cancel(&wakeup);
	curl_multi_cleanup(multi);
	vrrp_alarm_cancel(&wakeup);
	curl_global_cleanup();
	multi = NULL;
}

const struct vrrp_probe_method vrrp_probe_http = {
	.takes_descriptor = true,
	.begin = http_begin,
	.end = http_end,
	.free = http_free,
	.stop = http_stop,
};
