# SPDX-License-Identifier: GPL-2.0-or-later
# needs: dummy modules ns veth clock
# timeout: 1200
"""
What a router survives, beyond what test_crossvip.py does to it.

Each test does something to r1 (pair.py) from outside, and starts and ends with r1 Active and
r2 Backup. What holds for all of them is judged around them (helpers.claims): no VIP on both
beyond the bound of that fault, nothing of ours left, nothing foreign touched. That the
operator is told, in the log and by show vrrp json, each test asserts.
"""
import os
import threading
import time
from contextlib import contextmanager

import pytest

import pair
from helpers.claims import TABLE, ours_on, vip_routes
from helpers.events import Recorder
from helpers.overrun import asleep, flood
from helpers.wait import TIMEOUT_SEC, differs, stays, wait_for
from pair import (
    ACTIVE_DOWN_SEC,
    ADVERT_SEC,
    GROUP,
    LEASE_OVER_SEC,
    LEASE_SEC,
    VIPS,
    of_both,
    transitions,
    wait_adverts,
    wait_log,
    wait_vips,
)

setup_module, teardown_module = pair.setup_module, pair.teardown_module

LARGE_TABLE = 300  # zebra 10.3 remembers 8 bits of the instance of a route
SOURCES = {"v4": "192.0.2.1/26", "v6": "2001:db8:1::1/64"}
# between advertisements where nobody may move because a machine stalls
SELDOM_MS = 1000
# more events than the largest buffer of a netlink socket takes
DAY_SEC = 86400


def counters(router, name):
    """A counter of both families of a router."""
    return [values[name] for values in of_both(router, "statistics")]


@contextmanager
def configured(router, lines, undo):
    """Configuration for a while."""
    router.configure(*lines)
    try:
        yield
    finally:
        router.configure(*undo)


@contextmanager
def slowed(router, peer, interval_ms):
    """It advertises seldom, which the peer has heard, and has a lease to match."""
    slow = (
        "vrrp address-lease 3600",
        *GROUP,
        f"vrrp 10 advertisement-interval {interval_ms}",
    )
    quick = (
        f"vrrp address-lease {LEASE_SEC}",
        *GROUP,
        f"vrrp 10 advertisement-interval {int(ADVERT_SEC * 1000)}",
    )
    with configured(router, slow, quick):
        wait_for(
            f"{peer.name} knows the interval of {router.name}",
            lambda: differs(of_both(peer, "masterAdverInterval"), [interval_ms] * 2),
        )
        yield


@contextmanager
def r2_seldom(net):
    """The Active r2 advertises each second, and r1 waits for that."""
    typed = "interface r2-r1", "vrrp 10 advertisement-interval {}"
    slow, quick = ((typed[0], typed[1].format(ms)) for ms in (SELDOM_MS, int(ADVERT_SEC * 1000)))
    with configured(net["r2"], slow, quick):
        wait_for(
            "r1 knows the interval of r2",
            lambda: differs(of_both(net["r1"], "masterAdverInterval"), [SELDOM_MS] * 2),
        )
        yield


# The tests


@pytest.mark.parametrize("table", (TABLE, LARGE_TABLE))
def test_killed_router_is_replaced_and_leaves_nothing(net, claims, table):
    """Without a guardian its routes go at once, its addresses at the end of their lease."""
    claims.both_sec = LEASE_OVER_SEC
    r1, r2 = net["r1"], net["r2"]
    r1.configure("no vrrp guardian", f"vrrp route-table {table}")
    wait_for("zebra has the routes", lambda: differs(vip_routes(r1, table), set(VIPS)))
    before, since = r2.transitions(), len(r2.log())
    r1.kill("vrrpd")
    r2.wait_state("Active")
    wait_for("zebra has no routes of the dead", lambda: vip_routes(r1, table) or None)
    wait_for("r1's leases end", lambda: differs(ours_on(r1), set()))
    assert r2.transitions() == [count + 1 for count in before]
    assert of_both(r2, "lastReason") == ["no-response", "no-response"]
    wait_log(r2, " ms (no-response)", since)


