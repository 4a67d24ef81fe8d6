// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * stream PERIOD_MS: echo requests to many addresses of one family, each probed once a period, and
 * what became of them. Addresses come on standard input, one a line, until an empty line. Then
 * "begin" starts a record, and "end" ends it and prints it as a line of JSON:
 *
 *   sent        probes of all addresses between the two
 *   lost        those that had no answer after PATIENCE
 *   hit         addresses that lost any
 *   longest_ms  the most probes that one address lost in a row, times the period
 *   worst       probes that the address lost that lost most
 *   late_ms     how late the timer of the probes was at most: what the machine itself did
 *
 * Loss times the period is the loss-derived convergence time of RFC 6412, section 6.2. Sockets are
 * "ping sockets", to which the kernel gives the answers to their own requests alone.
 */
#include <arpa/inet.h>
#include <err.h>
#include <netinet/icmp6.h>
#include <netinet/in.h>
#include <netinet/ip_icmp.h>
#include <poll.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

#define TICK_MS	    1
#define PATIENCE_MS 1000
#define BATCH	    256
#define BUFFER	    (32 << 20)

struct packet {
	struct icmphdr header; /* of ICMPv6, too: type, code, and what the kernel fills in */
	uint32_t target;
	uint32_t number;
};

struct target {
	struct sockaddr_storage to;
	uint32_t sent, size; /* probes, and room for them */
	bool *is_answered;
};

static struct target *targets;
static uint32_t target_count;
static uint32_t next_target;
static uint32_t record; /* its number, so that late answers are not taken for those of the next */
static double due;	/* probes that are to be sent, with the part of one that is left over */
static double late_ms;
static double last_tick_ms;

static double now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1e3 + now.tv_nsec / 1e6;
}

static bool parse(const char *text, struct sockaddr_storage *to)
{
	struct sockaddr_in *v4 = (void *)to;
	struct sockaddr_in6 *v6 = (void *)to;

	memset(to, 0, sizeof(*to));
	if (inet_pton(AF_INET, text, &v4->sin_addr) == 1)
		to->ss_family = AF_INET;
	else if (inet_pton(AF_INET6, text, &v6->sin6_addr) == 1)
		to->ss_family = AF_INET6;
	else
		return false;
	return true;
}

static void read_targets(void)
{
	char line[128];

	while (fgets(line, sizeof(line), stdin) && line[0] != '\n') {
		line[strcspn(line, "\n")] = '\0';
		targets = reallocarray(targets, target_count + 1, sizeof(*targets));
		if (!targets)
			err(1, "targets");
		memset(&targets[target_count], 0, sizeof(*targets));
		if (!parse(line, &targets[target_count].to))
			errx(1, "%s is no address", line);
		target_count++;
	}
	if (target_count == 0)
		errx(1, "there are no addresses");
}

static int open_socket(int family)
{
	int size = BUFFER;
	int fd = socket(family, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC,
			family == AF_INET ? IPPROTO_ICMP : IPPROTO_ICMPV6);

	if (fd < 0)
		err(1, "ping socket");
	if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof(size)) != 0)
		err(1, "receive buffer");
	return fd;
}

/* The place of the next probe's answer. */
static void note(struct target *target)
{
	if (target->sent == target->size) {
		target->size = target->size ? 2 * target->size : 64;
		target->is_answered = realloc(target->is_answered, target->size);
		if (!target->is_answered)
			err(1, "probes");
	}
	target->is_answered[target->sent++] = false;
}

static void send_batch(int fd, uint32_t count)
{
	struct packet packets[BATCH];
	struct iovec parts[BATCH];
	struct mmsghdr messages[BATCH] = { 0 };
	uint32_t done = 0;

	for (uint32_t i = 0; i < count; i++) {
		struct target *target = &targets[next_target];

		packets[i] = (struct packet){ .target = next_target, .number = target->sent };
		packets[i].header.type = target->to.ss_family == AF_INET ? ICMP_ECHO
									 : ICMP6_ECHO_REQUEST;
		packets[i].header.un.echo.sequence = htons(record);
		parts[i] = (struct iovec){ &packets[i], sizeof(packets[i]) };
		messages[i].msg_hdr = (struct msghdr){ .msg_name = &target->to,
						       .msg_namelen = sizeof(target->to),
						       .msg_iov = &parts[i],
						       .msg_iovlen = 1 };
		note(target);
		next_target = (next_target + 1) % target_count;
	}
	while (done < count) { /* one that cannot leave, as there is no way, is lost */
		int sent = sendmmsg(fd, messages + done, count - done, 0);

		done += sent > 0 ? sent : 1;
	}
}

