// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A use is a line of a group: it has an object, its own delays, and the badness that counts after
 * them. The group owns it, from the line to the silence after its removal.
 */
#include "vrrp_track_private.h"

#include "darr.h"
#include "frrevent.h"
#include "memory.h"

#include "vrrp_daemon.h"
#include "vrrp_memory.h"
#include "vrrp_silence.h"
#include "vrrp_warning.h"

DEFINE_MTYPE_STATIC(VRRPD, VRRP_TRACK_USE, "VRRP tracked object of a group");

static void (*tell)(struct vrrp_group *group);
static struct event *t_tell, *t_renamed;

/* ------------------------------------------------------------------------ telling */

static void on_tell(struct event *event)
{
	struct vrrp_group *group;

	frr_each (vrrp_groups, &vrrp_groups, group)
		if (group->tracking.is_marked) {
			group->tracking.is_marked = false;
			tell(group);
		}
}

/* Not at once: the engine may begin and end watches of zebra's routes, and we may be in one. */
static void mark(struct vrrp_group *group)
{
	group->tracking.is_marked = true;
	event_add_event(master, on_tell, NULL, 0, &t_tell);
}

static unsigned int penalty_of(const struct vrrp_track_use *use)
{
	int badness = use->damped.counts;

	if (badness == VRRP_BADNESS_DOWN)
		return use->conf.decrement;
	return badness == VRRP_BADNESS_UNKNOWN ? 0 : badness;
}

static bool use_holds(const struct vrrp_track_use *use)
{
	return use->damped.counts == VRRP_BADNESS_DOWN && !use->conf.decrement;
}

static void sum_up(struct vrrp_group *group)
{
	struct vrrp_tracking *tracking = &group->tracking, before = *tracking;
	unsigned int i;

	tracking->penalty = 0;
	tracking->holds = tracking->is_unknown = false;
	darr_foreach_i (tracking->uses, i) {
		tracking->penalty += penalty_of(tracking->uses[i]);
		tracking->holds |= use_holds(tracking->uses[i]);
		tracking->is_unknown |= tracking->uses[i]->damped.counts == VRRP_BADNESS_UNKNOWN;
	}
	if (before.penalty != tracking->penalty || before.holds != tracking->holds ||
	    before.is_unknown != tracking->is_unknown)
		mark(group);
}

/* ------------------------------------------------------------------------ uses */

static void follow(struct vrrp_track_use *use)
{
	vrrp_damped_follow(&use->damped, use->object->badness, vrrp_now(), use->conf.up_sec,
			   use->conf.down_sec);
	if (use->damped.due)
		vrrp_alarm_set(&use->alarm, use->damped.due);
	else
		vrrp_alarm_cancel(&use->alarm);
	sum_up(use->group);
}

static void on_due(struct vrrp_alarm *alarm)
{
	struct vrrp_track_use *use = container_of(alarm, struct vrrp_track_use, alarm);

	vrrp_damped_expire(&use->damped, vrrp_now());
	follow(use);
}

static void tell_users(struct vrrp_track_object *object)
{
	struct vrrp_track_use *use;

	frr_each (vrrp_track_uses, &object->uses, use)
		follow(use);
}

static struct vrrp_track_use *find(const struct vrrp_group *group, const struct vrrp_track_key *key)
{
	unsigned int i;

	darr_foreach_i (group->tracking.uses, i)
		if (!vrrp_track_key_cmp(&group->tracking.uses[i]->conf.key, key))
			return group->tracking.uses[i];
	return NULL;
}

static void use_begin(struct vrrp_group *group, const struct vrrp_track_conf *conf)
{
	struct vrrp_track_use *use = find(group, &conf->key);

	if (!use) {
		use = XCALLOC(MTYPE_VRRP_TRACK_USE, sizeof(*use));
		use->group = group;
		use->damped.counts = use->damped.next = VRRP_BADNESS_UNKNOWN;
		use->alarm.expire = on_due;
		use->object = vrrp_track_object_get(&conf->key);
		vrrp_track_uses_add_tail(&use->object->uses, use);
		*darr_append(group->tracking.uses) = use;
	}
	use->conf = *conf;
	use->is_kept = false;
	follow(use);
}

static void use_end(struct vrrp_track_use *use)
{
	vrrp_alarm_cancel(&use->alarm);
	vrrp_track_uses_del(&use->object->uses, use);
	if (!vrrp_track_uses_count(&use->object->uses))
		vrrp_track_object_drop(use->object);
	XFREE(MTYPE_VRRP_TRACK_USE, use);
}

static void drop_kept(struct vrrp_group *group)
{
	struct vrrp_tracking *tracking = &group->tracking;

	for (unsigned int i = darr_len(tracking->uses); i-- > 0;)
		if (tracking->uses[i]->is_kept) {
			use_end(tracking->uses[i]);
			darr_remove(tracking->uses, i);
		}
	sum_up(group);
}

static void on_silence(void)
{
	struct vrrp_group *group;

	frr_each (vrrp_groups, &vrrp_groups, group)
		drop_kept(group);
}

static struct vrrp_silence silence = { .over = on_silence };

void vrrp_track_configure(struct vrrp_group *group, const struct vrrp_track_conf *confs,
			  unsigned int count)
{
	struct vrrp_tracking *tracking = &group->tracking;
	bool any_kept = false;
	unsigned int i;

	darr_foreach_i (tracking->uses, i)
		tracking->uses[i]->is_kept = true;
	for (i = 0; i < count; i++)
		use_begin(group, &confs[i]);
	darr_foreach_i (tracking->uses, i)
		any_kept |= tracking->uses[i]->is_kept;
	if (any_kept)
		vrrp_silence_await(&silence);
}

