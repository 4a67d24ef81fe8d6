# SPDX-License-Identifier: GPL-2.0-or-later
# needs: bridge macvlan nft ns veth
# timeout: 300
"""
VIPs behind a switch that forwards multicast only where somebody has asked for it.

The switch snoops MLD and IGMP and is the querier, so that it floods nothing. On three
LANs r1 and r2 have their VIPs on virtual MACs, on virtual MACs on a bridge,
and on the interface itself.
"""
import pytest

from helpers.lan import (
    FAMILIES,
    HOST,
    INTERFACE,
    LOCAL_VIP,
    OWN,
    PREFIX,
    PRIORITY,
    VIP,
    VMAC,
    VRID,
    Lan,
    conf,
)
from helpers.wait import differs, wait_for
from helpers.wire import Wire


class BridgedLan(Lan):
    """Whose routers have a bridge for an interface, with one port."""

    def _join(self, name, addresses):
        super()._join(name, addresses)
        if name not in OWN:
            return
        node = self.nodes[name]
        node.must_run(
            f"ip link set {INTERFACE} down; ip link set {INTERFACE} name port0;"
            f"ip link add {INTERFACE} type bridge; ip link set port0 master {INTERFACE};"
            f"ip link set port0 up; ip link set {INTERFACE} up"
        )
        for family, address in addresses.items():
            node.must_run(
                f"ip address flush dev port0 scope global;"
                f"ip address add {address}/{PREFIX[family]} dev {INTERFACE}"
            )


LANS = {"vmac": Lan("snvmac"), "bridge": BridgedLan("snbridge"), "interface": Lan("snlink")}
each_lan = pytest.mark.parametrize("placement", LANS)
SNOOPING = (
    "mcast_snooping 1 mcast_querier 1 mcast_query_response_interval 100"
    " mcast_startup_query_interval 100"
)
# the last 24 bits of each VIP, after ff02::1:ff
GROUPS = ("ff02::1:ff00:20",)
VRRP = {"v4": "224.0.0.18", "v6": "ff02::12"}


def setup_module():
    """All LANs, and the switch has become the querier."""
    for placement, lan in LANS.items():
        lan.build()
        lan.switch.must_run(f"ip link set br0 type bridge {SNOOPING}")
        for name in OWN:
            lines = conf(PRIORITY[name])
            if placement == "interface":
                lines = (*lines, f"interface {INTERFACE}") + tuple(
                    f" vrrp {vrid} placement interface" for vrid in VRID.values()
                )
            lan.nodes[name].write_conf(*lines)
            lan.nodes[name].start("vrrpd")
    for lan in LANS.values():
        lan.wait_states(r1="Active", r2="Backup")
        wait_for("the switch floods no more", lambda n=lan: floods(n))


def teardown_module():
    """Nothing is left."""
    for lan in LANS.values():
        lan.demolish()


NOBODYS = "2001:db8:1::5:5555"


def floods(lan):
    """A check: a solicitation for an address that nobody has reaches r1."""
    port = "port0" if lan is LANS["bridge"] else INTERFACE
    at_r1, at_h1 = Wire(lan.r1, port), Wire(lan.h1, INTERFACE)
    at_r1.drain()
    at_h1.who_has([NOBODYS], HOST, seconds=0.2)
    seen = [getattr(frame, "target", None) for frame in at_r1.frames(0.2)]
    return "it does" if NOBODYS in seen else None


def groups_of(node, ifname=INTERFACE):
    """The IPv6 groups that a link is a member of."""
    lines = node.must_run(f"ip -6 maddress show dev {ifname}").splitlines()
    return {line.split()[1] for line in lines if line.strip().startswith("inet6")}


def expected(lan, placement, name):
    """Where all VIPs are answered for."""
    own = lan.nodes[name].link(INTERFACE)["address"]
    vips = (("v4", VIP["v4"]), ("v6", VIP["v6"]), ("v6", LOCAL_VIP))
    return {
        vip: [own if placement == "interface" else VMAC[family]] for family, vip in vips
    }


@each_lan
def test_hosts_find_the_vips(placement):
    """Each, and again when the other router has taken over, and back."""
    lan = LANS[placement]
    wire = Wire(lan.h1, INTERFACE)
    wire.wait_answers(expected(lan, placement, "r1"), HOST)
    for move, name in ((lan.give_way, "r2"), (lan.take_over, "r1")):
        for family in FAMILIES:
            move(family)
        wire.wait_answers(expected(lan, placement, name), HOST)


@each_lan
def test_active_router_alone_is_a_member(placement):
    """Its interface, of the VIPs' groups; both are of VRRP's own."""
    lan = LANS[placement]
    for group in GROUPS:
        for node, member in ((lan.r1, True), (lan.r2, False)):
            wait_for(
                f"{node.name} is in {group}: {member}",
                lambda n=node, m=member, g=group: differs(g in groups_of(n), m),
            )
    for node in (lan.r1, lan.r2):
        assert VRRP["v6"] in groups_of(node)
        assert VRRP["v4"] in node.must_run(f"ip -4 maddress show dev {INTERFACE}")


@each_lan
def test_vip_that_comes_and_goes_is_followed(placement):
    """While its router is Active."""
    lan, line = LANS[placement], f"vrrp {VRID['v6']} ipv6 2001:db8:1::33:4455"
    group = "ff02::1:ff33:4455"
    for no, member in (("", True), ("no ", False)):
        lan.r1.configure(f"interface {INTERFACE}", f"{no}{line}")
        wait_for(
            f"membership in {group} is {member}",
            lambda m=member: differs(group in groups_of(lan.r1), m),
        )
