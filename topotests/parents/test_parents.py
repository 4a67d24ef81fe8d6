# SPDX-License-Identifier: GPL-2.0-or-later
# needs: bond bridge macvlan modules ns veth vlan vrf
# timeout: 600
"""
What a virtual MAC stands on: Ethernet, a VLAN with as long a name as there may be,
and a bond; and what may happen to these.

r1 has one of each, on LANs of their own with the host h1, and a virtual router of
both families on each, for which it is alone.
"""
from collections import namedtuple

import pytest

from helpers.frames import Report
from helpers.lan import INTERVAL_MSEC, LOCAL_VIP, VMAC, VRID
from helpers.namespace import Namespace, link
from helpers.wait import differs, stays, wait_for
from helpers.wire import Capture, Wire

Parent = namedtuple("Parent", "name far net make")

R1, H1 = Namespace("r1"), Namespace("h1")
FAMILIES = ("v4", "v6")
MTU, LESS_MTU = 1500, 1400
OTHER_MAC = "02:00:00:00:00:77"
VRF, VRF_TABLE = "red", 77
SYSCTLS = {"arp_ignore": 1, "arp_announce": 2}


def make_ethernet():
    """A cable from r1 to h1."""
    link("eth0", R1, "eth0", H1)


def make_vlan():
    """A VLAN on a cable, on r1's side by a name of 15 characters."""
    for node, trunk, name in ((R1, "trunk0", "longname12.4000"), (H1, "eth1", "vlan")):
        node.must_run(f"ip link add link {trunk} name {name} type vlan id 4000")
        node.must_run(f"ip link set {name} up")


def make_bond():
    """A bond of two cables, to a bridge of h1."""
    R1.must_run("ip link add bond0 type bond mode active-backup miimon 50")
    for port in ("port0", "port1"):
        R1.must_run(f"ip link set {port} down; ip link set {port} master bond0")
        R1.must_run(f"ip link set {port} up")
    R1.must_run("ip link set bond0 up")


PARENTS = (
    Parent("eth0", "eth0", 1, make_ethernet),
    Parent("longname12.4000", "vlan", 2, make_vlan),
    Parent("bond0", "br0", 3, make_bond),
)
each_parent = pytest.mark.parametrize("parent", PARENTS, ids=lambda parent: parent.name)


def own(parent, host=1):
    """The addresses of r1, or h1 (9), on a LAN."""
    return {
        "v4": f"198.51.100.{16 * parent.net + host}",
        "v6": f"2001:db8:{parent.net}::{host}",
    }


def vip(parent):
    """Its VIPs."""
    return own(parent, 10)


def give_addresses(node, ifname, addresses):
    """Those it has not (any more)."""
    for address, length in ((addresses["v4"], 28), (addresses["v6"], 64)):
        node.must_run(f"ip address replace {address}/{length} dev {ifname}")


def conf():
    """frr.conf of r1."""
    for parent in PARENTS:
        yield f"interface {parent.name}"
        for vrid in VRID.values():
            yield f" vrrp {vrid}"
            yield f" vrrp {vrid} advertisement-interval {INTERVAL_MSEC}"
        yield f" vrrp 10 ip {vip(parent)['v4']}"
        yield f" vrrp 20 ipv6 {LOCAL_VIP}{parent.net}"
        yield f" vrrp 20 ipv6 {vip(parent)['v6']}"
        yield "exit"


def setup_module():
    """The LANs, and r1's daemons."""
    for node in (R1, H1):
        node.build()
        node.must_run("sysctl -qw net.ipv6.conf.default.accept_dad=0")
    link("trunk0", R1, "eth1", H1)
    H1.must_run("ip link add br0 type bridge mcast_snooping 0; ip link set br0 up")
    for port in ("port0", "port1"):
        link(port, R1, port, H1)
        H1.must_run(f"ip link set {port} master br0")
    for parent in PARENTS:
        parent.make()
        give_addresses(R1, parent.name, own(parent))
    R1.write_conf(*conf())
    R1.start("zebra", "vrrpd")


