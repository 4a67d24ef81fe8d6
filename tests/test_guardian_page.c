// SPDX-License-Identifier: GPL-2.0-or-later
/* What is written on the guardian's page is read there, whenever the writer is killed. */
#include "guardian_page.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core_test.h"

#define OCTETS_MAX 300

/* What was found on a page: how many records, and a sum over what distinguishes them. */
struct found {
	unsigned int vips, datagrams;
	uint64_t drains; /* of the VIPs */
	uint64_t sizes;	 /* of the datagrams */
	bool is_wrong;	 /* a datagram does not have the octets that one of its size has */
};

static void find_vip(const struct guardian_vip *vip, void *arg)
{
	struct found *found = arg;

	found->vips++;
	found->drains += vip->drain_msec;
	found->is_wrong |= vip->family != AF_INET;
}

static void find_datagram(const struct guardian_datagram *datagram, void *arg)
{
	struct found *found = arg;

	found->datagrams++;
	found->sizes += datagram->size;
	for (unsigned int i = 0; i < datagram->size; i++)
		found->is_wrong |= datagram->octets[i] != (uint8_t)datagram->size;
}

static struct found read_all(int fd)
{
	struct guardian_view view;
	struct found found = {};

	assert_int_equal(guardian_view_open(&view, fd), 0);
	guardian_view_vips(&view, find_vip, &found);
	guardian_view_datagrams(&view, find_datagram, &found);
	guardian_view_close(&view);
	return found;
}

static void put_vip(struct guardian_page *page, uint32_t *place, uint32_t drain_msec)
{
	const struct guardian_vip vip = { .family = AF_INET, .drain_msec = drain_msec };

	assert_int_equal(guardian_page_put_vip(page, place, &vip), 0);
}

/* All its octets are its size, so that a record that is half another one is seen. */
static void put_datagram(struct guardian_page *page, uint32_t *place, uint16_t size)
{
	const struct guardian_datagram head = { .size = size };
	uint8_t octets[OCTETS_MAX];

	memset(octets, size, sizeof(octets));
	assert_int_equal(guardian_page_put_datagram(page, place, &head, octets), 0);
}

static struct guardian_page *new_page(void)
{
	struct guardian_page *page;

	assert_int_equal(guardian_page_new(&page), 0);
	return page;
}

static void test_empty_page_has_nothing(void **state)
{
	struct guardian_page *page = new_page();
	struct found found = read_all(guardian_page_fd(page));

	assert_int_equal(found.vips + found.datagrams, 0);
	guardian_page_free(&page);
}

static void test_records_are_read_as_written(void **state)
{
	struct guardian_page *page = new_page();
	uint32_t vip = 0, datagram = 0;
	struct found found;

	put_vip(page, &vip, 2000);
	put_datagram(page, &datagram, 12);
	assert_int_equal(guardian_page_datagram(page, datagram)->size, 12);
	found = read_all(guardian_page_fd(page));
	assert_int_equal(found.vips, 1);
	assert_int_equal(found.drains, 2000);
	assert_int_equal(found.datagrams, 1);
	assert_int_equal(found.sizes, 12);
	assert_false(found.is_wrong);
	guardian_page_free(&page);
}

static void test_record_is_changed_in_place_or_moves(void **state)
{
	struct guardian_page *page = new_page();
	uint32_t datagram = 0, before;
	struct found found;

	put_datagram(page, &datagram, 12);
	before = datagram;
	put_datagram(page, &datagram, 13);
	assert_int_equal(datagram, before);
	put_datagram(page, &datagram, OCTETS_MAX);
	found = read_all(guardian_page_fd(page));
	assert_int_equal(found.datagrams, 1);
	assert_int_equal(found.sizes, OCTETS_MAX);
	guardian_page_free(&page);
}

static void test_erased_record_is_not_read_and_its_room_is_used_again(void **state)
{
	struct guardian_page *page = new_page();
	uint32_t first = 0, second = 0, third = 0;
	struct found found;

	put_datagram(page, &first, 200);
	put_vip(page, &second, 1);
	guardian_page_erase(page, &first);
	assert_int_equal(first, 0);
	guardian_page_erase(page, &first); /* there is none */
	put_datagram(page, &third, 200);
	assert_true(third < second);
	found = read_all(guardian_page_fd(page));
	assert_int_equal(found.vips, 1);
	assert_int_equal(found.sizes, 200);
	guardian_page_free(&page);
}