void vrrp_track_forget(struct vrrp_group *group)
{
	unsigned int i;

	darr_foreach_i (group->tracking.uses, i)
		use_end(group->tracking.uses[i]);
	darr_free(group->tracking.uses);
}

static void look_for_renamed(struct event *event)
{
	vrrp_track_look_at(VRRP_TRACK_INTERFACE);
}

void vrrp_track_on_link(const char *ifname)
{
	struct vrrp_track_object ref = { .key = { .kind = VRRP_TRACK_INTERFACE } }, *object;

	strlcpy(ref.key.name, ifname, sizeof(ref.key.name));
	object = vrrp_track_objects_find(&vrrp_track_objects, &ref);
	if (object)
		vrrp_track_interface_method.look(object);
	event_add_timer(master, look_for_renamed, NULL, 1, &t_renamed); /* for all of a storm */
	vrrp_track_look_at(VRRP_TRACK_ROUTE);
}

/* ------------------------------------------------------------------------ for show */

static unsigned int count_kept(const struct vrrp_track_object *object)
{
	const struct vrrp_track_use *use;
	unsigned int kept = 0;

	frr_each (vrrp_track_uses_const, &object->uses, use)
		kept += use->is_kept;
	return kept;
}

void vrrp_track_walk(vrrp_track_fn fn, void *arg)
{
	struct vrrp_track_object *object;

	frr_each (vrrp_track_objects, &vrrp_track_objects, object) {
		struct vrrp_track_status status = {
			.key = &object->key,
			.badness = object->badness,
			.why = object->why,
			.since = object->since,
			.users = vrrp_track_uses_count(&object->uses),
			.leave = count_kept(object),
		};

		fn(&status, arg);
	}
}

void vrrp_track_walk_group(const struct vrrp_group *group, vrrp_track_part_fn fn, void *arg)
{
	vrrp_usec_t now = vrrp_now();
	unsigned int i;

	darr_foreach_i (group->tracking.uses, i) {
		const struct vrrp_track_use *use = group->tracking.uses[i];
		struct vrrp_track_part part = {
			.conf = &use->conf,
			.badness = use->damped.counts,
			.penalty = penalty_of(use),
			.holds = use_holds(use),
			.due_msec = use->damped.due > now ? (use->damped.due - now) / 1000 : 0,
		};

		fn(&part, arg);
	}
}

static void explain(const struct vrrp_track_use *use, struct vrrp_sentences *sentences)
{
	char text[VRRP_TRACK_TEXT_SIZE];

	vrrp_track_text(&use->conf.key, text);
	if (use->damped.counts == VRRP_BADNESS_UNKNOWN)
		vrrp_sentence_add(sentences, "nothing is known yet of %s%s%s", text,
				  *use->object->why ? ": " : "", use->object->why);
	else if (use_holds(use))
		vrrp_sentence_add(sentences, "%s is down%s%s", text, *use->object->why ? ": " : "",
				  use->object->why);
}

static int on_hold_details(const struct vrrp_router *router, struct vrrp_sentences *sentences)
{
	const struct vrrp_tracking *tracking = &router->group->tracking;
	unsigned int i;

	if (vrrp_hold_first(&router->holds) == VRRP_HOLD_TRACKING)
		darr_foreach_i (tracking->uses, i)
			explain(tracking->uses[i], sentences);
	return 0;
}

static const struct vrrp_track_method *const methods[VRRP_TRACK_KINDS] = {
	[VRRP_TRACK_INTERFACE] = &vrrp_track_interface_method,
	[VRRP_TRACK_ROUTE] = &vrrp_track_route_method,
	[VRRP_TRACK_FILE] = &vrrp_track_file_method,
	[VRRP_TRACK_CHECK] = &vrrp_track_check_method,
	[VRRP_TRACK_SERVICE] = &vrrp_track_service_method,
};

static int on_warnings(const struct vrrp_router *router, struct vrrp_sentences *warnings)
{
	const struct vrrp_tracking *tracking = &router->group->tracking;
	char text[VRRP_TRACK_TEXT_SIZE], address[VRRP_ADDR_STRLEN];
	const struct vrrp_addr *vip;
	unsigned int i;

	darr_foreach_i (tracking->uses, i) {
		const struct vrrp_track_object *object = tracking->uses[i]->object;
		const struct vrrp_track_method *method = methods[object->key.kind];

		vip = method->vip ? method->vip(object) : NULL;
		if (vip)
			vrrp_sentence_add(warnings,
					  "tracks %s, which is looked at from the virtual address %s: it is down wherever that is not",
					  vrrp_track_text(&object->key, text),
					  vrrp_addr_str(vip, address));
	}
	return 0;
}

void vrrp_track_init(void (*changed)(struct vrrp_group *group))
{
	tell = changed;
	vrrp_track_objects_start(methods, tell_users);
	hook_register(vrrp_hold_details, on_hold_details);
	hook_register(vrrp_warnings, on_warnings);
	vrrp_track_service_init();
}

void vrrp_track_stop(void)
{
	vrrp_silence_cancel(&silence);
	event_cancel(&t_tell);
	event_cancel(&t_renamed);
	vrrp_track_file_stop();
	vrrp_track_check_stop();
	vrrp_probe_stop(); /* those of services have gone before */
}