def teardown_module():
    """Nothing is left."""
    for node in (R1, H1):
        node.demolish()


@pytest.fixture(autouse=True)
def fixture_active(parent):
    """r1 is Active there."""
    give_addresses(R1, parent.name, own(parent))
    give_addresses(H1, parent.far, own(parent, 9))
    wait_state(parent, "Active")


def router(parent, family):
    """One virtual router, from show vrrp json."""
    for group in R1.show_json("vrrpd", f"show vrrp interface {parent.name} json"):
        if group["vrid"] == VRID[family]:
            return group[family]
    return {}


def wait_state(parent, expected):
    """Of both families."""
    for family in FAMILIES:
        wait_for(
            f"{parent.name} {family} is {expected}",
            lambda f=family: differs(router(parent, f).get("state"), expected),
        )


def vmac_links(parent):
    """The macvlans, by family."""
    return {f: R1.link(router(parent, f).get("interface")) or {} for f in FAMILIES}


def wait_answers(parent):
    """h1 hears the virtual MACs for the VIPs, and the parent's for its own addresses."""
    mac = R1.link(parent.name)["address"]
    expected = {own(parent)[family]: [mac] for family in FAMILIES}
    expected |= {vip(parent)[family]: [VMAC[family]] for family in FAMILIES}
    Wire(H1, parent.far).wait_answers(expected, own(parent, 9))


def sysctls(parent):
    """The held sysctls of the parent."""
    return {
        key: int(R1.must_run(f"cat /proc/sys/net/ipv4/conf/{parent.name}/{key}"))
        for key in SYSCTLS
    }


def transitions():
    """Of all virtual routers of all LANs."""
    return {
        (group["interface"], group["vrid"]): group[family]["stats"]["transitions"]
        for group in R1.show_json("vrrpd", "show vrrp json")
        for family in FAMILIES
    }


@each_parent
def test_virtual_mac_stands_on_its_parent(parent):
    """Private, with the right MAC, and each address is answered for by its own."""
    for family, macvlan in vmac_links(parent).items():
        assert macvlan["link"] == parent.name
        assert macvlan["address"] == VMAC[family]
        assert macvlan["linkinfo"]["info_data"]["mode"] == "private"
    assert sysctls(parent) == SYSCTLS
    wait_answers(parent)


@each_parent
def test_parent_is_a_member_of_the_groups_of_its_vips(parent):
    """So are the links below it; and a new one is reported by its own MAC, for switches."""
    address, group = f"2001:db8:{parent.net}::33:4455", "ff02::1:ff33:4455"
    link_group = "33:33:ff:33:44:55"
    shown = R1.link(parent.name)

    def reported():
        return any(
            isinstance(frame, Report)
            and frame.mac_from == shown["address"]
            and group in frame.groups
            for _, _, frame in list(capture.heard)
        )

    with Capture({"h1": (H1, parent.far)}) as capture:
        for no, member in (("", True), ("no ", False)):
            R1.configure(
                f"interface {parent.name}", f"{no}vrrp {VRID['v6']} ipv6 {address}"
            )
            for link_of in (parent.name, shown.get("link", parent.name)):
                wanted = group if link_of == parent.name else link_group
                wait_for(
                    f"that {link_of} is a member of {wanted} is {member}",
                    lambda n=link_of, g=wanted, m=member: differs(
                        g in R1.must_run(f"ip maddress show dev {n}").split(), m
                    ),
                )
            # the kernel sends it some time later, and if it is a member no more, never
            wait_for("the report of it is heard", lambda: differs(reported(), True))


@each_parent
def test_mtu_follows_the_parents_down_and_up(parent):
    """The kernel does the one, and not the other."""
    for mtu in (LESS_MTU, MTU):
        R1.must_run(f"ip link set {parent.name} mtu {mtu}")
        wait_for(
            f"the virtual MACs on {parent.name} have MTU {mtu}",
            lambda m=mtu: differs(
                {macvlan.get("mtu") for macvlan in vmac_links(parent).values()}, {m}
            ),
        )
    wait_answers(parent)


