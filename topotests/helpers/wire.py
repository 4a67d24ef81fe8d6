# SPDX-License-Identifier: GPL-2.0-or-later
"""What is on the wire, seen and asked from a host of the LAN, frame by frame."""
import select
import socket
import struct
import time
from collections import namedtuple

from helpers.events import socket_in
from helpers.packet import checksum

Advert = namedtuple("Advert", "mac_from mac_to source vrid priority")

ETH_P_ALL, ETH_P_IP, ETH_P_ARP, ETH_P_IPV6 = 0x0003, 0x0800, 0x0806, 0x86DD
ARP_REQUEST, ARP_REPLY = 1, 2
ND_SOLICITATION, ND_ADVERTISEMENT, ND_SOLICITED = 135, 136, 0x40
IPPROTO_VRRP = 112
BROADCAST = b"\xff" * 6


class Wire:
    """A link of a node, all of whose frames are read and some of which are sent."""

    def __init__(self, node, ifname):
        self.mac = bytes.fromhex(node.link(ifname)["address"].replace(":", ""))
        self.sock = socket_in(
            node, socket.AF_PACKET, socket.SOCK_RAW, socket.htons(ETH_P_ALL)
        )
        self.sock.bind((ifname, ETH_P_ALL))

    def frames(self, seconds):
        """The frames that arrive within so many seconds."""
        deadline = time.monotonic() + seconds
        while True:
            left = deadline - time.monotonic()
            if left <= 0 or not select.select([self.sock], [], [], left)[0]:
                return
            yield self.sock.recv(65536)

    def drain(self):
        """Forgets what came before."""
        while select.select([self.sock], [], [], 0)[0]:
            self.sock.recv(65536)

    def adverts(self, seconds):
        """The VRRP advertisements that arrive within so many seconds."""
        self.drain()
        return [advert for advert in map(_advert, self.frames(seconds)) if advert]

    def who_has(self, addresses, source, seconds=0.5):
        """
        Asks by ARP and ND for addresses; {address: the MACs that answer, in order}.

        source says from which address to ask, by whether that is IPv6.
        """
        self.drain()
        answers = {address: [] for address in addresses}
        for address in addresses:
            ask = _solicitation if ":" in address else _arp_request
            self.sock.send(ask(self.mac, source[":" in address], address))
        for frame in self.frames(seconds):
            address, mac = _arp_answer(frame) or _nd_answer(frame) or (None, None)
            if address in answers:
                answers[address].append(mac)
        return answers


def _text(mac):
    return mac.hex(":")


def _arp_request(mac, source, address):
    head = struct.pack("!HHBBH", 1, ETH_P_IP, 6, 4, ARP_REQUEST)
    body = mac + socket.inet_aton(source) + b"\0" * 6 + socket.inet_aton(address)
    return BROADCAST + mac + struct.pack("!H", ETH_P_ARP) + head + body


def _arp_answer(frame):
    """(address, MAC) of a reply."""
    kind, operation = struct.unpack_from("!H6xH", frame, 12)
    if (kind, operation) != (ETH_P_ARP, ARP_REPLY):
        return None
    return socket.inet_ntoa(frame[28:32]), _answer(frame, frame[22:28])


def _solicitation(mac, source, address):
    target = socket.inet_pton(socket.AF_INET6, address)
    group = socket.inet_pton(socket.AF_INET6, "ff02::1:ff00:0")[:13] + target[13:]
    sender = socket.inet_pton(socket.AF_INET6, source)
    body = b"\0" * 4 + target + b"\1\1" + mac
    pseudo = sender + group + struct.pack("!II", len(body) + 4, socket.IPPROTO_ICMPV6)
    total = checksum(pseudo + bytes([ND_SOLICITATION, 0, 0, 0]) + body)
    message = struct.pack("!BBH", ND_SOLICITATION, 0, total) + body
    header = struct.pack("!IHBB", 6 << 28, len(message), socket.IPPROTO_ICMPV6, 255)
    ether = b"\x33\x33" + group[12:] + mac + struct.pack("!H", ETH_P_IPV6)
    return ether + header + sender + group + message


def _nd_answer(frame):
    """The same of a neighbour advertisement that was asked for."""
    if len(frame) < 86 or frame[12:14] != struct.pack("!H", ETH_P_IPV6):
        return None
    if frame[20] != socket.IPPROTO_ICMPV6 or frame[54] != ND_ADVERTISEMENT:
        return None
    if not frame[58] & ND_SOLICITED:
        return None
    address = socket.inet_ntop(socket.AF_INET6, frame[62:78])
    return address, _answer(frame, frame[80:86])


def _answer(frame, told):
    """The MAC that an answer tells, and its sender's if that is another."""
    sender = frame[6:12]
    return _text(told) if told == sender else f"{_text(told)} from {_text(sender)}"


def _advert(frame):
    kind = struct.unpack_from("!H", frame, 12)[0]
    if kind == ETH_P_IP and frame[23] == IPPROTO_VRRP:
        source = socket.inet_ntop(socket.AF_INET, frame[26:30])
        payload = frame[14 + 4 * (frame[14] & 0xF) :]
    elif kind == ETH_P_IPV6 and frame[20] == IPPROTO_VRRP:
        source = socket.inet_ntop(socket.AF_INET6, frame[22:38])
        payload = frame[54:]
    else:
        return None
    return Advert(_text(frame[6:12]), _text(frame[:6]), source, payload[1], payload[2])
