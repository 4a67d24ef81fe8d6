// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A kind is a verdict, one of the three things below that an accepted advertisement
 * can show, or one of the two by which it shows that we have too much to do. When it was told last stands in one table for all virtual routers: a
 * thousand that suffer from the same mistake are one line.
 *
 * A notification is built, handed to libfrr and gone. Who listens is libfrr's matter.
 */
#include "vrrp_report.h"

#include "debug.h"
#include "northbound.h"
#include "yang_wrappers.h"

#include "vrrp_log.h"

#define WAIT_MIN (30 * VRRP_USEC_PER_SEC)
#define WAIT_MAX (3600 * VRRP_USEC_PER_SEC)

/* So many advertisements in a row, while we are Active, come from one that stays Active. */
#define RIVAL_STAYS 4

#define MODULE "frr-crossvip"

enum kind {
	KIND_OWNERS = VRRP_VERDICTS,
	KIND_SAME_PRIORITY,
	KIND_RIVAL,
	KIND_LATE,
	KIND_LOST,
	KINDS,
};

static struct {
	vrrp_usec_t told; /* 0 = never */
	vrrp_usec_t wait; /* ... and not again for so long */
	unsigned int untold;
} kinds[KINDS];

/* May it be told now? *untold is how often it was not since it last was. */
static bool is_due(unsigned int kind, unsigned int *untold)
{
	vrrp_usec_t now = vrrp_now();

	if (kinds[kind].told && now - kinds[kind].told < kinds[kind].wait) {
		kinds[kind].untold++;
		return false;
	}
	*untold = kinds[kind].untold;
	kinds[kind].wait = *untold ? MIN(2 * kinds[kind].wait, WAIT_MAX) : WAIT_MIN;
	kinds[kind].told = now;
	kinds[kind].untold = 0;
	return true;
}

/* " (14 more since the last line about it)", or nothing. */
#define MORE_STRLEN 64
static const char *more(unsigned int untold, char buf[MORE_STRLEN])
{
	buf[0] = '\0';
	if (untold)
		snprintf(buf, MORE_STRLEN, " (%u more since the last line about it)", untold);
	return buf;
}

void vrrp_report_clear(void)
{
	memset(kinds, 0, sizeof(kinds));
}

/* -------------------------------------------------------------- notifications */

struct notification {
	const char *name;
	struct list *arguments;
};

/* A thousand transitions at one instant do not wait for what nobody hears. */
static bool somebody_listens(void)
{
	return hook_have_hooks(nb_notification_send) ||
	       hook_have_hooks(nb_notification_tree_send) ||
	       DEBUG_MODE_CHECK(&nb_dbg_notif, DEBUG_MODE_ALL);
}

static struct notification notification_new(const char *name)
{
	return (struct notification){ .name = name, .arguments = yang_data_list_new() };
}

static void add(struct notification *notification, const char *leaf, const char *value)
{
	char xpath[XPATH_MAXLEN];

	snprintf(xpath, sizeof(xpath), "/" MODULE ":%s/%s", notification->name, leaf);
	listnode_add(notification->arguments, yang_data_new_string(xpath, value));
}

static void add_router(struct notification *notification, const struct vrrp_router *router)
{
	char vrid[4];

	snprintf(vrid, sizeof(vrid), "%u", router->group->vrid);
	add(notification, "interface", router->group->ifp->name);
	add(notification, "virtual-router-id", vrid);
	add(notification, "address-family", router->family == VRRP_IPV4 ? "ipv4" : "ipv6");
}

static void notification_send(struct notification *notification)
{
	char xpath[XPATH_MAXLEN];

	snprintf(xpath, sizeof(xpath), "/" MODULE ":%s", notification->name);
	nb_notification_send(xpath, notification->arguments);
}

static void notify_error(const struct vrrp_router *router, const char *src,
			 enum vrrp_verdict verdict)
{
	struct notification notification;
	char identity[64];

	if (!somebody_listens())
		return;
	notification = notification_new(router ? "vrrp-virtual-router-error-event"
					       : "vrrp-protocol-error-event");
	if (router)
		add_router(&notification, router);
	add(&notification, "source-address", src);
	snprintf(identity, sizeof(identity), MODULE ":%s", vrrp_verdicts[verdict].identity);
	add(&notification, router ? "virtual-router-error-reason" : "protocol-error-reason",
	    identity);
	notification_send(&notification);
}

void vrrp_report_active(const struct vrrp_router *router)
{
	struct notification notification;
	char text[VRRP_ADDR_STRLEN];

	if (!somebody_listens())
		return;
	notification = notification_new("vrrp-new-active-event");
	add_router(&notification, router);
	add(&notification, "active-ip-address", vrrp_addr_str(&router->source, text));
	add(&notification, "new-active-reason", vrrp_reason_name(router->fsm.reason));
	notification_send(&notification);
}

/* --------------------------------------------------------------- what is wrong */