static void send_due(int fd, int timer, double period_ms)
{
	uint64_t ticks;
	double now = now_ms();

	if (read(timer, &ticks, sizeof(ticks)) != sizeof(ticks))
		return;
	if (now - last_tick_ms - TICK_MS > late_ms)
		late_ms = now - last_tick_ms - TICK_MS;
	last_tick_ms = now;
	due += ticks * TICK_MS * target_count / period_ms;
	while (due >= 1) {
		uint32_t count = due < BATCH ? due : BATCH;

		send_batch(fd, count);
		due -= count;
	}
}

static void receive(int fd)
{
	struct packet packet;

	while (recv(fd, &packet, sizeof(packet), 0) == sizeof(packet)) {
		struct target *target;

		if (packet.header.un.echo.sequence != htons(record) || packet.target >= target_count)
			continue;
		target = &targets[packet.target];
		if (packet.number < target->sent)
			target->is_answered[packet.number] = true;
	}
}

static void begin(void)
{
	record++;
	late_ms = 0;
	for (uint32_t i = 0; i < target_count; i++)
		targets[i].sent = 0;
}

static void print_record(double period_ms)
{
	uint64_t sent = 0, lost = 0;
	uint32_t hit = 0, longest = 0, worst = 0;

	for (uint32_t i = 0; i < target_count; i++) {
		const struct target *target = &targets[i];
		uint32_t missing = 0, row = 0;

		for (uint32_t n = 0; n < target->sent; n++) {
			missing += !target->is_answered[n];
			row = target->is_answered[n] ? 0 : row + 1;
			longest = row > longest ? row : longest;
		}
		sent += target->sent;
		lost += missing;
		hit += missing > 0;
		worst = missing > worst ? missing : worst;
	}
	printf("{\"sent\": %ju, \"lost\": %ju, \"hit\": %u, \"longest_ms\": %.1f, \"worst\": %u, "
	       "\"late_ms\": %.1f}\n",
	       (uintmax_t)sent, (uintmax_t)lost, hit, longest * period_ms, worst, late_ms);
	fflush(stdout);
}

/* Takes the answers to what was sent, and no more is sent. */
static void wait_for_answers(int fd)
{
	double end = now_ms() + PATIENCE_MS;

	for (double left = PATIENCE_MS; left > 0; left = end - now_ms()) {
		struct pollfd ready = { .fd = fd, .events = POLLIN };

		if (poll(&ready, 1, left + 1) > 0)
			receive(fd);
	}
}

int main(int argc, char **argv)
{
	double period_ms = argc == 2 ? atof(argv[1]) : 0;
	struct itimerspec tick = { { 0, TICK_MS * 1000000 }, { 0, TICK_MS * 1000000 } };
	int timer = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
	char line[16];
	int fd;

	if (period_ms <= 0)
		errx(1, "usage: stream PERIOD_MS, and addresses on standard input");
	setvbuf(stdin, NULL, _IONBF, 0); /* or poll would not see what it holds */
	read_targets();
	fd = open_socket(targets[0].to.ss_family);
	if (timer < 0 || timerfd_settime(timer, 0, &tick, NULL) != 0)
		err(1, "timer");
	last_tick_ms = now_ms();
	for (;;) {
		struct pollfd ready[] = { { .fd = timer, .events = POLLIN },
					  { .fd = fd, .events = POLLIN },
					  { .fd = STDIN_FILENO, .events = POLLIN } };

		if (poll(ready, 3, -1) < 0)
			err(1, "poll");
		if (ready[0].revents)
			send_due(fd, timer, period_ms);
		if (ready[1].revents)
			receive(fd);
		if (!ready[2].revents)
			continue;
		if (!fgets(line, sizeof(line), stdin))
			return 0;
		if (strcmp(line, "end\n") == 0) {
			wait_for_answers(fd);
			print_record(period_ms);
		}
		begin();
		last_tick_ms = now_ms();
		due = 0;
	}
}
