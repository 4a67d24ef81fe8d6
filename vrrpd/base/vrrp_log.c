// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A ring of lines between the daemon's thread, which formats them, and the writer thread, which
 * passes them to libfrr's log. The lock covers the ring and is never held while a line is written.
 * libfrr's own lines, few once the daemon runs, are written directly.
 */
#include <zebra.h>

#include <sys/resource.h>

#include "frr_pthread.h"
#include "frrevent.h"
#include "log.h"
#include "monotime.h"

#include "vrrp_log.h"
#include "vrrp_daemon.h"

#define LINES_PER_SEC 20

#define QUEUE_LINES    256
#define LINE_SIZE      256
#define LAST_WORDS_SEC 1

static struct {
	const char *noun;
	unsigned int written, suppressed;
} classes[VRRP_LOG_CLASSES] = {
	[VRRP_LOG_TRANSITION] = { .noun = "transitions" },
	[VRRP_LOG_PACKET] = { .noun = "packet messages" },
	[VRRP_LOG_SOCKET] = { .noun = "socket errors" },
	[VRRP_LOG_NETLINK] = { .noun = "address messages" },
	[VRRP_LOG_IPVS] = { .noun = "IPVS messages" },
	[VRRP_LOG_HEALTH] = { .noun = "changes of a server's health" },
	[VRRP_LOG_TRACK] = { .noun = "changes of tracked objects" },
};

static struct event *t_second;

struct line {
	const struct xref_logmsg *xref;
	char text[LINE_SIZE];
};

/* Under lock; done is signalled when the ring is empty and the last line is written. */
static struct {
	pthread_mutex_t lock;
	pthread_cond_t done;
	struct line lines[QUEUE_LINES];
	unsigned int first, count, lost;
	bool writing;
} queue = { .lock = PTHREAD_MUTEX_INITIALIZER, .done = PTHREAD_COND_INITIALIZER };

static struct frr_pthread *writer; /* NULL: lines are written at once */
static struct event *t_write;

/* ------------------------------------------------------------------- budgets */

static void second_over(struct event *event)
{
	for (unsigned int i = 0; i < array_size(classes); i++) {
		if (classes[i].suppressed)
			zlog_warn("%u more %s in the last second, not logged one by one",
				  classes[i].suppressed, classes[i].noun);
		classes[i].written = classes[i].suppressed = 0;
	}
}

bool vrrp_log_allowed(enum vrrp_log_class class)
{
	if (!t_second)
		event_add_timer(master, second_over, NULL, 1, &t_second);
	if (classes[class].written >= LINES_PER_SEC) {
		classes[class].suppressed++;
		return false;
	}
	classes[class].written++;
	return true;
}

/* ---------------------------------------------------------------- the writer */

/* From here to the end of the file, zlog_warn() and similar functions are libfrr's again. */
#undef zlog_ref

/* The first line of the ring; false when there is none. */
static bool take(struct line *line)
{
	bool found = false;

	frr_with_mutex (&queue.lock) {
		found = queue.count > 0;
		if (found) {
			*line = queue.lines[queue.first];
			queue.first = (queue.first + 1) % QUEUE_LINES;
			queue.count--;
		} else {
			pthread_cond_signal(&queue.done);
		}
		queue.writing = found;
	}
	return found;
}

static unsigned int take_lost(void)
{
	unsigned int lost = 0;

	frr_with_mutex (&queue.lock) {
		lost = queue.lost;
		queue.lost = 0;
	}
	return lost;
}

static void write_lines(struct event *event)
{
	struct line line;
	unsigned int lost;

	while (take(&line))
		zlog_ref(line.xref, "%s", line.text);
	zlog_tls_buffer_flush();
	lost = take_lost();
	if (lost)
		zlog_warn("the log was slow: %u lines were not written", lost);
}

/* Gives the writer a normal priority: logging is not urgent. */
static void be_patient(struct event *event)
{
	setpriority(PRIO_PROCESS, 0, 0);
}

static void append(const struct xref_logmsg *xref, const char *format, va_list args)
{
	struct line *line;

	frr_with_mutex (&queue.lock) {
		if (queue.count == QUEUE_LINES) {
			queue.lost++;
			break;
		}
		line = &queue.lines[(queue.first + queue.count++) % QUEUE_LINES];
		line->xref = xref;
		vsnprintfrr(line->text, sizeof(line->text), format, args);
	}
}

void vrrp_log_line(const struct xref_logmsg *xref, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	if (writer) {
		append(xref, format, args);
		event_add_event(writer->master, write_lines, NULL, 0, &t_write);
	} else {
		vzlogx(xref, xref->priority, format, args);
	}
	va_end(args);
}

void vrrp_log_start(void)
{
	writer = frr_pthread_new(NULL, "vrrp log", "vrrp_log");
	if (frr_pthread_run(writer, NULL) != 0) { /* which has been logged */
		frr_pthread_destroy(writer);
		writer = NULL;
		return;
	}
	frr_pthread_wait_running(writer);
	event_add_event(writer->master, be_patient, NULL, 0, NULL);
}

/* True when all lines are written; does not wait for a log that hangs. */
static bool wait_until_written(void)
{
	struct timespec deadline;
	bool written = false;
	int error = 0;

	clock_gettime(CLOCK_MONOTONIC, &deadline);
	deadline.tv_sec += LAST_WORDS_SEC;
	frr_with_mutex (&queue.lock) {
		while ((queue.count || queue.writing) && !error)
			error = pthread_cond_clockwait(&queue.done, &queue.lock, CLOCK_MONOTONIC,
						       &deadline);
		written = !queue.count && !queue.writing;
	}
	return written;
}

void vrrp_log_stop(void)
{
	struct frr_pthread *stopped = writer;

	event_cancel(&t_second);
	second_over(NULL);
	if (!stopped)
		return;
	if (wait_until_written()) {
		writer = NULL;
		frr_pthread_stop(stopped, NULL);
		frr_pthread_destroy(stopped);
	}
}
