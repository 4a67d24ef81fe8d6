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
from helpers.peer_rules import Match, PeerRules
from helpers.wait import wait_for
from helpers.wire import Wire

NODES, PEERS = {}, {}
ROUTERS = (
    VirtualRouter(10, 3, "v4", 1000, ("192.0.2.10/24",)),
    VirtualRouter(20, 3, "v6", 1000, ("2001:db8:1::20/64",)),
)
VIPS = {"192.0.2.10": "00:00:5e:00:01:0a", "2001:db8:1::20": "00:00:5e:00:02:14"}
HOST = {"v4": "192.0.2.9", "v6": "2001:db8:1::9"}


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


class Autoconfigured(Match):
    """As h1 sees it: the virtual MACs answer, r1's own does never."""

    def __init__(self, peer):
        super().__init__(NODES["r1"], peer, "r1-lan", heard_sec=5)
        self.wire = Wire(NODES["h1"], "h1-lan")

    def wait_ours(self):
        super().wait_ours()
        self.check(active=True)

    def wait_theirs(self):
        super().wait_theirs()
        self.check(active=False)

    def wait_vips(self, there):
        """They stay on the macvlans, and the groups of these stay autoconfigured."""
        for router in self.routers:
            assert self.r1.groups()[router.vrid]["autoconfigured"]
            for vip in router.vips:
                assert self.r1.has_address(f"vrrp.{router.vrid}", vip) is None

    def check(self, active):
        """A Backup has nothing to say."""
        own = self.r1.link("r1-lan")["address"]

        def wrong():
            heard = self.wire.who_has(VIPS, HOST)
            assert not any(own in macs for macs in heard.values()), heard
            up = {"UP" in self.r1.link(f"vrrp.{router.vrid}")["flags"] for router in self.routers}
            is_right = all(mac in heard[vip] for vip, mac in VIPS.items()) and up == {active}
            return None if is_right else f"{heard}, up: {up}"

        wait_for("the virtual MACs answer, and r1's are up only if it is Active", wrong)


@pytest.fixture(name="match")
def fixture_match(peer):
    """Our router, alive and Active alone, against it."""
    assert not peer.running()
    NODES["r1"].revive("vrrpd")
    match = Autoconfigured(peer)
    match.wait_state("Active")
    return match


class TestPeer(PeerRules):
    """Of both."""
