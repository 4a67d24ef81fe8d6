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

from helpers.listen import Listener

Event = namedtuple("Event", "time node verb kind prefix")
Word = namedtuple("Word", "verb kind prefix")

NLMSG_ERROR, NLM_F_REQUEST = 2, 1
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
        self.listen_to_kernels(nodes, GROUPS)

    def hear(self, now, name, data):
        self.events += [Event(now, name, *word) for word in kernel_words(data)]

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


def kernel_words(data):
    """The events about addresses and routes in a netlink packet: Words."""
    return [
        word for flags, _, word in _words(data) if word and not flags & NLM_F_REQUEST
    ]


class Requests:
    """Follows requests of all processes to the kernel, and whether it granted them."""

    def __init__(self):
        self._asked = {}

    def granted(self, data):
        """Words of requests that a netlink packet grants; a "granted add", say."""
        for flags, key, word in _words(data):
            if word and flags & NLM_F_REQUEST:
                self._asked[key] = word
        found = [self._asked.pop(key, None) for key in _acknowledged(data)]
        return [word._replace(verb=f"granted {word.verb}") for word in found if word]


def _words(data):
    """(flags, (sequence number, port), Word or None) of each message."""
    for kind, flags, key, body in messages(data):
        prefix = _prefix(kind, body) if kind in VERBS else None
        yield flags, key, Word(*VERBS[kind], prefix) if prefix else None


def _acknowledged(data):
    """Sequence number and port of each request that the kernel says it has done."""
    for kind, _, _, body in messages(data):
        if kind == NLMSG_ERROR and struct.unpack_from("=i", body)[0] == 0:
            yield struct.unpack_from("=II", body, 12)


def messages(data):
    """(type, flags, (sequence number, port), body) of each message of a datagram."""
    while len(data) >= 16:
        length, kind, flags, *key = struct.unpack_from("=IHHII", data)
        yield kind, flags, tuple(key), data[16:length]
        data = data[max((length + 3) & ~3, 16) :]


def _prefix(kind, body):
    if kind in (RTM_NEWADDR, RTM_DELADDR):
        family, length = body[0], body[1]
        found = attributes(body[8:])
        address = found.get(IFA_LOCAL, found.get(IFA_ADDRESS))
    else:
        family, length, table = body[0], body[1], body[4]
        if table != RT_TABLE_MAIN:
            return None
        address = attributes(body[12:]).get(RTA_DST)
    if address is None:
        return None
    return f"{socket.inet_ntop(family, address)}/{length}"


def attributes(data):
    """{type: payload} of netlink attributes."""
    found = {}
    while len(data) >= 4:
        length, kind = struct.unpack_from("=HH", data)
        found[kind & 0x3FFF] = data[4:length]
        data = data[max((length + 3) & ~3, 4) :]
    return found
