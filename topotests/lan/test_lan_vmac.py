# SPDX-License-Identifier: GPL-2.0-or-later
# needs: bridge dummy macvlan modules ns veth
# timeout: 1200
"""
The virtual MAC as a host of the LAN sees it, and what is left of it at the end.

r1 (priority 150) and r2 (100) share VRID 10 (IPv4) and 20 (IPv6) on a LAN with
the host h1. The VIPs lie in the LAN's own subnet. r1 has one more VRID, 30 in
version 2, which r2 has not.
"""
import pytest

from helpers import topology
from helpers.footprint import Footprint, tentative
from helpers.wait import wait_for, wait_logged
from helpers.wire import Wire

NODES, BEFORE = {}, {}
HOST = {"v4": "192.0.2.9", "v6": "2001:db8:1::9"}
VIP = {"v4": "192.0.2.10", "v6": "2001:db8:1::20"}
VMAC = {"v4": "00:00:5e:00:01:0a", "v6": "00:00:5e:00:02:14"}
VRID = {"v4": 10, "v6": 20}
GROUP_MAC = {"v4": "01:00:5e:00:00:12", "v6": "33:33:00:00:00:12"}
OWN = {
    "r1": {"v4": "192.0.2.1", "v6": "2001:db8:1::1"},
    "r2": {"v4": "192.0.2.2", "v6": "2001:db8:1::2"},
}
FAMILIES = ("v4", "v6")


def build(tgen):
    """A switch with two routers and a host."""
    tgen.add_switch("lan")
    tgen.add_router("r1")
    tgen.add_router("r2")
    tgen.add_host("h1", f"{HOST['v4']}/24", f"via {OWN['r1']['v4']}")
    for name in ("r1", "r2", "h1"):
        topology.link(tgen, name, "lan")


def setup_module(module):
    """Looks at r1 before its first vrrpd."""
    daemons = {"r1": (), "r2": ("vrrpd",)}
    NODES.update(topology.start(build, module.__name__, daemons))
    NODES["h1"].must_run(f"ip -6 address add {HOST['v6']}/64 dev h1-lan nodad")
    r1 = NODES["r1"]
    for address in (f"{OWN['r1']['v4']}/24", f"{OWN['r1']['v6']}/64"):
        wait_for(f"r1 has {address}", lambda a=address: r1.has_address("r1-lan", a))
    wait_for("no address of r1 is tentative", lambda: tentative(r1))
    r1.must_run("grep -v '^ vrrp' /etc/frr/frr.conf >/etc/frr/none.conf")
    r1.must_run("cp /etc/frr/frr.conf /etc/frr/full.conf")
    BEFORE["r1"] = Footprint(r1)
    r1.gear.load_config(topology.RD_VRRP, "")


def teardown_module():
    """Takes it down."""
    topology.stop()


def wait_state(node, expected):
    """Waits for both families' virtual routers."""
    for family in FAMILIES:
        node.wait_state(expected, [family], VRID[family])


@pytest.fixture(name="wire", scope="module")
def fixture_wire():
    """h1's link."""
    return Wire(NODES["h1"], "h1-lan")


@pytest.fixture(name="routers", autouse=True)
def fixture_routers():
    """r1 Active, r2 Backup."""
    for name in ("r1", "r2"):
        NODES[name].revive("vrrpd")
    wait_state(NODES["r1"], "Active")
    wait_state(NODES["r2"], "Backup")
    return NODES["r1"], NODES["r2"]


def own_mac(node):
    """The MAC address of a router's own link."""
    return node.link(f"{node.name}-lan")["address"]


def wait_vip_answers(wire):
    """Only the virtual MACs answer for the VIPs."""
    wire.wait_answers({VIP[family]: [VMAC[family]] for family in FAMILIES}, HOST)


def wait_lan_is_right(wire):
    """VIPs answer once and from the virtual MAC, routers from their own."""
    expected = {VIP[family]: [VMAC[family]] for family in FAMILIES}
    for name, addresses in OWN.items():
        mac = own_mac(NODES[name])
        expected.update({address: [mac] for address in addresses.values()})
    wire.wait_answers(expected, HOST)


def assert_pings(*addresses):
    """h1 reaches each address, having forgotten where they were."""
    h1 = NODES["h1"]
    h1.must_run("ip neigh flush dev h1-lan")
    for address in addresses:
        h1.must_run(f"ping -c 5 -i 0.1 -W 5 {address}")


