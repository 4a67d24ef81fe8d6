# SPDX-License-Identifier: GPL-2.0-or-later
"""Many groups at once: starts, a quiet time, a reload, crashes.

A false takeover is a VIP that comes up on the Backup, or goes from the Active
router, while nothing happened to either: in the quiet time, when the Backup
starts beside the Active router, and when the Active router's and then the
Backup's configuration is read again without a change.
"""

import time

import groups as grouping
import measures
import pair
import process
import progress
import spread

# number of parts of the quiet time, for the spread of its cost
WINDOWS = 6


def _false(two, active):
    """The number of VIPs that moved since the record began."""
    return len(two.watch.came(grouping.OTHER[active])) + len(two.watch.went(active))


def _floor_ms(two, side):
    """The minimum wait of a router that hears nobody."""
    return measures.active_down_ms(two.interval_ms, grouping.PRIORITY[side])


def _start_alone(two, side):
    """Starts one router that is alone; returns the time that took."""
    two.watch.forget()
    then = time.time()
    two.start(side)
    configured = time.time()
    two.expect(lambda: two.holds(side), f"{side} has all VIPs")
    running_ms = (two.watch.came(side)[-1] - then) * 1000
    return {
        "listening_ms": [(configured - then) * 1000],
        "running_ms": [running_ms],
        "running_over_ms": [running_ms - _floor_ms(two, side)],
    }


def _end(two, side):
    """Stops a router that is alone."""
    two.daemons[side].stop()
    two.expect(lambda: not two.watch.up[side], f"{side} let go of its VIPs")
    two.daemons[side].reap()


def _join(two, active):
    """The Backup starts beside the Active router."""
    two.watch.forget()
    two.start(grouping.OTHER[active])
    two.settle()
    two.watch.pause(4 * two.interval_ms / 1000)
    return {"false_cold": [_false(two, active)]}


class _Meter:
    """Processor time of all processes of both sides, by figure."""

    def __init__(self, two, active):
        roles = {active: "active", grouping.OTHER[active]: "backup"}
        self.pids = {
            f"{name}_{role}": pids
            for side, role in roles.items()
            for name, pids in two.daemons[side].processes().items()
        }
        self.since = time.monotonic()
        self.used = self._cpu_sec()

    def _cpu_sec(self):
        return {what: process.cpu_sec(pids) for what, pids in self.pids.items()}

    def percent(self):
        """Percent of a core since this was last asked."""
        since, used = self.since, self.used
        self.since, self.used = time.monotonic(), self._cpu_sec()
        return {
            f"cpu_{what}_percent": (now - used[what]) / (self.since - since) * 100
            for what, now in self.used.items()
        }

    def memory_kb(self):
        """Memory as the kernel counts it."""
        return {
            f"{kind}_{what}_kb": [size]
            for what, pids in self.pids.items()
            for kind, size in process.memory_kb(pids).items()
        }


def _quiet(two, active, seconds):
    """Waits while nothing happens; returns the cost."""
    two.watch.forget()
    costs = {}
    meter = _Meter(two, active)
    for _ in range(WINDOWS):
        two.watch.pause(seconds / WINDOWS)
        for figure, percent in meter.percent().items():
            costs.setdefault(figure, []).append(percent)
    costs["false_quiet"] = [_false(two, active)]
    return {**costs, **meter.memory_kb()}


def _heap(two, active):
    """Memory as counted by the Active router's daemon; None if it does not count."""
    heap = two.daemons[active].heap_kb()
    return {f"heap_{owner}_active_kb": [size] for owner, size in heap.items()}


def _reload(two, active):
    """Makes both sides read the same configuration again."""
    two.watch.forget()
    for side in (active, grouping.OTHER[active]):
        reloading = two.daemons[side].reload()
        if reloading:
            two.expect(lambda: reloading.poll() is not None, "the reload ends")
        two.watch.pause(1 + 4 * two.interval_ms / 1000)
    return {"false_reload": [_false(two, active)]}


def _crash(two, active):
    """Kills the Active router; returns when each VIP came up on the other side."""
    new = grouping.OTHER[active]
    two.watch.forget()
    then = time.time()
    two.daemons[active].crash()
    two.expect(lambda: two.holds(new), f"{new} took all over")
    came_ms = [(when - then) * 1000 for when in two.watch.came(new)]
    floor_ms = _floor_ms(two, new)
    return {
        "first_ms": came_ms[:1],
        "last_ms": came_ms[-1:],
        "each_ms": came_ms,
        "floor_ms": [floor_ms],
        "last_over_ms": [came_ms[-1] - floor_ms],
    }


def _stage(implementation, crowd, plan):
    """One implementation with one crowd: measured values, by name."""
    groups = grouping.make(crowd.groups, sourced=crowd.sourced)
    with pair.running(implementation, groups, crowd.interval_ms) as two:
        process.go_first()
        active = "r1"
        yield _start_alone(two, active)
        for _ in range(crowd.starts - 1):
            _end(two, active)
            yield _start_alone(two, active)
        yield _join(two, active)
        yield _quiet(two, active, plan.quiet_sec)
        yield _heap(two, active)
        yield _reload(two, active)
        for _ in range(crowd.crashes):
            yield _crash(two, active)
            two.heal(active)
            active = grouping.OTHER[active]


def _measure(implementation, crowd, plan):
    """{figure: spread} of one implementation with one crowd."""
    progress.say(f"{crowd.title}, {implementation.NAME}")
    seen = {}
    problems = []
    try:
        for values in _stage(implementation, crowd, plan):
            for figure, found in values.items():
                seen.setdefault(figure, []).extend(found)
    except pair.Stuck as stuck:
        progress.say(f"{implementation.NAME}: {stuck}")
        problems.append(str(stuck))
    results = {figure: spread.of(values) for figure, values in seen.items()}
    if problems:
        results["problems"] = problems
    return results


def measure(plan):
    """{"1000 groups at 100 ms": {implementation: {figure: spread}}}"""
    return {
        crowd.title: {
            implementation.NAME: _measure(implementation, crowd, plan)
            for implementation in pair.IMPLEMENTATIONS
        }
        for crowd in plan.crowds
    }
