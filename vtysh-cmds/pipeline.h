/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Lines of a file that are sent to vrrpd before it has answered the lines before them.
 *
 * FRR's vtysh waits for the answer to each line of a file, so it and the daemon work in turn. A line
 * that goes to vrrpd alone, and changes nothing in vtysh, need not wait. Answers come in the order
 * of the lines. What vrrpd says is printed as FRR's vtysh prints it, with the number of its line,
 * and before anything that a later line causes: any other line is read only when all are answered.
 */

#ifndef CROSSVIP_PIPELINE_H
#define CROSSVIP_PIPELINE_H

#include "command.h"

/*
 * Reads a line as command_config_read_one_line() does. Returns CMD_SUCCESS for one that has been
 * sent ahead, so that the caller is done with it.
 */
int pipeline_read_line(struct vty *file, const struct cmd_element **command, uint32_t number,
		       int use_daemon);

/*
 * Waits for all answers. Returns the status of the last line that failed, if it was one that had
 * been sent ahead; otherwise result, the status of the file as far as the caller knows it.
 */
int pipeline_finish(int result);

#endif /* CROSSVIP_PIPELINE_H */
