/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A file of configuration, read by the daemon itself or sent by vtysh. */
#ifndef VRRP_CONFIG_FILE_H
#define VRRP_CONFIG_FILE_H

/*
 * begins and ends are called when vtysh sends a file; for a file that the daemon reads itself,
 * libfrr reports neither. Call this before the daemon reads its own file.
 */
void vrrp_config_file_init(void (*begins)(void), void (*ends)(void));

#endif /* VRRP_CONFIG_FILE_H */
