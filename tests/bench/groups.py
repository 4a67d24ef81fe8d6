# SPDX-License-Identifier: GPL-2.0-or-later
"""The groups of a bench: which VRIDs on which links, with which VIPs."""

from typing import NamedTuple

PER_LINK = 250
# none is the default, 100: written out, it makes frr-reload see a difference
PRIORITY = {"r1": 200, "r2": 120}
HOST = {"r1": 1, "r2": 2}
OTHER = {"r1": "r2", "r2": "r1"}


class Group(NamedTuple):
    """A virtual router with one VIP, on the link of that number."""

    link: int
    vrid: int

    @property
    def vip(self):
        """The address of the group."""
        return f"10.200.{self.link}.{self.vrid}"


def make(count):
    """So many groups, PER_LINK on a link."""
    return [Group(n // PER_LINK, n % PER_LINK + 1) for n in range(count)]


def links(groups):
    """The numbers of the links that the groups use."""
    return sorted({group.link for group in groups})


def address(link, router):
    """The router's own address on a link."""
    return f"10.1.{link}.{HOST[router]}"
