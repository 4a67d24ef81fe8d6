# SPDX-License-Identifier: GPL-2.0-or-later
# needs: dummy ns veth
# timeout: 1200
"""
A router loses its power and boots, again and again, and nobody is Active beside another.

           core (BGP)
          /          \\
       r1              r2
          \\          /
           spf (OSPF)

The groups are of every kind a fabric has: VRID 10 and 11 have sources on the loopback
interface, which BGP has to announce first; 20 and 21 have addresses of links that BGP
tells of; 30 and 31 those that OSPF tells of, both families. Timers are FRR's defaults; OSPF
elects no designated router, for which each boot would wait 40 s. In the even ones r1 has
the higher priority and "preempt delay"; in the odd ones r2 has. So each boot of r1 is one
of the higher and one of the lower router. BOOTS says how many there are.
"""
import os
import re
import signal
import time

import pytest

from helpers import topology
from helpers.claims import longest_both
from helpers.events import Recorder
from helpers.wait import differs, wait_for
from helpers.ways import Ways

BOOTS = int(os.environ.get("BOOTS", "5"))
PROTOCOLS = ("bgpd", "ospfd", "ospf6d")
DAEMONS = {
    "r1": (*PROTOCOLS, "vrrpd"),
    "r2": (*PROTOCOLS, "vrrpd"),
    "core": ("bgpd",),
    "spf": ("ospfd", "ospf6d"),
}
BOOTED = ("mgmtd", "zebra", *DAEMONS["r1"])
LINKS = {name: (f"{name}-core", f"{name}-spf") for name in ("r1", "r2")}
HIGHER, LOWER = (10, 20, 30), (11, 21, 31)
HUBS = {10: "core", 11: "core", 20: "core", 21: "core", 30: "spf", 31: "spf"}
FAMILIES = ("v4", "v6")
DELAY_SEC = 5
# where r2 is, for the group that looks for it there
PEERS = {
    10: ("192.0.2.194/32", "2001:db8:a::2/128"),
    20: ("192.0.2.64/26", "2001:db8:2::/64"),
    30: ("198.51.100.64/26", "2001:db8:12::/64"),
}
HOLD_SEC = 15
# From when one router takes a VIP until the other has heard of it, or the hub of its route:
# a busy machine takes seconds. Without the hold it is 5 s by BGP, and 10 s by OSPF.
MOVE_SEC = 3.0
# what is read of a kernel may be read that much later
READ_SEC = 1.0
# an echo, the peer's way back, an advertisement, skew time, a busy machine
LATE_SEC = 5
# OSPF finds its neighbor, and the hold would be over
BOOT_SEC = 90
NODES = {}


def build(tgen):
    """The picture above."""
    for name in DAEMONS:
        tgen.add_router(name)
    for name in LINKS:
        for hub in ("core", "spf"):
            topology.link(tgen, name, hub)


def setup_module(module):
    """Starts everything once for all tests of this file."""
    NODES.update(topology.start(build, module.__name__, DAEMONS))


def teardown_module():
    """Takes it down."""
    topology.stop()


def vips(vrid):
    """Both of a group."""
    return (f"203.0.113.{vrid}/32", f"2001:db8:ffff::{vrid}/128")


def states(router, vrids):
    """{state} of both families of some groups."""
    groups = router.groups()
    return {groups.get(v, {}).get(f, {}).get("state") for v in vrids for f in FAMILIES}


def wait_states(router, vrids, state, timeout=BOOT_SEC):
    """All of them are in that state."""
    wait_for(
        f"{router.name}: {vrids} are {state}",
        lambda: differs(states(router, vrids), {state}),
        timeout,
    )


def wait_way(vrid, name):
    """The hub's kernel has one way to the VIPs of a group, to that router."""
    hub = NODES[HUBS[vrid]]
    link = f"dev {hub.name}-{name} "
    for vip in vips(vrid):
        command = f"ip -o {'-6 ' if ':' in vip else ''}route show {vip}"
        wait_for(
            f"{hub.name} has {vip} by {link}",
            lambda c=command: None if link in (out := hub.run(c)[1]) else out,
        )


def cut_power(router):
    """Nothing of it is left but what a disk keeps."""
    for link in LINKS[router.name]:
        router.must_run(f"ip link set {link} down")
    for daemon in BOOTED:
        router.signal(daemon, signal.SIGKILL)
    for daemon in BOOTED:
        wait_for(f"{daemon} ends", lambda d=daemon: "it runs" if router.alive(d) else None)
    router.run("ip link delete vip0; ip link delete vip-drain")
    for link in (*LINKS[router.name], "lo"):
        router.must_run(f"ip address flush dev {link} scope global")


