# SPDX-License-Identifier: GPL-2.0-or-later
# needs: bridge macvlan nft ns veth
# timeout: 300
"""
A host that has its default route by router advertisements, and has it through a failover.

On one LAN the virtual router has a link-local VIP, on the other it has none.
"""
import pytest

from helpers.lan import INTERFACE, LOCAL_VIP, OWN, PRIORITY, VMAC, VRID, Lan, conf
from helpers.wait import differs, stays, wait_for

SHARED, OWN_LOCAL = Lan("rashared"), Lan("raown")
LANS = (SHARED, OWN_LOCAL)


def setup_module():
    """Both LANs; the hosts heed advertisements."""
    for lan in LANS:
        lan.build()
        lan.h1.must_run(f"sysctl -qw net.ipv6.conf.{INTERFACE}.accept_ra=2")
        for name in OWN:
            lines = [
                line
                for line in conf(PRIORITY[name])
                if lan is SHARED or LOCAL_VIP not in line
            ]
            lan.nodes[name].write_conf(*lines)
            lan.nodes[name].start("vrrpd")
    for lan in LANS:
        lan.wait_states(r1="Active", r2="Backup")


def teardown_module():
    """Nothing is left."""
    for lan in LANS:
        lan.demolish()


def defaults(lan):
    """The routers by which the host has a default route."""
    shown = lan.h1.must_run("ip -6 route show default")
    words = shown.split()
    return {words[i + 1] for i, word in enumerate(words) if word == "via"}


def wait_defaults(lan, expected):
    """They become those."""
    wait_for(
        f"{lan.h1.name} has a default route by {expected}",
        lambda: differs(defaults(lan), expected),
        timeout=20,
    )


def local(lan, name):
    """The router's own link-local address."""
    for address in lan.nodes[name].addresses(INTERFACE):
        if address.startswith("fe80:"):
            return address.split("/")[0]
    raise AssertionError(f"{name} has none")


def test_host_keeps_its_default_route_through_a_failover():
    """It is by the link-local VIP and the virtual MAC, whoever is Active."""
    lan = SHARED
    wait_defaults(lan, {LOCAL_VIP})
    for move in (lan.give_way, lan.take_over):
        move("v6")
        stays(
            "the host's default route stays",
            lambda: differs(defaults(lan), {LOCAL_VIP}),
            seconds=1,
        )
    lan.h1.run(f"ping -c 1 -W 1 {LOCAL_VIP}%{INTERFACE}")
    seen = lan.h1.must_run(f"ip neigh show {LOCAL_VIP} dev {INTERFACE}")
    assert VMAC["v6"] in seen


def test_host_without_a_link_local_vip_moves_at_once():
    """The router that gives way takes its own route back."""
    lan = OWN_LOCAL
    wait_defaults(lan, {local(lan, "r1")})
    for move, name in ((lan.give_way, "r2"), (lan.take_over, "r1")):
        move("v6")
        wait_defaults(lan, {local(lan, name)})


@pytest.mark.parametrize("lan", LANS, ids=("shared", "own"))
def test_solicitation_is_answered(lan):
    """A host that comes up does not wait for the next advertisement, 16 seconds away."""
    expected = {LOCAL_VIP} if lan is SHARED else {local(lan, "r1")}
    wait_defaults(lan, expected)
    lan.h1.must_run(f"ip link set {INTERFACE} down; ip link set {INTERFACE} up")
    wait_for(
        "the host has its default route again",
        lambda: differs(defaults(lan), expected),
        timeout=14,
    )


def test_interface_placement_sends_none():
    """There, zebra's own on the interface are for that."""
    lan = SHARED
    lan.r1.configure(f"interface {INTERFACE}", f"vrrp {VRID['v6']} placement interface")
    wait_for(
        "r1 is a member of all-routers no more",
        lambda: differs("ff02::2" in lan.r1.must_run(f"ip -6 maddr show dev {INTERFACE}"),
                        False),
    )
    lan.r1.configure(f"interface {INTERFACE}", f"no vrrp {VRID['v6']} placement")
    wait_for(
        "and again",
        lambda: differs("ff02::2" in lan.r1.must_run(f"ip -6 maddr show dev {INTERFACE}"),
                        True),
    )
