/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Notifications of our YANG module, frr-crossvip, as libfrr and libyang have them. */
#ifndef VRRP_NOTIFICATION_H
#define VRRP_NOTIFICATION_H

#include <zebra.h>

/* From vrrp_notification_new() to vrrp_notification_send(), which frees what it holds. */
struct vrrp_notification {
	const char *name; /* the caller's */
	struct list *arguments;
};

/* True when there are listeners. Else build none: many transitions at once must not wait for it. */
bool vrrp_notification_is_heard(void);

struct vrrp_notification vrrp_notification_new(const char *name);
void vrrp_notification_add(struct vrrp_notification *notification, const char *leaf,
			   const char *value);

/* The value is an identity of our module. */
void vrrp_notification_add_identity(struct vrrp_notification *notification, const char *leaf,
				    const char *identity);
void vrrp_notification_send(struct vrrp_notification *notification);

bool vrrp_notification_has_identity(const char *identity);

#endif /* VRRP_NOTIFICATION_H */
