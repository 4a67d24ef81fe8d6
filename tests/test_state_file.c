// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The file of virtual routers that are Active: what is written is read, and what is not whole is
 * not believed, whatever it is.
 */
#include "vrrp_state_file.h"

#include "core_test.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#define N 3

static char directory[64], path[80];

static void fill(struct vrrp_state_table *table)
{
	assert_int_equal(vrrp_state_alloc(table, N), 0);
	for (size_t i = 0; i < N; i++) {
		table->entries[i] = (struct vrrp_state_entry){
			.vrid = i + 1,
			.family = i % 2 ? 6 : 4,
			.priority = 100,
			.version = 3,
			.interval_cs = 100,
			.fingerprint = 7 * i,
		};
		snprintf(table->entries[i].ifname, IFNAMSIZ, "eth%zu", i);
		table->sent[i] = vrrp_state_clock() - i;
	}
}

/* Writes a whole one; returns its size. */
static size_t write_whole(void)
{
	struct vrrp_state_table table;
	struct stat status;
	int file;

	fill(&table);
	assert_int_equal(vrrp_state_write(path, &table, &file), 0);
	vrrp_state_free(&table);
	close(file);
	assert_int_equal(stat(path, &status), 0);
	return status.st_size;
}

static int read_again(void)
{
	struct vrrp_state_table table;
	int error = vrrp_state_read(path, &table);

	if (error) {
		assert_int_equal(table.count, 0);
		assert_null(table.entries);
	}
	vrrp_state_free(&table);
	return error;
}

/* Octets in the file are changed, from this place on. */
static void overwrite(size_t at, const void *octets, size_t size)
{
	int fd = open(path, O_WRONLY);

	assert_true(fd >= 0);
	assert_int_equal(pwrite(fd, octets, size, at), size);
	close(fd);
}

static void test_whole(void **state)
{
	struct vrrp_state_table wrote, read;
	int file;

	fill(&wrote);
	assert_int_equal(vrrp_state_write(path, &wrote, &file), 0);
	wrote.sent[1] += 12345;
	assert_int_equal(vrrp_state_stamp(file, &wrote), 0);
	close(file);
	assert_int_equal(vrrp_state_read(path, &read), 0);
	assert_int_equal(read.count, N);
	assert_memory_equal(read.entries, wrote.entries, N * sizeof(*read.entries));
	assert_memory_equal(read.sent, wrote.sent, N * sizeof(*read.sent));
	vrrp_state_free(&wrote);
	vrrp_state_free(&read);
}

static void test_none_active(void **state)
{
	struct vrrp_state_table table;
	int file;

	assert_int_equal(vrrp_state_alloc(&table, 0), 0);
	assert_int_equal(vrrp_state_write(path, &table, &file), 0);
	assert_int_equal(vrrp_state_stamp(file, &table), 0);
	vrrp_state_free(&table);
	close(file);
	assert_int_equal(read_again(), 0);
}

static void test_a_killed_writer(void **state)
{
	char left[96];
	int fd;

	snprintf(left, sizeof(left), "%s.new", path);
	fd = open(left, O_WRONLY | O_CREAT, 0600);
	assert_true(fd >= 0);
	close(fd);
	write_whole();
	assert_int_equal(read_again(), 0);
	assert_int_equal(access(left, F_OK), -1);
}

static void test_no_file(void **state)
{
	assert_int_equal(read_again(), -ENOENT);
}

static void test_every_length(void **state)
{
	size_t size = write_whole();

	for (size_t length = 0; length < size; length++) {
		write_whole();
		assert_int_equal(truncate(path, length), 0);
		assert_int_equal(read_again(), -EBADMSG);
	}
	write_whole();
	assert_int_equal(truncate(path, size + 1), 0);
	assert_int_equal(read_again(), -EBADMSG);
}

