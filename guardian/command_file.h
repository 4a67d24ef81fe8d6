/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whether a file may be run as the command of a check. */
#ifndef COMMAND_FILE_H
#define COMMAND_FILE_H

/*
 * NULL: the calling user may run it, and nobody but its owner can write it. Else a short sentence
 * about it, static: "there is no such file".
 */
const char *command_file_fault(const char *path);

#endif /* COMMAND_FILE_H */