def test_router_that_slept_less_than_others_wait_goes_on(net):
    """Its advertisements are late, which it counts and tells; nobody moves."""
    r1, r2 = net["r1"], net["r2"]
    interval_ms = 2000
    with slowed(r1, r2, interval_ms):
        # so that the next late one is logged, whenever the last was
        r1.must_run("vtysh -c 'clear vrrp statistics'")
        before, since = transitions(net), len(r1.log())
        late = counters(r1, "sentLate")
        with asleep(r1):
            stays(
                "r2 waits",
                lambda: differs(r2.state(), "Backup"),
                seconds=2.1 * interval_ms / 1000,
            )
        wait_log(r1, f"ms late, every {interval_ms} ms", since)
        wait_for(
            "they are counted in both families",
            lambda: None
            if all(now > then for now, then in zip(counters(r1, "sentLate"), late))
            else late,
        )
        wait_adverts(r1, more=2)
        assert transitions(net) == before, "somebody moved"


def test_zebra_that_was_killed_is_told_everything_again(net):
    """The election goes on without zebra; its successor gets the routes."""
    r1 = net["r1"]
    with slowed(r1, net["r2"], SELDOM_MS):
        before, since = transitions(net), len(r1.log())
        r1.kill("zebra")
        try:
            wait_log(r1, "zebra: connection lost; routes of 2 VIPs wait", since)
            wait_adverts(r1, more=4)
        finally:
            r1.start("zebra")
        wait_log(r1, "zebra: connected", since)
        wait_for("zebra has the routes", lambda: differs(vip_routes(r1), set(VIPS)))
        assert transitions(net) == before, "mastership flapped"


def test_router_whose_vip_link_is_down_leaves_the_election(net):
    """Routes and addresses go, the peer takes over; and back."""
    r1, r2 = net["r1"], net["r2"]
    since = len(r1.log())
    r1.must_run("ip link set vip0 down")
    try:
        r2.wait_state("Active")
        assert of_both(r1, "hold") == ["vip-interface-unavailable"] * 2
        wait_for("r1 has nothing left", lambda: vip_routes(r1) or ours_on(r1) or None)
        wait_log(r1, "VIP interface vip0 is down", since)
    finally:
        r1.must_run("ip link set vip0 up")
    r1.wait_state("Active")
    wait_log(r1, "VIP interface vip0 is ready again", since)


def test_deleted_vip_link_is_made_again(net, claims):
    """Somebody's ip link delete is told, and mended."""
    claims.vip_link_kept = False
    r1 = net["r1"]
    since = len(r1.log())
    r1.must_run("ip link delete vip0")
    wait_log(r1, "VIP interface vip0 was deleted by someone else", since)
    wait_vips(r1)
    r1.wait_state("Active")


def test_deleted_vip_is_put_back(net):
    """Somebody's ip address delete is counted and told; no mastership moves."""
    r1 = net["r1"]
    with slowed(r1, net["r2"], SELDOM_MS):
        before, since = transitions(net), len(r1.log())
        restored = counters(r1, "addressesRestored")
        for vip in VIPS:
            r1.must_run(f"ip address delete {vip} dev vip0")
        wait_vips(r1)
        wait_for(
            "it is counted",
            lambda: differs(counters(r1, "addressesRestored"), [count + 1 for count in restored]),
        )
        wait_log(r1, "was removed from vip0 by someone else, put back", since)
        assert transitions(net) == before, "mastership flapped"


@pytest.mark.parametrize("family", SOURCES)
def test_router_without_its_source_leaves_the_election(net, family):
    """That family hands over and comes back with the address; the other stays."""
    r1, r2 = net["r1"], net["r2"]
    other = "v6" if family == "v4" else "v4"
    before, since = r1.family(other)["stats"]["transitions"], len(r1.log())
    r1.must_run(f"ip address delete {SOURCES[family]} dev r1-r2")
    try:
        r2.wait_state("Active", [family])
        wait_for("r1 is held", lambda: differs(r1.family(family).get("hold"), "no-source-address"))
        wait_log(r1, "leaves the election: no-source-address", since)
        assert r1.family(other)["stats"]["transitions"] == before
    finally:
        r1.must_run(f"ip address add {SOURCES[family]} dev r1-r2")
    r1.wait_state("Active", [family])
    assert r1.family(other)["stats"]["transitions"] == before


