/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Marker routes as the YANG model has them: checked. Each returns as the checks of vrrp_nb.h. */
#ifndef VRRP_NB_MARKER_H
#define VRRP_NB_MARKER_H

#include "vrrp_nb.h"

/* Checks a marker, which is in its canonical form: no bit is set behind its length. */
bool vrrp_check_marker(const struct vrrp_scope *scope, const struct prefix *marker, char *reason,
		       size_t size);

/* Checks that the marker is in that form, as the text that was typed has it. */
bool vrrp_check_marker_text(const struct vrrp_scope *scope, const char *text, char *reason,
			    size_t size);

/* Checks that a virtual address is no group's marker. */
bool vrrp_check_vip_is_no_marker(const struct vrrp_scope *scope, const struct vrrp_addr *vip,
				 char *reason, size_t size);

#endif /* VRRP_NB_MARKER_H */
