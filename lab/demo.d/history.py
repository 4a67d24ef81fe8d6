# SPDX-License-Identifier: GPL-2.0-or-later
"""The records so far, in order, and queries about them.

A History is fed with records and with the instants at which the demo did
something (Event). It takes no decisions and knows no clock: every answer is
about a time that the caller names, or about the latest record.
"""

import dataclasses

import records
import topology


@dataclasses.dataclass
class Event:
    """
    Something the demo did: when, and who should be Active because of it, which is
    who was before if nothing moves.
    """

    name: str
    time: float
    old: str | None
    new: str
    end: float = float("inf")


class History:
    """All records and events of one run."""

    def __init__(self):
        self.events = []
        self.adverts = {family: [] for family in topology.FAMILIES}
        self.pings = {
            (client, family): []
            for client in topology.CLIENTS
            for family in topology.FAMILIES
        }
        self.routes = {}
        self.addresses = {}

    def add(self, record):
        """Takes one record."""
        if isinstance(record, records.Advert):
            self.adverts[record.family].append(record)
        elif isinstance(record, records.Ping):
            self.pings[record.client, record.family].append(record)
        elif isinstance(record, records.Route):
            self.routes.setdefault((record.node, record.prefix), []).append(record)
        else:
            key = (record.router, record.family)
            self.addresses.setdefault(key, []).append(record)

    def begin(self, event):
        """Takes one event, which ends the one before."""
        if self.events:
            self.events[-1].end = event.time
        self.events.append(event)

    def active(self, family):
        """The router of the last advertisement that was seen."""
        adverts = self.adverts[family]
        return adverts[-1].router if adverts and adverts[-1].priority else None

    def farewell(self, event, family):
        """The advertisement by which the event's old Active router said that it leaves, or None."""
        for advert in self.adverts[family]:
            if advert.router == event.old and event.time <= advert.time < event.end:
                if advert.priority == 0:
                    return advert
        return None

    def reigns(self, family, horizon=1.0):
        """The Active routers in order: [router, first, last advertisement] each.

        A reign ends with the router's last advertisement before another's
        first, with its priority-0 one, or when it says nothing for `horizon`.
        """
        reigns = []
        for advert in self.adverts[family]:
            open_reign = reigns and reigns[-1][3]
            same = open_reign and reigns[-1][0] == advert.router
            if same and advert.time - reigns[-1][2] <= horizon:
                reigns[-1][2] = advert.time
            elif advert.priority:
                reigns.append([advert.router, advert.time, advert.time, True])
            if not advert.priority and reigns and reigns[-1][0] == advert.router:
                reigns[-1][3] = False
        return [reign[:3] for reign in reigns]

    def route_changes(self, node, prefix):
        """The Route records of node for prefix."""
        return self.routes.get((node, prefix), [])

    def towards(self, node, prefix):
        """Where node sends prefix now; an empty list if nowhere."""
        changes = self.route_changes(node, prefix)
        return changes[-1].towards if changes else []

    def vip_towards(self, node, family):
        """Where node sends the VIP now."""
        return self.towards(node, topology.vip_prefix(family))

    def vip_present(self, router, family):
        """Whether the VIP is on that router's kernel now."""
        changes = self.addresses.get((router, family))
        return bool(changes) and changes[-1].present

    def answered_in_a_row(self, client, family, since):
        """How many pings sent since then were answered, after the last lost one."""
        count = 0
        for ping in reversed(self.pings[client, family]):
            if ping.answered is None or ping.time < since:
                break
            count += 1
        return count
