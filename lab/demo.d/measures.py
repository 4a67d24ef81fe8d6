# SPDX-License-Identifier: GPL-2.0-or-later
"""From what was seen to the numbers.

Every number of an event counts from one zero, an instant that was seen: the old
Active router's advertisement with priority 0, if it sent one (after a kill its
guardian does); after a kill without one, its last; else the instant at which the
demo acted, such as that at which it started a daemon.

takeover_ms         the new Active router's first advertisement, or, if the fabric
                    has no way to carry it, when that router had the VIP.
detection_floor_ms  what RFC 9568 makes that router wait at the least, with the
                    interval and the priority *carried in those packets*: the
                    Active_Down_Interval, 3 x interval + skew, or after a
                    priority-0 advertisement the skew alone, which is
                    (256 - priority) x interval / 256. None where it waits for
                    something else.
route_switched_ms   far's kernel route for the VIP leads to the new router, and
                    to no other.
lost                how many of each client's pings, one each 10 ms, sent after
                    the demo acted and before it acted again, got no answer.

So takeover_ms - detection_floor_ms is what the implementation adds to the
protocol: after a priority-0 advertisement its lateness, where the demo started a
daemon also the start of that daemon and the reading of its configuration. An
event after which nobody else is Active has no times at all.
"""

from typing import NamedTuple

import topology

MILLI = 1000.0


class Measure(NamedTuple):
    """The numbers of one event and family; None where it did not happen."""

    event: str
    family: str
    detection_floor_ms: float | None
    takeover_ms: float | None
    route_switched_ms: float | None
    lost: dict[str, int]  # by the protocol that the client's way is learnt by


# r1 starts a daemon that then waits for Active_Down_Interval.
STARTS = ("election", "preempt", "return")


def skew_ms(interval_ms, priority):
    """Skew time of RFC 9568, section 6.1."""
    return (256 - priority) * interval_ms / 256


def active_down_ms(interval_ms, priority):
    """Active down interval of RFC 9568, section 6.1."""
    return 3 * interval_ms + skew_ms(interval_ms, priority)


def first_advert(history, event, family):
    """The first advertisement of the event's new Active router, or None."""
    for advert in history.adverts[family]:
        if advert.router == event.new and event.time <= advert.time < event.end:
            return advert
    return None


def last_advert(history, event, family, before):
    """The old Active router's last advertisement before that time, or None."""
    for advert in reversed(history.adverts[family]):
        if advert.router == event.old and advert.time < before:
            return advert
    return None


def vip_came(history, event, family):
    """When the VIP came to the event's new Active router, or None."""
    for change in history.addresses.get((event.new, family), []):
        if change.present and event.time <= change.time < event.end:
            return change.time
    return None


def zero_and_floor(history, event, family, first):
    """The zero of the event, and how long after it the protocol waits."""
    last = last_advert(history, event, family, first.time)
    interval_ms = (last or first).interval_ms
    left = history.farewell(event, family)
    if left:
        return left.time, skew_ms(interval_ms, first.priority)
    down_ms = active_down_ms(interval_ms, first.priority)
    if last and event.name == "kill":
        return last.time, down_ms
    return event.time, down_ms if event.name in STARTS else None


def route_switched(history, event, family):
    """When far's route led to the new Active router only, or None."""
    changes = history.route_changes("far", topology.vip_prefix(family))
    for change in changes:
        if event.time <= change.time < event.end and change.towards == [event.new]:
            return change.time
    return None


def pings_lost(history, event, family):
    """How many pings of each client sent during the event remained without answer."""
    lost = dict.fromkeys(topology.CLIENTS.values(), 0)
    for client, protocol in topology.CLIENTS.items():
        for ping in reversed(history.pings[client, family]):
            if ping.time < event.time - 1:
                break  # they are in order, but for a lost one's wait
            if ping.answered is None and event.time <= ping.time < event.end:
                lost[protocol] += 1
    return lost


def measure(history, event, family):
    """The Measure of one event in one family."""
    lost = pings_lost(history, event, family)
    first = first_advert(history, event, family)
    taken = first.time if first else vip_came(history, event, family)
    if taken is None or event.old == event.new:
        return Measure(event.name, family, None, None, None, lost)
    zero, floor_ms = event.time, None
    if first:
        zero, floor_ms = zero_and_floor(history, event, family, first)
    switched = route_switched(history, event, family)
    return Measure(
        event.name,
        family,
        floor_ms and round(floor_ms, 1),
        round((taken - zero) * MILLI, 1),
        switched and round((switched - zero) * MILLI, 1),
        lost,
    )


def measure_all(history):
    """All Measures of a run, in its order."""
    return [
        measure(history, event, family)
        for event in history.events
        for family in topology.FAMILIES
    ]


def standstill_ms(history, event):
    """For how long the machine that runs all this stood still in the event.

    The client's pings leave every 10 ms, by the process that gets the processor
    first. A longer pause between two of them is time that nobody had, vrrpd
    included: the machine was busy with something that is not in the demo.
    """
    end = min(event.end, event.time + 1.0)
    worst = 0.0
    for pings in history.pings.values():
        sent = sorted(p.time for p in pings if event.time - 0.1 <= p.time < end)
        pauses = [after - before for before, after in zip(sent, sent[1:])]
        worst = max([worst, *pauses])
    return worst * MILLI