@each_parent
def test_virtual_mac_stays_when_the_parents_changes(parent):
    """Nobody moves; each answers from its own."""
    before, mac = transitions(), R1.link(parent.name)["address"]
    R1.must_run(f"ip link set {parent.name} address {OTHER_MAC}")
    try:
        wait_answers(parent)
        assert R1.link(parent.name)["address"] == OTHER_MAC
    finally:
        R1.must_run(f"ip link set {parent.name} address {mac}")
    wait_answers(parent)
    assert transitions() == before


@each_parent
def test_parent_gone_and_back(parent):
    """The group waits for it; the new one is served as the old one was."""
    others = [other for other in PARENTS if other != parent]
    R1.must_run(f"ip link delete {parent.name}")
    wait_state(parent, "Initialize")
    wait_for(
        f"{parent.name} is what they wait for",
        lambda: differs(
            {router(parent, f)["hold"] for f in FAMILIES}, {"interface-down"}
        ),
    )
    for other in others:
        wait_state(other, "Active")
    H1.run(f"test {parent.far} = br0 || ip link delete {parent.far}")
    parent.make()
    assert sysctls(parent) != SYSCTLS, "the test does not see what is held"
    give_addresses(R1, parent.name, own(parent))
    give_addresses(H1, parent.far, own(parent, 9))
    wait_state(parent, "Active")
    wait_for("its sysctls are held", lambda: differs(sysctls(parent), SYSCTLS))
    wait_answers(parent)


@each_parent
def test_vrf_of_the_parent_is_that_of_the_virtual_mac(parent):
    """The election goes on in it, and in the default one again."""
    R1.must_run(f"ip link add {VRF} type vrf table {VRF_TABLE}; ip link set {VRF} up")
    try:
        R1.must_run(f"ip link set {parent.name} master {VRF}")
        wait_served_in(parent, VRF)
        # the highest address of the VRF is its router ID
        wait_for("the warning", lambda: router_id_warning(parent))
        R1.must_run(f"ip link set {parent.name} nomaster")
        wait_served_in(parent, None)
    finally:
        R1.must_run(f"ip link delete {VRF}")


def router_id_warning(parent):
    """A check: it is told that zebra takes the VIP for the router ID of the VRF."""
    seen = router(parent, "v4")["warnings"]
    cure = f'"ip router-id A.B.C.D vrf {VRF}"'
    told = [w for w in seen if f"{vip(parent)['v4']} is zebra's" in w and cure in w]
    return None if len(told) == 1 else seen


def wait_served_in(parent, vrf):
    """Both families are Active there, and reachable, and stay so."""
    give_addresses(R1, parent.name, own(parent))
    wait_for(
        f"the virtual MACs on {parent.name} are in VRF {vrf}",
        lambda: differs(
            {macvlan.get("master") for macvlan in vmac_links(parent).values()}, {vrf}
        ),
    )
    wait_state(parent, "Active")
    wait_answers(parent)
    for address in vip(parent).values():
        H1.must_run(f"ping -c 3 -i 0.2 -W 5 {address}")
    stays(
        f"{parent.name} is Active in VRF {vrf}",
        lambda: differs({router(parent, f)["state"] for f in FAMILIES}, {"Active"}),
        seconds=2,
    )


@pytest.mark.parametrize("parent", PARENTS[2:], ids=lambda parent: parent.name)
def test_bond_fails_over_beneath_the_virtual_mac(parent):
    """Which port carries it is the bond's business; nobody moves."""
    before = transitions()
    for port in ("port0", "port1"):
        R1.must_run(f"ip link set {port} down")
        wait_answers(parent)
        R1.must_run(f"ip link set {port} up")
        wait_for(
            f"{port} carries again",
            lambda p=port: differs(R1.link(p)["operstate"], "UP"),
        )
    assert transitions() == before
