# SPDX-License-Identifier: GPL-2.0-or-later
"""The numbers, for people as a table and for programs as JSON."""

import json

from tale import NAMES

HEAD = (
    f"{'event':14}{'family':8}{'takeover':>11}{'floor':>11}{'above it':>10}"
    f"{'far switched':>15}{'pings lost':>12}"
)
STANDSTILL_MS = 20
NOTES = """
All times are milliseconds from the old Active router's last advertisement; for
graceful-stop from its priority-0 one; where a daemon was started, from its start.
The floor is what RFC 9568 makes the new Active router wait, by the interval and
the priority seen in the packets; far is the router that knows the VIP by BGP.
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
            f"{row.event:14}{NAMES[row.family]:8}{_ms(row.takeover_ms):>11}"
            f"{_ms(row.detection_floor_ms):>11}{_ms(above):>10}"
            f"{_ms(row.route_switched_ms):>15}{row.pings_lost:>12}"
        )
    yield from NOTES.rstrip().splitlines()


def busy_machine(standstills):
    """A sentence for each event in which the machine itself was late."""
    for event, pause_ms in standstills:
        if pause_ms > STANDSTILL_MS:
            yield (
                f"In {event} this machine stood still for {pause_ms:.0f} ms:"
                " its times say little about vrrpd."
            )


def to_json(measures):
    """One object per event and family."""
    rows = ",\n".join(f"  {json.dumps(row._asdict())}" for row in measures)
    return f"[\n{rows}\n]\n"
