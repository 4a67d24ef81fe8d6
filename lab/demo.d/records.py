# SPDX-License-Identifier: GPL-2.0-or-later
"""Observations on the network, as values.

Every record starts with the time it was true, in seconds of CLOCK_MONOTONIC,
and nothing in it was taken from a configuration. A record crosses from the
process that measures to the one that tells as one line of JSON.
"""

import json
from typing import NamedTuple


class Advert(NamedTuple):
    """A VRRP advertisement passed the fabric, on its way to the other site."""

    time: float
    family: str
    router: str
    priority: int
    interval_ms: int


class Route(NamedTuple):
    """From now on node's kernel sends prefix to these neighbours; may be none."""

    time: float
    node: str
    prefix: str
    towards: list


class Address(NamedTuple):
    """The VIP came to a router's kernel, or went from it."""

    time: float
    router: str
    family: str
    present: bool


class Ping(NamedTuple):
    """A ping that left a client at `time`, and its answer, if one came."""

    time: float
    client: str
    family: str
    number: int
    answered: float | None


_KINDS = {kind.__name__: kind for kind in (Advert, Route, Address, Ping)}


def to_line(record):
    """One line of bytes that from_line understands."""
    return json.dumps([type(record).__name__, *record]).encode() + b"\n"


def from_line(line):
    """The record that was made into line."""
    kind, *fields = json.loads(line)
    return _KINDS[kind](*fields)
