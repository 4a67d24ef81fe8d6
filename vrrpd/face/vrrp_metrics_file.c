// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * One text at a time is the thread's: from hand_over() until it clears job.is_busy. As long as that
 * is set, nothing is gathered. The thread is made with the first text, since the daemon may fork
 * after it has read its configuration.
 */
#include "vrrp_metrics_file.h"

#include <zebra.h>

#include <fcntl.h>
#include <stdatomic.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include "lib/darr.h"

#include "frr_pthread.h"
#include "network.h"

#include "vrrp_daemon.h"
#include "vrrp_group.h"
#include "vrrp_log.h"
#include "vrrp_metrics.h"

#define PERIOD_SEC 10
#define FIRST_MSEC 500
#define FILE_MODE  0644 /* node_exporter is another user */

/* Beside the file; node_exporter does not read it. */
#define NEW_SUFFIX ".new"

static char path[VRRP_PATH_SIZE]; /* "": none is wanted */
static struct event *t_period;
static struct frr_pthread *writer; /* NULL: not started */

static struct {
	atomic_bool is_busy;
	atomic_bool is_unwanted; /* what is written has to go */
	atomic_int error;	 /* errno of the last text; 0: it is written */
	char *text;		 /* darr */
	char path[VRRP_PATH_SIZE];
} job;

/* ---------------------------------------------------------------- the thread */

/* Returns the errno. */
static int write_all(int fd, const char *text, size_t size)
{
	ssize_t written;

	while (size) {
		written = write(fd, text, size);
		if (written < 0 && errno != EINTR)
			return errno;
		if (written > 0) {
			text += written;
			size -= written;
		}
	}
	return fchmod(fd, FILE_MODE) < 0 ? errno : 0;
}

/* Returns the errno. What was there under the name of the new file is removed. */
static int write_new(const char *name)
{
	int fd, error;

	if (unlink(name) < 0 && errno != ENOENT)
		return errno;
	fd = open(name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, FILE_MODE);
	if (fd < 0)
		return errno;
	error = write_all(fd, job.text, darr_strlen(job.text));
	if (close(fd) < 0 && !error)
		error = errno;
	if (!error && rename(name, job.path) < 0)
		error = errno;
	if (error)
		unlink(name);
	return error;
}

static void write_file(struct event *event)
{
	char name[VRRP_PATH_SIZE + sizeof(NEW_SUFFIX)], written[VRRP_PATH_SIZE];
	int error, last = atomic_load(&job.error);

	strlcpy(written, job.path, sizeof(written));
	snprintf(name, sizeof(name), "%s%s", written, NEW_SUFFIX);
	error = write_new(name);
	if (error && error != last)
		zlog_warn("metrics file %s cannot be written: %s; it is tried again", job.path,
			  safe_strerror(error));
	if (!error && last)
		zlog_info("metrics file %s is written again", job.path);
	darr_free(job.text);
	atomic_store(&job.error, error);
	atomic_store(&job.is_busy, false);
	if (atomic_load(&job.is_unwanted)) /* give_up() did not remove it while this was busy */
		unlink(written);
}

/* Metrics are not urgent. */
static void be_patient(struct event *event)
{
	setpriority(PRIO_PROCESS, 0, 0);
}

/* False when there is no thread, which has been logged. */
static bool start_writer(void)
{
	if (writer)
		return true;
	writer = frr_pthread_new(NULL, "vrrp metrics", "vrrp_metrics");
	if (frr_pthread_run(writer, NULL) != 0) {
		frr_pthread_destroy(writer);
		writer = NULL;
		return false;
	}
	frr_pthread_wait_running(writer);
	event_add_event(writer->master, be_patient, NULL, 0, NULL);
	return true;
}

/* ------------------------------------------------------------------ the daemon */

static void hand_over(char *text)
{
	if (!start_writer()) {
		darr_free(text);
		return;
	}
	job.text = text;
	strlcpy(job.path, path, sizeof(job.path));
	atomic_store(&job.is_unwanted, false);
	atomic_store(&job.is_busy, true);
	event_add_event(writer->master, write_file, NULL, 0, NULL);
}

static void on_period(struct event *event)
{
	event_add_timer(master, on_period, NULL, PERIOD_SEC, &t_period);
	if (!atomic_load(&job.is_busy))
		vrrp_metrics_gather(hand_over);
}

/* Removes the file; the thread does, while it is busy: the disk may hang. */
static void give_up(void)
{
	event_cancel(&t_period);
	vrrp_metrics_cancel();
	atomic_store(&job.is_unwanted, true);
	if (*path && !atomic_load(&job.is_busy))
		unlink(path);
}

void vrrp_metrics_file_follow(void)
{
	if (strmatch(path, vrrp_global.metrics_file))
		return;
	give_up();
	atomic_store(&job.error, 0);
	strlcpy(path, vrrp_global.metrics_file, sizeof(path));
	if (*path)
		event_add_timer_msec(master, on_period, NULL, FIRST_MSEC, &t_period);
}

const char *vrrp_metrics_file_fault(void)
{
	static char text[VRRP_PATH_SIZE + 128];
	int error = atomic_load(&job.error);

	if (!*path || !error)
		return NULL;
	snprintf(text, sizeof(text), "metrics file %s: %s", path, safe_strerror(error));
	return text;
}

void vrrp_metrics_file_stop(void)
{
	give_up();
	if (!writer || atomic_load(&job.is_busy))
		return;
	frr_pthread_stop(writer, NULL);
	frr_pthread_destroy(writer);
	writer = NULL;
}