@pytest.mark.parametrize("family", FAMILIES)
def test_advertisements_come_from_the_virtual_mac(wire, routers, family):
    """And from r1's own address, to the group's MAC."""
    seen = [a for a in wire.adverts(1.5) if a.vrid == VRID[family]]
    assert seen, f"h1 heard no advertisement of VRID {VRID[family]}"
    assert {a.mac_from for a in seen} == {VMAC[family]}
    assert {a.mac_to for a in seen} == {GROUP_MAC[family]}
    sources = {address.split("/")[0] for address in routers[0].addresses("r1-lan")}
    assert {a.source for a in seen} <= sources
    assert {a.priority for a in seen} == {150}


def test_hosts_reach_vip_and_routers_each_by_its_mac(wire):
    """Though the VIP lies in the routers' own subnet; the Backup is silent."""
    wait_lan_is_right(wire)
    assert_pings(*VIP.values(), *OWN["r1"].values(), *OWN["r2"].values())
    wait_lan_is_right(wire)


@pytest.mark.parametrize("family", FAMILIES)
def test_the_new_active_answers_from_the_same_mac(wire, routers, family):
    """Hand-over and back; the former Active is silent, and its address is not."""
    r1, r2 = routers
    r1.configure("interface r1-lan", f"vrrp {VRID[family]} priority 50")
    r2.wait_state("Active", [family], VRID[family])
    r1.wait_state("Backup", [family], VRID[family])
    wait_lan_is_right(wire)
    assert_pings(VIP[family], *(own[family] for own in OWN.values()))
    r1.configure("interface r1-lan", f"vrrp {VRID[family]} priority 150")
    wait_state(r1, "Active")
    wait_state(r2, "Backup")
    wait_lan_is_right(wire)


def test_a_backup_is_silent_after_its_link_was_down(wire, routers):
    """The stock daemon's macvlan begins to answer then."""
    r2 = routers[1]
    r2.must_run("ip link set r2-lan down")
    wait_state(r2, "Initialize")
    r2.must_run("ip link set r2-lan up")
    wait_state(r2, "Backup")
    wait_lan_is_right(wire)


def test_the_active_leaves_and_returns_with_its_link(wire, routers):
    """r2 serves meanwhile."""
    r1, r2 = routers
    r1.must_run("ip link set r1-lan down")
    wait_state(r1, "Initialize")
    wait_state(r2, "Active")
    wait_vip_answers(wire)
    assert_pings(*VIP.values())
    r1.must_run("ip link set r1-lan up")
    wait_state(r1, "Active")
    wait_state(r2, "Backup")
    wait_lan_is_right(wire)


def test_the_backup_takes_over_from_a_killed_active(wire, routers):
    """One MAC all along; the dead one's addresses go with the lease."""
    r1, r2 = routers
    r1.kill("vrrpd")
    wait_state(r2, "Active")
    wait_vip_answers(wire)
    assert_pings(*VIP.values(), *OWN["r1"].values())


def test_accept_mode_off_says_so_when_this_kernel_cannot_refuse(routers):
    """User-Mode Linux has no nftables: the VIP is accepted, and the log complains once."""
    r1 = routers[0]
    able = r1.run("nft add table inet able && nft delete table inet able")[0] == 0
    r1.configure("interface r1-lan", "no vrrp 10 accept-mode", "no vrrp 20 accept-mode")
    try:
        told = r1.show_json("vrrpd", "show vrrp statistics json")["acceptModeFilter"]
        vips = r1.show_json("vrrpd", "show vrrp vip json")
        assert told["available"] == able
        assert {vip["accepted"] for vip in vips if vip["vrid"] in (10, 20)} == {
            not able
        }
        wait_logged(r1, "are accepted, though they should not be", int(not able))
    finally:
        r1.configure("interface r1-lan", "vrrp 10 accept-mode", "vrrp 20 accept-mode")


def test_stop_leaves_nothing_behind(routers):
    """Links, addresses, routes, groups and sysctls are as before the first start."""
    r1 = routers[0]
    trace = BEFORE["r1"].changed()
    assert trace, "an Active vrrpd leaves no trace in the dump, which is blind"
    r1.stop("vrrpd")
    wait_for("r1 is as before its first vrrpd", BEFORE["r1"].changed, timeout=20)


def test_kill_and_a_start_without_the_groups_leave_nothing_behind(routers):
    """The next vrrpd finds what the killed one left by itself."""
    r1 = routers[0]
    r1.kill("vrrpd")
    r1.must_run("cp /etc/frr/none.conf /etc/frr/frr.conf")
    try:
        r1.start("vrrpd")
        wait_for("r1 is as before its first vrrpd", BEFORE["r1"].changed, timeout=20)
    finally:
        r1.must_run("cp /etc/frr/full.conf /etc/frr/frr.conf && vtysh -b -d vrrpd")
