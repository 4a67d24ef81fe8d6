# SPDX-License-Identifier: GPL-2.0-or-later
"""The records as sentences, one after another.

A Tale is asked about each record before the history takes it, so it can say
what changes by it; most records change nothing.
"""

import records
import topology

NAMES = {"ipv4": "IPv4", "ipv6": "IPv6"}


def prefix_family(prefix):
    """The family that has that prefix as VIP, or None."""
    for family in topology.FAMILIES:
        if prefix == topology.vip_prefix(family):
            return family
    return None


class Tale:
    """Turns records into sentences."""

    def __init__(self, history):
        self.history = history
        self.answered = {}

    def sentence(self, record):
        """The change that the record shows, or None."""
        if isinstance(record, records.Advert):
            return self._advert(record)
        if isinstance(record, records.Route):
            return self._route(record)
        if isinstance(record, records.Ping):
            return self._ping(record)
        return self._address(record)

    def _advert(self, advert):
        before = self.history.adverts[advert.family]
        name = NAMES[advert.family]
        if advert.priority == 0:
            return f"{name}  {advert.router} says that it leaves (priority 0)"
        if self.history.active(advert.family) == advert.router:
            return None
        others = [known for known in before if known.router != advert.router]
        if not others:
            return f"{name}  {advert.router} is Active: its first advertisement"
        gap_ms = (advert.time - others[-1].time) * 1000
        return (
            f"{name}  {advert.router} is Active:"
            f" {gap_ms:.1f} ms after {others[-1].router}'s last advertisement"
        )

    def _route(self, route):
        family = prefix_family(route.prefix)
        if family is None:
            return None
        protocol = "BGP" if route.node == "far" else "OSPF"
        there = " and ".join(route.towards)
        if there:
            return (
                f"{NAMES[family]}  {route.node} sends the VIP to {there} ({protocol})"
            )
        return f"{NAMES[family]}  {route.node} has no route to the VIP ({protocol})"

    def _address(self, address):
        what = "comes to" if address.present else "goes from"
        return f"{NAMES[address.family]}  the VIP {what} {address.router}"

    def _ping(self, ping):
        """Says it when pings are answered again, after which time."""
        if ping.answered is None:
            return None
        key = ping.client, ping.family
        before, self.answered[key] = self.answered.get(key), ping.time
        about = f"{NAMES[ping.family]}  pings from {ping.client} are answered"
        if before is None:
            return about
        if ping.time - before > 0.1:
            pause_ms = (ping.time - before) * 1000
            return f"{about} again, {pause_ms:.0f} ms after the last that was"
        return None
