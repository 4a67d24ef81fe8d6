// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * HTTPS: what of TLS is spoken in a check, and what its failures are called.
 *
 * The server decides how much a handshake costs us, within what we offer. Elliptic
 * curves are done in less than a millisecond, Diffie-Hellman with a modulus of the
 * server's choice in half a second, which no advertisement may wait for; servers that speak
 * nothing else are rare, and down.
 *
 * libcurl tells of a failure by a sentence of the TLS library in its error buffer. Those
 * that an operator can do something about get words of ours.
 */
#include "vrrp_probe_private.h"

#include <curl/curl.h>

#define NO_SLOW_KEYS                                                                               \
	"-DHE-RSA:-DHE-DSS:-GROUP-FFDHE2048:-GROUP-FFDHE3072:-GROUP-FFDHE4096:"                    \
	"-GROUP-FFDHE6144:-GROUP-FFDHE8192"

void vrrp_probe_tls_offer(void *easy)
{
	const char *library = curl_version_info(CURLVERSION_NOW)->ssl_version;

	if (library && !strncmp(library, "GnuTLS", strlen("GnuTLS")))
		curl_easy_setopt(easy, CURLOPT_SSL_CIPHER_LIST, NO_SLOW_KEYS);
}

static const struct {
	const char *said; /* part of the library's sentence */
	const char *reason;
} words[] = {
	{ "unexpected TLS packet", "no TLS" },
	{ "unexpected TLS handshake packet", "no TLS" },
	{ "internal error", "TLS: not understood" },
	{ "non-properly terminated", "closed in the TLS handshake" },
	{ "Peer has terminated", "closed in the TLS handshake" },
	/* TLS 1.3 lets a server say so only when all else is done */
	{ "recv error (-12)", "TLS refused at its end: a client certificate may be wanted" },
};

/* The library's own sentence, cut out of libcurl's. */
static void cut_out(const char *said, char text[VRRP_PROBE_REASON_LEN])
{
	const char *failed = strstr(said, "failed: ");
	size_t len;

	snprintf(text, VRRP_PROBE_REASON_LEN, "TLS: %s",
		 failed ? failed + strlen("failed: ") : said);
	len = strlen(text);
	text[strlen("TLS: ")] = tolower((unsigned char)text[strlen("TLS: ")]);
	if (text[len - 1] == '.')
		text[len - 1] = '\0';
}

const char *vrrp_probe_tls_reason(const struct vrrp_probe *probe, const char *said,
				  char text[VRRP_PROBE_REASON_LEN])
{
	for (size_t i = 0; i < array_size(words); i++)
		if (strstr(said, words[i].said))
			return words[i].reason;
	if (strstr(said, "server name"))
		return probe->conf.host ? "TLS: the host name is not known there"
					: "TLS wants a host name: set host";
	if (!*said)
		return "no TLS";
	cut_out(said, text);
	return text;
}
