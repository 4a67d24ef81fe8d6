// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The silence of configuration, on libfrr's event loop: who is called when it is there, and in which
 * order.
 */
#include <zebra.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "frrevent.h"

#include "vrrp_daemon.h"
#include "vrrp_silence.h"

struct event_loop *master;

static char called[16]; /* a letter for each call */
static void note_line(void);
static void note_other(void);
static void note_thing(void);

static struct vrrp_silence line = { .over = note_line };
static struct vrrp_silence other = { .over = note_other };
static struct vrrp_silence thing = { .over = note_thing, .is_named = true };
static void (*when_line_settles)(void);

static void note(const char *letter)
{
	strlcat(called, letter, sizeof(called));
}

static void note_line(void)
{
	note("l");
	if (when_line_settles)
		when_line_settles();
}

static void note_other(void)
{
	note("o");
}

static void note_thing(void)
{
	note("t");
}

static void run_until(const char *calls)
{
	struct event event;

	while (strlen(called) < strlen(calls) && event_fetch(master, &event))
		event_call(&event);
	assert_string_equal(called, calls);
}

static int start(void **state)
{
	*called = '\0';
	when_line_settles = NULL;
	master = event_master_create("silence");
	return 0;
}

static int end(void **state)
{
	vrrp_silence_cancel(&line);
	vrrp_silence_cancel(&other);
	vrrp_silence_cancel(&thing);
	event_master_free(master);
	return 0;
}

/* Whichever was taken back first: nobody is to miss what goes together with the line that names it. */
static void lines_settle_before_what_they_name(void **state)
{
	vrrp_silence_await(&thing);
	vrrp_silence_await(&line);
	vrrp_silence_await(&other);
	run_until("lot");
}

static void wait_anew(void)
{
	vrrp_silence_await(&other);
	vrrp_silence_cancel(&thing);
	when_line_settles = NULL;
}

/* One whom another's settling makes wait, waits; one whom it cancels is not called. */
static void settling_begins_and_ends_waits(void **state)
{
	when_line_settles = wait_anew;
	vrrp_silence_await(&line);
	vrrp_silence_await(&other);
	vrrp_silence_await(&thing);
	run_until("l");
	assert_false(thing.since);
	assert_true(other.since);
	run_until("lo");
}

static void it_is_assumed_for_one_alone(void **state)
{
	vrrp_silence_await(&thing);
	vrrp_silence_await(&line);
	vrrp_silence_assume(&thing);
	assert_string_equal(called, "t");
	run_until("tl");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(lines_settle_before_what_they_name, start, end),
		cmocka_unit_test_setup_teardown(settling_begins_and_ends_waits, start, end),
		cmocka_unit_test_setup_teardown(it_is_assumed_for_one_alone, start, end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
