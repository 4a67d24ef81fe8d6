// SPDX-License-Identifier: GPL-2.0-or-later
/* Objects are in one tree, each from its first use to the end of the last; uses are another file's. */
#include "vrrp_track_private.h"

#include "log.h"
#include "memory.h"

#include "vrrp_log.h"
#include "vrrp_memory.h"

DEFINE_MTYPE_STATIC(VRRPD, VRRP_TRACK_OBJECT, "VRRP tracked object");

/* An object of which nothing is known for so long is down. */
#define PATIENCE_SEC 10

struct vrrp_track_objects_head vrrp_track_objects = INIT_RBTREE_UNIQ(vrrp_track_objects);

/* Given by vrrp_track.c, which knows the kinds and the uses. */
static const struct vrrp_track_method *const *methods;
static void (*tell)(struct vrrp_track_object *object);

void vrrp_track_objects_start(const struct vrrp_track_method *const *of_kinds,
			      void (*changed)(struct vrrp_track_object *object))
{
	methods = of_kinds;
	tell = changed;
}

/* ------------------------------------------------------------------------ words */

const char *vrrp_track_kind_name(enum vrrp_track_kind kind)
{
	static const char *const names[VRRP_TRACK_KINDS] = {
		[VRRP_TRACK_INTERFACE] = "interface", [VRRP_TRACK_ROUTE] = "route",
		[VRRP_TRACK_FILE] = "file",	      [VRRP_TRACK_CHECK] = "check",
		[VRRP_TRACK_SERVICE] = "service",
	};

	return names[kind];
}

const char *vrrp_track_state(int badness, char buf[VRRP_TRACK_STATE_SIZE])
{
	if (badness == VRRP_BADNESS_UNKNOWN)
		return "unknown";
	if (badness == VRRP_BADNESS_DOWN)
		return "down";
	if (badness == VRRP_BADNESS_NONE)
		return "up";
	snprintf(buf, VRRP_TRACK_STATE_SIZE, "up, lowers by %d", badness);
	return buf;
}

const char *vrrp_track_text(const struct vrrp_track_key *key, char buf[VRRP_TRACK_TEXT_SIZE])
{
	snprintf(buf, VRRP_TRACK_TEXT_SIZE, "%s %s%s%s%s%s", vrrp_track_kind_name(key->kind),
		 key->name, *key->vrf ? " vrf " : "", key->vrf, *key->protocol ? " protocol " : "",
		 key->protocol);
	return buf;
}

/* ------------------------------------------------------------------------ objects */

int vrrp_track_key_cmp(const struct vrrp_track_key *a, const struct vrrp_track_key *b)
{
	int order = numcmp(a->kind, b->kind);

	if (!order)
		order = strcmp(a->name, b->name);
	if (!order)
		order = strcmp(a->vrf, b->vrf);
	return order ? order : strcmp(a->protocol, b->protocol);
}

int vrrp_track_object_cmp(const struct vrrp_track_object *a, const struct vrrp_track_object *b)
{
	return vrrp_track_key_cmp(&a->key, &b->key);
}

static void on_patience(struct vrrp_alarm *alarm)
{
	struct vrrp_track_object *object = container_of(alarm, struct vrrp_track_object, patience);
	char why[sizeof(object->why)];

	strlcpy(why, *object->why ? object->why : "nothing is known of it", sizeof(why));
	vrrp_track_report(object, VRRP_BADNESS_DOWN, why);
}

struct vrrp_track_object *vrrp_track_object_get(const struct vrrp_track_key *key)
{
	struct vrrp_track_object ref = { .key = *key }, *object;

	object = vrrp_track_objects_find(&vrrp_track_objects, &ref);
	if (object)
		return object;
	object = XCALLOC(MTYPE_VRRP_TRACK_OBJECT, sizeof(*object));
	object->key = *key;
	object->badness = VRRP_BADNESS_UNKNOWN;
	object->since = vrrp_now();
	vrrp_track_uses_init(&object->uses);
	object->patience.expire = on_patience;
	vrrp_alarm_set(&object->patience, object->since + PATIENCE_SEC * VRRP_USEC_PER_SEC);
	vrrp_track_objects_add(&vrrp_track_objects, object);
	methods[key->kind]->begin(object);
	return object;
}

void vrrp_track_object_drop(struct vrrp_track_object *object)
{
	if (methods[object->key.kind]->end)
		methods[object->key.kind]->end(object);
	vrrp_alarm_cancel(&object->patience);
	vrrp_track_objects_del(&vrrp_track_objects, object);
	XFREE(MTYPE_VRRP_TRACK_OBJECT, object);
}

void vrrp_track_look_at(enum vrrp_track_kind kind)
{
	struct vrrp_track_object *object;

	frr_each (vrrp_track_objects, &vrrp_track_objects, object) {
		if (object->key.kind != kind)
			continue;
		if (object->badness == VRRP_BADNESS_UNKNOWN)
			object->why[0] = '\0'; /* what was missing may be there */
		methods[kind]->look(object);
	}
}

static void log_state(const struct vrrp_track_object *object)
{
	char text[VRRP_TRACK_TEXT_SIZE], state[VRRP_TRACK_STATE_SIZE];

	if (vrrp_log_allowed(VRRP_LOG_TRACK))
		zlog_info("vrrp track %s: %s%s%s", vrrp_track_text(&object->key, text),
			  vrrp_track_state(object->badness, state), *object->why ? ", " : "",
			  object->why);
}

void vrrp_track_report(struct vrrp_track_object *object, int badness, const char *why)
{
	bool differs = object->badness != badness;

	if (badness == VRRP_BADNESS_UNKNOWN)
		return;
	vrrp_alarm_cancel(&object->patience);
	strlcpy(object->why, why, sizeof(object->why));
	if (!differs)
		return;
	object->badness = badness;
	object->since = vrrp_now();
	log_state(object);
	tell(object);
}

void vrrp_track_missing(struct vrrp_track_object *object, const char *why)
{
	if (object->badness == VRRP_BADNESS_UNKNOWN)
		strlcpy(object->why, why, sizeof(object->why));
	else
		vrrp_track_report(object, VRRP_BADNESS_DOWN, why);
}
