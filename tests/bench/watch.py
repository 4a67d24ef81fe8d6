# SPDX-License-Identifier: GPL-2.0-or-later
"""Events of both kernels: VIPs that come and go on either side, and advertisements.

One thread reads all: the one that measures, so nobody asks daemons while they
are timed. Times are CLOCK_REALTIME, because that is how the kernel stamps
packets. rtnetlink has no stamps: an address is dated when it is read, and it is
parsed only when nothing more is there to be read.
"""

import selectors
import socket
import struct
import time
from typing import NamedTuple

import rtnetlink
import topology

SO_TIMESTAMPNS = 35
SO_RCVBUFFORCE = 33
BUFFER = 64 << 20
VRRP = 112


def _behind_ipv4(packet):
    """The protocol and the payload of an IPv4 packet."""
    return packet[9], packet[(packet[0] & 15) * 4 :]


def _behind_ipv6(packet):
    """The same of an IPv6 packet; extension headers do not occur."""
    return packet[6], packet[40:]


# the EtherType of a family, and the function that reads its packets
FAMILIES = {"ipv4": (0x0800, _behind_ipv4), "ipv6": (0x86DD, _behind_ipv6)}


class Vip(NamedTuple):
    """A VIP came up on a side, or was removed."""

    time: float
    side: str
    address: str
    present: bool


class Advert(NamedTuple):
    """An advertisement that arrived at a side."""

    time: float
    side: str
    priority: int
    interval_ms: int


class _Addresses:
    """The rtnetlink socket of one side."""

    def __init__(self, side, vips):
        self.side = side
        self.vips = vips
        self.waiting = []
        families = rtnetlink.GROUP_IPV4_ADDRESS | rtnetlink.GROUP_IPV6_ADDRESS
        with topology.inside(side):
            self.sock = rtnetlink.open_listener(families)
        self.sock.setsockopt(socket.SOL_SOCKET, SO_RCVBUFFORCE, BUFFER)

    def read(self):
        """Takes one datagram, for later."""
        self.waiting.append((time.time(), self.sock.recv(65536)))

    def changes(self):
        """The changes in the datagrams, refreshed addresses included."""
        for when, data in self.waiting:
            for change in rtnetlink.parse(data, {}):
                if change.address in self.vips:
                    yield Vip(when, self.side, change.address, change.present)
        self.waiting.clear()


class _Adverts:
    """The packet socket of one side."""

    def __init__(self, side, family, keep):
        self.side = side
        self.keep = keep
        kind, self.behind = FAMILIES[family]
        with topology.inside(side):
            self.sock = socket.socket(
                socket.AF_PACKET, socket.SOCK_DGRAM, socket.htons(kind)
            )
        self.sock.setsockopt(socket.SOL_SOCKET, SO_TIMESTAMPNS, 1)
        self.sock.setblocking(False)

    def read(self):
        """Takes one packet, with the time at which the kernel got it."""
        packet, ancillary, _, address = self.sock.recvmsg(256, 64)
        protocol, advert = self.behind(packet)
        if address[2] != socket.PACKET_HOST or protocol != VRRP:
            return
        seconds, nanoseconds = struct.unpack("qq", ancillary[0][2])
        _, _, priority, _, interval = struct.unpack_from("!BBBBH", advert)
        when = seconds + nanoseconds / 1e9
        self.keep(Advert(when, self.side, priority, (interval & 0xFFF) * 10))


class Watch:
    """Both sides; a context manager, because sockets keep namespaces alive."""

    def __init__(self, sides, vips, adverts=None):
        """adverts: the family of the advertisements to record, or None."""
        self.up = {side: set() for side in sides}
        self.changes = []
        self.adverts = []
        self.addresses = [_Addresses(side, vips) for side in sides]
        self.readers = list(self.addresses)
        if adverts:
            keep = self.adverts.append
            self.readers += [_Adverts(side, adverts, keep) for side in sides]
        self.selector = selectors.DefaultSelector()
        for reader in self.readers:
            self.selector.register(reader.sock, selectors.EVENT_READ, reader)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.selector.close()
        for reader in self.readers:
            reader.sock.close()

    def forget(self):
        """Begins a new record; the set of VIPs that are up is kept."""
        self.pump(0)
        self.changes.clear()
        self.adverts.clear()

    def pump(self, seconds):
        """Waits for an event, at most this time, and reads all that have come."""
        ready = self.selector.select(seconds)
        while ready:
            for key, _ in ready:
                key.data.read()
            ready = self.selector.select(0)
        for addresses in self.addresses:
            for change in addresses.changes():
                self._take(change)

    def _take(self, change):
        """Stores a change; a refreshed address is not a change."""
        up = self.up[change.side]
        if (change.address in up) != change.present:
            (up.add if change.present else up.discard)(change.address)
            self.changes.append(change)

    def until(self, reached, seconds):
        """Watches until reached() is true; returns False after the time limit."""
        limit = time.monotonic() + seconds
        self.pump(0)
        while not reached():
            left = limit - time.monotonic()
            if left <= 0:
                return False
            self.pump(min(left, 0.05))
        return True

    def pause(self, seconds):
        """Watches for this time."""
        self.until(lambda: False, seconds)

    def came(self, side):
        """The times at which VIPs came up on a side, in order."""
        return [c.time for c in self.changes if c.side == side and c.present]

    def went(self, side):
        """The times at which VIPs went from a side, in order."""
        return [c.time for c in self.changes if c.side == side and not c.present]
