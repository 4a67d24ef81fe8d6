# SPDX-License-Identifier: GPL-2.0-or-later
"""The groups of a bench: which VRIDs on which links, with which addresses.

A link is 10.1.LINK.0/24 and 2001:db8:1:LINK::/64. Groups with a source each have
it in 10.2.LINK.0/24 on r1 and in 10.3.LINK.0/24 on r2, and reach each other by
the link's own addresses.
"""

from typing import NamedTuple

PER_LINK = 250
# none is the default, 100: written out, it makes frr-reload see a difference
PRIORITY = {"r1": 200, "r2": 120}
HOST = {"r1": 1, "r2": 2}
OTHER = {"r1": "r2", "r2": "r1"}
SOURCES = {"r1": "10.2", "r2": "10.3"}
LENGTH = {"ipv4": 32, "ipv6": 128}


def address(link, router, family="ipv4"):
    """The router's own address on a link."""
    if family == "ipv6":
        return f"2001:db8:1:{link}::{HOST[router]}"
    return f"10.1.{link}.{HOST[router]}"


class Group(NamedTuple):
    """A virtual router with one VIP, on the link of that number."""

    link: int
    vrid: int
    family: str
    sourced: bool

    @property
    def vip(self):
        """The address of the group."""
        if self.family == "ipv6":
            # written as the kernel's would be: no field before the gap is 0
            return f"2001:db8:200:{self.link + 1:x}::{self.vrid:x}"
        return f"10.200.{self.link}.{self.vrid}"

    def source(self, router):
        """The source address of the router's advertisements."""
        if self.sourced:
            return f"{SOURCES[router]}.{self.link}.{self.vrid}"
        return address(self.link, router, self.family)

    def peer(self, router):
        """The source address of the other router's advertisements."""
        return self.source(OTHER[router])


def make(count, family="ipv4", sourced=False):
    """Makes groups, PER_LINK on a link; each has a separate source if sourced."""
    return [
        Group(n // PER_LINK, n % PER_LINK + 1, family, sourced) for n in range(count)
    ]


def links(groups):
    """The numbers of the links that the groups use."""
    return sorted({group.link for group in groups})
