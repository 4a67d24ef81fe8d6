# SPDX-License-Identifier: GPL-2.0-or-later
"""
Frames as a switch sees them: ARP, neighbour discovery and VRRP, octet by octet.

decode() makes an Arp, a Neighbor, an Advert, a Report (of multicast groups) or an
Echo (a ping or its answer) of a frame, or None of any other.
MAC addresses and addresses are text. Nothing of the product's codec is used.
"""
import socket
import struct
from collections import namedtuple

from helpers.packet import IPPROTO_VRRP, VRRP_HEADER, checksum, pseudo_header

ETH_P_IP, ETH_P_ARP, ETH_P_IPV6 = 0x0800, 0x0806, 0x86DD
ARP_REQUEST, ARP_REPLY = 1, 2
ROUTER_SOLICITATION, ND_SOLICITATION, ND_ADVERTISEMENT, REDIRECT = 133, 135, 136, 137
SOURCE_LLADDR, TARGET_LLADDR = 1, 2
MLD_QUERY = 130
MLD2_REPORT = 143
REPORTS = {131: "MLDv1 report", 132: "MLDv1 done", MLD2_REPORT: "MLDv2 report"}
# MODE_IS_EXCLUDE and CHANGE_TO_EXCLUDE_MODE (RFC 3810 section 5.2.12)
MLD2_EXCLUDE = 2, 4
ECHOES_V4 = {8: "request", 0: "reply"}
ECHOES_V6 = {128: "request", 129: "reply"}

Arp = namedtuple("Arp", "mac_from mac_to operation sender_mac sender target_mac target")
# kind: type of ICMPv6; flags: those of R, S and O that are set; options: {type: octets};
# target: None of router solicitations and advertisements
Neighbor = namedtuple(
    "Neighbor", "mac_from mac_to source destination hops kind flags target options"
)
# timing: octets 4 and 5, which are reserved and interval, or auth type and interval
# (version 2); checksum: "message", "pseudo" or "bad"; rest: octets after the addresses
Advert = namedtuple(
    "Advert",
    "mac_from mac_to source destination ttl version kind vrid priority timing checksum"
    " addresses rest",
)
# kind: "IGMP", or one of REPORTS; groups: that an MLDv2 report says its sender has joined
Report = namedtuple("Report", "mac_from mac_to source kind groups")
# kind: "request" or "reply"
Echo = namedtuple("Echo", "mac_from mac_to source destination kind sequence")


def mac_text(mac):
    """00:00:5e:00:01:0a"""
    return mac.hex(":")


def lladdr(neighbor):
    """The MAC that a neighbour message tells of its source or target, if any."""
    if neighbor.kind == ND_ADVERTISEMENT:
        return neighbor.options.get(TARGET_LLADDR)
    return neighbor.options.get(SOURCE_LLADDR)


def decode(frame):
    """The kind of the frame."""
    if len(frame) < 14:
        return None
    macs = mac_text(frame[6:12]), mac_text(frame[:6])
    decoder = {ETH_P_ARP: _arp, ETH_P_IP: _ipv4, ETH_P_IPV6: _ipv6}
    kind = struct.unpack_from("!H", frame, 12)[0]
    return decoder[kind](macs, frame[14:]) if kind in decoder else None


def _arp(macs, data):
    operation, sender_mac, sender, target_mac, target = struct.unpack_from(
        "!6xH6s4s6s4s", data
    )
    return Arp(
        *macs,
        operation,
        mac_text(sender_mac),
        socket.inet_ntoa(sender),
        mac_text(target_mac),
        socket.inet_ntoa(target),
    )


def _ipv4(macs, data):
    header = 4 * (data[0] & 0xF)
    total, ttl, protocol = struct.unpack_from("!2xH4xBB", data)
    addresses = [socket.inet_ntoa(data[at : at + 4]) for at in (12, 16)]
    if protocol == IPPROTO_VRRP:
        return _advert(macs, addresses, ttl, data[header:total])
    if protocol == socket.IPPROTO_IGMP:
        return Report(*macs, addresses[0], "IGMP", ())
    if protocol == socket.IPPROTO_ICMP and data[header] in ECHOES_V4:
        return _echo(macs, addresses, ECHOES_V4[data[header]], data[header:total])
    return None


