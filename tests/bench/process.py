# SPDX-License-Identifier: GPL-2.0-or-later
"""Processor time and memory of a process, read from /proc."""

import os
import pathlib

import progress

TICKS_PER_SEC = os.sysconf("SC_CLK_TCK")


def family(pid):
    """The process and all its descendants."""
    yield pid
    for task in pathlib.Path(f"/proc/{pid}/task").iterdir():
        for child in (task / "children").read_text().split():
            yield from family(int(child))


def cpu_sec(pids):
    """Seconds of processor time they have used, all threads, user and system."""
    ticks = 0
    for pid in pids:
        stat = pathlib.Path(f"/proc/{pid}/stat").read_text()
        fields = stat.rpartition(")")[2].split()
        ticks += int(fields[11]) + int(fields[12])
    return ticks / TICKS_PER_SEC


def memory_kb(pids):
    """Their memory in KB, as {"rss": …, "pss": …}."""
    total = {"rss": 0, "pss": 0}
    for pid in pids:
        for line in pathlib.Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            name, _, value = line.partition(":")
            if name.lower() in total:
                total[name.lower()] += int(value.split()[0])
    return total


def usual_priority():
    """A child does not inherit the bench's priority over all other processes."""
    os.sched_setscheduler(0, os.SCHED_OTHER, os.sched_param(0))


def go_first():
    """Gives the bench the highest priority, where that is allowed, so that it reads at once."""
    try:
        os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(1))
    except PermissionError:
        progress.say("no real-time priority here: times are less exact")
