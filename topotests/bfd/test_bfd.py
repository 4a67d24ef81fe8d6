# SPDX-License-Identifier: GPL-2.0-or-later
# needs: dummy modules ns veth
# timeout: 900
"""
BFD with the peers: the end of a host is noticed sooner, and nothing else moves a VIP.

r1 and r2 are on two subnets that core routes between; r1 has the higher priority. Sessions have
5 x 200 ms and advertisements come each second, where a test does not say otherwise: so nothing is
lost by itself on a busy machine. Every test starts with r1 Active and all sessions up.
"""
import re
import signal

import pytest

from helpers import topology
from helpers.events import Recorder
from helpers.vty import VtyError
from helpers.wait import differs, stays, wait_for

DAEMONS = {
    "r1": ("staticd", "bfdd", "vrrpd"),
    "r2": ("staticd", "bfdd", "vrrpd"),
    "core": (),
}
GROUP = {"r1": "interface r1-core", "r2": "interface r2-core"}
VIPS = {"v4": "203.0.113.10/32", "v6": "2001:db8:ffff::10/128"}
SOURCE = {"v4": ("ip", "192.0.2.1"), "v6": ("ip -6", "2001:db8:1::1")}
# A route that comes when something begins.
MARK = "198.51.100.1/32"
PROFILE = ("bfd", "profile fair")
FAMILIES = ("v4", "v6")
# More than Active_Down_Interval.
QUIET_SEC = 4
RUNS, TRIES = 3, 12
# Of Active_Down_Interval, from the end of r1 and not from its last advertisement, which came up to
# an interval before. With a session of one interval: 0.44 to 0.58; without any: 0.72 to 1.
SOONER, NOT_SOONER = 0.66, 0.7

NODES = {}


def build(tgen):
    """r1 - core - r2."""
    for name in DAEMONS:
        tgen.add_router(name)
    topology.link(tgen, "r1", "core")
    topology.link(tgen, "r2", "core")


def setup_module(module):
    """Starts everything once for all tests of this file."""
    NODES.update(topology.start(build, module.__name__, DAEMONS))


def teardown_module():
    """Takes it down."""
    topology.stop()


@pytest.fixture(name="net", autouse=True)
def fixture_net():
    """The nodes by name, whatever an earlier test did to them."""
    let_all_pass()
    for name in GROUP:
        for daemon in ("zebra", "bfdd", "vrrpd"):
            NODES[name].revive(daemon)
        NODES[name].configure(*PROFILE, "no shutdown")
        go(name, 1000, "fair")
    settle()
    return NODES


def bfd(name, words):
    """Somebody configures BFD for the group of a router."""
    NODES[name].configure(GROUP[name], f"vrrp 10 bfd {words}")


def go(name, interval, profile):
    """A router advertises so often, and has BFD with these times."""
    NODES[name].configure(
        GROUP[name],
        f"vrrp 10 advertisement-interval {interval}",
        f"vrrp 10 bfd profile {profile}",
    )


def settle(interval=1000):
    """r1 is Active, r2 Backup and goes by that interval, and both reach each other by BFD."""
    NODES["r1"].wait_state("Active")
    NODES["r2"].wait_state("Backup")
    for family in FAMILIES:
        wait_for(
            f"r2 waits for an advertisement each {interval} ms, {family}",
            lambda f=family: differs(NODES["r2"].family(f)["masterAdverInterval"], interval),
        )
    for name in GROUP:
        wait_bfd(NODES[name], "up")


def block_bfd():
    """core drops BFD over several hops, both ways, and nothing else."""
    for ip in ("ip", "ip -6"):
        NODES["core"].must_run(
            f"{ip} rule add blackhole ipproto udp dport 4784 pref 10"
        )


def cut_off(family):
    """core drops all that r1 sends in a family, as if its host were gone; and marks the time."""
    ip, source = SOURCE[family]
    NODES["core"].must_run(
        f"{ip} rule add blackhole from {source} pref 10 && ip route add {MARK} dev lo"
    )


