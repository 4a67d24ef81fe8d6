// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Messages to zebra about a route, and the effects of its reports. The test plays zebra, the links
 * and the event loop: it receives the messages, and reports by note().
 */
#include <zebra.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "vrf.h"

#include "vrrp_debug.h"
#include "vrrp_tick.h"
#include "vrrp_zebra_client.h"
#include "vrrp_zebra_link.h"
#include "vrrp_zebra_route.h"
#include "vrrp_zebra_selected.h"

#define TABLE 112

struct event_loop *master;
struct debug vrrp_debug_zebra;
struct vrrp_zebra_client vrrp_zebra_client = { .table = TABLE, .connected = true };

static struct zclient zebra;
static struct vrf vrf;
static struct interface link_of_vip = { .ifindex = 7, .vrf = &vrf };
static const struct vrrp_zebra_key key = { .vip = { .family = AF_INET,
						    .prefixlen = IPV4_MAX_BITLEN,
						    .u.prefix4 = { .s_addr = 0x0a7100cb } } };

static char told[64]; /* the messages to zebra since the last check */
static int awaited;   /* removals that zebra has yet to confirm */
static enum zapi_route_notify_owner word;

/* ------------------------------------------------- what the file calls */

struct interface *vrrp_zebra_interface(ifindex_t ifindex)
{
	return &link_of_vip;
}

int vrrp_zebra_queue(void)
{
	return 0;
}

void vrrp_tick_soon(void)
{
}

bool vrrp_zebra_is_selected(const struct vrrp_zebra_key *of)
{
	return true;
}

void vrrp_zebra_selected_watch(uint16_t table)
{
}

void vrrp_zebra_selected_withdrawing(void)
{
	awaited++;
}

void vrrp_zebra_selected_withdrawn(void)
{
	awaited--;
}

int __wrap_zapi_route_encode(uint8_t command, struct stream *stream, struct zapi_route *api);
int __wrap_zapi_route_encode(uint8_t command, struct stream *stream, struct zapi_route *api)
{
	assert_int_equal(api->vrf_id, VRF_DEFAULT);
	strlcat(told, command == ZEBRA_ROUTE_ADD ? "add " : "withdraw ", sizeof(told));
	if (api->tableid != TABLE)
		strlcat(told, "elsewhere ", sizeof(told));
	return 0;
}

bool __wrap_zapi_route_notify_decode(struct stream *stream, struct prefix *prefix, uint32_t *table,
				     enum zapi_route_notify_owner *note, afi_t *afi, safi_t *safi);
bool __wrap_zapi_route_notify_decode(struct stream *stream, struct prefix *prefix, uint32_t *table,
				     enum zapi_route_notify_owner *note, afi_t *afi, safi_t *safi)
{
	prefix_copy(prefix, &key.vip);
	*table = TABLE;
	*note = word;
	return true;
}

/* ---------------------------------------------------------------- steps */

/* zebra sends this report. */
static void note(enum zapi_route_notify_owner said)
{
	word = said;
	assert_int_equal(vrrp_zebra_on_route_note(0, &zebra, 0, 0), 0);
}

static void link_is(bool up)
{
	link_of_vip.flags = up ? IFF_UP | IFF_RUNNING : 0;
	vrrp_zebra_route_link_changed(&link_of_vip);
	vrrp_zebra_route_settle();
}

static void add(void)
{
	vrrp_zebra_route_add(&key, link_of_vip.ifindex, 0, 0);
}

/* Plays the next timer of the event loop. */
static void retry(void)
{
	struct event event;

	if (event_fetch(master, &event))
		event_call(&event);
}

static void assert_told(const char *expected)
{
	assert_string_equal(told, expected);
	told[0] = '\0';
}

static int begin(void **state)
{
	master = vrrp_zebra_client.loop = event_master_create("test");
	vrrp_zebra_client.zclient = &zebra;
	told[0] = '\0';
	awaited = 0;
	link_of_vip.flags = IFF_UP | IFF_RUNNING;
	return 0;
}

static int end(void **state)
{
	vrrp_zebra_route_stop();
	event_master_free(master);
	return 0;
}

/* ---------------------------------------------------------------- rules */

static void test_route_is_asked_for_once(void **state)
{
	add();
	vrrp_zebra_route_change(&key, link_of_vip.ifindex, 0, 0);
	assert_told("add ");
	assert_int_equal(vrrp_zebra_word(&key), VRRP_ZEBRA_SILENT);
	note(ZAPI_ROUTE_INSTALLED);
	assert_int_equal(vrrp_zebra_word(&key), VRRP_ZEBRA_SELECTED);
	vrrp_zebra_route_del(&key);
	assert_told("withdraw ");
	assert_int_equal(awaited, 1);
	note(ZAPI_ROUTE_REMOVED);
	assert_int_equal(awaited, 0);
}

static void test_route_is_offered_again_while_zebra_has_it(void **state)
{
	vrrp_zebra_route_offer_again(&key);
	assert_told("");
	add();
	vrrp_zebra_route_offer_again(&key);
	assert_told("add add ");
	link_is(false);
	vrrp_zebra_route_offer_again(&key);
	assert_told("withdraw ");
}

static void test_route_is_with_zebra_while_its_link_is_up(void **state)
{
	add();
	link_is(false);
	assert_told("add withdraw ");
	link_is(true);
	assert_told("add ");
	note(ZAPI_ROUTE_INSTALLED);
	assert_int_equal(vrrp_zebra_word(&key), VRRP_ZEBRA_SELECTED);
}

