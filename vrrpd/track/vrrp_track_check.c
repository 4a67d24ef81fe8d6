// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Checks that are configured are in an array; each is tried by a probe as long as it is an object,
 * which means that a group tracks it. A check that is changed is a new probe: the object keeps its
 * state until that has a result.
 */
#include "vrrp_track_private.h"

#include "darr.h"

#include "vrrp_ipvs.h"

static struct vrrp_track_check *configured; /* darr */

static const struct vrrp_track_check *find(const char *name)
{
	const struct vrrp_track_check *check;

	darr_foreach_p (configured, check)
		if (strmatch(check->name, name))
			return check;
	return NULL;
}

static void on_report(struct vrrp_probe *probe, bool up, const char *reason, void *arg)
{
	vrrp_track_report(arg, up ? VRRP_BADNESS_NONE : VRRP_BADNESS_DOWN, up ? "" : reason);
}

static void end(struct vrrp_track_object *object)
{
	if (object->probe)
		vrrp_probe_free(&object->probe);
}

static void look(struct vrrp_track_object *object)
{
	const struct vrrp_track_check *check = find(object->key.name);

	end(object);
	if (check)
		object->probe = vrrp_probe_new(&check->probe, &check->target, check->port,
					       on_report, object);
	else if (object->badness != VRRP_BADNESS_UNKNOWN)
		vrrp_track_report(object, VRRP_BADNESS_DOWN, "there is no such check");
}

static bool is_same(const struct vrrp_track_check *a, const struct vrrp_track_check *b)
{
	return a && b && a->port == b->port && vrrp_addr_same(&a->target, &b->target) &&
	       vrrp_probe_conf_same(&a->probe, &b->probe);
}

static void drop(struct vrrp_track_check *checks)
{
	struct vrrp_track_check *check;

	darr_foreach_p (checks, check) {
		vrrp_probe_string(&check->probe.path, NULL);
		vrrp_probe_string(&check->probe.host, NULL);
	}
	darr_free(checks);
}

/* Has each object follow its check, if that is not as it was. */
static void follow(struct vrrp_track_check *before)
{
	struct vrrp_track_object *object;
	const struct vrrp_track_check *was, *check;

	frr_each (vrrp_track_objects, &vrrp_track_objects, object) {
		if (object->key.kind != VRRP_TRACK_CHECK)
			continue;
		was = NULL;
		darr_foreach_p (before, check)
			if (strmatch(check->name, object->key.name))
				was = check;
		if (!is_same(was, find(object->key.name)))
			look(object);
	}
}

void vrrp_track_checks_configure(const struct vrrp_track_check *checks, unsigned int count)
{
	struct vrrp_track_check *before = configured, *check;

	configured = NULL;
	for (unsigned int i = 0; i < count; i++) {
		check = darr_append(configured);
		*check = checks[i];
		check->probe.path = check->probe.host = NULL;
		vrrp_probe_string(&check->probe.path, checks[i].probe.path);
		vrrp_probe_string(&check->probe.host, checks[i].probe.host);
	}
	follow(before);
	drop(before);
}

void vrrp_track_check_stop(void)
{
	drop(configured);
	configured = NULL;
}

const struct vrrp_track_method vrrp_track_check_method = { .begin = look, .look = look, .end = end };