def let_all_pass():
    """... and no longer."""
    for ip in ("ip", "ip -6"):
        NODES["core"].run(f"{ip} rule del pref 10")
    NODES["core"].run(f"ip route del {MARK} dev lo")


def states(router):
    """What "show vrrp json" says of the sessions."""
    group = router.groups().get(10, {})
    return [
        peer.get("bfdState")
        for family in FAMILIES
        for peer in group.get(family, {}).get("peers", [])
    ]


def wait_bfd(router, state):
    """Waits until the sessions of both families are in a state; None: there are none."""
    wait_for(
        f"{router.name}: BFD is {state}",
        lambda: differs(states(router), [state, state]),
    )


def warnings(router, family="v4"):
    """The warnings of a family."""
    return router.family(family).get("warnings", [])


def wait_warning(router, words):
    """Waits until both families warn in these words."""
    for family in FAMILIES:
        wait_for(
            f"{router.name} warns: {words}",
            lambda f=family: None
            if any(words in text for text in warnings(router, f))
            else warnings(router, f),
        )


def wait_no_warning(router, words):
    """... and no longer."""
    for family in FAMILIES:
        wait_for(
            f"{router.name} no longer warns: {words}",
            lambda f=family: warnings(router, f)
            if any(words in text for text in warnings(router, f))
            else None,
        )


def sessions(router):
    """The peers of bfdd's sessions."""
    try:
        return sorted(
            peer["peer"] for peer in router.show_json("bfdd", "show bfd peers json")
        )
    except VtyError:
        return None


class Stillness:
    """No virtual router changes its state while its with-block runs, and for a while after."""

    def __enter__(self):
        self._before = self._transitions()
        return self

    def __exit__(self, failed, *_):
        if not failed:
            stays("no transition", self._seen, QUIET_SEC)

    def _seen(self):
        return differs(self._transitions(), self._before)

    @staticmethod
    def _transitions():
        return [NODES[name].transitions() for name in GROUP]


def test_sessions_are_shown(net):
    """In JSON, text and YANG; and bfdd has one for each peer, with the profile."""
    assert states(net["r2"]) == ["up", "up"]
    assert net["r2"].groups()[10]["bfd"] == {"profile": "fair", "strict": False}
    shown = net["r2"].show("vrrpd", "show vrrp")
    assert shown.count(", BFD up") == 2, shown
    assert "profile fair" in shown
    yang = net["r2"].show("vrrpd", "show yang operational-data /frr-interface:lib")
    assert re.findall(r'"bfd-state": *"(\w+)"', yang) == ["up", "up"], yang
    assert sessions(net["r2"]) == ["192.0.2.1", "2001:db8:1::1"]
    assert warnings(net["r2"]) == []
    peers = net["r2"].show_json("bfdd", "show bfd peers json")
    assert {peer["transmit-interval"] for peer in peers} == {200}
    assert " vrrp 10 bfd profile fair" in net["r2"].running_config()


def takeover(net, family):
    """
    r1's host is gone: how long r2 takes to have the VIP, as a share of its Active_Down_Interval.

    None: a busy machine made r2 Active before.
    """
    wait = net["r2"].family(family)["masterDownInterval"] / 1000
    with Recorder(net["r2"], net["core"]) as record:
        cut_off(family)
        net["r2"].wait_state("Active", [family])
        began = record.first(net["core"], "add", "route", MARK)
        assert began, record.story(MARK)
        taken = record.first(net["r2"], "add", "address", VIPS[family], began.time)
    let_all_pass()
    net["r1"].wait_state("Active")
    net["r2"].wait_state("Backup")
    configured = "bfd" in net["r2"].groups()[10]
    wait_bfd(net["r2"], "up" if configured else None)
    return (taken.time - began.time) / wait if taken else None


def takeovers(net, family):
    """Some of them."""
    shares = []
    for _ in range(TRIES):
        shares += [share for share in [takeover(net, family)] if share is not None]
        if len(shares) == RUNS:
            return shares
    raise AssertionError(f"r2 is Active by itself, or often so: {shares}")


