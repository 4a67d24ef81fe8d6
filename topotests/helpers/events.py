# SPDX-License-Identifier: GPL-2.0-or-later
"""
A stopwatch-free record of what happened in which order.

A Recorder listens to the kernels' own notifications (rtnetlink) in the network
namespaces of several routers at once and writes down when each address and
route came and went. Nothing is polled, so nothing that lasted is missed.
"""
import socket
import struct
from collections import namedtuple

from helpers.listen import Listener, socket_in

Event = namedtuple("Event", "time node verb kind prefix")

RTM_NEWADDR, RTM_DELADDR, RTM_NEWROUTE, RTM_DELROUTE = 20, 21, 24, 25
# RTMGRP_* of addresses and routes of both families
GROUPS = 0x10 | 0x40 | 0x100 | 0x400
IFA_ADDRESS, IFA_LOCAL, RTA_DST = 1, 2, 1
RT_TABLE_MAIN = 254

VERBS = {
    RTM_NEWADDR: ("add", "address"),
    RTM_DELADDR: ("del", "address"),
    RTM_NEWROUTE: ("add", "route"),
    RTM_DELROUTE: ("del", "route"),
}


class Recorder(Listener):
    """Records addresses and routes of some nodes while its with-block runs."""

    def __init__(self, *nodes):
        super().__init__()
        self.events = []
        for node in nodes:
            sock = socket_in(
                node, socket.AF_NETLINK, socket.SOCK_RAW, socket.NETLINK_ROUTE
            )
            sock.bind((0, GROUPS))
            self.listen_to(node.name, sock)

    def hear(self, now, name, data):
        for kind, body in _messages(data):
            if kind in VERBS:
                prefix = _prefix(kind, body)
                if prefix is not None:
                    self.events.append(Event(now, name, *VERBS[kind], prefix))

    def first(self, node, verb, kind, prefix, after=0.0):
        """The first such event after a time; None when there was none."""
        wanted = (node.name, verb, kind, prefix)
        for event in list(self.events):
            if event.time >= after and event[1:] == wanted:
                return event
        return None

    def story(self, prefix):
        """The events of one prefix as text, for a failed test."""
        return "; ".join(
            f"{event.time:.3f} {event.node} {event.verb} {event.kind}"
            for event in list(self.events)
            if event.prefix == prefix
        )


def _messages(data):
    while len(data) >= 16:
        length, kind = struct.unpack_from("=IH", data)
        yield kind, data[16:length]
        data = data[(length + 3) & ~3 :]


def _prefix(kind, body):
    if kind in (RTM_NEWADDR, RTM_DELADDR):
        family, length = body[0], body[1]
        attributes = _attributes(body[8:])
        address = attributes.get(IFA_LOCAL, attributes.get(IFA_ADDRESS))
    else:
        family, length, table = body[0], body[1], body[4]
        if table != RT_TABLE_MAIN:
            return None
        address = _attributes(body[12:]).get(RTA_DST)
    if address is None:
        return None
    return f"{socket.inet_ntop(family, address)}/{length}"


def _attributes(data):
    found = {}
    while len(data) >= 4:
        length, kind = struct.unpack_from("=HH", data)
        found[kind & 0x3FFF] = data[4:length]
        data = data[max((length + 3) & ~3, 4) :]
    return found
