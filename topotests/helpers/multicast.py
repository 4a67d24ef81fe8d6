# SPDX-License-Identifier: GPL-2.0-or-later
"""Frames to multicast groups that tests send: ICMPv6, and queries of MLD and IGMP."""
import socket
import struct

from helpers.frames import ETH_P_IP, ETH_P_IPV6, MLD_QUERY
from helpers.packet import checksum, octets

ALL_NODES, ALL_SYSTEMS = "ff02::1", "224.0.0.1"
ROUTER_ALERT_V6 = bytes.fromhex("3a00050200000100")
ROUTER_ALERT_V4 = bytes.fromhex("94040000")
IGMP_QUERY = 0x11
ROBUSTNESS, QUERY_INTERVAL_SEC = 2, 125


def icmpv6(mac, source, group, message, hops=255, options=b""):
    """A message; its checksum (octets 2 and 3) is filled in here."""
    ends = octets(source) + octets(group)
    pseudo = ends + struct.pack("!II", len(message), socket.IPPROTO_ICMPV6)
    total = struct.pack("!H", checksum(pseudo + message))
    message = options + message[:2] + total + message[4:]
    following = socket.IPPROTO_HOPOPTS if options else socket.IPPROTO_ICMPV6
    header = struct.pack("!IHBB", 6 << 28, len(message), following, hops) + ends
    ether = b"\x33\x33" + octets(group)[12:] + mac + struct.pack("!H", ETH_P_IPV6)
    return ether + header + message


def mld_query(mac, source, version, within_ms):
    """A general query of version 1 or 2, with this maximum response time."""
    message = struct.pack("!BBHHH16x", MLD_QUERY, 0, 0, within_ms, 0)
    if version == 2:
        message += struct.pack("!BBH", ROBUSTNESS, QUERY_INTERVAL_SEC, 0)
    return icmpv6(mac, source, ALL_NODES, message, hops=1, options=ROUTER_ALERT_V6)


def igmp_query(mac, source, version, within_ms):
    """The same of IGMP, in version 2 or 3."""
    message = struct.pack("!BBH4x", IGMP_QUERY, within_ms // 100, 0)
    if version == 3:
        message += struct.pack("!BBH", ROBUSTNESS, QUERY_INTERVAL_SEC, 0)
    length = 24 + len(message)
    head = struct.pack("!BBHHHBBH", 0x46, 0xC0, length, 0, 0, 1, socket.IPPROTO_IGMP, 0)
    head = _summed(head + octets(source) + octets(ALL_SYSTEMS) + ROUTER_ALERT_V4, 10)
    ether = bytes.fromhex("01005e000001") + mac + struct.pack("!H", ETH_P_IP)
    return ether + head + _summed(message, 2)


def _summed(data, at):
    """With the checksum where it belongs, which was zero."""
    return data[:at] + struct.pack("!H", checksum(data)) + data[at + 2 :]
