// SPDX-License-Identifier: GPL-2.0-or-later
#include "vrrp_number_file.h"

#include <zebra.h>

#include <ctype.h>
#include <fcntl.h>
#include <sys/stat.h>

/* Enough for the number, and blanks before it. */
#define READ_SIZE 64

/* Reads the first octets; negative errno when there is no such regular file. */
static ssize_t read_start(const char *path, char *text, size_t size)
{
	int fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	struct stat file;
	ssize_t length;

	if (fd < 0)
		return -errno;
	if (fstat(fd, &file) || !S_ISREG(file.st_mode))
		length = -EINVAL;
	else
		length = read(fd, text, size);
	if (length == -1)
		length = -errno;
	close(fd);
	return length;
}

static int number_of(const char *text)
{
	unsigned long value;
	char *end;

	while (isspace((unsigned char)*text))
		text++;
	if (!isdigit((unsigned char)*text))
		return -ERANGE;
	value = strtoul(text, &end, 10);
	if ((*end && !isspace((unsigned char)*end)) || value > VRRP_NUMBER_FILE_MOST)
		return -ERANGE;
	return value;
}

int vrrp_number_file_read(const char *path, const char **why)
{
	char text[READ_SIZE + 1] = "";
	ssize_t length = read_start(path, text, READ_SIZE);
	int number = length < 0 ? length : number_of(text);

	if (number == -ENOENT || number == -ENOTDIR)
		*why = "there is no such file";
	else if (number == -ERANGE)
		*why = "it does not begin with a number from 0 to 254";
	else if (number == -EINVAL)
		*why = "it is not a regular file";
	else if (number == -EACCES)
		*why = "the daemon's user cannot read it";
	else if (number < 0)
		*why = "it cannot be read";
	return number;
}
