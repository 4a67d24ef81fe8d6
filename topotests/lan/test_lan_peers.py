# SPDX-License-Identifier: GPL-2.0-or-later
# needs: bridge dummy macvlan modules ns veth
# timeout: 1200
"""
Other implementations on our LAN, multicast and from virtual MAC addresses.

r1 runs our vrrpd with priority 150. Against it stand, one after the other, k1
with keepalived and f1 with FRR's own vrrpd, each with 100 or 200, and each with
three virtual routers at once: version 3 for IPv4 (VRID 10) and IPv6 (20), and
version 2 (30).
"""
import pytest

from helpers import topology
from helpers.lan_peer import LanKeepalived, LanStock, VirtualRouter
from helpers.wait import differs, stays, wait_for

NODES, PEERS = {}, {}
ROUTERS = (
    VirtualRouter(10, 3, "v4", 100, ("192.0.2.10/32",)),
    VirtualRouter(20, 3, "v6", 100, ("fe80::20/128", "2001:db8:1::20/128")),
    VirtualRouter(30, 2, "v4", 1000, ("192.0.2.30/32",)),
)
LOWER, HIGHER = 100, 200


def build(tgen):
    """A switch with three routers."""
    tgen.add_switch("lan")
    tgen.add_router("r1")
    tgen.add_router("f1")
    tgen.add_host("k1", "192.0.2.2/24", "via 192.0.2.1")
    for name in ("r1", "f1", "k1"):
        topology.link(tgen, name, "lan")


def setup_module(module):
    """Starts r1; each test starts the peer as it wants it."""
    daemons = {"r1": ("vrrpd",), "f1": ()}
    NODES.update(topology.start(build, module.__name__, daemons))
    PEERS["keepalived"] = LanKeepalived(NODES["k1"], "k1-lan", ROUTERS)
    PEERS["stock"] = LanStock(NODES["f1"], "f1-lan", ROUTERS)


def teardown_module():
    """Takes it down."""
    topology.stop()


@pytest.fixture(name="peer", params=("keepalived", "stock"))
def fixture_peer(request):
    """The other router; it is off before and after."""
    peer = PEERS[request.param]
    yield peer
    if peer.running():
        peer.stop()


@pytest.fixture(name="r1", autouse=True)
def fixture_r1(peer):
    """Our router, alive and Active alone."""
    assert not peer.running()
    NODES["r1"].revive("vrrpd")
    for router in ROUTERS:
        NODES["r1"].wait_state("Active", [router.family], router.vrid)
    return NODES["r1"]


def wait_peer_active(peer):
    """The peer is Active for all virtual routers."""
    for router in ROUTERS:
        wait_for(
            f"{peer.node.name} is Active for VRID {router.vrid}",
            lambda r=router: peer.is_active(r),
        )


def wait_ours(r1, peer):
    """r1 is Active for all, and the peer for none."""
    for router in ROUTERS:
        r1.wait_state("Active", [router.family], router.vrid)
        wait_for(
            f"{peer.node.name} is not Active for VRID {router.vrid}",
            lambda r=router: peer.is_not_active(r),
        )
        assert_vips(r1, router, there=True)


def wait_theirs(r1, peer):
    """The peer is Active for all, and r1 is Backup without a VIP."""
    wait_peer_active(peer)
    for router in ROUTERS:
        r1.wait_state("Backup", [router.family], router.vrid)
        assert_vips(r1, router, there=False)


def assert_vips(r1, router, there):
    """The VIPs are on r1's VMAC, or they are not."""
    ifname = r1.family(router.family, router.vrid)["interface"]
    check = r1.has_address if there else r1.has_not_address
    for vip in router.vips:
        wait_for(
            f"{vip} is {'' if there else 'not '}on {ifname}",
            lambda v=vip: check(ifname, v),
        )


def transitions(r1):
    """Changes of state so far, by VRID."""
    return [
        r1.family(router.family, router.vrid)["stats"]["transitions"]
        for router in ROUTERS
    ]


def wait_heard(r1, seconds=4):
    """Nobody moves, by default for as long as it takes version 2 to time out."""
    before = transitions(r1)
    stays(
        "r1 does not change its state",
        lambda: differs(transitions(r1), before),
        seconds=seconds,
    )


def test_a_lower_peer_stays_backup_and_takes_over_when_we_stop(r1, peer):
    """It hears our advertisements and our priority 0; we preempt it again."""
    peer.start(LOWER)
    wait_heard(r1)
    wait_ours(r1, peer)
    r1.stop("vrrpd")
    wait_peer_active(peer)
    r1.start("vrrpd")
    wait_ours(r1, peer)


def test_a_higher_peer_takes_over_and_hands_back_when_it_stops(r1, peer):
    """We yield to it, and hear its priority 0."""
    peer.start(HIGHER)
    wait_theirs(r1, peer)
    before = transitions(r1)
    peer.stop()
    wait_ours(r1, peer)
    assert transitions(r1) == [count + 1 for count in before]


def test_we_take_over_from_a_peer_that_is_lost(r1, peer):
    """Active_Down_Interval after its last advertisement."""
    peer.start(HIGHER)
    wait_theirs(r1, peer)
    peer.kill()
    wait_ours(r1, peer)


def test_a_peer_takes_over_from_our_killed_daemon_and_yields_again(r1, peer):
    """It misses our advertisements."""
    peer.start(LOWER)
    wait_heard(r1, seconds=1)
    r1.kill("vrrpd")
    wait_peer_active(peer)
    r1.start("vrrpd")
    wait_ours(r1, peer)


def test_without_preemption_we_leave_a_lower_peer_active(r1, peer):
    """And take over once preemption is allowed."""
    r1.configure("interface r1-lan", *preempt_lines("no "))
    r1.must_run("vtysh -c 'write memory'")
    try:
        peer.start(LOWER)
        r1.stop("vrrpd")
        wait_peer_active(peer)
        r1.start("vrrpd")
        wait_theirs(r1, peer)
        wait_heard(r1)
    finally:
        r1.configure("interface r1-lan", *preempt_lines(""))
        r1.must_run("vtysh -c 'write memory'")
    wait_ours(r1, peer)


def preempt_lines(prefix):
    """Preemption of all virtual routers, as configuration."""
    return [f"{prefix}vrrp {router.vrid} preempt" for router in ROUTERS]


def test_a_higher_peer_without_preemption_leaves_us_active(r1, peer):
    """It listens."""
    peer.start(HIGHER, preempt=False)
    wait_heard(r1)
    wait_ours(r1, peer)
