// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The daemon's alarms on libfrr's event loop. Times are compared with each other,
 * or with a bound so wide that only an alarm nobody armed can miss it.
 */
#include <zebra.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "frrevent.h"

#include "vrrp_alarm.h"
#include "vrrp_daemon.h"

#define MSEC 1000ULL
/* An alarm that is later than this counts as forgotten. */
#define FORGOTTEN (3000 * MSEC) /* longer than a busy machine stalls */

struct event_loop *master;

struct probe {
	struct vrrp_alarm alarm;
	unsigned int order; /* 1 = the first to expire; 0 = not yet */
	vrrp_usec_t expired;
	vrrp_usec_t again; /* armed anew after that while expiring; 0 = not */
};

static unsigned int expiries, reads;
static struct probe *put_off; /* by what is read before expiry */

static void on_expiry(struct vrrp_alarm *alarm)
{
	struct probe *probe = container_of(alarm, struct probe, alarm);

	probe->order = ++expiries;
	probe->expired = vrrp_now();
	if (probe->again)
		vrrp_alarm_set(alarm, vrrp_now() + probe->again);
}

static void before_expiry(void)
{
	reads++;
	if (put_off)
		vrrp_alarm_set(&put_off->alarm, vrrp_now() + 10 * MSEC);
	put_off = NULL;
}

static void arm(struct probe *probe, vrrp_usec_t wait)
{
	probe->alarm.expire = on_expiry;
	vrrp_alarm_set(&probe->alarm, vrrp_now() + wait);
}

static void run_until(const struct probe *probe)
{
	struct event event;

	while (!probe->order && event_fetch(master, &event))
		event_call(&event);
}

static int start(void **state)
{
	expiries = reads = 0;
	put_off = NULL;
	master = event_master_create("alarms");
	vrrp_alarm_init(before_expiry);
	return 0;
}

static int end_alarms(void **state)
{
	vrrp_alarm_stop();
	event_master_free(master);
	return 0;
}

static void alarms_expire_in_order_of_deadline_not_of_arming(void **state)
{
	struct probe late = {}, soon = {}, middle = {};

	arm(&late, 30 * MSEC);
	arm(&soon, 5 * MSEC);
	arm(&middle, 15 * MSEC);
	run_until(&late);
	assert_int_equal(soon.order, 1);
	assert_int_equal(middle.order, 2);
	assert_int_equal(late.order, 3);
}

static void an_alarm_never_expires_before_its_deadline(void **state)
{
	vrrp_usec_t begin = vrrp_now();
	struct probe probe = {};

	arm(&probe, 7 * MSEC + 300);
	run_until(&probe);
	assert_true(probe.expired - begin >= 7 * MSEC + 300);
}

static void one_armed_while_others_expire_does_not_hide_the_next(void **state)
{
	struct probe first = { .again = 10 * FORGOTTEN }, second = {};
	vrrp_usec_t begin = vrrp_now();

	arm(&first, 5 * MSEC);
	arm(&second, 8 * MSEC);
	run_until(&second);
	assert_true(second.expired - begin < FORGOTTEN);
	vrrp_alarm_cancel(&first.alarm);
}

static void a_cancelled_alarm_does_not_expire(void **state)
{
	struct probe cancelled = {}, witness = {};

	arm(&cancelled, 5 * MSEC);
	arm(&witness, 10 * MSEC);
	vrrp_alarm_cancel(&cancelled.alarm);
	run_until(&witness);
	assert_int_equal(cancelled.order, 0);
}

static void what_is_read_before_expiry_may_put_it_off(void **state)
{
	struct probe silent = {}, heard = {};

	arm(&silent, 5 * MSEC);
	arm(&heard, 5 * MSEC);
	put_off = &heard;
	run_until(&heard);
	assert_int_equal(silent.order, 1);
	assert_int_equal(heard.order, 2);
	assert_true(heard.expired - silent.expired >= 5 * MSEC);
	assert_true(reads >= 2);
}

static void a_deadline_in_the_past_expires_at_once(void **state)
{
	struct probe past = { .alarm.expire = on_expiry }, later = {};

	arm(&later, 10 * MSEC);
	vrrp_alarm_set(&past.alarm, 1);
	run_until(&later);
	assert_int_equal(past.order, 1);
}

static void alarms_of_a_crowd_expire_together(void **state)
{
	struct probe crowd[200] = {};
	unsigned int spread_usec = 25, rests = array_size(crowd) * spread_usec / 500;

	for (unsigned int i = 0; i < array_size(crowd); i++)
		arm(&crowd[i], 5 * MSEC + i * spread_usec);
	run_until(&crowd[array_size(crowd) - 1]);
	assert_true(reads <= rests + 2);
}

#define test(name) cmocka_unit_test_setup_teardown(name, start, end_alarms)

int main(void)
{
	const struct CMUnitTest tests[] = {
		test(alarms_expire_in_order_of_deadline_not_of_arming),
		test(an_alarm_never_expires_before_its_deadline),
		test(one_armed_while_others_expire_does_not_hide_the_next),
		test(a_cancelled_alarm_does_not_expire),
		test(what_is_read_before_expiry_may_put_it_off),
		test(a_deadline_in_the_past_expires_at_once),
		test(alarms_of_a_crowd_expire_together),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
