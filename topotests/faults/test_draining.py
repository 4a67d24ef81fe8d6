# SPDX-License-Identifier: GPL-2.0-or-later
# needs: dummy modules ns veth
# timeout: 900
"""
What a drain survives: while r1 (pair.py) hands its VIPs over, something else happens.

The two have the default drain. As in test_faults.py, each test starts and ends with r1 Active
and r2 Backup, and helpers.claims judges around it.
"""
import re
import signal
import time
from contextlib import ExitStack, contextmanager

import pytest

import pair
from helpers.claims import DRAIN_SEC, ours_on, vip_routes
from helpers.events import DRAIN_LINK, VIP_LINK
from helpers.wait import TIMEOUT_SEC, differs, wait_for
from pair import (
    GROUP,
    LEASE_OVER_SEC,
    VIPS,
    of_both,
    transitions,
    wait_adverts,
    wait_log,
)

setup_module, teardown_module = pair.setup_module, pair.teardown_module

PHASES = ("announcing", "answering")
GROUPS = {"r1": GROUP[0], "r2": "interface r2-r1"}
PEERS = {"r1": ("192.0.2.2", "2001:db8:1::2"), "r2": ("192.0.2.1", "2001:db8:1::1")}
HOST = ("vrrpd", "zebra")
FROZEN_SEC = 5
IPV6_LATE_SEC = 1.0


# What is done, and what is seen


def typed(router, *lines):
    """Somebody configures the group."""
    router.configure(GROUPS[router.name], *lines)


@contextmanager
def shut_down(router):
    """The group is shut down for a while; the drain has begun when the with-block does."""
    typed(router, "vrrp 10 shutdown")
    try:
        yield
    finally:
        if not router.alive("vrrpd"):
            router.start("vrrpd")
        typed(router, "no vrrp 10 shutdown")


@contextmanager
def stopped(router, *daemons):
    """They stand still."""
    for daemon in daemons:
        router.signal(daemon, signal.SIGSTOP)
    try:
        yield
    finally:
        for daemon in daemons:
            if router.alive(daemon):
                router.signal(daemon, signal.SIGCONT)


def vips_shown(router):
    """show vrrp vip json."""
    return router.show_json("vrrpd", "show vrrp vip json")


def phases(router):
    """How far the drain of both VIPs is."""
    return [vip.get("draining") for vip in vips_shown(router)]


def drains_told(router):
    """How the history tells of the last drain of both families, one after the other."""
    history = router.show_json("vrrpd", "show vrrp history json")
    told = [event for event in history if event["event"] == "drain"][-6:]
    return [
        re.match("begins|the routes go|over", event["text"])[0]
        for family in ("ipv4", "ipv6")
        for event in told
        if event["family"] == family
    ]


def wait_phase(router, phase, seen=None):
    """Both VIPs are that far, seen as soon as it is so; all phases on the way go to seen."""
    deadline = time.monotonic() + TIMEOUT_SEC
    while (now := phases(router)) != [phase, phase]:
        assert time.monotonic() < deadline, f"{router.name}: not {phase}: {now}"
        if seen is not None:
            seen.update(now)


@contextmanager
def in_phase(net, phase):
    """
    r1 is shut down, and that far with its drain. r2 stands still until the with-block ends,
    since r1 announces only as long as it does not hear r2, or for a second.
    """
    with ExitStack() as at_last:
        with stopped(net["r2"], "vrrpd"):
            at_last.enter_context(shut_down(net["r1"]))
            wait_phase(net["r1"], phase)
            yield


def wait_nothing_left(router):
    """Neither in the kernel nor in zebra."""
    wait_for(
        f"{router.name} has nothing left",
        lambda: differs((ours_on(router), vip_routes(router)), (set(), set())),
    )


def wait_drained_vips(router):
    """The router answers for both VIPs."""
    for vip in VIPS:
        wait_for(
            f"{router.name} answers for {vip}",
            lambda v=vip: router.has_address(DRAIN_LINK, v),
        )


