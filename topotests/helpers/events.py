# SPDX-License-Identifier: GPL-2.0-or-later
"""
A stopwatch-free record of what happened in which order.

A Recorder listens to the kernels' own notifications (rtnetlink) in the network
namespaces of several routers at once and writes down when each address and
route came and went. Nothing is polled, so nothing that lasted is missed.

The kind of an address is "address", or "drained" on the link of drains, where a router only
answers for it; that of a route "route" in the main table, or "announced" in that of VIPs.
"""
import socket
import struct
from collections import namedtuple

from helpers.listen import Listener

Event = namedtuple("Event", "time node verb kind prefix")
Word = namedtuple("Word", "verb kind prefix")
Link = namedtuple("Link", "name index is_up")

NLMSG_ERROR, NLM_F_REQUEST = 2, 1
RTM_NEWLINK, RTM_DELLINK = 16, 17
RTM_NEWADDR, RTM_DELADDR, RTM_NEWROUTE, RTM_DELROUTE = 20, 21, 24, 25
# RTMGRP_* of links, and of addresses and routes of both families
GROUPS = 1 | 0x10 | 0x40 | 0x100 | 0x400
IFLA_IFNAME, IFA_ADDRESS, IFA_LOCAL, RTA_DST = 3, 1, 2, 1
IFF_UP = 1
RT_TABLE_MAIN, RT_TABLE_VIPS = 254, 112
ROUTES = {RT_TABLE_MAIN: "route", RT_TABLE_VIPS: "announced"}
VIP_LINK, DRAIN_LINK = "vip0", "vip-drain"

VERBS = {RTM_NEWADDR: "add", RTM_DELADDR: "del", RTM_NEWROUTE: "add", RTM_DELROUTE: "del"}


class Recorder(Listener):
    """Records addresses and routes of some nodes while its with-block runs."""

    def __init__(self, *nodes):
        super().__init__()
        self.events = []
        self.listen_to_kernels(nodes, GROUPS)
        self._drains = {node.name: _index_of(node, DRAIN_LINK) for node in nodes}

    def hear(self, now, name, data):
        for link in links(data):
            if link.name == DRAIN_LINK:
                self._drains[name].add(link.index)
            elif link.name == VIP_LINK and not link.is_up:
                # the kernel says nothing of the IPv4 routes that go with it
                self.events.append(Event(now, name, "del", "announced", None))
        words = kernel_words(data, self._drains[name])
        self.events += [Event(now, name, *word) for word in words]

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


def _index_of(node, ifname):
    link = node.link(ifname)
    return {link["ifindex"]} if link else set()


def links(data):
    """What a netlink packet says of links."""
    for kind, _, _, body in messages(data):
        if kind in (RTM_NEWLINK, RTM_DELLINK):
            index, flags = struct.unpack_from("=iI", body, 4)
            name = attributes(body[16:]).get(IFLA_IFNAME, b"").rstrip(b"\0").decode()
            yield Link(name, index, kind == RTM_NEWLINK and bool(flags & IFF_UP))


def kernel_words(data, drains=()):
    """The events about addresses and routes in a netlink packet: Words. drains: links of drains."""
    return [
        word
        for flags, _, word in _words(data, drains)
        if word and not flags & NLM_F_REQUEST
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


def _words(data, drains=()):
    """(flags, (sequence number, port), Word or None) of each message."""
    for kind, flags, key, body in messages(data):
        yield flags, key, _word(kind, body, drains) if kind in VERBS else None


def _word(kind, body, drains):
    family, length = body[0], body[1]
    if kind in (RTM_NEWADDR, RTM_DELADDR):
        what = "drained" if struct.unpack_from("=I", body, 4)[0] in drains else "address"
        found = attributes(body[8:])
        address = found.get(IFA_LOCAL, found.get(IFA_ADDRESS))
    else:
        what = ROUTES.get(body[4])
        address = attributes(body[12:]).get(RTA_DST)
    if not what or address is None:
        return None
    return Word(VERBS[kind], what, f"{socket.inet_ntop(family, address)}/{length}")


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


def attributes(data):
    """{type: payload} of netlink attributes."""
    found = {}
    while len(data) >= 4:
        length, kind = struct.unpack_from("=HH", data)
        found[kind & 0x3FFF] = data[4:length]
        data = data[max((length + 3) & ~3, 4) :]
    return found
