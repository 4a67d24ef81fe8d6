/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * "vrrp metrics file": the metrics in a file, for node_exporter's textfile collector.
 *
 * A thread writes it, so that a disk that hangs delays no advertisement. It writes another file
 * beside it, and renames that, so that nobody reads half of it. A graceful end, and another path,
 * remove the file, so that it is not taken for the present.
 */
#ifndef VRRP_METRICS_FILE_H
#define VRRP_METRICS_FILE_H

/* The configured path may have changed: writes there every ten seconds, and nowhere else. */
void vrrp_metrics_file_follow(void);

/* A sentence about a file that could not be written; NULL: it could, or none is configured. */
const char *vrrp_metrics_file_fault(void);

void vrrp_metrics_file_stop(void);

#endif /* VRRP_METRICS_FILE_H */
