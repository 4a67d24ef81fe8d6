/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A file that says how bad something is: its first number, 0 to 254. Whoever has the matter in hand writes it.
 */
#ifndef VRRP_NUMBER_FILE_H
#define VRRP_NUMBER_FILE_H

#define VRRP_NUMBER_FILE_MOST 254

/*
 * The number that a regular file begins with, after blanks and before a blank or its end. Else
 * negative errno, of open(2) and read(2) or -ERANGE for other text, and *why, a short sentence,
 * which is static. The file is read at once, so it should not be on a network file system.
 */
int vrrp_number_file_read(const char *path, const char **why);

#endif /* VRRP_NUMBER_FILE_H */