static void test_page_grows(void **state)
{
	struct guardian_page *page = new_page();
	static uint32_t vips[5000], datagrams[5000];
	struct found found;

	for (unsigned int i = 0; i < 5000; i++) {
		put_vip(page, &vips[i], 2);
		put_datagram(page, &datagrams[i], 1 + i % OCTETS_MAX);
	}
	for (unsigned int i = 0; i < 5000; i += 2)
		guardian_page_erase(page, &datagrams[i]);
	found = read_all(guardian_page_fd(page));
	assert_int_equal(found.vips, 5000);
	assert_int_equal(found.drains, 10000);
	assert_int_equal(found.datagrams, 2500);
	assert_false(found.is_wrong);
	guardian_page_free(&page);
}

static void test_too_long_a_datagram_is_refused(void **state)
{
	struct guardian_page *page = new_page();
	const struct guardian_datagram head = { .size = UINT16_MAX };
	static uint8_t octets[UINT16_MAX];
	uint32_t place = 0;

	assert_int_equal(guardian_page_put_datagram(page, &place, &head, octets), -EMSGSIZE);
	assert_int_equal(place, 0);
	assert_int_equal(read_all(guardian_page_fd(page)).datagrams, 0);
	guardian_page_free(&page);
}

static void test_file_that_is_no_page_is_refused(void **state)
{
	struct guardian_page *page = new_page();
	struct guardian_view view;
	int empty = open("/dev/null", O_RDONLY);

	assert_int_equal(guardian_view_open(&view, empty), -EPROTO);
	guardian_page_header(page)->magic++;
	assert_int_equal(guardian_view_open(&view, guardian_page_fd(page)), -EPROTO);
	close(empty);
	guardian_page_free(&page);
}

static void test_numbers_beyond_the_page_are_not_followed(void **state)
{
	struct guardian_page *page = new_page();
	uint32_t vip = 0, datagram = 0;
	struct guardian_datagram *written;

	put_vip(page, &vip, 1);
	put_datagram(page, &datagram, 12);
	guardian_page_header(page)->cells = UINT32_MAX;
	assert_int_equal(read_all(guardian_page_fd(page)).datagrams, 1);
	written = (struct guardian_datagram *)guardian_page_datagram(page, datagram);
	written->size = UINT16_MAX;
	assert_int_equal(read_all(guardian_page_fd(page)).datagrams, 0);
	written->cells = UINT8_MAX;
	assert_int_equal(read_all(guardian_page_fd(page)).datagrams, 0);
	guardian_page_free(&page);
}

/* Changes records for ever, each of them in all its lengths. */
static void write_until_killed(struct guardian_page *page)
{
	uint32_t datagrams[8] = {}, vip = 0;

	for (unsigned int i = 0;; i++) {
		put_datagram(page, &datagrams[i % 8], 1 + (i * 7) % OCTETS_MAX);
		put_vip(page, &vip, 5);
		if (i % 5 == 0)
			guardian_page_erase(page, &datagrams[(i + 3) % 8]);
	}
}

static void test_writer_that_is_killed_leaves_whole_records(void **state)
{
	struct guardian_page *page;
	struct found found;
	pid_t writer;

	for (unsigned int kill_usec = 0; kill_usec < 300; kill_usec++) {
		page = new_page();
		writer = fork();
		if (!writer)
			write_until_killed(page);
		usleep(500 + kill_usec);
		kill(writer, SIGKILL);
		waitpid(writer, NULL, 0);
		found = read_all(guardian_page_fd(page));
		assert_false(found.is_wrong);
		assert_true(found.vips <= 1 && found.datagrams <= 8);
		guardian_page_free(&page);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_empty_page_has_nothing),
		cmocka_unit_test(test_records_are_read_as_written),
		cmocka_unit_test(test_record_is_changed_in_place_or_moves),
		cmocka_unit_test(test_erased_record_is_not_read_and_its_room_is_used_again),
		cmocka_unit_test(test_page_grows),
		cmocka_unit_test(test_too_long_a_datagram_is_refused),
		cmocka_unit_test(test_file_that_is_no_page_is_refused),
		cmocka_unit_test(test_numbers_beyond_the_page_are_not_followed),
		cmocka_unit_test(test_writer_that_is_killed_leaves_whole_records),
	};

	return cmocka_run_group_tests_name("guardian_page", tests, NULL, NULL);
}