@pytest.mark.parametrize(
    "family, interval, profile", (("v4", 1000, "fair"), ("v6", 1000, "fair"), ("v4", 100, "fast"))
)
def test_the_end_of_a_host_is_answered_sooner(net, family, interval, profile):
    """By the hint of BFD, and in about Active_Down_Interval without it."""
    for name in GROUP:
        go(name, interval, profile)
    settle(interval)
    hinted = takeovers(net, family)
    net["r2"].configure(GROUP["r2"], "no vrrp 10 bfd")
    wait_bfd(net["r2"], None)
    alone = takeovers(net, family)
    print(f"{family}, {interval} ms: with BFD {hinted}, without {alone}")
    # a busy machine delays some, or is late to say that r1 is gone; without the hint none is sooner
    assert max(alone) > NOT_SOONER, alone
    assert min(hinted) < SOONER, hinted


def killed(net):
    """r1's vrrpd is, without a guardian: what r2 takes, as takeover() says it; and r1 is back."""
    net["r1"].configure("no vrrp guardian")
    wait = net["r2"].family("v4")["masterDownInterval"] / 1000
    with Recorder(net["r1"], net["r2"]) as record:
        net["r1"].must_run(f"ip route add {MARK} dev lo")
        net["r1"].signal("vrrpd", signal.SIGKILL)
        net["r2"].wait_state("Active")
        began = record.first(net["r1"], "add", "route", MARK)
        taken = record.first(net["r2"], "add", "address", VIPS["v4"], began.time)
        assert taken, record.story(VIPS["v4"])
    net["r1"].must_run(f"ip route del {MARK} dev lo")
    net["r1"].start("vrrpd")
    settle()
    return (taken.time - began.time) / wait


def test_a_killed_vrrpd_is_replaced_sooner(net):
    """bfdd of its host ends the sessions at once; a busy machine delays some."""
    shares = [killed(net)]
    while shares[-1] >= SOONER and len(shares) < RUNS:
        shares.append(killed(net))
    assert shares[-1] < SOONER, shares


def test_a_dead_bfd_path_moves_nothing(net):
    """While advertisements come, it is only told."""
    with Stillness():
        block_bfd()
        for name in GROUP:
            wait_bfd(net[name], "down")
            wait_warning(net[name], "is down")
    with Stillness():
        let_all_pass()
        for name in GROUP:
            wait_bfd(net[name], "up")
            wait_no_warning(net[name], "is down")


@pytest.mark.parametrize("words", ("profile fair", "profile fair strict"))
def test_the_own_bfdd_may_die(net, words):
    """That is told, and nothing moves, even where down is a verdict; nor when it is back."""
    bfd("r2", words)
    with Stillness():
        net["r2"].kill("bfdd")
        wait_warning(net["r2"], "bfdd does not run")
        wait_bfd(net["r2"], "unknown")
    with Stillness():
        net["r2"].start("bfdd")
        wait_no_warning(net["r2"], "bfdd does not run")
        wait_bfd(net["r2"], "up")


def test_the_others_bfdd_may_die(net):
    """A hint alone is no reason to take over."""
    with Stillness():
        net["r1"].kill("bfdd")
        wait_bfd(net["r2"], "down")
    with Stillness():
        net["r1"].start("bfdd")
        wait_bfd(net["r2"], "up")


def test_zebra_may_die(net):
    """Sessions are unknown meanwhile, and are there again after it."""
    with Stillness():
        net["r2"].kill("zebra")
        wait_bfd(net["r2"], "unknown")
    net["r2"].start("zebra")
    settle()


def test_a_missing_profile_is_told(net):
    """bfdd's defaults hold until somebody makes it; the session stays up all along."""
    downs = net["r1"].log().count(": down")
    with Stillness():
        bfd("r2", "profile later")
        wait_warning(net["r2"], "bfdd has no profile later")
        wait_bfd(net["r2"], "up")
    with Stillness():
        net["r2"].configure("bfd", "profile later", "transmit-interval 60")
        wait_no_warning(net["r2"], "bfdd has no profile later")
        wait_for(
            "the session goes by it",
            lambda: differs(
                {
                    peer["transmit-interval"]
                    for peer in net["r2"].show_json("bfdd", "show bfd peers json")
                },
                {60},
            ),
        )
    assert net["r1"].log().count(": down") == downs
    bfd("r2", "profile fair")
    net["r2"].configure("bfd", "no profile later")


