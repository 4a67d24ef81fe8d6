// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A question by UDP: good is an answer without an error that has a record of the type asked for, or an
 * alias. One that is cut, since it is too long for a datagram, is good as well.
 *
 * Messages are made and read by libresolv, which knows no socket of ours and is told of no server.
 */
#include "vrrp_probe_private.h"

#include <arpa/nameser.h>
#include <resolv.h>

#define NOT_DNS "answer is not DNS"

static const char *rcode_name(int rcode)
{
	static const char *const names[] = {
		[ns_r_formerr] = "FORMERR",   [ns_r_servfail] = "SERVFAIL",
		[ns_r_nxdomain] = "NXDOMAIN", [ns_r_notimpl] = "NOTIMP",
		[ns_r_refused] = "REFUSED",
	};

	return (size_t)rcode < array_size(names) && names[rcode] ? names[rcode] : "an error";
}

/* Names are compared without a dot at their end; that of the root is nothing else. */
static bool is_same_name(const char *a, const char *b)
{
	size_t length = strlen(a);

	if (length > 1 && a[length - 1] == '.')
		length--;
	return strlen(b) == length && !strncasecmp(a, b, length);
}

static bool is_of_question(const struct vrrp_probe *probe, ns_msg *message)
{
	ns_rr question;

	return ns_msg_id(*message) == probe->question && ns_msg_count(*message, ns_s_qd) == 1 &&
	       !ns_parserr(message, ns_s_qd, 0, &question) &&
	       ns_rr_type(question) == probe->conf.record_type &&
	       is_same_name(probe->conf.query, ns_rr_name(question));
}

/* Each record takes octets of the datagram, so there are not many. NULL: there is one. */
static const char *why_no_record(const struct vrrp_probe *probe, ns_msg *message)
{
	ns_rr record;

	for (unsigned int i = 0; i < ns_msg_count(*message, ns_s_an); i++) {
		if (ns_parserr(message, ns_s_an, i, &record))
			return NOT_DNS;
		if (ns_rr_type(record) == probe->conf.record_type ||
		    ns_rr_type(record) == ns_t_cname)
			return NULL;
	}
	return "no such record";
}

static void heard(struct vrrp_probe *probe, const uint8_t *answer, size_t len)
{
	const char *why = NULL;
	ns_msg message;
	int rcode;

	if (ns_initparse(answer, len, &message) || !ns_msg_getflag(message, ns_f_qr)) {
		vrrp_probe_result(probe, false, NOT_DNS);
		return;
	}
	rcode = ns_msg_getflag(message, ns_f_rcode);
	if (rcode && ns_msg_id(message) == probe->question) {
		vrrp_probe_result(probe, false, "answer is %s", rcode_name(rcode));
		return;
	}
	if (!is_of_question(probe, &message))
		why = "answer to another question";
	else if (!ns_msg_getflag(message, ns_f_tc))
		why = why_no_record(probe, &message);
	vrrp_probe_result(probe, !why, "%s", why ? why : "ok");
}

static void dns_begin(struct vrrp_probe *probe)
{
	struct __res_state options = { .options = RES_INIT | RES_RECURSE };
	uint8_t question[NS_PACKETSZ];
	int len = res_nmkquery(&options, ns_o_query, probe->conf.query, ns_c_in,
			       probe->conf.record_type, NULL, 0, NULL, question, sizeof(question));

	if (len < 0) {
		vrrp_probe_error(probe, ENOMEM);
		return;
	}
	probe->question = ns_get16(question);
	vrrp_probe_ask(probe, question, len, heard);
}

const struct vrrp_probe_method vrrp_probe_dns = {
	.takes_descriptor = true,
	.begin = dns_begin,
	.end = vrrp_probe_close,
};
