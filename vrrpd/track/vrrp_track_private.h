/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Objects, for the vrrp_track*.c files only. */
#ifndef VRRP_TRACK_PRIVATE_H
#define VRRP_TRACK_PRIVATE_H

#include "typesafe.h"

#include "vrrp_alarm.h"
#include "vrrp_badness.h"
#include "vrrp_nht.h"
#include "vrrp_track.h"

#define VRRP_TRACK_WHY_SIZE 128

PREDECL_RBTREE_UNIQ(vrrp_track_objects);
PREDECL_DLIST(vrrp_track_uses);

/* A name of a file's path, in a directory that inotify watches. */
struct vrrp_track_lookup {
	int watch;
	char name[NAME_MAX + 1];
};

/* A tracked object: from its first use to the end of the last. */
struct vrrp_track_object {
	struct vrrp_track_objects_item item;
	struct vrrp_track_key key;
	struct vrrp_track_uses_head uses;
	int badness;
	char why[VRRP_TRACK_WHY_SIZE];
	vrrp_usec_t since;
	struct vrrp_alarm patience; /* pending while it is unknown: then it is down */

	/* its kind's */
	struct vrrp_nht_watch nht;	   /* of a route */
	vrf_id_t vrf_id;		   /* ... in this VRF */
	struct vrrp_probe *probe;	   /* of a check; NULL: it is not configured */
	struct vrrp_track_lookup *lookups; /* darr: of a file */
};

/* A line of a group: vrrp_track.c's. */
struct vrrp_track_use {
	struct vrrp_track_uses_item item;
	struct vrrp_track_object *object;
	struct vrrp_group *group;
	struct vrrp_track_conf conf;
	struct vrrp_damped damped;
	struct vrrp_alarm alarm; /* pending while a change waits for its delay */
	bool is_kept;		 /* no longer configured, but in effect until there is silence */
};

DECLARE_DLIST(vrrp_track_uses, struct vrrp_track_use, item);

/* What a kind does with its objects. Each reports by vrrp_track_report(). */
struct vrrp_track_method {
	/* Begins to watch, and looks for the first time. */
	void (*begin)(struct vrrp_track_object *object);
	/* Looks again, since something outside may have changed. */
	void (*look)(struct vrrp_track_object *object);
	void (*end)(struct vrrp_track_object *object); /* NULL: nothing to do */
	/* A virtual address that one of its checks is made from; NULL: none is. NULL: it has no checks. */
	const struct vrrp_addr *(*vip)(const struct vrrp_track_object *object);
};

extern const struct vrrp_track_method vrrp_track_interface_method, vrrp_track_route_method,
	vrrp_track_file_method, vrrp_track_check_method, vrrp_track_service_method;

int vrrp_track_key_cmp(const struct vrrp_track_key *a, const struct vrrp_track_key *b);

extern struct vrrp_track_objects_head vrrp_track_objects;
int vrrp_track_object_cmp(const struct vrrp_track_object *a, const struct vrrp_track_object *b);
DECLARE_RBTREE_UNIQ(vrrp_track_objects, struct vrrp_track_object, item, vrrp_track_object_cmp);

/* Looks at all objects of a kind again. */
void vrrp_track_look_at(enum vrrp_track_kind kind);

/* The object of this key, which is made if there is none. */
struct vrrp_track_object *vrrp_track_object_get(const struct vrrp_track_key *key);
/* Frees an object that nobody uses. */
void vrrp_track_object_drop(struct vrrp_track_object *object);

/* The object is as bad as this. why: "" when there is nothing to say. */
void vrrp_track_report(struct vrrp_track_object *object, int badness, const char *why);
/* The object does not exist: it is down, or still unknown, since it may come with the next lines. */
void vrrp_track_missing(struct vrrp_track_object *object, const char *why);

/*
 * Before all else: the methods of all kinds, by kind. changed is called when the badness of an object
 * has.
 */
void vrrp_track_objects_start(const struct vrrp_track_method *const *of_kinds,
			      void (*changed)(struct vrrp_track_object *object));

/* The file kind's inotify, opened when it is first needed. */
void vrrp_track_file_stop(void);
void vrrp_track_check_stop(void);
void vrrp_track_service_init(void);

#endif /* VRRP_TRACK_PRIVATE_H */
