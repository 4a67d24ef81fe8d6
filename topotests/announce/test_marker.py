# SPDX-License-Identifier: GPL-2.0-or-later
# needs: dummy ns veth
# timeout: 900
"""
A marker route: the recipe "A default route from the Active router", booted.

core has a default route of each family by the Active router alone, and never the marker itself.
Every test starts with r1 Active.
"""
import signal
import threading
import time

import pytest

from helpers.pair import FAMILIES, GROUP, Pair
from helpers.wait import differs, stays, wait_for

DEFAULTS = {"v4": "0.0.0.0/0", "v6": "::/0"}
MARKERS = {"v4": "203.0.113.112/32", "v6": "2001:db8:ffff::112/128"}
OTHER = {"v4": "203.0.113.113/32", "v6": "2001:db8:ffff::113/128"}
PAIRS = []


def setup_module():
    """The pair, as printed."""
    PAIRS.append(Pair("A default route from the Active router"))


def teardown_module():
    """Nothing is left."""
    PAIRS.pop().demolish()


@pytest.fixture(name="pair", autouse=True)
def fixture_pair():
    """r1 is Active, and core knows."""
    pair = PAIRS[0]
    for name in ("r1", "r2"):
        pair.nodes[name].configure(GROUP, "no vrrp 10 shutdown")
    pair.revive()
    follows(pair, "r1", "r2")
    return pair


def marker(router, family):
    """What the router says of its marker."""
    told = router.family(family)
    return told.get("marker"), told.get("markerAnnounced")


def follows(pair, active, backup):
    """The default routes lead to the one alone, in the end; nobody has heard of a marker."""
    for family in FAMILIES:
        wait_for(
            f"{active} announces its marker {family}",
            lambda f=family: differs(marker(pair.nodes[active], f), (MARKERS[f], True)),
        )
        if pair.nodes[backup].alive("vrrpd"):
            wait_for(
                f"{backup} does not",
                lambda f=family: differs(marker(pair.nodes[backup], f), (MARKERS[f], False)),
            )
        pair.wait_ways(DEFAULTS[family], active)
        assert not pair.ways(MARKERS[family])


def stopped(pair):
    """SIGTERM; and back."""
    pair.nodes["r1"].stop("vrrpd")


def killed(pair):
    """SIGKILL: the guardian withdraws it with the other routes."""
    pair.nodes["r1"].kill("vrrpd")


def shut_down(pair):
    """By an operator."""
    pair.nodes["r1"].configure(GROUP, "vrrp 10 shutdown")


def hurried(pair):
    """zebra of the Active router dies, and the daemon tells its successor all again."""
    pair.nodes["r1"].kill("zebra")
    pair.nodes["r1"].start("zebra")


@pytest.mark.parametrize("end", (stopped, killed, shut_down))
def test_default_route_follows_the_active_router(pair, end):
    """There, and back when r1 has returned and preempted."""
    end(pair)
    pair.nodes["r2"].wait_state("Active")
    began = time.monotonic()
    follows(pair, "r2", "r1")
    print(f"{end.__name__}: core knows {time.monotonic() - began:.1f} s later", flush=True)
    if end is shut_down:
        pair.nodes["r1"].configure(GROUP, "no vrrp 10 shutdown")
    pair.revive()
    follows(pair, "r1", "r2")


def test_zebra_that_died_is_told_of_the_marker_again(pair):
    """As of the routes to VIPs."""
    hurried(pair)
    follows(pair, "r1", "r2")


def test_restart_keeps_the_default_route(pair):
    """The next daemon has the marker before the routes of the one before go."""
    for family in FAMILIES:
        assert pair.ways(DEFAULTS[family]) == {"r1"}
    before = marker_changes(pair)
    pair.restart("r1")
    pair.nodes["r1"].wait_state("Active")
    follows(pair, "r1", "r2")
    assert marker_changes(pair) == before, "bgpd of r1 has lost its path meanwhile"


def marker_changes(pair):
    """The versions of the marker's paths in r1's BGP: each change counts one up."""
    bgp = pair.nodes["r1"]
    return [
        bgp.show_json("bgpd", f"show bgp {afi} unicast {MARKERS[family]} json").get("version")
        for family, afi in (("v4", "ipv4"), ("v6", "ipv6"))
    ]


def test_each_family_follows_its_own_virtual_router(pair):
    """r2 becomes Active for IPv4 alone."""
    r1, r2 = pair.nodes["r1"], pair.nodes["r2"]
    r1.configure(GROUP, "no vrrp 10 ip 203.0.113.10")
    try:
        r2.wait_state("Active", ["v4"])
        pair.wait_ways(DEFAULTS["v4"], "r2")
        assert r1.state("v6") == "Active" and marker(r1, "v6") == (MARKERS["v6"], True)
        assert pair.ways(DEFAULTS["v6"]) == {"r1"}
    finally:
        r1.configure(GROUP, "vrrp 10 ip 203.0.113.10")


