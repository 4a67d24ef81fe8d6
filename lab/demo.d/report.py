# SPDX-License-Identifier: GPL-2.0-or-later
"""The numbers, for people as a table and for programs as JSON."""

import json

from tale import NAMES

HEAD = (
    f"{'event':16}{'family':6}{'takeover':>10}{'floor':>8}{'far switched':>14}"
    f"{'lost by BGP':>13}{'by OSPF':>9}"
)
STANDSTILL_MS = 20
BOLD, RESET = "\033[1m", "\033[0m"
NOTES = """
All times are in milliseconds: from the old Active router's priority-0
advertisement, if it sent one, else from what was done, such as the start of a
daemon. The floor is what RFC 9568 makes the new Active router wait, by the
interval and priority seen in the packets. A lower priority takes effect when
nobody has typed for three seconds. far is the router that knows the VIP
by BGP. Lost are pings, one each 10 ms, of the client behind far and of the
fabric, which knows the VIP by OSPF.
"""


def _ms(value):
    return "-" if value is None else f"{value:.1f}"


def table(measures, bold):
    """The table as lines of text; bold: the losses are, on a terminal."""
    yield HEAD
    yield "-" * len(HEAD)
    for row in measures:
        lost = f"{row.lost['BGP']:>13}{row.lost['OSPF']:>9}"
        yield (
            f"{row.event:16}{NAMES[row.family]:6}{_ms(row.takeover_ms):>10}"
            f"{_ms(row.detection_floor_ms):>8}{_ms(row.route_switched_ms):>14}"
            + (f"{BOLD}{lost}{RESET}" if bold else lost)
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
