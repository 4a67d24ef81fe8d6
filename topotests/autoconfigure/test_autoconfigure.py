# SPDX-License-Identifier: GPL-2.0-or-later
# needs: bridge dummy macvlan modules ns veth
# timeout: 600
"""
A group that "vrrp autoconfigure" has made, in an election with FRR's own vrrpd.

r1 runs our vrrpd, and has a macvlan made by hand for VRID 10 (IPv4) and one for 20
(IPv6). So has f1, where stock's vrrpd is told of them, or finds them by itself.
The hosts' view is h1's.
"""
import pytest

from helpers import topology
from helpers.lan_peer import (
    LanStock,
    LanStockAutoconfigured,
    VirtualRouter,
    make_macvlan,
)
from helpers.wait import differs, stays, wait_for
from helpers.wire import Wire

NODES, PEERS = {}, {}
ROUTERS = (
    VirtualRouter(10, 3, "v4", 1000, ("192.0.2.10/24",)),
    VirtualRouter(20, 3, "v6", 1000, ("2001:db8:1::20/64",)),
)
VIPS = {"192.0.2.10": "00:00:5e:00:01:0a", "2001:db8:1::20": "00:00:5e:00:02:14"}
HOST = {"v4": "192.0.2.9", "v6": "2001:db8:1::9"}
LOWER, HIGHER = 100, 200


def build(tgen):
    """A switch with two routers and a host."""
    tgen.add_switch("lan")
    tgen.add_router("r1")
    tgen.add_router("f1")
    tgen.add_host("h1", f"{HOST['v4']}/24", "via 192.0.2.1")
    for name in ("r1", "f1", "h1"):
        topology.link(tgen, name, "lan")


def setup_module(module):
    """Starts r1; each test starts f1 as it wants it."""
    daemons = {"r1": ("vrrpd",), "f1": ()}
    NODES.update(topology.start(build, module.__name__, daemons))
    for router in ROUTERS:
        make_macvlan(NODES["r1"], "r1-lan", router)
    PEERS["configured"] = LanStock(NODES["f1"], "f1-lan", ROUTERS)
    PEERS["autoconfigured"] = LanStockAutoconfigured(PEERS["configured"])


def teardown_module():
    """Takes it down."""
    topology.stop()


@pytest.fixture(name="peer", params=("configured", "autoconfigured"))
def fixture_peer(request):
    """f1's vrrpd; it is off before and after."""
    peer = PEERS[request.param]
    yield peer
    if peer.running():
        peer.stop()


@pytest.fixture(name="r1", autouse=True)
def fixture_r1(peer):
    """Our router, alive and Active alone."""
    assert not peer.running()
    NODES["r1"].revive("vrrpd")
    wait_state(NODES["r1"], "Active")
    return NODES["r1"]


@pytest.fixture(name="wire", scope="module")
def fixture_wire():
    """h1's link."""
    return Wire(NODES["h1"], "h1-lan")


def wait_state(r1, expected):
    """Of both virtual routers, which stay autoconfigured and keep their addresses."""
    for router in ROUTERS:
        r1.wait_state(expected, [router.family], router.vrid)
        assert r1.groups()[router.vrid]["autoconfigured"]
        for vip in router.vips:
            assert r1.has_address(f"vrrp.{router.vrid}", vip) is None


def wait_peer(peer, active):
    """Of both."""
    for router in ROUTERS:
        check = peer.is_active if active else peer.is_not_active
        wait_for(f"f1, VRID {router.vrid}", lambda r=router, c=check: c(r))


def assert_answers(wire, r1, active):
    """The virtual MACs answer h1; r1's own does never, and a Backup has nothing to say."""
    own = r1.link("r1-lan")["address"]
    heard = wire.who_has(VIPS, HOST)
    assert not any(own in macs for macs in heard.values()), heard
    assert all(mac in heard[vip] for vip, mac in VIPS.items()), heard
    for vrid in (10, 20):
        assert ("UP" in r1.link(f"vrrp.{vrid}")["flags"]) == active


def test_a_lower_peer_stays_backup_and_takes_over_when_we_stop(wire, r1, peer):
    """It hears our advertisements and our priority 0; we preempt it again."""
    peer.start(LOWER)
    before = r1.transitions(10), r1.transitions(20)
    stays(
        "r1 does not change its state",
        lambda: differs((r1.transitions(10), r1.transitions(20)), before),
        seconds=5,
    )
    wait_peer(peer, active=False)
    assert_answers(wire, r1, active=True)
    r1.stop("vrrpd")
    wait_peer(peer, active=True)
    r1.start("vrrpd")
    wait_state(r1, "Active")
    wait_peer(peer, active=False)


def test_a_higher_peer_takes_over_and_hands_back_when_it_stops(wire, r1, peer):
    """We yield to it, say nothing, and hear its priority 0."""
    peer.start(HIGHER)
    wait_peer(peer, active=True)
    wait_state(r1, "Backup")
    assert_answers(wire, r1, active=False)
    peer.stop()
    wait_state(r1, "Active")
    assert_answers(wire, r1, active=True)


def test_we_take_over_from_a_peer_that_is_lost(wire, r1, peer):
    """Active_Down_Interval after its last advertisement."""
    peer.start(HIGHER)
    wait_state(r1, "Backup")
    peer.kill()
    wait_state(r1, "Active")
    assert_answers(wire, r1, active=True)
