# SPDX-License-Identifier: GPL-2.0-or-later
"""Frames on the wire, read and sent by a host of the LAN."""
import select
import socket
import struct
import time
from collections import namedtuple

from helpers.frames import (
    ARP_REPLY,
    ARP_REQUEST,
    ETH_P_ARP,
    ETH_P_IP,
    ND_ADVERTISEMENT,
    ND_SOLICITATION,
    Advert,
    Arp,
    Neighbor,
    decode,
    lladdr,
)
from helpers.listen import Listener, socket_in
from helpers.multicast import icmpv6
from helpers.wait import differs, wait_for

ETH_P_ALL = 0x0003
BROADCAST = b"\xff" * 6

Heard = namedtuple("Heard", "time name frame")


def open_wire(node, ifname):
    """A socket that reads all frames of a link, and sends."""
    sock = socket_in(node, socket.AF_PACKET, socket.SOCK_RAW, socket.htons(ETH_P_ALL))
    sock.bind((ifname, ETH_P_ALL))
    return sock


class Wire:
    """A link of a node: all its frames are read, and some are sent."""

    def __init__(self, node, ifname):
        self.mac = bytes.fromhex(node.link(ifname)["address"].replace(":", ""))
        self.sock = open_wire(node, ifname)

    def frames(self, seconds):
        """
        The frames that arrive within this number of seconds, decoded. If this process was kept
        from looking, also those that have come until it does.
        """
        deadline = time.monotonic() + seconds
        while True:
            left = max(deadline - time.monotonic(), 0)
            if not select.select([self.sock], [], [], left)[0]:
                return
            yield decode(self.sock.recv(65536))

    def drain(self):
        """Forgets what came before."""
        while select.select([self.sock], [], [], 0)[0]:
            self.sock.recv(65536)

    def adverts(self, seconds):
        """The VRRP advertisements that arrive within this number of seconds."""
        self.drain()
        return [frame for frame in self.frames(seconds) if isinstance(frame, Advert)]

    def who_has(self, addresses, source, seconds=0.5):
        """
        Asks by ARP and ND for addresses; {address: the MACs that answer, in order}.

        source says from which address to ask, by family.
        """
        self.drain()
        answers = {address: [] for address in addresses}
        for address in addresses:
            ask = _solicitation if ":" in address else _arp_request
            self.sock.send(ask(self.mac, source["v6" if ":" in address else "v4"], address))
        for frame in self.frames(seconds):
            address, told = answer(frame)
            if address in answers:
                answers[address].append(_with_sender(told, frame.mac_from))
        return answers

    def wait_answers(self, expected, source):
        """The MACs that answer for addresses become those, and it stays so twice more."""
        wait_for(
            "each address is answered for once and from the right MAC",
            lambda: differs(self.who_has(expected, source), expected),
        )
        for _ in range(2):
            seen = self.who_has(expected, source)
            assert seen == expected, f"{seen}, no more: {expected}"


class Capture(Listener):
    """The frames on links of nodes while its with-block runs, as a list of Heard."""

    def __init__(self, links):
        """links: {name: (node, ifname)}."""
        super().__init__()
        self.heard = []
        for name, where in links.items():
            self.listen_to(name, open_wire(*where))

    def hear(self, now, name, data):
        frame = decode(data)
        if frame:
            self.heard.append(Heard(now, name, frame))


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
    group = socket.inet_ntop(socket.AF_INET6, solicited_node(target))
    message = struct.pack("!BBHI", ND_SOLICITATION, 0, 0, 0) + target + b"\1\1" + mac
    return icmpv6(mac, source, group, message)


def solicited_node(target):
    """The solicited-node group of an address, both as octets."""
    return socket.inet_pton(socket.AF_INET6, "ff02::1:ff00:0")[:13] + target[13:]