@pytest.mark.parametrize("step", [DAY_SEC, -DAY_SEC])
def test_wall_clock_steps_move_nothing(net, step):
    """Timers and leases are of the monotonic clock."""
    with slowed(net["r1"], net["r2"], SELDOM_MS):
        before = transitions(net)
        offset = time.time() - time.monotonic()
        time.clock_settime(time.CLOCK_REALTIME, time.time() + step)
        try:
            for router in net.values():
                assert router.state() in ("Active", "Backup")
            wait_adverts(net["r1"])
            wait_vips(net["r1"])
            assert transitions(net) == before, "the clock's step moved the Active router"
        finally:
            time.clock_settime(time.CLOCK_REALTIME, offset + time.monotonic())
        wait_adverts(net["r1"])
        assert transitions(net) == before, "the clock's step back moved the Active router"


def test_lost_netlink_events_are_made_up_for(net):
    """Changes during lost events are found by reading again, and repaired."""
    r1 = net["r1"]
    with slowed(r1, net["r2"], 40000):
        before, since = transitions(net), len(r1.log())
        with asleep(r1):
            flood(r1)
            for vip in VIPS:
                r1.must_run(f"ip address delete {vip} dev vip0")
        wait_log(r1, "events were lost", since)
        wait_vips(r1)
        assert transitions(net) == before, "the Active router moved"


class Pipe:
    """A pipe for a log to go to; nobody reads it until read() is called."""

    def __init__(self, router):
        self.inside = "/tmp/log.pipe"
        self.path = router.path(self.inside)
        os.mkfifo(self.path)
        os.chmod(self.path, 0o666)
        self._ends = os.open(self.path, os.O_RDWR | os.O_NONBLOCK)
        self._text = b""

    def fill(self):
        """Fills the pipe, so that the next writer waits."""
        try:
            while True:
                os.write(self._ends, b".")
        except BlockingIOError:
            pass

    def read(self):
        """Takes out what there is; everything so far."""
        try:
            while True:
                self._text += os.read(self._ends, 1 << 16)
        except BlockingIOError:
            return self._text.decode().lstrip(".")

    def close(self):
        """No more of it."""
        os.close(self._ends)
        os.unlink(self.path)


def test_log_that_takes_nothing_holds_up_nothing(net, claims):
    """Not an advertisement, not a transition; what did not fit the queue is counted."""
    with slowed(net["r1"], net["r2"], int(2000 * ADVERT_SEC)):
        take_nothing(net, claims)


def take_nothing(net, claims):
    """r1's log goes to a pipe that is full."""
    claims.held = ("address",)  # zebra waits for the same log
    r1, r2 = net["r1"], net["r2"]
    pipe = Pipe(r1)
    r1.configure(f"log file {pipe.inside} debugging")
    r1.vtysh("debug vrrp protocol")  # a line for each advertisement
    try:
        # from here on r1 is not talked to: libfrr logs commands on its own account
        pipe.fill()
        r2.configure("interface r2-r1", "vrrp 10 priority 250")
        r2.wait_state("Active")
        for vip in VIPS:
            wait_for(f"r1 gives {vip} up", lambda v=vip: r1.has_not_address("vip0", v))
        r2.configure("interface r2-r1", "vrrp 10 priority 100")
        r2.wait_state("Backup")
        wait_vips(r1)
        before = r2.transitions()
        for _ in range(3):
            wait_adverts(r2, more=50, counter="adverRx")
        assert r2.transitions() == before, "r2 did not hear r1 for too long"
        for text in ("Active -> Backup", "lines were not written"):
            wait_for(
                f"the log says '{text}' once it is read",
                lambda t=text: None if t in pipe.read() else pipe.read()[-500:],
            )
    finally:
        emptying = threading.Event()

        def empty():
            while not emptying.wait(0.05):
                pipe.read()

        reader = threading.Thread(target=empty)
        reader.start()
        r1.vtysh("no debug vrrp protocol")
        r1.vtysh("configure terminal", "log file vrrpd.log")
        emptying.set()
        reader.join()
        pipe.close()


