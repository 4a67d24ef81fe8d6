# SPDX-License-Identifier: GPL-2.0-or-later
"""VRRP packets, right and wrong, from a host of the topology."""
import socket
import struct

from helpers.events import socket_in

IPPROTO_VRRP = 112
TTL_VRRP = 255


def checksum(data):
    """The Internet checksum."""
    data += b"\0" * (len(data) % 2)
    total = sum(struct.unpack(f"!{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


def advert(source, destination, vrid, priority, addresses, **wrong):
    """
    A VRRPv3 advertisement over IPv4 with the pseudo-header in its checksum.

    wrong overrides version, kind, count, interval_cs and checksum.
    """
    body = b"".join(socket.inet_aton(address) for address in addresses)
    head = struct.pack(
        "!BBBBH",
        wrong.get("version", 3) << 4 | wrong.get("kind", 1),
        vrid,
        priority,
        wrong.get("count", len(addresses)),
        wrong.get("interval_cs", 10),
    )
    length = len(head) + 2 + len(body)
    pseudo = socket.inet_aton(source) + socket.inet_aton(destination)
    pseudo += struct.pack("!BBH", 0, IPPROTO_VRRP, length)
    total = wrong.get("checksum", checksum(pseudo + head + b"\0\0" + body))
    return head + struct.pack("!H", total) + body


def send(node, source, destination, payload, ttl=TTL_VRRP):
    """Sends one IPv4 packet of protocol 112 from a node's namespace."""
    with socket_in(node, socket.AF_INET, socket.SOCK_RAW, IPPROTO_VRRP) as sock:
        sock.setsockopt(socket.IPPROTO_IP, socket.IP_TTL, ttl)
        sock.bind((source, 0))
        sock.sendto(payload, (destination, 0))
