// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * sleeper PERIOD_USEC: a control for figures about time. It has the nice value and the slice that
 * vrrpd gives itself, sleeps for a period again and again, and does nothing else. When its standard
 * input ends it prints by how many microseconds it woke late, one number a line.
 */
#include <errno.h>
#include <poll.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

#include <linux/sched/types.h>

#define URGENT	     -10
#define SLICE_NSEC   100000
#define NSEC_PER_SEC 1000000000LL
#define MOST	     1000000

static uint32_t late_usec[MOST];
static size_t count;

static int64_t now_nsec(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * NSEC_PER_SEC + now.tv_nsec;
}

static void be_urgent(void)
{
	struct sched_attr attr = {
		.size = sizeof(attr),
		.sched_policy = SCHED_OTHER,
		.sched_nice = URGENT,
		.sched_runtime = SLICE_NSEC,
	};

	if (syscall(SYS_sched_setattr, 0, &attr, 0) && setpriority(PRIO_PROCESS, 0, URGENT))
		perror("sleeper: priority");
}

static void arm(int timer, int64_t due)
{
	struct itimerspec spec = { .it_value = { due / NSEC_PER_SEC, due % NSEC_PER_SEC } };

	timerfd_settime(timer, TFD_TIMER_ABSTIME, &spec, NULL);
}

/* Sleeps until somebody closes the standard input. */
static void sleep_on(int64_t period)
{
	int timer = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK);
	struct pollfd ready[] = { { .fd = timer, .events = POLLIN }, { .fd = STDIN_FILENO } };
	int64_t due = now_nsec() + period, now;
	uint64_t times;

	for (arm(timer, due); count < MOST && !ready[1].revents;) {
		if (poll(ready, 2, -1) < 0 && errno != EINTR)
			break;
		if (read(timer, &times, sizeof(times)) != sizeof(times))
			continue;
		now = now_nsec();
		late_usec[count++] = (now - due) / 1000;
		due = now + period;
		arm(timer, due);
	}
	close(timer);
}

int main(int argc, char **argv)
{
	int64_t period = argc == 2 ? 1000 * strtoll(argv[1], NULL, 10) : 0;

	if (period <= 0) {
		fprintf(stderr, "usage: sleeper PERIOD_USEC\n");
		return 2;
	}
	be_urgent();
	sleep_on(period);
	for (size_t i = 0; i < count; i++)
		printf("%u\n", late_usec[i]);
	return 0;
}
