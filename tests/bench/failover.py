# SPDX-License-Identifier: GPL-2.0-or-later
"""One group fails over, again and again, against what the protocol makes it wait.

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
import spread


def _holder(two):
    """The side that has the VIP, once that is only one."""

    def held():
        return [side for side in two.watch.up if two.holds(side)]

    two.expect(lambda: len(held()) == 1, "one router has the VIP")
    return held()[0]


def _one(two, old, kind):
    """One failover away from old: its end and the floor, in ms.

    None if the VIP moved before anything was done: a false takeover.
    """
    new = grouping.OTHER[old]
    two.watch.pause(random.uniform(0.2, 1.2) * two.interval_ms / 1000)
    two.watch.forget()
    two.watch.pause(1.1 * two.interval_ms / 1000)
    if two.watch.changes:
        return None
    getattr(two.daemons[old], kind)()
    two.expect(lambda: two.holds(new), f"{new} took over")
    end = two.watch.came(new)[0]

    def heard(side):
        return [advert for advert in two.watch.adverts if advert.side == side]

    # its first advertisement may follow the address
    two.expect(lambda: heard(old), f"{new} advertises")
    last = heard(new)[-1]
    skew_ms = measures.skew_ms(last.interval_ms, heard(old)[0].priority)
    floor_ms = skew_ms if last.priority == 0 else 3 * last.interval_ms + skew_ms
    return (end - last.time) * 1000, floor_ms


def _stage(implementation, interval_ms, trials):
    """Some failovers of each kind, in turn, to and fro."""
    with pair.running(implementation, 1, interval_ms, adverts=True) as two:
        process.go_first()
        two.lead("r1")
        for _ in range(trials):
            for kind in ("crash", "stop"):
                active = _holder(two)
                times = _one(two, active, kind)
                yield kind, times
                if times:
                    two.heal(active)


def measure(plan):
    """{interval: {kind: {implementation: {took_ms, floor_ms, over_ms, false}}}}"""
    seen = {}
    for interval_ms, trials in plan.trials.items():
        for _ in range(plan.rounds):
            for implementation in pair.IMPLEMENTATIONS:
                name = implementation.NAME
                try:
                    for kind, times in _stage(implementation, interval_ms, trials):
                        key = (interval_ms, kind, name)
                        seen.setdefault(key, []).append(times)
                except pair.Stuck as stuck:
                    print(f"bench: {name}: {stuck}", flush=True)
            print(f"bench: one group at {interval_ms} ms", flush=True)
    results = {}
    for (interval_ms, kind, name), trials in seen.items():
        times = [trial for trial in trials if trial]
        kinds = results.setdefault(str(interval_ms), {}).setdefault(kind, {})
        kinds[name] = {
            "took_ms": spread.of(took for took, _ in times),
            "floor_ms": spread.of(floor for _, floor in times),
            "over_ms": spread.of(took - floor for took, floor in times),
            "false": len(trials) - len(times),
        }
    return results