def phase(router):
    """How far the drain of the IPv4 VIP is."""
    return router.show_json("vrrpd", "show vrrp vip json")[0].get("draining")


def test_marker_is_drained_with_the_routes(pair):
    """It is there as long as they are, while r2 says nothing; and no longer."""
    r1, r2, seen = pair.nodes["r1"], pair.nodes["r2"], []
    r1.configure(GROUP, "vrrp 10 drain 20000")
    typing = threading.Thread(target=shut_down, args=(pair,))
    r2.signal("vrrpd", signal.SIGSTOP)
    try:
        typing.start()
        wait_for("the drain begins", lambda: differs(phase(r1), "announcing"))
        while phase(r1) == "announcing":
            seen.append(marker(r1, "v4")[1])
        wait_for("the marker is gone", lambda: differs(marker(r1, "v4")[1], False))
        assert phase(r1) == "answering"
        assert seen and all(seen[:-1]), seen
    finally:
        r2.signal("vrrpd", signal.SIGCONT)
        typing.join()
        r1.configure(GROUP, "no vrrp 10 drain", "no vrrp 10 shutdown")


@pytest.mark.parametrize("family", FAMILIES)
def test_marker_that_becomes_another_moves_nothing(pair, family):
    """The old one is withdrawn, the new one announced; and taken back, there is none."""
    r1 = pair.nodes["r1"]
    r1.configure(GROUP, f"vrrp 10 announce marker {OTHER[family]}")
    wait_for("it is announced", lambda: differs(marker(r1, family), (OTHER[family], True)))
    r1.configure(GROUP, f"no vrrp 10 announce marker {OTHER[family]}")
    wait_for("there is none", lambda: in_table(r1, OTHER[family]))
    assert r1.state(family) == "Active" and marker(r1, family) == (None, None)
    r1.configure(GROUP, f"vrrp 10 announce marker {MARKERS[family]}")
    follows(pair, "r1", "r2")


def in_table(router, prefix):
    """A check that the kernel has no such route in our table."""
    family = "-6" if ":" in prefix else "-4"
    return router.must_run(f"ip {family} route show exact {prefix} table 112") or None


def test_group_that_is_removed_takes_its_marker_along(pair):
    """And gets it back with its configuration."""
    r1 = pair.nodes["r1"]
    lines = [line.strip() for line in r1.running_config() if line.startswith(" vrrp 10 ")]
    r1.configure(GROUP, "no vrrp 10")
    wait_for("its marker is gone", lambda: in_table(r1, MARKERS["v4"]))
    r1.configure(GROUP, "vrrp 10", *lines)
    follows(pair, "r1", "r2")


def test_vip_that_was_a_marker_keeps_its_route_when_the_marker_goes(pair):
    """Group 10 has another marker now, but leaves Active before that counts."""
    r1 = pair.nodes["r1"]
    vip = MARKERS["v4"].removesuffix("/32")
    r1.configure(
        GROUP, "vrrp 11 startup-hold 0", "vrrp 11 peer 198.51.100.99", "vrrp 11 ip 203.0.113.114"
    )
    r1.wait_state("Active", ["v4"], 11)
    r1.configure(
        GROUP, f"vrrp 10 announce marker {OTHER['v4']}", f"vrrp 11 ip {vip}", "vrrp 10 shutdown"
    )

    def announced():
        vips = r1.show_json("vrrpd", "show vrrp vip json")
        return [one["announced"] for one in vips if one["address"] == vip]

    try:
        wait_for("group 10 has left", lambda: differs(r1.state("v4", 10), "Initialize"))
        wait_for("its route is there", lambda: differs(announced(), [True]))
        stays("it stays so", lambda: differs(announced(), [True]), 5)
    finally:
        r1.configure(
            GROUP, "no vrrp 11", f"vrrp 10 announce marker {MARKERS['v4']}", "no vrrp 10 shutdown"
        )


def test_marker_of_a_lan_goes_by_its_link(pair):
    """A pair on one LAN may let a default route follow it as well."""
    r1 = pair.nodes["r1"]
    r1.configure(
        GROUP,
        "vrrp 20 ip 192.0.2.60",
        "vrrp 20 placement interface",
        "vrrp 20 announce marker 203.0.113.120/29",
    )
    try:
        r1.wait_state("Active", ["v4"], vrid=20)
        wait_for(
            "its marker leads to the LAN",
            lambda: None
            if " dev eth0 " in r1.must_run("ip route show exact 203.0.113.120/29 table 112")
            else "not yet",
        )
        stays("it is announced", lambda: differs(r1.family("v4", 20).get("markerAnnounced"), True), 1)
    finally:
        r1.configure(GROUP, "no vrrp 20")
    wait_for("its marker is gone", lambda: in_table(r1, "203.0.113.120/29"))
