/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A file of configuration, read by the daemon itself or sent by vtysh. */
#ifndef VRRP_CONFIG_FILE_H
#define VRRP_CONFIG_FILE_H

/*
 * begins and ends are called when vtysh sends a file. own_ends is called once, when the daemon has read its
 * own file, or has none; libfrr does not tell which. Call this before the daemon reads its own file.
 */
void vrrp_config_file_init(void (*begins)(void), void (*ends)(void), void (*own_ends)(void));

#endif /* VRRP_CONFIG_FILE_H */
