/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Programs of ours beside the daemon. */
#ifndef VRRP_PROGRAM_H
#define VRRP_PROGRAM_H

#include <stddef.h>

/* The path of one of this name, which is in the folder of the daemon. */
void vrrp_program_path(const char *program, char *path, size_t size);

#endif /* VRRP_PROGRAM_H */