@pytest.mark.parametrize("words", ("profile fair", "profile fair strict"))
def test_sessions_may_be_shut_down(net, words):
    """By the operator, here; even where down is a verdict nothing moves."""
    bfd("r2", words)
    with Stillness():
        net["r2"].configure(*PROFILE, "shutdown")
        wait_bfd(net["r2"], "admin-down")
        wait_warning(net["r2"], "is shut down in bfdd")
        wait_bfd(net["r1"], "down")
    with Stillness():
        net["r2"].configure(*PROFILE, "no shutdown")
        wait_bfd(net["r2"], "up")


def test_sessions_may_be_shut_down_at_the_other_side(net):
    """It is down here, which moves nothing."""
    with Stillness():
        net["r1"].configure(*PROFILE, "shutdown")
        wait_bfd(net["r1"], "admin-down")
        wait_bfd(net["r2"], "down")


def test_strict_takes_a_dead_session_for_a_dead_router(net):
    """
    So a dead BFD path alone makes r2 Active, until r1 answers it; the same as a hint does not.

    Its priority leaves r1 12 ms to advertise before.
    """
    priorities = {"r1": (254, 200), "r2": (253, 100)}
    for name, (priority, _) in priorities.items():
        net[name].configure(GROUP[name], f"vrrp 10 priority {priority}")
    settle()
    with Stillness():
        block_bfd()
        wait_bfd(net["r2"], "down")
    let_all_pass()
    bfd("r2", "profile fair strict")
    assert net["r2"].groups()[10]["bfd"]["strict"] is True
    settle()
    before = net["r2"].transitions()
    block_bfd()
    wait_for(
        "both virtual routers of r2 took over, and gave way",
        lambda: differs(net["r2"].transitions(), [count + 2 for count in before]),
    )
    let_all_pass()
    for name, (_, priority) in priorities.items():
        net[name].configure(GROUP[name], f"vrrp 10 priority {priority}")
    settle()


def test_groups_share_a_session(net):
    """One that goes leaves it to the other; the profile that sorts first counts."""
    r2 = net["r2"]
    lines = ("vrrp 11", "vrrp 11 peer 192.0.2.1", "vrrp 11 ip 203.0.113.11")
    r2.configure(GROUP["r2"], *lines, "vrrp 11 bfd profile other")
    try:
        wait_for(
            "the second group has the session of the first",
            lambda: None
            if any("another group" in t for t in r2.family("v4", 11)["warnings"])
            else r2.family("v4", 11),
        )
        assert sessions(r2) == ["192.0.2.1", "2001:db8:1::1"]
        wait_for(
            "it is up", lambda: differs(r2.family("v4", 11)["peers"][0].get("bfdState"), "up")
        )
    finally:
        with Stillness():
            r2.configure(GROUP["r2"], "no vrrp 11")
    assert states(r2) == ["up", "up"]
    assert sessions(r2) == ["192.0.2.1", "2001:db8:1::1"]


def test_without_bfd_there_is_no_session(net):
    """Nor after a shutdown, nor in vrrpd's place when it has ended."""
    r2 = net["r2"]
    r2.configure(GROUP["r2"], "no vrrp 10 bfd")
    wait_for("bfdd has no session", lambda: differs(sessions(r2), []))
    assert "bfd" not in r2.groups()[10]
    assert not any("vrrp 10 bfd" in line for line in r2.running_config())
    bfd("r2", "profile fair")
    wait_bfd(r2, "up")
    r2.configure(GROUP["r2"], "vrrp 10 shutdown")
    wait_for("bfdd has no session", lambda: differs(sessions(r2), []))
    r2.configure(GROUP["r2"], "no vrrp 10 shutdown")
    wait_bfd(r2, "up")
    r2.stop("vrrpd")
    wait_for("bfdd has no session", lambda: differs(sessions(r2), []))
