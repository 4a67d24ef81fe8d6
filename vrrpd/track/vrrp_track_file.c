// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The directory is watched, and not the file, since a file that is written anew beside and then
 * renamed is another one. When the directory is missing, the nearest one above it that exists is
 * watched for the next name of the path.
 *
 * One inotify is for all files; directories that several objects wait in have one watch.
 */
#include "vrrp_track_private.h"

#include <sys/inotify.h>

#include "frrevent.h"
#include "lib_errors.h"
#include "log.h"

#include "vrrp_daemon.h"
#include "vrrp_number_file.h"

#define EVENTS                                                                                     \
	(IN_CREATE | IN_MOVED_TO | IN_MOVED_FROM | IN_DELETE | IN_CLOSE_WRITE | IN_ATTRIB |        \
	 IN_DELETE_SELF | IN_MOVE_SELF | IN_ONLYDIR)

static int inotify = -1;
static struct event *t_inotify;

static void judge(struct vrrp_track_object *object)
{
	const char *why = "";
	int number = vrrp_number_file_read(object->key.name, &why);

	vrrp_track_report(object, number < 0 ? VRRP_BADNESS_DOWN : number, why);
}

/* ------------------------------------------------------------------------ watching */

static bool is_watched(int watch)
{
	struct vrrp_track_object *object;

	frr_each (vrrp_track_objects, &vrrp_track_objects, object)
		if (object->key.kind == VRRP_TRACK_FILE && object->watch == watch)
			return true;
	return false;
}

static void leave(struct vrrp_track_object *object)
{
	int watch = object->watch;

	object->watch = -1;
	if (watch >= 0 && !is_watched(watch))
		inotify_rm_watch(inotify, watch);
}

/* Watches the nearest directory above the file that exists, and notes the name it waits for. */
static void watch(struct vrrp_track_object *object)
{
	char path[VRRP_TRACK_NAME_SIZE];
	int found = -1;
	char *slash;

	strlcpy(path, object->key.name, sizeof(path));
	while (found < 0 && (slash = strrchr(path, '/'))) {
		strlcpy(object->awaited, slash + 1, sizeof(object->awaited));
		*slash = '\0';
		found = inotify_add_watch(inotify, *path ? path : "/", EVENTS);
	}
	if (found == object->watch)
		return;
	leave(object);
	object->watch = found;
}

/* The directory may have come between two looks, so it is looked at after it is watched. */
static void look(struct vrrp_track_object *object)
{
	watch(object);
	judge(object);
}

static bool concerns(const struct inotify_event *event, const struct vrrp_track_object *object)
{
	if (event->mask & (IN_Q_OVERFLOW | IN_IGNORED))
		return true;
	return event->wd == object->watch && (!event->len || strmatch(event->name, object->awaited));
}

static void pass_on(const struct inotify_event *event)
{
	struct vrrp_track_object *object;

	frr_each (vrrp_track_objects, &vrrp_track_objects, object) {
		if (object->key.kind != VRRP_TRACK_FILE || !concerns(event, object))
			continue;
		if (event->mask & IN_IGNORED && event->wd == object->watch)
			object->watch = -1;
		look(object);
	}
}

/* Reads one buffer; the event loop comes back for the rest. */
static void on_inotify(struct event *event)
{
	alignas(struct inotify_event) char buffer[4096];
	ssize_t length = read(inotify, buffer, sizeof(buffer));
	const struct inotify_event *told;

	event_add_read(master, on_inotify, NULL, inotify, &t_inotify);
	for (ssize_t at = 0; at < length; at += sizeof(*told) + told->len) {
		told = (const struct inotify_event *)&buffer[at];
		pass_on(told);
	}
}

static void begin(struct vrrp_track_object *object)
{
	if (inotify < 0) {
		inotify = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
		if (inotify < 0)
			zlog_err("vrrp track file: files cannot be watched: %s",
				 safe_strerror(errno));
		else
			event_add_read(master, on_inotify, NULL, inotify, &t_inotify);
	}
	look(object);
}

void vrrp_track_file_stop(void)
{
	event_cancel(&t_inotify);
	if (inotify >= 0)
		close(inotify);
	inotify = -1;
}

const struct vrrp_track_method vrrp_track_file_method = { .begin = begin,
							  .look = look,
							  .end = leave };
