// SPDX-License-Identifier: GPL-2.0-or-later
/* Sentences are built on demand and belong to the caller. */
#include "vrrp_warning.h"

#include "lib/darr.h"
#include "memory.h"
#include "printfrr.h"

#include "vrrp_memory.h"

DEFINE_MTYPE_STATIC(VRRPD, VRRP_SENTENCE, "VRRP sentence for show");

DEFINE_HOOK(vrrp_warnings, (const struct vrrp_router *router, struct vrrp_sentences *sentences),
	    (router, sentences));
DEFINE_HOOK(vrrp_hold_details, (const struct vrrp_router *router, struct vrrp_sentences *sentences),
	    (router, sentences));

void vrrp_sentence_add(struct vrrp_sentences *sentences, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	*darr_append(sentences->text) = vasprintfrr(MTYPE_VRRP_SENTENCE, format, args);
	va_end(args);
}

struct vrrp_sentences vrrp_warnings_of(const struct vrrp_router *router)
{
	struct vrrp_sentences sentences = {};

	hook_call(vrrp_warnings, router, &sentences);
	return sentences;
}

struct vrrp_sentences vrrp_hold_details_of(const struct vrrp_router *router)
{
	struct vrrp_sentences sentences = {};

	if (vrrp_hold_first(&router->holds))
		hook_call(vrrp_hold_details, router, &sentences);
	return sentences;
}

void vrrp_sentences_free(struct vrrp_sentences *sentences)
{
	char **text;

	darr_foreach_p (sentences->text, text)
		XFREE(MTYPE_VRRP_SENTENCE, *text);
	darr_free(sentences->text);
}
