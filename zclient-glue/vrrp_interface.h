/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A replacement for libfrr's command "interface".
 */
#ifndef VRRP_INTERFACE_H
#define VRRP_INTERFACE_H

/*
 * Makes "interface" wait for the end of a file that is read, as all other commands do. Call
 * it after if_cmd_init(). A libfrr with another command keeps its own.
 */
void vrrp_interface_init(void);

#endif /* VRRP_INTERFACE_H */