def boot(router, *daemons):
    """Links, daemons, configuration, as an init script does."""
    for link in LINKS[router.name]:
        router.must_run(f"ip link set {link} up")
    router.gear.net.startRouterDaemons(list(daemons or BOOTED))
    router.must_run("vtysh -b")


@pytest.fixture(name="pair")
def fixture_pair():
    """r1 and r2, each Active where it has the higher priority, and the hubs know."""
    r1, r2 = NODES["r1"], NODES["r2"]
    wait_states(r1, HIGHER, "Active")
    wait_states(r2, LOWER, "Active")
    wait_states(r2, HIGHER, "Backup")
    wait_states(r1, LOWER, "Backup")
    for vrid in HUBS:
        wait_way(vrid, "r1" if vrid in HIGHER else "r2")
    return r1, r2


# The course of a boot


def routed_sec(record, router, vip, peer):
    """How long it had had a route to its peer when it took the VIP."""
    taken = record.first(router, "add", "address", vip)
    return taken.time - record.first(router, "add", "route", peer).time


def assert_alone(record, ways):
    """At no instant were there two, but while a move lasted."""
    both = {vip: longest_both(record, vip, {"r2"}) for v in HUBS for vip in vips(v)}
    worst = max(both, key=both.get)
    assert both[worst] <= MOVE_SEC, (
        f"{worst} was on both for {both[worst]:.3f} s: {record.story(worst)}"
    )
    two = max(ways.longest.values(), default=0.0)
    assert two <= MOVE_SEC, f"two ways at a hub, seconds: {ways.longest}"
    return max(both.values()), two


def assert_delays(record, router):
    """
    The preemption delay was kept: the router cannot have been heard before it had a route,
    and hardly later than an echo a second afterwards.
    """
    waited = {
        (vrid, vip): routed_sec(record, router, vip, peer)
        for vrid in HIGHER
        for vip, peer in zip(vips(vrid), PEERS[vrid])
    }
    assert DELAY_SEC - READ_SEC <= min(waited.values()), f"preempted too early, seconds: {waited}"
    assert max(waited.values()) <= DELAY_SEC + LATE_SEC, f"too late, seconds: {waited}"
    return min(waited.values()), max(waited.values())


@pytest.mark.parametrize("number", range(1, BOOTS + 1))
def test_router_that_boots_is_active_nowhere_before_it_can_be_heard(pair, number):
    """And takes over, where it is to, when its delay is over."""
    r1, r2 = pair
    cut_power(r1)
    wait_states(r2, HIGHER, "Active")
    for vrid in HUBS:
        wait_way(vrid, "r2")
    with Recorder(r1, r2) as record, Ways(NODES["core"], NODES["spf"]) as ways:
        boot(r1)
        wait_states(r1, HIGHER, "Active")
        wait_states(r2, HIGHER, "Backup")
        for vrid in HIGHER:
            wait_way(vrid, "r1")
    both, two = assert_alone(record, ways)
    for vip in (vip for vrid in LOWER for vip in vips(vrid)):
        assert not record.first(r1, "add", "address", vip), f"the lower one was Active: {vip}"
    delays = assert_delays(record, r1)
    print(
        f"boot {number}: on both {both:.3f} s, two ways {two:.3f} s, preempted"
        f" {delays[0]:.3f} to {delays[1]:.3f} s after the route came"
    )


def test_router_whose_peer_is_dead_is_active_when_its_hold_is_over(pair):
    """No route, no answer, nobody heard: it goes on alone, everywhere, and says so."""
    r1, r2 = pair
    cut_power(r2)
    wait_states(r1, tuple(HUBS), "Active")
    for ifname, vrids in (("lo", (10, 11)), ("r1-core", (20, 21)), ("r1-spf", (30, 31))):
        r1.configure(
            f"interface {ifname}", *(f"vrrp {v} startup-hold {HOLD_SEC}" for v in vrids)
        )
    r1.must_run("vtysh -c 'write memory'")
    cut_power(r1)
    seen, began = len(r1.log()), time.monotonic()
    boot(r1)
    wait_states(r1, tuple(HUBS), "Active")
    assert time.monotonic() - began >= HOLD_SEC
    words = r"vrrp (\S+ \d+ IPv\d): .*goes on alone, since its startup-hold is over"
    wait_for(
        "each says so",
        lambda: differs(len(set(re.findall(words, r1.log()[seen:]))), len(HUBS) * len(FAMILIES)),
    )
