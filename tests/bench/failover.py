# SPDX-License-Identifier: GPL-2.0-or-later
"""Repeated failovers of one group, compared with the wait that the protocol requires.

Zero is the last advertisement of the router that went, as the other one's
kernel stamped it; the end is the VIP's address on the other one. The floor is
the Active_Down_Interval (after a priority-0 advertisement the skew time alone)
by the interval and the priority that were seen in the packets.
"""

import random

import groups as grouping
import measures
import pair
import process
import progress
import sleeper
import spread

KINDS = ("crash", "stop")


def _holder(two):
    """The side that has the VIP, once that is only one."""

    def held():
        return [side for side in two.watch.up if two.holds(side)]

    two.expect(lambda: len(held()) == 1, "one router has the VIP")
    return held()[0]


def _one(two, old, kind):
    """One failover away from old: its end and the protocol's minimum (floor), in ms.

    None if the VIP moved before anything was done: a false takeover.
    """
    new = grouping.OTHER[old]

    def heard(side):
        return [advert for advert in two.watch.adverts if advert.side == side]

    two.watch.forget()
    two.watch.pause(random.uniform(1.5, 2.5) * two.interval_ms / 1000)
    two.expect(lambda: heard(new), f"{old} advertises")
    if two.watch.changes:
        return None
    getattr(two.daemons[old], kind)()
    two.expect(lambda: two.holds(new), f"{new} took over")
    end = two.watch.came(new)[0]
    # its first advertisement may follow the address
    two.expect(lambda: heard(old), f"{new} advertises")
    last = heard(new)[-1]
    skew_ms = measures.skew_ms(last.interval_ms, heard(old)[0].priority)
    floor_ms = skew_ms if last.priority == 0 else 3 * last.interval_ms + skew_ms
    return (end - last.time) * 1000, floor_ms


def _round(implementation, single):
    """Some failovers of each kind, in turn, to and fro."""
    groups = grouping.make(1, single.family)
    with pair.running(implementation, groups, single.interval_ms, single.family) as two:
        process.go_first()
        two.lead("r1")
        for _ in range(single.trials):
            for kind in KINDS:
                active = _holder(two)
                times = _one(two, active, kind)
                yield kind, times
                if times:
                    two.heal(active)


def _trials(single):
    """{kind: {implementation: [what _one() returned]}}, and by how much the sleeper was late."""
    seen = {kind: {i.NAME: [] for i in pair.IMPLEMENTATIONS} for kind in KINDS}
    late_ms = []
    for _ in range(single.rounds):
        for implementation in pair.IMPLEMENTATIONS:
            name = implementation.NAME
            try:
                with sleeper.beside(single.interval_ms, late_ms):
                    for kind, times in _round(implementation, single):
                        seen[kind][name].append(times)
            except pair.Stuck as stuck:
                progress.say(f"{name}: {stuck}")
        progress.say(f"one group at {single.title}")
    return seen, late_ms


def _summary(trials):
    """{took_ms, floor_ms, over_ms, false} of some trials."""
    times = [trial for trial in trials if trial]
    return {
        "took_ms": spread.of(took for took, _ in times),
        "floor_ms": spread.of(floor for _, floor in times),
        "over_ms": spread.of(took - floor for took, floor in times),
        "false": len(trials) - len(times),
    }


def measure(plan):
    """
    {"10 ms, IPv6": {kind: {implementation: {took_ms, floor_ms, over_ms, false}}}}, and
    {"10 ms, IPv6": the spread of the sleeper's lateness, in ms}
    """
    failovers, asleep = {}, {}
    for single in plan.singles:
        seen, late_ms = _trials(single)
        failovers[single.title] = {
            kind: {name: _summary(trials) for name, trials in by_name.items()}
            for kind, by_name in seen.items()
        }
        asleep[single.title] = spread.of(late_ms)
    return failovers, asleep
