# SPDX-License-Identifier: GPL-2.0-or-later
"""What is on the wire, seen and asked from a host of the LAN, frame by frame."""
import select
import socket
import struct
import time

from helpers.events import socket_in
from helpers.frames import (
    ARP_REPLY,
    ARP_REQUEST,
    ETH_P_ARP,
    ETH_P_IP,
    ETH_P_IPV6,
    ND_ADVERTISEMENT,
    ND_SOLICITATION,
    Advert,
    Arp,
    Neighbor,
    decode,
    lladdr,
)
from helpers.packet import checksum

ETH_P_ALL = 0x0003
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
        """The frames that arrive within so many seconds, decoded."""
        deadline = time.monotonic() + seconds
        while True:
            left = deadline - time.monotonic()
            if left <= 0 or not select.select([self.sock], [], [], left)[0]:
                return
            yield decode(self.sock.recv(65536))

    def drain(self):
        """Forgets what came before."""
        while select.select([self.sock], [], [], 0)[0]:
            self.sock.recv(65536)

    def adverts(self, seconds):
        """The VRRP advertisements that arrive within so many seconds."""
        self.drain()
        return [frame for frame in self.frames(seconds) if isinstance(frame, Advert)]

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
            address, told = answer(frame)
            if address in answers:
                answers[address].append(_with_sender(told, frame.mac_from))
        return answers


def answer(frame):
    """(address, its MAC) when the frame answers a question, else (None, None)."""
    if isinstance(frame, Arp) and frame.operation == ARP_REPLY:
        return frame.sender, frame.sender_mac
    if isinstance(frame, Neighbor) and frame.kind == ND_ADVERTISEMENT:
        if "S" in frame.flags:
            return frame.target, lladdr(frame)
    return None, None


def _with_sender(told, sender):
    """The MAC that an answer tells, and its sender's if that is another."""
    return told if told == sender else f"{told} from {sender}"


def _arp_request(mac, source, address):
    head = struct.pack("!HHBBH", 1, ETH_P_IP, 6, 4, ARP_REQUEST)
    body = mac + socket.inet_aton(source) + b"\0" * 6 + socket.inet_aton(address)
    return BROADCAST + mac + struct.pack("!H", ETH_P_ARP) + head + body


def _solicitation(mac, source, address):
    target = socket.inet_pton(socket.AF_INET6, address)
    group = solicited_node(target)
    sender = socket.inet_pton(socket.AF_INET6, source)
    body = b"\0" * 4 + target + b"\1\1" + mac
    pseudo = sender + group + struct.pack("!II", len(body) + 4, socket.IPPROTO_ICMPV6)
    total = checksum(pseudo + bytes([ND_SOLICITATION, 0, 0, 0]) + body)
    message = struct.pack("!BBH", ND_SOLICITATION, 0, total) + body
    header = struct.pack("!IHBB", 6 << 28, len(message), socket.IPPROTO_ICMPV6, 255)
    ether = b"\x33\x33" + group[12:] + mac + struct.pack("!H", ETH_P_IPV6)
    return ether + header + sender + group + message


def solicited_node(target):
    """The solicited-node group of an address, both as octets."""
    return socket.inet_pton(socket.AF_INET6, "ff02::1:ff00:0")[:13] + target[13:]
