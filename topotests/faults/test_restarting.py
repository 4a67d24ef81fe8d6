# SPDX-License-Identifier: GPL-2.0-or-later
# needs: dummy modules ns veth clock
# timeout: 900
"""
What a restart, a drain and a switchover survive: while r1 (pair.py) is about it, zebra dies, lo goes
down, or somebody sets the clock.

As in test_faults.py, each test starts and ends with r1 Active and r2 Backup, and helpers.claims
judges around it.
"""
import signal
import time
from contextlib import contextmanager

import pytest

import pair
from helpers.claims import ours_on, vip_routes
from helpers.restart import end_without_a_farewell
from helpers.wait import TIMEOUT_SEC, differs, stays, wait_for
from pair import VIPS, of_both, transitions, wait_adverts, wait_log, wait_vips

setup_module, teardown_module = pair.setup_module, pair.teardown_module

GROUPS = {"r1": "interface r1-r2", "r2": "interface r2-r1"}
ADVERT_MSEC, SELDOM_MSEC = 200, 1000
DAY_SEC = 86400
# longer than routes are watched before one counts as somebody's that is gone
STILL_SEC = 4


def typed(router, *lines):
    """Somebody configures the group."""
    router.configure(GROUPS[router.name], *lines)


@contextmanager
def seldom(net):
    """Both advertise so seldom that nobody moves because a machine stalls; r1 starts with it."""
    try:
        for name in GROUPS:
            typed(net[name], f"vrrp 10 advertisement-interval {SELDOM_MSEC}")
        wait_for(
            "r2 has heard of it",
            lambda: differs(of_both(net["r2"], "masterAdverInterval"), [SELDOM_MSEC] * 2),
        )
        net["r1"].must_run("vtysh -c 'write memory'")
        yield
    finally:
        for name in GROUPS:
            typed(net[name], f"vrrp 10 advertisement-interval {ADVERT_MSEC}")
        net["r1"].must_run("vtysh -c 'write memory'")


@contextmanager
def stepped_clock(step):
    """The wall clock is that much off."""
    offset = time.time() - time.monotonic()
    time.clock_settime(time.CLOCK_REALTIME, time.time() + step)
    try:
        yield
    finally:
        time.clock_settime(time.CLOCK_REALTIME, offset + time.monotonic())


@contextmanager
def drained(net):
    """r1 is shut down, and r2 hears nothing of it meanwhile, so that r1 announces for a second."""
    r1, r2 = net["r1"], net["r2"]
    r2.signal("vrrpd", signal.SIGSTOP)
    typed(r1, "vrrp 10 shutdown")
    try:
        yield
    finally:
        r2.signal("vrrpd", signal.SIGCONT)
        r2.wait_state("Active")
        wait_for("r1 has nothing left", lambda: left(r1))
        typed(r1, "no vrrp 10 shutdown")


def left(router):
    """A check: what it has of the VIPs, in kernel and zebra."""
    return differs((ours_on(router), vip_routes(router)), (set(), set()))


# zebra dies


@pytest.mark.parametrize("when", ("before it is back", "as soon as it is back"))
def test_zebra_that_dies_during_a_restart_is_told_everything_again(net, claims, when):
    """vrrpd goes on as soon as zebra does, and the routes of its predecessor are not left."""
    claims.both_sec = TIMEOUT_SEC  # without zebra vrrpd has no interfaces: r2 takes over meanwhile
    r1 = net["r1"]
    with seldom(net):
        again = end_without_a_farewell(r1)
        try:
            if when == "before it is back":
                r1.kill("zebra")
                r1.must_run(again)
            else:
                r1.must_run(again)
                r1.kill("zebra")
        finally:
            r1.start("zebra")
        r1.wait_state("Active")
        net["r2"].wait_state("Backup")
        wait_for("zebra has the routes", lambda: differs(vip_routes(r1), set(VIPS)))