def holes(record, vip, *names, holders):
    """
    Pairs of times between which none of these routers had the VIP on any link, as the record tells
    it. holders: those that had it when the record began. The kernel tells of an IPv6 address a
    moment after it has added it, when other work of its own allows.
    """
    had, since = {(name, "address") for name in holders}, None
    for event in list(record.events):
        if event.prefix != vip or event.node not in names or event.kind not in ("address", "drained"):
            continue
        (had.add if event.verb == "add" else had.discard)((event.node, event.kind))
        if had and since and (":" not in vip or event.time - since > IPV6_LATE_SEC):
            yield since, event.time
        since = since or event.time if not had else None
    if since:
        yield since, None


def assert_no_hole(claims, *names):
    """Since the test began one of these routers had each VIP, at any time."""
    for vip in VIPS:
        found = list(holes(claims.record, vip, *names, holders={"r1"}))
        assert not found, f"{vip} was nowhere: {found}: {claims.record.story(vip)}"


# The tests


@pytest.mark.parametrize("phase", PHASES)
def test_zebra_that_dies_keeps_no_route(net, claims, phase):
    """The drain goes on without it, and its successor is told of nothing that is over."""
    claims.both_sec = TIMEOUT_SEC  # the kernel's route stays until zebra is back
    r1, r2 = net["r1"], net["r2"]
    with ExitStack() as at_last:
        with stopped(r2, "vrrpd"):
            at_last.enter_context(shut_down(r1))
            wait_phase(r1, phase)
            r1.kill("zebra")
        try:
            r2.wait_state("Active")
            wait_phase(r1, None)
            assert not ours_on(r1)
        finally:
            r1.start("zebra")
        wait_nothing_left(r1)


@pytest.mark.parametrize("phase", PHASES)
@pytest.mark.parametrize("starts", (False, True))
def test_killed_daemon_leaves_nothing(net, claims, phase, starts):
    """The kernel ends what nobody else does, and a vrrpd that starts removes it at once."""
    claims.both_sec = LEASE_OVER_SEC
    r1 = net["r1"]
    with in_phase(net, phase):
        r1.kill("vrrpd")
        if starts:
            r1.start("vrrpd")
            wait_for(f"{DRAIN_LINK} is gone", lambda: r1.link(DRAIN_LINK))
            r1.wait_state("Active")
        else:
            wait_nothing_left(r1)


@pytest.mark.parametrize(
    "fault", (f"ip link delete {DRAIN_LINK}", f"ip link set {DRAIN_LINK} down")
)
def test_link_of_drains_is_mended(net, claims, fault):
    """VIPs are back on it within the drain; it is told, and nothing is left at the end."""
    claims.drain_sec = 10
    r1 = net["r1"]
    typed(r1, "vrrp 10 drain 10000")
    try:
        with shut_down(r1):
            wait_phase(r1, "answering")
            wait_drained_vips(r1)
            since = len(r1.log())
            r1.must_run(fault)
            wait_for(
                "the link is up again",
                lambda: None if "UP" in (r1.link(DRAIN_LINK) or {}).get("flags", ()) else "no",
            )
            wait_drained_vips(r1)
            assert phases(r1) == ["answering"] * 2, "too late to tell"
            wait_log(r1, f"interface {DRAIN_LINK} was changed or deleted by someone else", since)
            # the kernel may end them a moment earlier
            wait_nothing_left(r1)
            wait_phase(r1, None)
    finally:
        typed(r1, "no vrrp 10 drain")


@pytest.mark.parametrize("fault", ("delete", "set {} down"))
def test_end_of_the_daemon_removes_a_link_of_drains_that_was_meddled_with(net, fault):
    """Nobody drains when it happens, so nobody mends it before the daemon ends."""
    r1 = net["r1"]
    with shut_down(r1):
        wait_phase(r1, "answering")
        wait_phase(r1, None)
        since = len(r1.log())
        verb = fault.format(DRAIN_LINK) if "{}" in fault else f"{fault} {DRAIN_LINK}"
        r1.must_run(f"ip link {verb}")
        wait_log(r1, f"interface {DRAIN_LINK} was changed or deleted by someone else", since)
        r1.stop("vrrpd")
        assert r1.link(DRAIN_LINK) is None


