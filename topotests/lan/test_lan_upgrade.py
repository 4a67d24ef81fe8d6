# SPDX-License-Identifier: GPL-2.0-or-later
# needs: bridge dummy macvlan modules ns veth
# timeout: 1200
"""
A LAN on its way from VRRPv2 to VRRPv3 (RFC 9568 section 8.4).

VRID 40 has routers of all kinds: r1 (priority 150) and r2 (120) run our vrrpd
with version-2-compatible, at two advertisements a second; k1 with keepalived and
f1 with FRR's own vrrpd speak VRRPv2 alone, at one. k1 and f1 run one at a time.
"""
from statistics import median

import pytest

from helpers import topology
from helpers.frames import Advert
from helpers.lan_peer import LanKeepalived, LanStock, VirtualRouter
from helpers.recording import Recording
from helpers.wait import differs, stays, wait_for

NODES, PEERS = {}, {}
VRID, VIP = 40, "192.0.2.40/32"
ROUTERS = (VirtualRouter(VRID, 2, "v4", 1000, (VIP,)),)
OURS = {"r1": 150, "r2": 120}
LOWER, HIGHER = 100, 200


def build(tgen):
    """A switch with four routers and someone who listens."""
    tgen.add_switch("lan")
    for name in ("r1", "r2", "f1"):
        tgen.add_router(name)
    tgen.add_host("k1", "192.0.2.3/24", "via 192.0.2.1")
    tgen.add_host("h1", "192.0.2.9/24", "via 192.0.2.1")
    for name in ("r1", "r2", "f1", "k1", "h1"):
        topology.link(tgen, name, "lan")


def lines(name):
    """The group, as r1 and r2 have it."""
    return (
        f"interface {name}-lan",
        f"vrrp {VRID} priority {OURS[name]}",
        f"vrrp {VRID} advertisement-interval 500",
        f"vrrp {VRID} version-2-compatible",
        f"vrrp {VRID} ip {VIP.split('/', maxsplit=1)[0]}",
    )


def setup_module(module):
    """Starts ours; each test starts the peer as it wants it."""
    daemons = {"r1": ("vrrpd",), "r2": ("vrrpd",), "f1": ()}
    NODES.update(topology.start(build, module.__name__, daemons))
    for name in OURS:
        NODES[name].configure(*lines(name))
        NODES[name].must_run("vtysh -c 'write memory'")
    PEERS["keepalived"] = LanKeepalived(NODES["k1"], "k1-lan", ROUTERS)
    PEERS["stock"] = LanStock(NODES["f1"], "f1-lan", ROUTERS)


def teardown_module():
    """Takes it down."""
    topology.stop()


@pytest.fixture(name="ours", autouse=True)
def fixture_ours():
    """r1 Active, r2 Backup."""
    for name in OURS:
        NODES[name].revive("vrrpd")
    wait_state("Active", "Backup")
    return NODES["r1"], NODES["r2"]


@pytest.fixture(name="peer", params=("keepalived", "stock"))
def fixture_peer(request, ours):
    """The router of VRRPv2; it is off before and after."""
    assert ours
    peer = PEERS[request.param]
    yield peer
    if peer.running():
        peer.stop()


def wait_state(of_r1, of_r2):
    """Waits for both of ours."""
    NODES["r1"].wait_state(of_r1, ["v4"], VRID)
    NODES["r2"].wait_state(of_r2, ["v4"], VRID)


def wait_peer(peer, active):
    """Waits until the other is Active, or is not."""
    check = peer.is_active if active else peer.is_not_active
    wait_for(
        f"{peer.node.name} is {'' if active else 'not '}Active",
        lambda: check(ROUTERS[0]),
    )


def transitions(router):
    """Changes of state so far."""
    return router.family("v4", VRID)["stats"]["transitions"]


def statistics(router):
    """The counters of its virtual router."""
    return router.family("v4", VRID)["statistics"]