def test_zebra_that_stands_still_when_routes_are_handed_over_is_waited_for(net):
    """
    It has the routes of both daemons, and is slow to take those of the first one back: it has
    nothing that a killed zebra left.
    """
    r1 = net["r1"]
    with seldom(net):
        before, since = transitions(net)[1], len(r1.log())
        r1.must_run(end_without_a_farewell(r1))
        wait_at_once(r1, "Active")
        with still(r1, "zebra"):
            wait_log(r1, "guardian ", since)
            stays("nothing is taken out of the table", lambda: taken_out(r1, since), STILL_SEC)
        for vip in VIPS:
            wait_for(f"zebra announces {vip}", lambda v=vip: is_announced(r1, v))
        stays("nothing is taken out of the table", lambda: taken_out(r1, since), STILL_SEC)
        assert transitions(net)[1] == before


def wait_at_once(router, state):
    """Both families are, seen as soon as it is so."""
    deadline = time.monotonic() + TIMEOUT_SEC
    while [router.state(family) for family in ("v4", "v6")] != [state] * 2:
        assert time.monotonic() < deadline, f"{router.name} is not {state}"


@contextmanager
def still(router, daemon):
    """It stands still."""
    router.signal(daemon, signal.SIGSTOP)
    try:
        yield
    finally:
        router.signal(daemon, signal.SIGCONT)


def taken_out(router, since):
    """A check: vrrpd has not taken its own route for one that somebody left."""
    return router.log()[since:] if "killed zebra" in router.log()[since:] else None


def is_announced(router, vip):
    """A check: zebra has selected the route, as vrrpd hears of it."""
    shown = router.show_json("vrrpd", "show vrrp vip json")
    found = [one["announced"] for one in shown if one["address"] == vip.split("/")[0]]
    return differs(found, [True])


# The wall clock


@pytest.mark.parametrize("step", (DAY_SEC, -DAY_SEC))
def test_clock_that_steps_during_a_drain_changes_nothing(net, claims, step):
    """It ends in time, and nothing is left (helpers.claims)."""
    claims.both_sec = TIMEOUT_SEC  # r2 stands still, and drains into r1 afterwards
    with drained(net), stepped_clock(step):
        wait_for("r1's drain is over", lambda: left(net["r1"]))


@pytest.mark.parametrize("step", (DAY_SEC, -DAY_SEC))
def test_clock_that_steps_during_a_restart_changes_nothing(net, step):
    """What the file says of time is not of the wall clock."""
    r1, r2 = net["r1"], net["r2"]
    with seldom(net):
        before = r2.transitions()
        again = end_without_a_farewell(r1)
        with stepped_clock(step):
            r1.must_run(again)
            r1.wait_state("Active")
            assert of_both(r1, "lastReason") == ["resumed", "resumed"]
            wait_vips(r1)
            wait_adverts(r1)
        wait_adverts(r1)
        assert r2.transitions() == before


@pytest.mark.parametrize("step", (DAY_SEC, -DAY_SEC))
def test_clock_that_steps_after_a_switchover_changes_nothing(net, step):
    """r1 goes on to yield, until it is told otherwise."""
    r1, r2 = net["r1"], net["r2"]
    with seldom(net):
        r1.must_run("vtysh -c 'vrrp switchover'")
        try:
            with stepped_clock(step):
                r2.wait_state("Active")
                before = transitions(net)
                wait_adverts(r2)
                assert transitions(net) == before
            wait_adverts(r2)
            assert transitions(net) == before
            assert of_both(r1, "yields") == [True, True]
        finally:
            r1.must_run("vtysh -c 'clear vrrp switchover'")
        r1.wait_state("Active")


# lo


@contextmanager
def lo_down(router):
    """As somebody may have it who has cleaned up too much."""
    router.must_run("ip link set lo down")
    try:
        yield
    finally:
        router.must_run("ip link set lo up")


def test_lo_that_is_down_moves_nothing(net):
    """VIPs are not there."""
    r1 = net["r1"]
    with seldom(net):
        before = transitions(net)
        with lo_down(r1):
            wait_adverts(r1)
            wait_vips(r1)
        wait_adverts(r1)
        assert transitions(net) == before


def test_lo_that_is_down_during_a_drain_changes_nothing(net, claims):
    """Nor are those that are drained."""
    claims.both_sec = TIMEOUT_SEC  # as above
    with lo_down(net["r1"]), drained(net):
        wait_for("r1's drain is over", lambda: left(net["r1"]))
