# SPDX-License-Identifier: GPL-2.0-or-later
"""Many groups at once: start, a quiet time, a reload, crashes.

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
import spread


def _false(two, active):
    """How many VIPs moved since the record began."""
    return len(two.watch.came(grouping.OTHER[active])) + len(two.watch.went(active))


def _start(two, active):
    """Brings both sides up; returns what it took."""
    then = time.time()
    two.start(active)
    configured = time.time()
    two.expect(lambda: two.holds(active), f"{active} has all VIPs")
    up = two.watch.came(active)
    two.watch.forget()
    two.start(grouping.OTHER[active])
    two.settle()
    two.watch.pause(4 * two.interval_ms / 1000)
    return {
        "listening_ms": [(configured - then) * 1000],
        "running_ms": [(up[-1] - then) * 1000],
        "false_cold": [_false(two, active)],
    }


def _quiet(two, active, seconds):
    """Nothing happens; returns what that costs."""
    two.watch.forget()
    costs = {}
    roles = {active: "active", grouping.OTHER[active]: "backup"}
    before = {}
    for side, role in roles.items():
        for name, pids in two.daemons[side].processes().items():
            before[role, name] = pids, process.cpu_sec(pids), time.monotonic()
    two.watch.pause(seconds)
    for (role, name), (pids, used, since) in before.items():
        percent = (process.cpu_sec(pids) - used) / (time.monotonic() - since) * 100
        costs[f"cpu_{name}_{role}_percent"] = [percent]
        for kind, size in process.memory_kb(pids).items():
            costs[f"{kind}_{name}_{role}_kb"] = [size]
    costs["false_quiet"] = [_false(two, active)]
    return costs


def _reload(two, active):
    """Both sides read the same configuration again."""
    two.watch.forget()
    then = time.monotonic()
    for side in (active, grouping.OTHER[active]):
        reloading = two.daemons[side].reload()
        if reloading:
            two.expect(lambda: reloading.poll() is not None, "the reload ends")
        two.watch.pause(1 + 4 * two.interval_ms / 1000)
    return {
        "false_reload": [_false(two, active)],
        "reload_ms": [(time.monotonic() - then) * 1000],
    }


def _crash(two, active):
    """The Active router dies; when each VIP is up on the other side."""
    new = grouping.OTHER[active]
    two.watch.forget()
    then = time.time()
    two.daemons[active].crash()
    two.expect(lambda: two.holds(new), f"{new} took all over")
    came_ms = [(when - then) * 1000 for when in two.watch.came(new)]
    down_ms = measures.active_down_ms(two.interval_ms, grouping.PRIORITY[new])
    return {
        "first_ms": came_ms[:1],
        "last_ms": came_ms[-1:],
        "each_ms": came_ms,
        "floor_ms": [down_ms],
        "last_over_ms": [came_ms[-1] - down_ms],
    }


def _stage(implementation, crowd, plan):
    """One round of one implementation: measured values, by name."""
    with pair.running(implementation, *crowd) as two:
        process.go_first()
        active = "r1"
        yield _start(two, active)
        yield _quiet(two, active, plan.quiet_sec)
        yield _reload(two, active)
        for _ in range(plan.crashes):
            yield _crash(two, active)
            two.heal(active)
            active = grouping.OTHER[active]


def _measure(implementations, crowd, plan):
    """One crowd: {implementation: {figure: spread}}"""
    seen = {implementation.NAME: {} for implementation in implementations}
    problems = {}
    for _ in range(plan.crowd_rounds):
        for implementation in implementations:
            name = implementation.NAME
            print(f"bench: {crowd.groups} groups, {name}", flush=True)
            try:
                for values in _stage(implementation, crowd, plan):
                    for figure, found in values.items():
                        seen[name].setdefault(figure, []).extend(found)
            except pair.Stuck as stuck:
                print(f"bench: {name}: {stuck}", flush=True)
                problems.setdefault(name, []).append(str(stuck))
    results = {
        name: {figure: spread.of(values) for figure, values in figures.items()}
        for name, figures in seen.items()
    }
    for name, words in problems.items():
        results[name]["problems"] = words
    return results


def measure(plan):
    """{"1000 groups at 100 ms": {implementation: {figure: spread}}}"""
    return {
        f"{crowd.groups} groups at {crowd.interval_ms} ms": _measure(
            pair.IMPLEMENTATIONS, crowd, plan
        )
        for crowd in plan.crowds
    }
