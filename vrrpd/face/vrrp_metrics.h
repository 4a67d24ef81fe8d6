/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Metrics as Prometheus reads them: what FRR's exporter does not have.
 *
 * They are gathered in turns of the event loop, so that thousands of groups delay no advertisement.
 * A virtual router is as it was in its turn.
 */
#ifndef VRRP_METRICS_H
#define VRRP_METRICS_H

/* Gets the whole text, a darr, which it has to free. */
typedef void (*vrrp_metrics_done)(char *text);

/* Begins to gather, and calls done later; does nothing while it gathers already. */
void vrrp_metrics_gather(vrrp_metrics_done done);

/* Ends it without a call, and frees what was gathered. */
void vrrp_metrics_cancel(void);

#endif /* VRRP_METRICS_H */
