# SPDX-License-Identifier: GPL-2.0-or-later
# needs: bridge macvlan nft ns veth
# timeout: 900
"""
Another host of the LAN has a VIP for an address of its own.

One LAN has its VIPs on the interface of r1 and r2 themselves, the other on virtual MACs.
r1 wins. The host h2 has the VIPs as well before r1 becomes Active, or takes them later.
"""
import os
import socket
import struct
import time

import pytest

from helpers.frames import ETH_P_ARP, ETH_P_IP, ND_SOLICITATION, Arp, Neighbor
from helpers.lan import (
    FAMILIES,
    INTERFACE,
    OWN,
    PREFIX,
    PRIORITY,
    VIP,
    VRID,
    Lan,
    conf,
)
from helpers.namespace import Namespace
from helpers.wait import differs, stays, wait_for, wait_logged
from helpers.wire import BROADCAST, Capture, Wire

H2 = {"v4": "192.0.2.8", "v6": "2001:db8:1::8"}


class WiderLan(Lan):
    """With a second host, h2."""

    def __init__(self, name):
        super().__init__(name)
        self.nodes["h2"] = self.h2 = Namespace(f"{name}-h2")

    def build(self, *sysctls):
        super().build(*sysctls)
        self._join("h2", H2)


LANS = {"interface": WiderLan("clonlink"), "vmac": WiderLan("clonvmac")}
each_lan = pytest.mark.parametrize("placement", LANS)
LENGTH = {"v4": 32, "v6": 128}
NEW_MAC = "02:00:00:00:00:26"
SAID = "another host on"
LEASE_SEC = 6
SOON, ASKED_WITHIN, ENDS_WITHIN = 5, 15, 60
FLOOD, FLOOD_SEC = 1000, 4
HEARD = {}


def setup_module():
    """Both LANs; h2 has the VIPs when r1 becomes Active, and that is heard."""
    for placement, lan in LANS.items():
        lan.build()
        for name in OWN:
            lan.nodes[name].write_conf(
                *conf(PRIORITY[name]),
                f"vrrp address-lease {LEASE_SEC}",
                f"interface {INTERFACE}",
                *(f" vrrp {vrid} placement {placement}" for vrid in VRID.values()),
                "exit",
            )
        for family in FAMILIES:
            have(lan, family, "add")
    with Capture({lan: (lan.h1, INTERFACE) for lan in LANS.values()}) as capture:
        for lan in LANS.values():
            lan.r1.start("vrrpd")
            lan.wait_states(r1="Active")
            wait_all_warned(lan, True)
    for lan in LANS.values():
        HEARD[lan] = [heard.frame for heard in capture.heard if heard.name is lan]
        lan.r2.start("vrrpd")
        lan.wait_states(r1="Active", r2="Backup")


def teardown_module():
    """Nothing is left."""
    for lan in LANS.values():
        lan.demolish()


def have(lan, family, verb):
    """h2 has a VIP for its own, or no longer."""
    lan.h2.must_run(
        f"ip address {verb} {VIP[family]}/{LENGTH[family]} dev {INTERFACE}"
    )


def without_claimant(placement):
    """A LAN where h2 has no VIP, and all is quiet."""
    lan = LANS[placement]
    for family in FAMILIES:
        if lan.h2.has_address(INTERFACE, f"{VIP[family]}/{LENGTH[family]}") is None:
            have(lan, family, "del")
    lan.wait_states(r1="Active", r2="Backup")
    wait_all_warned(lan, False, ENDS_WITHIN)
    return lan


def mac_of(lan, name):
    """Of the interface of a machine."""
    return lan.nodes[name].link(INTERFACE)["address"]


def claims(node, family):
    """The warnings of show vrrp about others that have a VIP, except the link-local one."""
    warnings = node.family(family, VRID[family]).get("warnings", [])
    return [text for text in warnings if f"{SAID} {INTERFACE} has {VIP[family]}," in text]


def sentence(lan, family, name="h2"):
    """With address, MAC and interface."""
    mac = mac_of(lan, name)
    return f"{SAID} {INTERFACE} has {VIP[family]}, with MAC address {mac}"


def wait_all_warned(lan, warned, seconds=SOON):
    """r1 warns of h2 in both families, or of nobody."""
    for family in FAMILIES:
        expected = [sentence(lan, family)] if warned else []
        wait_for(
            f"r1 warns: {expected}",
            lambda f=family, e=expected: differs(claims(lan.r1, f), e),
            timeout=seconds,
        )


@each_lan
def test_claimant_from_before_is_told_and_the_vips_are_taken(placement):
    """Once in the log."""
    lan = LANS[placement]
    for family in FAMILIES:
        wait_logged(lan.r1, sentence(lan, family), 1)
        assert lan.r1.state(family, VRID[family]) == "Active"


@each_lan
def test_router_asks_as_a_host_does(placement):
    """By ARP probes and by solicitations from ::, from the interface's own MAC."""
    lan = LANS[placement]
    mac = mac_of(lan, "r1")
    probes = {
        (frame.sender, frame.target)
        for frame in HEARD[lan]
        if isinstance(frame, Arp) and frame.mac_from == frame.sender_mac == mac
    }
    assert ("0.0.0.0", VIP["v4"]) in probes
    solicitations = {
        (frame.source, frame.target, frame.hops, tuple(frame.options))
        for frame in HEARD[lan]
        if isinstance(frame, Neighbor)
        and frame.kind == ND_SOLICITATION
        and frame.mac_from == mac
    }
    assert ("::", VIP["v6"], 255, ()) in solicitations


