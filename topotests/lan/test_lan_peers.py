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
from helpers.peer_rules import Match, PreemptionRules

NODES, PEERS = {}, {}
# as in r1's file: a busy machine may let a peer stand still for longer than it waits at 100 ms
INTERVAL_MS = 300
ROUTERS = (
    VirtualRouter(10, 3, "v4", INTERVAL_MS, ("192.0.2.10/32",)),
    VirtualRouter(20, 3, "v6", INTERVAL_MS, ("fe80::20/128", "2001:db8:1::20/128")),
    VirtualRouter(30, 2, "v4", 1000, ("192.0.2.30/32",)),
)


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


@pytest.fixture(name="match")
def fixture_match(peer):
    """Our router, alive and Active alone, against it."""
    assert not peer.running()
    NODES["r1"].revive("vrrpd")
    # version 2 times out after 4 s
    match = Match(NODES["r1"], peer, "r1-lan", heard_sec=4)
    match.wait_state("Active")
    return match


class TestPeer(PreemptionRules):
    """Of both."""
