/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The command "interface", which libfrr has.
 */
#ifndef VRRP_INTERFACE_H
#define VRRP_INTERFACE_H

/*
 * Lets "interface" wait for the end of the file that is read, as all other commands do.
 * After if_cmd_init(). A libfrr whose command is another one keeps it.
 */
void vrrp_interface_init(void);

#endif /* VRRP_INTERFACE_H */