/* The text of the verdict table, with the numbers where they tell more. */
#define DETAIL_STRLEN 128
static const char *detail(const struct vrrp_router *router, const struct vrrp_datagram *dgram,
			  enum vrrp_verdict verdict, char buf[DETAIL_STRLEN])
{
	const char *what = dgram->dst.family == VRRP_IPV4 ? "TTL" : "hop limit";

	if (verdict != VRRP_BAD_TTL || !router)
		return vrrp_verdicts[verdict].text;
	if (!vrrp_router_is_unicast(router))
		snprintf(buf, DETAIL_STRLEN, "its %s is %d and must be %d", what, dgram->ttl,
			 VRRP_TTL);
	else
		snprintf(buf, DETAIL_STRLEN,
			 "its %s is %d, and ttl-security hops %u accepts %d and more", what,
			 dgram->ttl, router->group->conf.ttl_hops,
			 VRRP_TTL + 1 - router->group->conf.ttl_hops);
	return buf;
}

void vrrp_report_discard(const struct vrrp_router *router, const struct vrrp_datagram *dgram,
			 enum vrrp_verdict verdict)
{
	char name[VRRP_NAME_STRLEN], src[VRRP_ADDR_STRLEN], rest[MORE_STRLEN];
	char text[DETAIL_STRLEN];
	unsigned int untold;

	if (!is_due(verdict, &untold))
		return;
	vrrp_addr_str(&dgram->src, src);
	zlog_notice("%s: packet from %s discarded: %s%s",
		    router ? vrrp_router_name(router, name) : "vrrp", src,
		    detail(router, dgram, verdict, text), more(untold, rest));
	notify_error(router, src, verdict);
}

static void tell(const struct vrrp_router *router, enum kind kind,
		 const struct vrrp_datagram *dgram, const char *what)
{
	char name[VRRP_NAME_STRLEN], src[VRRP_ADDR_STRLEN], rest[MORE_STRLEN];
	unsigned int untold;

	if (is_due(kind, &untold))
		zlog_notice("%s: %s %s%s", vrrp_router_name(router, name),
			    vrrp_addr_str(&dgram->src, src), what, more(untold, rest));
}

/* Those that were heard long ago were another time's. */
static bool rival_stays(struct vrrp_router *router)
{
	uint32_t now_sec = vrrp_now() / VRRP_USEC_PER_SEC;
	uint32_t patience_sec = 1 + 3 * router->fsm.active_interval / VRRP_USEC_PER_SEC;

	if (now_sec - router->rival_sec > patience_sec)
		router->rivals = 0;
	router->rival_sec = now_sec;
	if (router->rivals < RIVAL_STAYS)
		router->rivals++;
	return router->rivals == RIVAL_STAYS;
}

void vrrp_report_heard(struct vrrp_router *router, const struct vrrp_datagram *dgram,
		       const struct vrrp_advert *advert)
{
	uint8_t priority = router->fsm_config.priority;

	if (advert->priority == priority && priority == VRRP_PRIORITY_OWNER)
		tell(router, KIND_OWNERS, dgram,
		     "is an owner (priority 255) too; there can be one only");
	else if (advert->priority == priority)
		tell(router, KIND_SAME_PRIORITY, dgram,
		     "has our priority; source addresses decide between us");
	if (router->fsm.state != VRRP_ACTIVE)
		router->rivals = 0;
	else if (advert->priority != VRRP_PRIORITY_RELEASE && rival_stays(router))
		tell(router, KIND_RIVAL, dgram,
		     "stays Active beside us: it does not seem to hear us");
}

/* ---------------------------------------------------------------- what is too much */

void vrrp_report_late(const struct vrrp_router *router, vrrp_usec_t late)
{
	char name[VRRP_NAME_STRLEN], rest[MORE_STRLEN];
	unsigned int untold;

	if (is_due(KIND_LATE, &untold))
		zlog_warn("%s: advertises %u ms late, every %u ms: too many groups, or too short intervals, for this machine%s",
			  vrrp_router_name(router, name), (unsigned int)(late / 1000),
			  router->fsm_config.interval_cs * 10, more(untold, rest));
}

void vrrp_report_lost(enum vrrp_family family, uint32_t count)
{
	char rest[MORE_STRLEN];
	unsigned int untold;

	if (is_due(KIND_LOST, &untold))
		zlog_warn("vrrp: %u IPv%u packets came faster than they can be read, and are lost: too many groups, or too short intervals, for this machine%s",
			  count, family, more(untold, rest));
}

/* ----------------------------------------------------------------------- start */

static bool has_identity(const struct lys_module *module, const char *name)
{
	LY_ARRAY_COUNT_TYPE i;

	LY_ARRAY_FOR(module->identities, i)
	if (strmatch(module->identities[i].name, name))
		return true;
	return false;
}

void vrrp_report_init(void)
{
	const struct lys_module *module = ly_ctx_get_module_implemented(ly_native_ctx, MODULE);

	for (unsigned int i = 0; i < VRRP_VERDICTS; i++) {
		if (i == VRRP_ACCEPTED || has_identity(module, vrrp_verdicts[i].identity))
			continue;
		zlog_err(MODULE " has no identity %s", vrrp_verdicts[i].identity);
		exit(1);
	}
}