/* A VRF has a table of its own, and may have the same VIP. */
static void test_same_vip_in_two_tables_is_two_routes(void **state)
{
	struct vrrp_zebra_key elsewhere = key;

	elsewhere.table = TABLE + 1;
	add();
	vrrp_zebra_route_add(&elsewhere, link_of_vip.ifindex, 0, 0);
	assert_told("add add elsewhere ");
	note(ZAPI_ROUTE_INSTALLED);
	assert_int_equal(vrrp_zebra_word(&key), VRRP_ZEBRA_SELECTED);
	assert_int_equal(vrrp_zebra_word(&elsewhere), VRRP_ZEBRA_SILENT);
	vrrp_zebra_route_del(&elsewhere);
	assert_told("withdraw elsewhere ");
	assert_int_equal(vrrp_zebra_word(&key), VRRP_ZEBRA_SELECTED);
}

/* Such as a marker that goes, when a VIP has its address by then. */
static void test_route_of_two_goes_with_the_last(void **state)
{
	add();
	add();
	assert_told("add ");
	assert_int_equal(vrrp_zebra_route_del(&key), 0);
	assert_told("");
	assert_int_equal(vrrp_zebra_route_del(&key), 0);
	assert_told("withdraw ");
	assert_int_equal(vrrp_zebra_route_del(&key), -ENOENT);
}

/* zebra reports the removal of an earlier withdrawal, and has the route again. */
static void test_late_word_does_not_hide_what_zebra_has(void **state)
{
	add();
	link_is(false);
	link_is(true);
	assert_told("add withdraw add ");
	note(ZAPI_ROUTE_REMOVED);
	vrrp_zebra_route_del(&key);
	assert_told("withdraw ");
}

/* zebra keeps an entry for a route that it has removed from the kernel. */
static void test_lost_route_is_withdrawn_when_it_is_given_up(void **state)
{
	add();
	note(ZAPI_ROUTE_INSTALLED);
	note(ZAPI_ROUTE_REMOVED);
	awaited = 0;
	assert_int_equal(vrrp_zebra_word(&key), VRRP_ZEBRA_UNASKED);
	vrrp_zebra_route_del(&key);
	assert_told("add withdraw ");
	/* zebra reports the removal once */
	assert_int_equal(awaited, 0);
}

/* Such as the route that a killed zebra left: leftovers are not removed while a removal is awaited. */
static void test_removal_of_a_shadowed_route_is_not_awaited(void **state)
{
	add();
	note(ZAPI_ROUTE_BETTER_ADMIN_WON);
	vrrp_zebra_route_del(&key);
	assert_told("add withdraw ");
	assert_int_equal(awaited, 0);
}

static void test_removal_is_no_longer_awaited_when_the_route_was_shadowed(void **state)
{
	add();
	vrrp_zebra_route_del(&key);
	assert_int_equal(awaited, 1);
	note(ZAPI_ROUTE_BETTER_ADMIN_WON);
	assert_int_equal(awaited, 0);
}

/* zebra 10.3 drops a route of this type without a word when its next hop is not active just then. */
static void test_route_that_zebra_says_nothing_of_is_told_again(void **state)
{
	add();
	for (int i = 0; i < 3; i++)
		retry();
	assert_told("add add add add ");
	assert_int_equal(vrrp_zebra_word(&key), VRRP_ZEBRA_REFUSED);
	note(ZAPI_ROUTE_INSTALLED);
	assert_int_equal(vrrp_zebra_word(&key), VRRP_ZEBRA_SELECTED);
}

static void test_route_that_zebra_has_is_not_told_again(void **state)
{
	add();
	note(ZAPI_ROUTE_INSTALLED);
	retry();
	assert_told("add ");
}

static void test_lost_route_is_asked_for_again(void **state)
{
	add();
	note(ZAPI_ROUTE_INSTALLED);
	note(ZAPI_ROUTE_REMOVED);
	retry();
	assert_told("add add ");
	assert_int_equal(vrrp_zebra_word(&key), VRRP_ZEBRA_SILENT);
	note(ZAPI_ROUTE_INSTALLED);
	assert_int_equal(vrrp_zebra_word(&key), VRRP_ZEBRA_SELECTED);
}

static void test_lost_route_is_withdrawn_when_its_link_went_down(void **state)
{
	add();
	note(ZAPI_ROUTE_INSTALLED);
	note(ZAPI_ROUTE_REMOVED);
	link_is(false);
	assert_told("add withdraw ");
	link_is(true);
	assert_told("add ");
}

int main(void)
{
#define RULE(name) cmocka_unit_test_setup_teardown(name, begin, end)
	const struct CMUnitTest rules[] = {
		RULE(test_route_is_asked_for_once),
		RULE(test_route_of_two_goes_with_the_last),
		RULE(test_route_is_offered_again_while_zebra_has_it),
		RULE(test_route_is_with_zebra_while_its_link_is_up),
		RULE(test_same_vip_in_two_tables_is_two_routes),
		RULE(test_late_word_does_not_hide_what_zebra_has),
		RULE(test_lost_route_is_withdrawn_when_it_is_given_up),
		RULE(test_removal_of_a_shadowed_route_is_not_awaited),
		RULE(test_removal_is_no_longer_awaited_when_the_route_was_shadowed),
		RULE(test_route_that_zebra_says_nothing_of_is_told_again),
		RULE(test_route_that_zebra_has_is_not_told_again),
		RULE(test_lost_route_is_asked_for_again),
		RULE(test_lost_route_is_withdrawn_when_its_link_went_down),
	};

	return cmocka_run_group_tests(rules, NULL, NULL);
}
