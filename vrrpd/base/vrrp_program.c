// SPDX-License-Identifier: GPL-2.0-or-later
#include "vrrp_program.h"

#include <zebra.h>

void vrrp_program_path(const char *program, char *path, size_t size)
{
	ssize_t length = readlink("/proc/self/exe", path, size - 1);
	char *slash;

	path[MAX(length, 0)] = '\0';
	slash = strrchr(path, '/');
	strlcpy(slash ? slash + 1 : path, program, size - (slash ? slash + 1 - path : 0));
}