@each_lan
def test_warning_ends_with_the_claimant(placement):
    """A while after the last answer."""
    without_claimant(placement)


@each_lan
def test_claimant_that_comes_later_is_told_and_answered(placement):
    """When it is asked, or says it by itself; hosts are told again where the VIP is."""
    lan = without_claimant(placement)
    for setting in ("ipv4.conf.{}.arp_notify", "ipv6.conf.{}.ndisc_notify"):
        lan.h2.must_run(f"sysctl -qw net.{setting.format(INTERFACE)}=1")
    before = {f: announcements(lan, f) for f in FAMILIES}
    for family in FAMILIES:
        have(lan, family, "add")
    lan.h2.must_run(f"ip link set {INTERFACE} address {NEW_MAC}")
    wait_all_warned(lan, True, ASKED_WITHIN)
    for family in FAMILIES:
        wait_for(
            "hosts are told again",
            lambda f=family: differs(announcements(lan, f) > before[f], True),
            timeout=ASKED_WITHIN,
        )


def announcements(lan, family):
    """Made by r1 so far."""
    return lan.r1.family(family, VRID[family])["statistics"]["announcementsSent"]


def announce_falsely(wire, macs):
    """Gratuitous ARP for the VIP by hosts of those MACs."""
    vip = socket.inet_aton(VIP["v4"])
    head = struct.pack("!HHBBH", 1, ETH_P_IP, 6, 4, 1)
    for mac in macs:
        ether = BROADCAST + mac + struct.pack("!H", ETH_P_ARP)
        wire.sock.send(ether + head + mac + vip + bytes(6) + vip)


@each_lan
def test_flood_of_claims_moves_nothing(placement):
    """Nor does it fill the log."""
    lan = without_claimant(placement)
    wire = Wire(lan.h2, INTERFACE)
    before = {n: lan.nodes[n].family("v4", VRID["v4"])["statistics"] for n in OWN}
    lines = lan.r1.log().count(SAID)
    deadline = time.monotonic() + FLOOD_SEC
    while time.monotonic() < deadline:
        announce_falsely(wire, (b"\x02" + os.urandom(5) for _ in range(FLOOD)))
    wait_for("r1 warns", lambda: differs(len(claims(lan.r1, "v4")), 1))
    for name, state in (("r1", "Active"), ("r2", "Backup")):
        assert lan.nodes[name].state("v4", VRID["v4"]) == state
        after = lan.nodes[name].family("v4", VRID["v4"])["statistics"]
        assert after["activeTransitions"] == before[name]["activeTransitions"], name
    assert lan.r1.log().count(SAID) - lines <= 2


@each_lan
def test_other_routers_of_the_group_are_no_claimants(placement):
    """Routers that answer for a VIP during a move, or dead ones until their lease ends."""
    lan = without_claimant(placement)
    said = {name: lan.nodes[name].log().count(SAID) for name in OWN}
    for family in FAMILIES:
        lan.give_way(family)
        lan.take_over(family)
    lan.r1.kill("vrrpd")
    lan.wait_states(r2="Active")
    stays(
        "r2 warns of nobody",
        lambda: differs([claims(lan.r2, f) for f in FAMILIES], [[], []]),
        seconds=LEASE_SEC + SOON,
    )
    lan.r1.start("vrrpd")
    lan.wait_states(r1="Active", r2="Backup")
    stays(
        "r1 warns of nobody",
        lambda: differs([claims(lan.r1, f) for f in FAMILIES], [[], []]),
        seconds=LEASE_SEC + SOON,
    )
    assert said == {name: lan.nodes[name].log().count(SAID) for name in OWN}


DEAF = (
    "nft add table inet deaf",
    "nft add chain inet deaf in '{ type filter hook input priority 0; }'",
    "nft add rule inet deaf in meta l4proto 112 counter drop",
)


@each_lan
def test_router_that_does_not_hear_us_is_told_by_what_hosts_hear_of_it(placement):
    """With an address of its own; with a virtual MAC nobody can tell. Until both hear."""
    lan = without_claimant(placement)
    for name in OWN:
        for command in DEAF:
            lan.nodes[name].must_run(command)
    lan.wait_states(r1="Active", r2="Active")
    if placement == "interface":
        for family in FAMILIES:
            wait_for(
                "r1 tells r2's MAC address",
                lambda f=family: differs(claims(lan.r1, f), [sentence(lan, f, "r2")]),
            )
    else:
        stays(
            "r1 warns of nobody",
            lambda: differs([claims(lan.r1, f) for f in FAMILIES], [[], []]),
            seconds=LEASE_SEC + SOON,
        )
    for name in OWN:
        lan.nodes[name].must_run("nft delete table inet deaf")
    lan.wait_states(r1="Active", r2="Backup")
    wait_all_warned(lan, False, ENDS_WITHIN)
