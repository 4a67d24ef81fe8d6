// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * needs: ns veth
 *
 * Misbehaving servers: an endless answer, in pieces of any size, delays the event loop, and so an
 * advertisement, by at most 10 ms of processor time; and each try ends by itself, long before its
 * timeout. Processor time is measured, so a busy machine makes no difference.
 */
#include "nl_probe.h"

#include <netinet/tcp.h>

#define LONGEST_TURN_MS 10
/* Maximum processor time of a try, all its turns together. */
#define DEAREST_TRY_MS 600
/* Long: a busy machine takes its time. */
#define TIMEOUT_SEC 150

#define REPEATED 64

/* A server: the octets that it sends first, and those that it then repeats. */
struct sick {
	const char *what;
	enum vrrp_probe_kind kind;
	const char *first, *again;
	size_t again_len; /* 0: the length of the string */
	bool one_by_one;  /* an octet a segment */
	const char *reason;
};

#define CHUNKED	 "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
#define TOO_LONG "answer is too long"
#define NOT_HTTP "answer is not HTTP"
#define TOO_BIG	 "answer is too " /* long, or much work: that depends on how segments arrive */
#define NO_MATCH "no match in the answer"

/* clang-format off */
static const struct sick sicks[] = {
	{ "chunks of one octet", HTTP, CHUNKED, "1\r\nw\r\n", .reason = TOO_LONG },
	{ "chunks of one octet, a segment each", HTTP, CHUNKED, "1\r\nw\r\n", .one_by_one = true,
	  .reason = TOO_BIG },
	{ "endless chunk extensions", HTTP, CHUNKED "1;", "a=b;", .reason = TOO_LONG },
	{ "endless chunk sizes", HTTP, CHUNKED, "0", .reason = NOT_HTTP },
	{ "endless trailers", HTTP, CHUNKED "0\r\n", "a: b\r\n", .reason = TOO_LONG },
	{ "an endless status line", HTTP, "HTTP/1.1 200 ", "OK", .reason = TOO_LONG },
	{ "an endless header", HTTP, "HTTP/1.1 200 OK\r\na: ", "b", .reason = TOO_LONG },
	{ "endless headers", HTTP, "HTTP/1.1 200 OK\r\n", "a:\r\n", .reason = TOO_LONG },
	{ "endless folded headers", HTTP, "HTTP/1.1 200 OK\r\na: b\r\n", " c\r\n", .reason = TOO_LONG },
	{ "endless cookies", HTTP, "HTTP/1.1 200 OK\r\n", "Set-Cookie: a=b\r\n", .reason = TOO_LONG },
	{ "endless interim answers", HTTP, "", "HTTP/1.1 100 Continue\r\n\r\n", .reason = TOO_LONG },
	{ "interim answers with headers", HTTP, "", "HTTP/1.1 103 \r\na: b\r\n\r\n", .reason = TOO_LONG },
	{ "an endless body", HTTP, "HTTP/1.1 200 OK\r\n\r\n", "welcom", .reason = NO_MATCH },
	{ "a body of nothing", HTTP, "HTTP/1.1 200 OK\r\n\r\n", "\0", 1, .reason = NO_MATCH },
	{ "empty records of TLS", HTTPS, "", "\x16\x03\x03\0\0", 5, .reason = "no TLS" },
	{ "warnings of TLS", HTTPS, "", "\x15\x03\x03\0\x02\x01\x5a", 7, .reason = "TLS: not understood" },
	{ "cipher changes of TLS", HTTPS, "", "\x14\x03\x03\0\x01\x01", 6, .reason = "no TLS" },
	{ "hello requests of TLS", HTTPS, "", "\x16\x03\x03\0\x04\0\0\0\0", 9, .reason = "no TLS" },
	{ "a long message of TLS in pieces", HTTPS, "\x16\x03\x03\0\x04\x02\xff\xff\xff",
	  "\x16\x03\x03\0\x01w", 6, .reason = TOO_BIG },
	{ "HTTP in records of one octet", HTTPS, CHUNKED, "1\r\nw\r\n", .one_by_one = true,
	  .reason = TOO_LONG },
};
/* clang-format on */

#define PORT_SICK 2000

/* ------------------------------------------------------------------------- servers */

static bool say(int fd, const char *octets, size_t len, bool one_by_one)
{
	size_t step = one_by_one ? 1 : len;

	for (size_t at = 0; at < len; at += step)
		if (send(fd, octets + at, step, MSG_NOSIGNAL) <= 0)
			return false;
	return true;
}

static void talk(int fd, const struct sick *sick)
{
	size_t len = sick->again_len ? sick->again_len : strlen(sick->again);
	size_t first = sick->first[0] ? strlen(sick->first) : 0;
	char text[REPEATED * 32], request[4096];
	int on = 1;

	if (sick->first[0] == '\x16')
		first = 9;
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	for (size_t i = 0; i < REPEATED; i++)
		memcpy(text + i * len, sick->again, len);
	(void)!read(fd, request, sizeof(request));
	if (say(fd, sick->first, first, false))
		while (say(fd, text, REPEATED * len, sick->one_by_one))
			;
	close(fd);
}

