# SPDX-License-Identifier: GPL-2.0-or-later
"""Signed advertisements, right and wrong: draft-cassen-vrrp-auth-hmac, by Python's own HMAC."""
import hashlib
import hmac
import struct
import time

from helpers.packet import VRRP_HEADER, octets

TRAILER = 28
DIGEST = 16


def stamp_of(seconds):
    """The 64 bits of a time in seconds of UTC."""
    whole = int(seconds)
    return whole << 32 | int((seconds - whole) * 65536) << 16


def signed(payload, source, secret, **wrong):
    """
    An IPv4 advertisement of helpers.packet with its trailer.

    wrong overrides key (its ID), stamp, and kind of trailer.
    """
    stamp = wrong.get("stamp", stamp_of(time.time()))
    head = struct.pack("!BBHQ", wrong.get("kind", 1), wrong.get("key", 1), 0, stamp)
    bound = bytes([4, payload[0] >> 4, payload[1], 0]) + octets(source).ljust(16, b"\0")
    covered = payload[:6] + b"\0\0" + payload[VRRP_HEADER:] + head + bytes(DIGEST)
    digest = hmac.new(secret.encode(), bound + covered, hashlib.sha256).digest()
    return payload + head + digest[:DIGEST]


def has_good_trailer(payload, source, secret):
    """Is it an IPv4 advertisement that was signed with this secret?"""
    plain, trailer = payload[:-TRAILER], payload[-TRAILER:]
    kind, key, _, stamp = struct.unpack("!BBHQ", trailer[:-DIGEST])
    return payload == signed(plain, source, secret, kind=kind, key=key, stamp=stamp)