def test_restart_with_another_configuration_leaves_nothing_of_the_old(net, claims):
    """Killed, its frr.conf changed, and started: old VIPs go, new ones come."""
    claims.both_sec = TIMEOUT_SEC  # without a lease: until it runs again
    r1, r2 = net["r1"], net["r2"]
    moved = ("203.0.113.20/32", "2001:db8:ffff::20/128")
    change = (
        "s/203.0.113.10/203.0.113.20/; s/2001:db8:ffff::10/2001:db8:ffff::20/;"
        " s/address-lease 6/address-lease 0/"
    )
    r1.must_run("cp /etc/frr/frr.conf /tmp/frr.conf.kept")
    r1.configure("vrrp address-lease 0", "no vrrp guardian")
    since = len(r1.log())
    r1.kill("vrrpd")
    try:
        r1.must_run(f"sed -i '{change}' /etc/frr/frr.conf")
        r1.start("vrrpd")
        r1.wait_state("Active")
        for vip in moved:
            wait_for(f"r1 has {vip}", lambda v=vip: r1.has_address("vip0", v))
        for vip in VIPS:
            wait_for(f"r1's {vip} is gone", lambda v=vip: r1.has_not_address("vip0", v))
        wait_log(r1, "203.0.113.10 is a leftover of an earlier vrrpd: removed", since)
        # VRRPv3: noted, not discarded
        wait_for(
            "r2 has noted other addresses",
            lambda: None if all(counters(r2, "addressListDifferences")) else "none",
        )
    finally:
        r1.stop("vrrpd")
        r1.must_run("cp /tmp/frr.conf.kept /etc/frr/frr.conf")


def test_reload_of_the_same_configuration_moves_nothing(net):
    """frr-reload, for real: no transition, no socket, no address comes or goes."""
    r1 = net["r1"]
    r1.must_run("vtysh -c 'write memory'")
    before, sockets = transitions(net), r1.raw_sockets("vrrpd")
    with Recorder(r1) as record:
        r1.must_run("/usr/lib/frr/frr-reload.py --reload /etc/frr/frr.conf")
        wait_adverts(r1, more=10)
    assert transitions(net) == before, "the reload moved the Active router"
    assert r1.raw_sockets("vrrpd") == sockets, "the reload opened other sockets"
    lost = [event for event in record.events if event.verb == "del"]
    assert not [event for event in lost if event.prefix in VIPS], lost


def test_router_that_slept_too_long_steps_down_and_says_so(net, claims):
    """Longer than the others wait: it listens first, and tells why."""
    claims.both_sec = LEASE_OVER_SEC
    r1, r2 = net["r1"], net["r2"]
    with configured(r1, (*GROUP, "no vrrp 10 preempt"), (*GROUP, "vrrp 10 preempt")):
        before, since = r2.transitions(), len(r1.log())
        with asleep(r1):
            r2.wait_state("Active")
            wait_adverts(r2)
        r1.wait_state("Backup")
        with Recorder(r1) as record, r2_seldom(net):
            stays(
                "r1, which was asleep, stays Backup",
                lambda: differs(r1.state(), "Backup"),
                seconds=5 * ACTIVE_DOWN_SEC,
            )
        assert not [e for e in record.events if e.verb == "add" and e.prefix in VIPS]
        assert of_both(r1, "lastReason") == ["stall", "stall"]
        wait_log(r1, "Active -> Backup (stall)", since)
        assert r2.transitions() == [count + 1 for count in before]


def test_router_does_not_run_from_an_address_that_may_be_a_duplicate(net):
    """After a link comes up IPv6 addresses are checked first; nothing is sent meanwhile."""
    r1 = net["r1"]
    r1.must_run("ip link set r1-r2 down")
    r1.wait_state("Initialize")
    errors, since = counters(r1, "sendErrors"), len(r1.log())
    r1.must_run("ip link set r1-r2 up")
    r1.wait_state("Active")
    assert "cannot send" not in r1.log()[since:]
    assert counters(r1, "sendErrors") == errors
