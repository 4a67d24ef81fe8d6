// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * HTTPS: the TLS options that a check offers, and the names of TLS failures.
 *
 * The server decides how much a handshake costs us, within what we offer. Elliptic curves are done
 * in less than a millisecond, Diffie-Hellman with a modulus of the server's choice takes half a
 * second, which would delay advertisements. Servers that support nothing else are rare, and count
 * as down.
 *
 * libcurl puts a sentence of the TLS library into its error buffer. Failures that an operator can
 * cure get a text of ours.
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
	/* of verification, the most exact first */
	{ "does not match", "certificate is for another name" },
	{ "no certificate subject alternative name", "certificate is for another name" },
	{ "expired", "certificate has expired" },
	{ "not activated", "certificate is not valid yet" },
	{ "not yet valid", "certificate is not valid yet" },
	{ "revoked", "certificate is revoked" },
	{ "certificate signer not trusted", "certificate is of another authority" },
	{ "server verification failed", "certificate is of another authority" },
	{ "unexpected TLS packet", "no TLS" },
	{ "unexpected TLS handshake packet", "no TLS" },
	{ "internal error", "TLS: not understood" },
	{ "non-properly terminated", "closed in the TLS handshake" },
	{ "Peer has terminated", "closed in the TLS handshake" },
	/* in TLS 1.3 a server can refuse a client only at the end of the handshake */
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
