# SPDX-License-Identifier: GPL-2.0-or-later
"""The numbers, for people as a table and for programs as JSON."""

import json

from tale import NAMES

HEAD = (
    f"{'event':14}{'family':6}{'takeover':>10}{'floor':>9}{'above it':>10}"
    f"{'far switched':>14}{'pings lost':>12}"
)
STANDSTILL_MS = 20
NOTES = """
All times are in milliseconds: from the old Active router's last advertisement,
from its priority-0 one (graceful-stop), or from the start of the daemon.
The floor is what RFC 9568 makes the new Active router wait, by the interval
and priority seen in the packets. far is the router that knows the VIP by BGP.
"""


def _ms(value):
    return "-" if value is None else f"{value:.1f}"


def table(measures):
    """The table as lines of text."""
    yield HEAD
    yield "-" * len(HEAD)
    for row in measures:
        above = None
        if row.takeover_ms is not None:
            above = row.takeover_ms - row.detection_floor_ms
        yield (
            f"{row.event:14}{NAMES[row.family]:6}{_ms(row.takeover_ms):>10}"
            f"{_ms(row.detection_floor_ms):>9}{_ms(above):>10}"
            f"{_ms(row.route_switched_ms):>14}{row.pings_lost:>12}"
        )
    yield from NOTES.rstrip().splitlines()


def busy_machine(standstills):
    """A sentence for each event in which the machine itself was late."""
    for event, pause_ms in standstills:
        if pause_ms > STANDSTILL_MS:
            yield (
                f"In {event} this machine was busy, and stood still for"
                f" {pause_ms:.0f} ms."
            )


def to_json(measures):
    """One object per event and family."""
    rows = ",\n".join(f"  {json.dumps(row._asdict())}" for row in measures)
    return f"[\n{rows}\n]\n"