/* Each connection has a process of its own, and ends with the test's. */
static pid_t serve_sick(const struct sick *sick)
{
	int fd = listen_on_peer(PORT_SICK + (sick - sicks)), one;
	pid_t child = fork();

	if (child == 0) {
		signal(SIGCHLD, SIG_IGN);
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		while ((one = accept(fd, NULL, NULL)) >= 0 || errno == EINTR)
			if (one >= 0 && fork() == 0) {
				prctl(PR_SET_PDEATHSIG, SIGKILL);
				talk(one, sick);
				_exit(0);
			} else {
				close(one);
			}
		_exit(0);
	}
	close(fd);
	return child;
}

/* Real TLS, and within it a record for each octet. */
static const char python[] =
	"import socket, ssl, sys, threading\n"
	"context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)\n"
	"context.load_cert_chain('/tmp/nl_probe.crt', '/tmp/nl_probe.key')\n"
	"sock = socket.socket(socket.AF_INET6)\n"
	"sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)\n"
	"sock.bind(('::', int(sys.argv[1])))\n"
	"sock.listen(99)\n"
	"def talk(raw):\n"
	"    try:\n"
	"        with context.wrap_socket(raw, server_side=True) as tls:\n"
	"            tls.recv(9999)\n"
	"            tls.sendall(b'HTTP/1.1 200 OK\\r\\nTransfer-Encoding: chunked\\r\\n\\r\\n')\n"
	"            while True:\n"
	"                for octet in b'1\\r\\nw\\r\\n':\n"
	"                    tls.sendall(bytes([octet]))\n"
	"    except OSError:\n"
	"        pass\n"
	"while True:\n"
	"    threading.Thread(target=talk, args=(sock.accept()[0],), daemon=True).start()\n";

static pid_t serve_small_records(uint16_t port)
{
	char text[8];
	pid_t child;

	write_file("/tmp/nl_probe_sick.py", python, sizeof(python) - 1);
	snprintf(text, sizeof(text), "%u", port);
	enter_ns(peer_ns);
	child = fork();
	if (child == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		execlp("python3", "python3", "/tmp/nl_probe_sick.py", text, NULL);
		_exit(127);
	}
	enter_ns(router_ns);
	return child;
}

static pid_t children[array_size(sicks)];

static void start_sick_servers(void)
{
	start_nginx(); /* for its certificate */
	for (size_t i = 0; i < array_size(sicks); i++) {
		bool records = sicks[i].kind == HTTPS && sicks[i].one_by_one;

		children[i] = records ? serve_small_records(PORT_SICK + i) : serve_sick(&sicks[i]);
	}
}

static void stop_sick_servers(void)
{
	for (size_t i = 0; i < array_size(sicks); i++)
		end_child(&children[i]);
	stop_nginx();
}

/* ----------------------------------------------------------------------- measuring */

static double processor_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
	return now.tv_sec * 1e3 + now.tv_nsec / 1e6;
}

/* Runs until all probes have this number of results; returns the longest turn. */
static double longest_turn(unsigned int probes, uint64_t results)
{
	double worst = 0, before, end = seconds() + TIMEOUT_SEC;
	unsigned int done = 0;

	while (done < probes && seconds() < end) {
		before = processor_ms();
		turn();
		worst = MAX(worst, processor_ms() - before);
		done = 0;
		for (unsigned int i = 0; i < probes; i++)
			done += state_of(&pool[i]).failures >= results;
	}
	for (unsigned int i = 0; i < probes; i++)
		rule(state_of(&pool[i]).failures >= results, "%s: no end in %u s",
		     sicks[i % array_size(sicks)].what, TIMEOUT_SEC);
	return worst;
}

static struct told *begin_sick(const struct sick *sick)
{
	struct vrrp_probe_conf conf = conf_of(sick->kind);

	conf.timeout_msec = 2000 * TIMEOUT_SEC;
	conf.interval_msec = 1000;
	conf.path = "/";
	conf.match = "welcome";
	return begin_probe(&conf, SERVER4, PORT_SICK + (sick - sicks));
}

static void one_sick_server_keeps_nobody_waiting(void **state)
{
	double worst, before;

	start_sick_servers();
	for (size_t i = 0; i < array_size(sicks); i++) {
		const struct sick *sick = &sicks[i];
		struct told *told = begin_sick(sick);

		before = processor_ms();
		worst = longest_turn(1, 1);
		print_message("%s: %s; longest turn %.1f ms, %.0f ms in all\n", sick->what,
			      told->reason, worst, processor_ms() - before);
		rule(worst < LONGEST_TURN_MS, "%s: the event loop stood still for %.1f ms",
		     sick->what, worst);
		rule(processor_ms() - before < DEAREST_TRY_MS, "%s: a try took %.0f ms", sick->what,
		     processor_ms() - before);
		rule(!strncmp(told->reason, sick->reason, strlen(sick->reason)), "%s: %s",
		     sick->what, told->reason);
		free_probes();
	}
	stop_sick_servers();
}

static void many_sick_servers_keep_nobody_waiting(void **state)
{
	const unsigned int crowd = 3 * array_size(sicks);
	double worst;

	start_sick_servers();
	for (unsigned int i = 0; i < crowd; i++)
		begin_sick(&sicks[i % array_size(sicks)]);
	worst = longest_turn(crowd, 1);
	print_message("%u sick servers: longest turn %.1f ms\n", crowd, worst);
	rule(worst < LONGEST_TURN_MS, "the event loop stood still for %.1f ms", worst);
	stop_sick_servers();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		test_probe(one_sick_server_keeps_nobody_waiting),
		test_probe(many_sick_servers_keep_nobody_waiting),
	};

	return run_probe_tests(tests);
}