def test_the_active_sends_both_versions_at_its_own_interval():
    """Two a second of each; VRRPv2 has to call that a second."""
    recording, heard = Recording(NODES["h1"], "h1-lan"), []

    def enough():
        adverts = (seen for seen in recording.take() if isinstance(seen.what, Advert))
        heard.extend(seen for seen in adverts if seen.what.vrid == VRID)
        return None if len(heard) >= 20 else f"{len(heard)} advertisements"

    wait_for("20 advertisements are heard", enough)
    assert {seen.what.source for seen in heard} == {"192.0.2.1"}
    assert {seen.what.version for seen in heard} == {2, 3}
    for version, timing in ((2, 1), (3, 50)):
        of_it = [seen for seen in heard if seen.what.version == version]
        gaps = [later.time - sooner.time for sooner, later in zip(of_it, of_it[1:])]
        # whatever some of them were on a busy machine
        assert 0.4 < median(gaps) < 0.75, f"version {version}: {gaps}"
        assert {int.from_bytes(seen.what.timing, "big") for seen in of_it} == {timing}


def test_a_backup_goes_by_the_version_3_that_it_hears(ours):
    """It hears both, and takes the interval of version 3."""
    r1, r2 = ours
    before = statistics(r2)["advertisementRcvd"]
    wait_for(
        "r2 hears more",
        lambda: None if statistics(r2)["advertisementRcvd"] > before + 8 else "not yet",
    )
    stays(
        "r2 goes by half a second",
        lambda: differs(r2.family("v4", VRID)["masterAdverInterval"], 500),
        seconds=2,
    )
    assert statistics(r2)["versionErrors"] == 0
    assert statistics(r2)["intervalDifferences"] == 0
    assert r1.state("v4", VRID) == "Active"


def test_a_router_of_version_2_stays_backup_until_all_of_ours_are_gone(ours, peer):
    """It hears us; the best of ours goes first; it hears every release."""
    r1, r2 = ours
    peer.start(LOWER)
    stays("the other is not Active", lambda: peer.is_not_active(ROUTERS[0]), seconds=6)
    r1.kill("vrrpd")
    r2.wait_state("Active", ["v4"], VRID)
    stays("the other is not Active", lambda: peer.is_not_active(ROUTERS[0]), seconds=6)
    r2.stop("vrrpd")
    wait_peer(peer, active=True)
    r2.start("vrrpd")
    r2.wait_state("Active", ["v4"], VRID)
    wait_peer(peer, active=False)


def test_a_backup_goes_by_the_seconds_of_a_router_of_version_2(ours, peer):
    """Both of ours yield to it, and do not give it up while it lives."""
    r1, r2 = ours
    peer.start(HIGHER)
    wait_peer(peer, active=True)
    wait_state("Backup", "Backup")
    for router in ours:
        wait_for(
            f"{router.name} goes by a second",
            lambda r=router: differs(r.family("v4", VRID)["masterAdverInterval"], 1000),
        )
    before = transitions(r1), transitions(r2)
    stays(
        "ours stay Backup",
        lambda: differs((transitions(r1), transitions(r2)), before),
        seconds=5,
    )
    peer.stop()
    wait_state("Active", "Backup")


def test_a_router_of_version_3_alone_and_one_of_version_2_both_follow(ours, peer):
    """r2 is through with the upgrade, the other has not begun; r1 holds them together."""
    r1, r2 = ours
    r2.configure("interface r2-lan", f"no vrrp {VRID} version-2-compatible")
    try:
        peer.start(LOWER)
        stays(
            "one is Active",
            lambda: differs(
                (r1.state("v4", VRID), r2.state("v4", VRID)), ("Active", "Backup")
            )
            or peer.is_not_active(ROUTERS[0]),
            seconds=6,
        )
        assert statistics(r2)["versionErrors"] > 0, "r2 heard nothing of version 2"
    finally:
        r2.configure("interface r2-lan", f"vrrp {VRID} version-2-compatible")


REFUSED = {
    "version-2-compatible in a group of version 2": (30, "version-2-compatible"),
    "version 2 for a group with version-2-compatible": (VRID, "version 2"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_refused_with_a_sentence(ours, case):
    """The one or the other."""
    vrid, words = REFUSED[case]
    before = ours[0].running_config()
    status, output = ours[0].vtysh(
        "configure terminal", "interface r1-lan", f"vrrp {vrid} {words}"
    )
    assert status != 0 and "version-2-compatible is for a group of version 3" in output
    assert ours[0].running_config() == before
