# SPDX-License-Identifier: GPL-2.0-or-later
"""
How many ways a router's kernel had to a prefix, and for how long.

Nothing is polled: the kernel's own notifications of its main table are read, so a second
way that lasted for a millisecond has been seen. A link that goes down takes IPv4 routes
with it unsaid; the next route to the same prefix, of the same metric, replaces it here.
A way over a link that does not carry is none, however long a route names it.
"""
import socket
import struct
import time

from helpers.events import RT_TABLE_MAIN, RTM_DELROUTE, RTM_NEWROUTE, attributes, messages
from helpers.listen import Listener

# RTMGRP_* of links, and of routes of both families
GROUPS = 1 | 0x40 | 0x400
RTM_NEWLINK, RTM_DELLINK = 16, 17
IFF_LOWER_UP = 1 << 16
RTA_DST, RTA_OIF, RTA_PRIORITY, RTA_MULTIPATH, RTA_TABLE = 1, 4, 6, 9, 15


class Ways(Listener):
    """
    Records some nodes while its with-block runs. owner(index of a link) says where that
    leads, if links to one neighbor are to count as one way.
    """

    def __init__(self, *nodes, owner=None):
        super().__init__()
        self._owner = owner or (lambda link: link)
        self._routes = {}  # (node, prefix): {metric: set of links}
        self._dark = set()  # (node, link) that does not carry
        self._since = {}  # (node, prefix): when there began to be two
        self.longest = {}  # (node, prefix): how long there were two at most, in seconds
        self._told = {}  # (node, prefix): [(time, ways)]
        self.listen_to_kernels(nodes, GROUPS)

    def hear(self, now, name, data):
        for kind, _, _, body in messages(data):
            if kind in (RTM_NEWROUTE, RTM_DELROUTE):
                self._note(now, name, kind, body)
            elif kind in (RTM_NEWLINK, RTM_DELLINK):
                self._note_link(now, name, kind, body)

    def _note_link(self, now, name, kind, body):
        index, flags = struct.unpack_from("=iI", body, 4)
        if kind == RTM_NEWLINK and flags & IFF_LOWER_UP:
            self._dark.discard((name, index))
        else:
            self._dark.add((name, index))
        for key in [key for key in self._routes if key[0] == name]:
            self._look(now, key)

    def _note(self, now, name, kind, body):
        found = attributes(body[12:])
        table = _number(found.get(RTA_TABLE)) or body[4]
        if table != RT_TABLE_MAIN or RTA_DST not in found:
            return
        prefix = f"{socket.inet_ntop(body[0], found[RTA_DST])}/{body[1]}"
        routes = self._routes.setdefault((name, prefix), {})
        metric = _number(found.get(RTA_PRIORITY))
        if kind == RTM_NEWROUTE:
            routes[metric] = _links(found)
        else:
            routes.pop(metric, None)
        self._look(now, (name, prefix))

    def _look(self, now, key):
        links = set().union(*self._routes[key].values())
        live = {link for link in links if (key[0], link) not in self._dark}
        self._judge(now, key, {self._owner(link) for link in live})

    def now(self, name, prefix):
        """The ways that a node of that name has now, as far as its kernel told."""
        told = self._told.get((name, prefix))
        return told[-1][1] if told else set()

    def story(self, name, prefix):
        """The records as text, for a failed test."""
        told = self._told.get((name, prefix), [])
        return "; ".join(f"{now:.3f} {sorted(ways)}" for now, ways in told)

    def _judge(self, now, key, links):
        told = self._told.setdefault(key, [])
        if not told or told[-1][1] != links:
            told.append((now, links))
        if len(links) > 1:
            self._since.setdefault(key, now)
        elif key in self._since:
            lasted = now - self._since.pop(key)
            self.longest[key] = max(self.longest.get(key, 0.0), lasted)

    def __exit__(self, *args):
        super().__exit__(*args)
        for key in list(self._since):
            self._judge(time.monotonic(), key, set())


def _number(payload):
    return struct.unpack("=I", payload)[0] if payload else 0


def _links(found):
    """The links a route leads out by."""
    data, links = found.get(RTA_MULTIPATH, b""), set()
    while len(data) >= 8:
        length, _, _, ifindex = struct.unpack_from("=HBBi", data)
        links.add(ifindex)
        data = data[max((length + 3) & ~3, 8) :]
    return links or {_number(found.get(RTA_OIF))}
