// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Directories are watched, and not the file, since a file that is written anew beside and then renamed
 * is another one. The path is followed as the kernel follows it, and each directory in which a name is
 * looked up is watched for that name: a directory that is missing, and a symbolic link that is
 * replaced, wherever it is, are found so. What is mounted over a directory is not.
 *
 * One inotify is for all files; names that are looked up in one directory have one watch.
 */
#include "vrrp_track_private.h"

#include <sys/inotify.h>

#include "darr.h"
#include "frrevent.h"
#include "lib_errors.h"
#include "log.h"

#include "vrrp_daemon.h"
#include "vrrp_number_file.h"

#define EVENTS                                                                                     \
	(IN_CREATE | IN_MOVED_TO | IN_MOVED_FROM | IN_DELETE | IN_CLOSE_WRITE | IN_ATTRIB |        \
	 IN_DELETE_SELF | IN_MOVE_SELF | IN_ONLYDIR)

/* More are not watched: a path may be a circle of symbolic links. */
#define LOOKUPS_MAX 64

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
	const struct vrrp_track_object *object;
	const struct vrrp_track_lookup *lookup;

	frr_each (vrrp_track_objects_const, &vrrp_track_objects, object)
		darr_foreach_p (object->lookups, lookup)
			if (lookup->watch == watch)
				return true;
	return false;
}

static void leave(struct vrrp_track_lookup *lookups)
{
	struct vrrp_track_lookup *lookup;

	darr_foreach_p (lookups, lookup)
		if (!is_watched(lookup->watch))
			inotify_rm_watch(inotify, lookup->watch);
	darr_free(lookups);
}

static void end(struct vrrp_track_object *object)
{
	struct vrrp_track_lookup *lookups = object->lookups;

	object->lookups = NULL;
	leave(lookups);
}

/* A directory that the daemon may not read cannot be watched, though files in it may be read. */
static void note(struct vrrp_track_object *object, const char *directory, const char *name)
{
	int watch = inotify_add_watch(inotify, *directory ? directory : "/", EVENTS);
	struct vrrp_track_lookup *lookup;

	if (watch < 0)
		return;
	lookup = darr_append(object->lookups);
	lookup->watch = watch;
	strlcpy(lookup->name, name, sizeof(lookup->name));
}

/* Takes the first name off a path. False: there is none. */
static bool take_name(char *path, char name[NAME_MAX + 1])
{
	size_t begin = strspn(path, "/"), length = strcspn(path + begin, "/");

	if (!length || length > NAME_MAX)
		return false;
	memcpy(name, path + begin, length);
	name[length] = '\0';
	memmove(path, path + begin + length, strlen(path + begin + length) + 1);
	return true;
}

/* The text of a symbolic link takes the place of its name. False: it is too long. */
static bool insert_link(const char *link, char at[PATH_MAX], char rest[PATH_MAX])
{
	char after[PATH_MAX];

	strlcpy(after, rest, sizeof(after));
	if (*link == '/')
		*at = '\0';
	return (size_t)snprintf(rest, PATH_MAX, "%s%s", link, after) < PATH_MAX;
}

/* at: where the path has led so far, without symbolic links. False: it leads no further. */
static bool step(struct vrrp_track_object *object, char at[PATH_MAX], char rest[PATH_MAX])
{
	char name[NAME_MAX + 1], next[PATH_MAX], link[PATH_MAX];
	ssize_t length;

	if (!take_name(rest, name))
		return false;
	if (strmatch(name, "."))
		return true;
	if (strmatch(name, "..")) {
		*(strrchr(at, '/') ?: at) = '\0';
		return true;
	}
	note(object, at, name);
	if ((size_t)snprintf(next, sizeof(next), "%s/%s", at, name) >= sizeof(next))
		return false;
	length = readlink(next, link, sizeof(link) - 1);
	if (length < 0) {
		strlcpy(at, next, PATH_MAX);
		return errno == EINVAL; /* it is there, and no link */
	}
	link[length] = '\0';
	return insert_link(link, at, rest);
}

static void watch(struct vrrp_track_object *object)
{
	struct vrrp_track_lookup *before = object->lookups;
	char at[PATH_MAX] = "", rest[PATH_MAX];

	object->lookups = NULL;
	strlcpy(rest, object->key.name, sizeof(rest));
	while (darr_len(object->lookups) < LOOKUPS_MAX && step(object, at, rest))
		;
	leave(before);
}

/* The directory may have come between two looks, so it is looked at after it is watched. */
static void look(struct vrrp_track_object *object)
{
	watch(object);
	judge(object);
}

static bool concerns(const struct inotify_event *event, const struct vrrp_track_object *object)
{
	const struct vrrp_track_lookup *lookup;

	if (event->mask & IN_Q_OVERFLOW)
		return true;
	darr_foreach_p (object->lookups, lookup)
		if (event->wd == lookup->watch &&
		    (!event->len || strmatch(event->name, lookup->name)))
			return true;
	return false;
}

static void pass_on(const struct inotify_event *event)
{
	struct vrrp_track_object *object;

	frr_each (vrrp_track_objects, &vrrp_track_objects, object)
		if (object->key.kind == VRRP_TRACK_FILE && concerns(event, object))
			look(object);
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

const struct vrrp_track_method vrrp_track_file_method = { .begin = begin, .look = look, .end = end };