/* All but times, in which any octets are a time. */
static void test_every_bit(void **state)
{
	size_t size = write_whole() - N * sizeof(vrrp_usec_t);
	uint8_t octets[4096], changed;
	int fd = open(path, O_RDONLY);

	assert_int_equal(read(fd, octets, size), size);
	close(fd);
	for (size_t bit = 0; bit < 8 * size; bit++) {
		changed = octets[bit / 8] ^ (1 << bit % 8);
		overwrite(bit / 8, &changed, 1);
		assert_int_not_equal(read_again(), 0);
		overwrite(bit / 8, &octets[bit / 8], 1);
	}
	assert_int_equal(read_again(), 0);
}

/* Somebody else's line, at the place of ours. */
static void test_line(void **state)
{
	static const struct {
		const char *from, *to;
		int error;
	} rows[] = {
		{ "format 1", "format 2", -EPROTO },
		{ "format 1, ", "format 12,", -EPROTO },
		{ "boot ", "boot x", -ESTALE },
		{ "netns ", "netns x", -ESTALE },
		{ "frr-crossvip", "frr-crosswip", -EBADMSG },
	};
	char line[160];
	int fd;

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		write_whole();
		fd = open(path, O_RDONLY);
		assert_int_equal(read(fd, line, sizeof(line)), sizeof(line));
		close(fd);
		overwrite(strstr(line, rows[i].from) - line, rows[i].to, strlen(rows[i].to));
		assert_int_equal(read_again(), rows[i].error);
	}
}

static void test_no_regular_file(void **state)
{
	assert_int_equal(symlink("/dev/zero", path), 0);
	assert_int_equal(read_again(), -ELOOP);
	assert_int_equal(unlink(path), 0);
	assert_int_equal(mkfifo(path, 0600), 0);
	assert_int_equal(read_again(), -EBADMSG);
	assert_int_equal(unlink(path), 0);
	assert_int_equal(mkdir(path, 0700), 0);
	assert_int_equal(read_again(), -EBADMSG);
	assert_int_equal(rmdir(path), 0);
}

/* Octets of no sense: 20,000 files, some with our line before. */
static void test_garbage(void **state)
{
	size_t size = write_whole(), from;
	uint8_t octets[1024];

	srand(1);
	for (int i = 0; i < 20000; i++) {
		from = i % 2 ? 0 : 160;
		for (size_t j = 0; j < size; j++)
			octets[j] = rand();
		overwrite(from, octets, size - from);
		assert_int_equal(read_again(), -EBADMSG);
		if (from == 0)
			write_whole();
	}
}

static void test_cannot_be_written(void **state)
{
	struct vrrp_state_table table;
	char nowhere[96];
	int file;

	fill(&table);
	snprintf(nowhere, sizeof(nowhere), "%s/none/state", directory);
	assert_int_equal(vrrp_state_write(nowhere, &table, &file), -ENOENT);
	assert_int_equal(file, -1);
	assert_int_equal(mkdir(path, 0700), 0);
	assert_int_equal(vrrp_state_write(path, &table, &file), -EISDIR);
	assert_int_equal(file, -1);
	assert_int_equal(rmdir(path), 0);
	vrrp_state_free(&table);
}

static int empty_directory(void **state)
{
	(void)unlink(path);
	return 0;
}

int main(void)
{
	int failed;

	snprintf(directory, sizeof(directory), "/tmp/state-file-XXXXXX");
	if (!mkdtemp(directory))
		return 1;
	snprintf(path, sizeof(path), "%s/state", directory);
	add_test("what is written is read, with the times of the last stamp", test_whole, NULL);
	add_test("that none is Active is written, too", test_none_active, NULL);
	add_test("what a killed writer left is in nobody's way", test_a_killed_writer, NULL);
	add_test("there is no file", test_no_file, NULL);
	add_test("a file of any other length is not believed", test_every_length, NULL);
	add_test("nor is one with any bit changed", test_every_bit, NULL);
	add_test("another format, boot, namespace or program is told apart", test_line, NULL);
	add_test("a symbolic link, a pipe, a directory", test_no_regular_file, NULL);
	add_test("garbage", test_garbage, NULL);
	add_test("a file that cannot be written", test_cannot_be_written, NULL);
	for (size_t i = 0; i < n_core_tests; i++)
		core_tests[i].setup_func = empty_directory;
	failed = run_added_tests("state file");
	(void)empty_directory(NULL);
	(void)rmdir(directory);
	return failed;
}
