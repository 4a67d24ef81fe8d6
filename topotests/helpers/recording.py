# SPDX-License-Identifier: GPL-2.0-or-later
"""
What passes the links of a node, in order, kept by the kernel until it is asked for.

Nothing runs meanwhile: the socket's queue is the record, so nothing is late and
nothing is in the wrong order. A recording of all links of a node also has what the
kernel itself tells (netlink), if the node has a link of type nlmon that is up.
"""
import select
import socket
import struct
from collections import namedtuple

from helpers.events import Requests, kernel_words
from helpers.frames import decode
from helpers.listen import SO_RCVBUFFORCE, socket_in
from helpers.wire import ETH_P_ALL

# what: Arp, Neighbor, Advert (helpers.frames), Word (helpers.events), or None
Seen = namedtuple("Seen", "ifname outgoing what octets")

BUFFER = 32 << 20
ARPHRD_NETLINK = 824
PCAP_HEADER = struct.pack("=IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, 1)


class Recording:
    """Records from now on: one link of a node, or all."""

    def __init__(self, node, ifname=None):
        self._requests = Requests()
        self.sock = socket_in(
            node, socket.AF_PACKET, socket.SOCK_RAW, socket.htons(ETH_P_ALL)
        )
        self.sock.setsockopt(socket.SOL_SOCKET, SO_RCVBUFFORCE, BUFFER)
        if ifname:
            self.sock.bind((ifname, ETH_P_ALL))

    def take(self):
        """All that was seen since the last time."""
        seen = []
        while select.select([self.sock], [], [], 0)[0]:
            octets, (ifname, _, kind, hardware, _) = self.sock.recvfrom(1 << 16)
            outgoing = kind == socket.PACKET_OUTGOING
            if hardware == ARPHRD_NETLINK:
                whats = kernel_words(octets) + self._requests.granted(octets)
            else:
                whats = [decode(octets)]
            seen += [Seen(ifname, outgoing, what, octets) for what in whats]
        return seen


def write_pcap(path, seen):
    """Writes frames of an Ethernet link into a capture file."""
    with open(path, "wb") as file:
        file.write(PCAP_HEADER)
        for _, _, _, octets in seen:
            size = len(octets)
            file.write(struct.pack("=IIII", 0, 0, size, size) + octets)
