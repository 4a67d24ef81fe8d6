/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Sentences about a virtual router that "show vrrp", JSON and YANG print: warnings, as long as
 * their cause lasts, and the details of a hold.
 *
 * A file that knows of one registers for the hook and answers from its own state when it is
 * called. Nothing is stored here, so nothing becomes stale.
 */
#ifndef VRRP_WARNING_H
#define VRRP_WARNING_H

#include <zebra.h>

#include "hook.h"

#include "vrrp_group.h"

struct vrrp_sentences {
	char **text; /* darr */
};

/* Collects all warnings about a virtual router: each callee adds its own. */
DECLARE_HOOK(vrrp_warnings, (const struct vrrp_router *router, struct vrrp_sentences *sentences),
	     (router, sentences));

/*
 * Asks for what is known of the router's hold beyond its name: the reason in words, what
 * is waited for, the time left. Called only while there is a hold, for the first.
 */
DECLARE_HOOK(vrrp_hold_details, (const struct vrrp_router *router, struct vrrp_sentences *sentences),
	     (router, sentences));

/* A whole sentence without a full stop at its end; any length. */
void vrrp_sentence_add(struct vrrp_sentences *sentences, const char *format, ...) PRINTFRR(2, 3);

/* The sentences of a hook above; to be freed by vrrp_sentences_free(). */
struct vrrp_sentences vrrp_warnings_of(const struct vrrp_router *router);
struct vrrp_sentences vrrp_hold_details_of(const struct vrrp_router *router);

void vrrp_sentences_free(struct vrrp_sentences *sentences);

#endif /* VRRP_WARNING_H */