def _echo(macs, addresses, kind, message):
    return Echo(*macs, *addresses, kind, struct.unpack_from("!6xH", message)[0])


def _ipv6(macs, data):
    length, following, hops = struct.unpack_from("!4xHBB", data)
    addresses = [_text6(data[at : at + 16]) for at in (8, 24)]
    payload = data[40 : 40 + length]
    if following == socket.IPPROTO_HOPOPTS:
        following, payload = payload[0], payload[8 * (payload[1] + 1) :]
    if following == IPPROTO_VRRP:
        return _advert(macs, addresses, hops, payload)
    if following == socket.IPPROTO_ICMPV6:
        return _icmpv6(macs, addresses, hops, payload)
    return None


def _icmpv6(macs, addresses, hops, message):
    kind = message[0]
    if kind in REPORTS:
        groups = tuple(_joined(message)) if kind == MLD2_REPORT else ()
        return Report(*macs, addresses[0], REPORTS[kind], groups)
    if kind in ECHOES_V6:
        return _echo(macs, addresses, ECHOES_V6[kind], message)
    return _neighbor(macs, addresses, hops, message)


def _joined(message):
    """The groups in an MLDv2 report with records that exclude sources, as members send them."""
    count, at = struct.unpack_from("!6xH", message)[0], 8
    for _ in range(count):
        mode, words, sources, group = struct.unpack_from("!BBH16s", message, at)
        if mode in MLD2_EXCLUDE:
            yield _text6(group)
        at += 20 + 16 * sources + 4 * words


def _text6(octets):
    return socket.inet_ntop(socket.AF_INET6, octets)


def _advert(macs, addresses, ttl, message):
    version_type, vrid, priority, count, timing = struct.unpack_from("!BBBB2s", message)
    size, text = (16, _text6) if ":" in addresses[0] else (4, socket.inet_ntoa)
    end = VRRP_HEADER + count * size
    vips = [text(message[at : at + size]) for at in range(VRRP_HEADER, end, size)]
    return Advert(
        *macs,
        *addresses,
        ttl,
        version_type >> 4,
        version_type & 0xF,
        vrid,
        priority,
        timing,
        _dialect(addresses, message),
        tuple(vips),
        message[end:],
    )


def _dialect(addresses, message):
    """A sum over what carries its own checksum is zero."""
    if checksum(pseudo_header(*addresses, len(message)) + message) == 0:
        return "pseudo"
    return "message" if checksum(message) == 0 else "bad"


# octets before the options, by type
ND_SIZES = {
    ROUTER_SOLICITATION: 8,
    ROUTER_SOLICITATION + 1: 16,
    ND_SOLICITATION: 24,
    ND_ADVERTISEMENT: 24,
    REDIRECT: 40,
}


def _neighbor(macs, addresses, hops, message):
    kind = message[0]
    if kind not in ND_SIZES:
        return None
    flags = "".join(
        flag
        for flag, bit in (("R", 0x80), ("S", 0x40), ("O", 0x20))
        if kind == ND_ADVERTISEMENT and message[4] & bit
    )
    target = _text6(message[8:24]) if kind >= ND_SOLICITATION else None
    options = _options(message[ND_SIZES[kind] :])
    return Neighbor(*macs, *addresses, hops, kind, flags, target, options)


def _options(data):
    found = {}
    while len(data) >= 2 and data[1]:
        value = data[2 : 8 * data[1]]
        is_mac = data[0] in (SOURCE_LLADDR, TARGET_LLADDR)
        found[data[0]] = mac_text(value) if is_mac else value
        data = data[8 * data[1] :]
    return found
