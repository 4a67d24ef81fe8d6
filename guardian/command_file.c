// SPDX-License-Identifier: GPL-2.0-or-later
#include "command_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <sys/stat.h>
#include <unistd.h>

const char *command_file_fault(const char *path)
{
	struct stat file;

	if (path[0] != '/')
		return "the path must begin with /";
	if (stat(path, &file))
		return errno == ENOENT || errno == ENOTDIR ? "there is no such file"
							   : "the file cannot be looked at";
	if (!S_ISREG(file.st_mode))
		return "this is not a file that can be run";
	if (file.st_mode & (S_IWGRP | S_IWOTH))
		return "others than its owner can write the file";
	if (faccessat(AT_FDCWD, path, X_OK, AT_EACCESS))
		return "vrrpd's user may not run the file";
	return NULL;
}
