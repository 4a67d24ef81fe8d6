# SPDX-License-Identifier: GPL-2.0-or-later
"""VRRP packets, right and wrong, from a host of the topology."""
import ipaddress
import socket
import struct

from helpers.listen import socket_in

IPPROTO_VRRP = 112
TTL_VRRP = 255
VRRP_HEADER = 8
VRRP_AUTH_V2 = 8
CS_PER_SEC = 100


def checksum(data):
    """The Internet checksum."""
    data += b"\0" * (len(data) % 2)
    total = sum(struct.unpack(f"!{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


def octets(address):
    """An address of either family as octets."""
    return ipaddress.ip_address(address).packed


def pseudo_header(source, destination, length):
    """That of either family."""
    ends = octets(source) + octets(destination)
    if ":" in source:
        return ends + struct.pack("!IHBB", length, 0, 0, IPPROTO_VRRP)
    return ends + struct.pack("!BBH", 0, IPPROTO_VRRP, length)


def advert(source, destination, vrid, priority, addresses, **wrong):
    """
    An advertisement, of version 3 and with the pseudo-header in its checksum.

    wrong overrides version, kind, count, interval_cs, auth (version 2) and checksum.
    """
    version = wrong.get("version", 3)
    interval_cs = wrong.get("interval_cs", 10)
    timing = struct.pack("!H", interval_cs)
    body = b"".join(octets(address) for address in addresses)
    pseudo = b""
    if version == 2:
        timing = bytes([wrong.get("auth", 0), interval_cs // CS_PER_SEC])
        body += bytes(VRRP_AUTH_V2)
    else:
        pseudo = pseudo_header(source, destination, VRRP_HEADER + len(body))
    head = struct.pack(
        "!BBBB2s",
        version << 4 | wrong.get("kind", 1),
        vrid,
        priority,
        wrong.get("count", len(addresses)),
        timing,
    )
    total = wrong.get("checksum", checksum(pseudo + head + b"\0\0" + body))
    return head + struct.pack("!H", total) + body


def send(node, source, destination, payload, ttl=TTL_VRRP, ifname=None):
    """
    Sends one packet of protocol 112 from a node's namespace.

    ifname is where multicast and link-local packets go out.
    """
    family = socket.AF_INET6 if ":" in source else socket.AF_INET
    with socket_in(node, family, socket.SOCK_RAW, IPPROTO_VRRP) as sock:
        if ifname:
            device = ifname.encode() + b"\0"
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_BINDTODEVICE, device)
        for option in _ttl_options(family):
            sock.setsockopt(*option, ttl)
        sock.bind((source, 0))
        sock.sendto(payload, (destination, 0))


def _ttl_options(family):
    if family == socket.AF_INET6:
        return (
            (socket.IPPROTO_IPV6, socket.IPV6_UNICAST_HOPS),
            (socket.IPPROTO_IPV6, socket.IPV6_MULTICAST_HOPS),
        )
    return (
        (socket.IPPROTO_IP, socket.IP_TTL),
        (socket.IPPROTO_IP, socket.IP_MULTICAST_TTL),
    )
