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
from helpers.nltap import NETLINK_GENERIC, asked
from helpers.wire import ETH_P_ALL

# what: Arp, Neighbor, Advert (helpers.frames), Word (helpers.events), what IPVS was asked
# for (helpers.nltap), or None; time: when it passed, in seconds
Seen = namedtuple("Seen", "ifname outgoing what octets time")

BUFFER = 32 << 20
ARPHRD_NETLINK = 824
SO_TIMESTAMPNS = 35
TIMESPEC = struct.Struct("=qq")
PCAP_HEADER = struct.pack("=IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, 1)


class Recording:
    """Records from now on: one link of a node, or all."""

    def __init__(self, node, ifname=None):
        self._requests = Requests()
        self.sock = socket_in(
            node, socket.AF_PACKET, socket.SOCK_RAW, socket.htons(ETH_P_ALL)
        )
        self.sock.setsockopt(socket.SOL_SOCKET, SO_RCVBUFFORCE, BUFFER)
        self.sock.setsockopt(socket.SOL_SOCKET, SO_TIMESTAMPNS, 1)
        if ifname:
            self.sock.bind((ifname, ETH_P_ALL))

    def take(self):
        """All that was seen since the last time."""
        seen = []
        while select.select([self.sock], [], [], 0)[0]:
            octets, controls, _, address = self.sock.recvmsg(
                1 << 16, socket.CMSG_SPACE(TIMESPEC.size)
            )
            ifname, protocol, kind, hardware, _ = address
            outgoing = kind == socket.PACKET_OUTGOING
            if hardware == ARPHRD_NETLINK and protocol == NETLINK_GENERIC:
                whats = asked(protocol, octets)
            elif hardware == ARPHRD_NETLINK:
                whats = kernel_words(octets) + self._requests.granted(octets)
            else:
                whats = [decode(octets)]
            when = _seconds(controls)
            seen += [Seen(ifname, outgoing, what, octets, when) for what in whats]
        return seen


def _seconds(controls):
    """When the kernel saw it, not when it was read."""
    [(_, _, data)] = controls
    seconds, nanoseconds = TIMESPEC.unpack(data)
    return seconds + nanoseconds / 1e9


def write_pcap(path, seen):
    """Writes frames of an Ethernet link into a capture file."""
    with open(path, "wb") as file:
        file.write(PCAP_HEADER)
        for frame in seen:
            size = len(frame.octets)
            file.write(struct.pack("=IIII", 0, 0, size, size) + frame.octets)
