# SPDX-License-Identifier: GPL-2.0-or-later
"""The extent of the measurements. Every round has both implementations, in turn."""

from typing import NamedTuple


class Single(NamedTuple):
    """One group, with this number of failovers of each kind in each round."""

    interval_ms: int
    rounds: int
    trials: int
    family: str = "ipv4"

    @property
    def title(self):
        """Its name in tables."""
        return f"{self.interval_ms} ms" + (", IPv6" if self.family == "ipv6" else "")


class Crowd(NamedTuple):
    """Many groups at one interval, with this number of starts and crashes."""

    groups: int
    interval_ms: int
    starts: int
    crashes: int
    sourced: bool = False

    @property
    def title(self):
        """Its name in tables."""
        title = f"{self.groups} groups at {self.interval_ms} ms"
        return title + (", a source each" if self.sourced else "")


class Moves(NamedTuple):
    """VIPs that move behind OSPF and BGP: each event of these kinds, so many times."""

    vips: int
    interval_ms: int
    period_ms: int
    rounds: int
    kinds: tuple
    families: tuple = ("ipv4", "ipv6")
    settle: bool = False
    bfd: bool = False
    of: tuple = ("ours", "keepalived")
    protocols: tuple = ("OSPF", "BGP")

    @property
    def title(self):
        """Its name in tables."""
        families = " and ".join(self.families)
        more = (", preempt settle" if self.settle else "") + (", BFD" if self.bfd else "")
        if len(self.protocols) == 1:
            more += f", {self.protocols[0]} alone"
        vips = "1 VIP" if self.vips == 1 else f"{self.vips} VIPs"
        return f"{vips}, {families}, at {self.interval_ms} ms{more}"


class Plan(NamedTuple):
    """The extent of a run."""

    singles: tuple
    crowds: tuple
    quiet_sec: float
    moves: tuple = ()


FULL = Plan(
    (
        Single(10, 5, 10),
        Single(100, 5, 10),
        Single(1000, 3, 1),
        Single(10, 2, 10, "ipv6"),
    ),
    (Crowd(1000, 100, 2, 3), Crowd(4000, 1000, 2, 3), Crowd(4000, 1000, 1, 1, True)),
    60.0,
)
QUICK = Plan(
    (Single(10, 2, 4), Single(100, 2, 4), Single(1000, 1, 1), Single(10, 1, 4, "ipv6")),
    (Crowd(1000, 100, 1, 1), Crowd(4000, 1000, 1, 1), Crowd(4000, 1000, 1, 0, True)),
    10.0,
)
ALL = ("ours", "keepalived", "ExaBGP")
ALL_KINDS = ("planned", "commands", "crash", "host")
MOVES = Plan(
    (),
    (),
    0.0,
    (
        Moves(1, 100, 1, 10, ("planned", "commands", "crash"), of=ALL),
        Moves(1, 100, 1, 5, ("host",), settle=True, of=ALL),
        Moves(1, 100, 1, 5, ("host",), settle=True, bfd=True, of=("ours",)),
        Moves(1000, 100, 50, 5, ("planned", "crash"), ("ipv4",)),
        Moves(1000, 100, 50, 5, ("planned", "crash"), ("ipv6",)),
        # ospfd takes a minute for so many
        Moves(4000, 1000, 200, 3, ("planned",), ("ipv4",), protocols=("BGP",)),
    ),
)
QUICK_MOVES = Plan(
    (),
    (),
    0.0,
    (
        Moves(1, 100, 1, 2, ALL_KINDS, settle=True),
        Moves(1000, 100, 50, 1, ("planned", "crash"), ("ipv4",)),
    ),
)
