/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A list of HTTP statuses as text: "200", "200,204,301-302". */
#ifndef VRRP_STATUS_H
#define VRRP_STATUS_H

#include <stdbool.h>

/* What is wrong with a list, as the end of a sentence that begins with its name; NULL: nothing. */
const char *vrrp_status_fault(const char *list);

/* True when the list, which has no fault, has the status. */
bool vrrp_status_has(const char *list, unsigned int status);

#endif /* VRRP_STATUS_H */