@pytest.mark.parametrize("phase", PHASES)
def test_host_that_was_frozen_has_nothing_when_it_thaws(net, claims, phase):
    """All its daemons stand still for longer than the drain lasts."""
    claims.both_sec = LEASE_OVER_SEC
    r1, r2 = net["r1"], net["r2"]
    with ExitStack() as at_last:
        with stopped(r2, "vrrpd"):
            at_last.enter_context(shut_down(r1))
            wait_phase(r1, phase)
            for daemon in HOST:
                r1.signal(daemon, signal.SIGSTOP)
        try:
            began = time.monotonic()
            before = r1.must_run(f"ip -o address show dev {DRAIN_LINK}")
            r2.wait_state("Active")
            wait_for(
                "the drain is long over",
                lambda: None if time.monotonic() > began + FROZEN_SEC else "not yet",
            )
            left = {vip for vip in VIPS if vip in r1.addresses(DRAIN_LINK)}
            assert not left, f"the kernel did not end {left}: {before}"
        finally:
            for daemon in HOST:
                r1.signal(daemon, signal.SIGCONT)
        told = transitions(net)
        wait_nothing_left(r1)
        wait_phase(r1, None)
        wait_adverts(r2)
        assert transitions(net) == told, "it woke, and somebody moved"


def test_peer_that_dies_meanwhile_gives_the_vips_back_without_a_hole(net, claims):
    """r1 is Active again while it still answers, and has them on one link or the other."""
    claims.both_sec, claims.drain_sec = LEASE_OVER_SEC, 20
    r1, r2 = net["r1"], net["r2"]
    typed(r1, "vrrp 10 drain 20000", "vrrp 10 priority 50")
    try:
        r2.wait_state("Active")
        wait_phase(r1, "answering")
        since = len(r1.log())
        r2.configure("no vrrp guardian")
        r2.kill("vrrpd")
        r1.wait_state("Active")
        wait_log(r1, " ms (no-response)", since)
        assert phases(r1) == [None, None]
        assert not r1.addresses(DRAIN_LINK).keys() & set(VIPS)
        assert set(VIPS) <= r1.addresses(VIP_LINK).keys()
        wait_for("zebra has the routes", lambda: differs(vip_routes(r1), set(VIPS)))
        assert_no_hole(claims, "r1")
    finally:
        typed(r1, "no vrrp 10 drain", "vrrp 10 priority 200")


def test_peer_that_dies_meanwhile_changes_nothing_for_one_that_is_shut_down(net, claims):
    """Its drain ends in time, whoever is there or not."""
    claims.both_sec = LEASE_OVER_SEC
    r1, r2 = net["r1"], net["r2"]
    with shut_down(r1):
        r2.wait_state("Active")
        wait_phase(r1, "answering")
        r2.kill("vrrpd")
        wait_nothing_left(r1)
        assert r1.state() == "Initialize"
        wait_for("r2's leases end", lambda: differs(ours_on(r2), set()))


def test_two_that_drain_into_each_other_have_no_hole_and_no_end_of_it(net, claims):
    """Each gives way within the drain of the other, several times; r1 has it in the end."""
    r1, r2 = net["r1"], net["r2"]
    try:
        for _ in range(4):
            typed(r1, "vrrp 10 priority 50")
            wait_at_once(r2, "Active")
            wait_at_once(r1, "Backup")
            typed(r1, "vrrp 10 priority 200")
            wait_at_once(r1, "Active")
            wait_at_once(r2, "Backup")
    finally:
        typed(r1, "vrrp 10 priority 200")
    wait_nothing_left(r2)
    assert_no_hole(claims, "r1", "r2")


def wait_at_once(router, state):
    """Both families are, seen as soon as it is so, and well within a drain."""
    deadline = time.monotonic() + TIMEOUT_SEC
    while [router.state(family) for family in ("v4", "v6")] != [state] * 2:
        assert time.monotonic() < deadline, f"{router.name} is not {state}"


