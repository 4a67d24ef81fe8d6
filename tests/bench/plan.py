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


class Plan(NamedTuple):
    """The extent of a run."""

    singles: tuple
    crowds: tuple
    quiet_sec: float


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
