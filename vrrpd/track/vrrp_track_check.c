// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Checks that are configured are in an array; each is tried by a probe as long as it is an object,
 * which means that a group tracks it. A check that is changed is a new probe: the object keeps its
 * state until that has a result. One that is taken back stays until there is silence, since frr-reload
 * takes a line back before it sends it anew.
 */
#include "vrrp_track_private.h"

#include "darr.h"

#include "vrrp_silence.h"
#include "vrrp_vip.h"

struct entry {
	struct vrrp_track_check check;
	bool is_kept; /* no longer configured, but in effect until there is silence */
};

static struct entry *entries; /* darr */

static const struct vrrp_track_check *find(const struct entry *among, const char *name)
{
	const struct entry *entry;

	darr_foreach_p (among, entry)
		if (strmatch(entry->check.name, name))
			return &entry->check;
	return NULL;
}

static void on_report(struct vrrp_probe *probe, bool up, const char *reason, void *arg)
{
	vrrp_track_report(arg, up ? VRRP_BADNESS_NONE : VRRP_BADNESS_DOWN,
			  up && strmatch(reason, "ok") ? "" : reason);
}

static void end(struct vrrp_track_object *object)
{
	if (object->probe)
		vrrp_probe_free(&object->probe);
}

static void look(struct vrrp_track_object *object)
{
	const struct vrrp_track_check *check = find(entries, object->key.name);

	end(object);
	if (check)
		object->probe = vrrp_probe_new(&check->probe, &check->target, check->port,
					       on_report, object);
	else
		vrrp_track_missing(object, "there is no such check");
}

static const struct vrrp_addr *vip(const struct vrrp_track_object *object)
{
	const struct vrrp_track_check *check = find(entries, object->key.name);

	return check && vrrp_vip_group(&check->probe.source) ? &check->probe.source : NULL;
}

static bool is_same(const struct vrrp_track_check *a, const struct vrrp_track_check *b)
{
	return a && b && a->port == b->port && vrrp_addr_same(&a->target, &b->target) &&
	       vrrp_probe_conf_same(&a->probe, &b->probe);
}

static void add(const struct vrrp_track_check *check, bool is_kept)
{
	struct entry *entry = darr_append(entries);

	*entry = (struct entry){ .check = *check, .is_kept = is_kept };
	vrrp_probe_conf_copy(&entry->check.probe, &check->probe);
}

static void drop(struct entry *dropped)
{
	struct entry *entry;

	darr_foreach_p (dropped, entry)
		vrrp_probe_conf_fini(&entry->check.probe);
	darr_free(dropped);
}

/* Has each object follow its check, if that is not as it was. */
static void follow(const struct entry *before)
{
	struct vrrp_track_object *object;

	frr_each (vrrp_track_objects, &vrrp_track_objects, object)
		if (object->key.kind == VRRP_TRACK_CHECK &&
		    !is_same(find(before, object->key.name), find(entries, object->key.name)))
			look(object);
}

static void on_silence(void)
{
	struct entry *before = entries, *entry;

	entries = NULL;
	darr_foreach_p (before, entry)
		if (!entry->is_kept)
			add(&entry->check, false);
	follow(before);
	drop(before);
}

static struct vrrp_silence silence = { .over = on_silence, .is_named = true };

void vrrp_track_checks_configure(const struct vrrp_track_check *checks, unsigned int count)
{
	struct entry *before = entries, *entry;
	bool any_kept = false;

	entries = NULL;
	for (unsigned int i = 0; i < count; i++)
		add(&checks[i], false);
	darr_foreach_p (before, entry)
		if (!find(entries, entry->check.name)) {
			add(&entry->check, true);
			any_kept = true;
		}
	follow(before);
	drop(before);
	if (any_kept)
		vrrp_silence_await(&silence);
}

void vrrp_track_checks_settle_now(void)
{
	vrrp_silence_assume(&silence);
}

void vrrp_track_check_stop(void)
{
	vrrp_silence_cancel(&silence);
	drop(entries);
	entries = NULL;
}

const struct vrrp_track_method vrrp_track_check_method = { .begin = look,
							   .look = look,
							   .end = end,
							   .vip = vip };