def test_two_that_are_shut_down_at_once_leave_nothing(net):
    """Nobody is there to hand over to, and nobody has anything in the end."""
    r1, r2 = net["r1"], net["r2"]
    with shut_down(r1), shut_down(r2):
        for router in (r1, r2):
            wait_nothing_left(router)
            wait_phase(router, None)


def test_vip_without_a_group_is_shown_to_the_end_of_its_drain(net, claims):
    """Below the others, with the group that it had."""
    claims.both_sec = 2 * DRAIN_SEC  # nobody hears r2 for it: it is announced for a second
    claims.drain_sec = 3 * DRAIN_SEC  # time to look
    r1 = net["r1"]
    lines = [line for line in r1.running_config() if line.startswith(" vrrp 10")]
    typed(r1, f"vrrp 10 drain {1000 * claims.drain_sec:.0f}", "no vrrp 10")
    try:
        wait_phase(r1, "answering")
        shown = vips_shown(r1)
        assert {(vip["interface"], vip["vrid"], vip["link"]) for vip in shown} == {
            ("r1-r2", 10, DRAIN_LINK)
        }
        assert [vip["address"] for vip in shown] == [vip.split("/")[0] for vip in VIPS]
        assert all(vip["installed"] and "state" not in vip for vip in shown), shown
        assert all(0 < vip["drainLeft"] <= claims.drain_sec * 1000 for vip in shown), shown
        text = r1.show("vrrpd", "show vrrp vip")
        assert text.count("answering") == len(VIPS), text
        wait_for("none is shown", lambda: differs(vips_shown(r1), []))
        wait_nothing_left(r1)
    finally:
        typed(r1, *lines)


# A router that was cut off


@contextmanager
def seldom(net):
    """Both advertise once a second: a longer interval takes effect when nobody types any more."""
    for name in ("r2", "r1"):
        typed(net[name], "vrrp 10 advertisement-interval 1000")
    try:
        wait_for(
            "r2 has heard of it",
            lambda: differs(of_both(net["r2"], "masterAdverInterval"), [1000] * 2),
        )
        yield
    finally:
        for name in ("r2", "r1"):
            typed(net[name], "vrrp 10 advertisement-interval 200")


@contextmanager
def without_a_way(router):
    """It cannot send to its peer."""
    for peer in PEERS[router.name]:
        family = "-6" if ":" in peer else "-4"
        router.must_run(f"ip {family} route add unreachable {peer}")
    try:
        yield
    finally:
        for peer in PEERS[router.name]:
            family = "-6" if ":" in peer else "-4"
            router.must_run(f"ip {family} route delete unreachable {peer}")


@pytest.mark.parametrize("first", ("r1", "r2"))
def test_router_that_was_cut_off_hands_nothing_over(net, claims, first):
    """
    r2 finds r1 Active when it is back: its route goes at once, and it answers. The one has a way
    to the other a moment earlier; advertisements are seldom, so that this is a moment for them.
    """
    claims.both_sec = TIMEOUT_SEC  # as long as they are apart
    r1, r2 = net["r1"], net["r2"]
    since, seen = len(r2.log()), set()
    last = r2 if first == "r1" else r1
    with seldom(net):
        with without_a_way(last), without_a_way(net[first]):
            r2.wait_state("Active")
            wait_log(r2, "has no way to any of its peers", since)
            wait_for("r2 has routes", lambda: differs(vip_routes(r2), set(VIPS)))
        wait_phase(r2, "answering", seen)
        assert "announcing" not in seen
        assert r2.state() == "Backup" and r1.state() == "Active"


def test_router_whose_peer_was_away_hands_over(net, claims):
    """The peer was dead, and preempts when it is back: far routers still send to this one."""
    claims.both_sec = LEASE_OVER_SEC
    r1, r2 = net["r1"], net["r2"]
    since = len(r2.log())
    r1.kill("vrrpd")
    with without_a_way(r2):
        r2.wait_state("Active")
        wait_log(r2, "has no way to any of its peers", since)
    r1.start("vrrpd")
    wait_phase(r2, "answering")
    assert r1.state() == "Active"
    wait_phase(r2, None)
    assert drains_told(r2) == 2 * ["begins", "the routes go", "over"]
