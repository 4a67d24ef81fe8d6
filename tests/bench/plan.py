# SPDX-License-Identifier: GPL-2.0-or-later
"""How much is measured."""

from typing import NamedTuple


class Crowd(NamedTuple):
    """Many groups at one interval."""

    groups: int
    interval_ms: int


class Plan(NamedTuple):
    """The extent of a run; every round has both implementations, in turn."""

    rounds: int
    trials: dict  # interval in ms: failovers of each kind in a round
    crowds: tuple
    crowd_rounds: int
    crashes: int  # of a crowd, in a round
    quiet_sec: float


CROWDS = (Crowd(1000, 100), Crowd(4000, 1000))
FULL = Plan(5, {10: 10, 100: 10, 1000: 4}, CROWDS, 2, 4, 60.0)
QUICK = Plan(2, {10: 4, 100: 4, 1000: 1}, CROWDS, 1, 2, 10.0)
