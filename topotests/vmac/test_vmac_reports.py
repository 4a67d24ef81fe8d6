# SPDX-License-Identifier: GPL-2.0-or-later
# needs: bridge macvlan nft ns veth
# timeout: 1200
"""
What a host of the LAN never hears from a virtual MAC: multicast reports, router
solicitations, and neighbour advertisements for an address that is no VIP.

Two LANs speak the first versions of MLD and IGMP they may, two the last. On one
of each, a foreign table "inet vrrp" keeps the daemons from making theirs, so that
what the filter drops is seen there. r1 is Active and r2 Backup for a minute in
which the host asks for groups; then they hand over to each other and back.
"""
import socket
import struct
import time
from collections import namedtuple

import pytest

from helpers.frames import (
    ND_ADVERTISEMENT,
    REPORTS,
    ROUTER_SOLICITATION,
    Neighbor,
    Report,
    lladdr,
)
from helpers.lan import FAMILIES, HOST, INTERFACE, LOCAL_VIP, OWN, VIP, VMAC, VRID, Lan
from helpers.listen import socket_in
from helpers.multicast import igmp_query, mld_query
from helpers.wait import differs, wait_for, wait_logged
from helpers.wire import Capture, Wire

Case = namedtuple("Case", "name mld igmp filtered")

CASES = (
    Case("old", 1, 2, True),
    Case("new", 2, 3, True),
    Case("oldbare", 1, 2, False),
    Case("newbare", 2, 3, False),
)
MLD_REPORT = {1: REPORTS[131], 2: REPORTS[143]}
MLD_DONE = 132
FOREIGN = "table inet vrrp {\n}"
SECONDS = 60
QUERY_SEC = 5
QUERY_WITHIN_MS = 2000
IPV6_FREEBIND = 78

LANS, HEARD = {}, {}


def setup_module():
    """Has all LANs listened to at once, from the daemons' start through a minute and a hand-over."""
    for case in CASES:
        LANS[case] = build(case)
    links = {case: (lan.h1, INTERFACE) for case, lan in LANS.items()}
    with Capture(links) as capture:
        for lan in LANS.values():
            lan.r1.start("vrrpd")
            lan.r2.start("vrrpd")
        for lan in LANS.values():
            lan.wait_states(r1="Active", r2="Backup")
        ask_for_groups()
        for lan in LANS.values():
            say_what_the_kernel_would_not(lan)
            for move in (lan.give_way, lan.take_over):
                for family in FAMILIES:
                    move(family)
    for case in CASES:
        HEARD[case] = [heard.frame for heard in capture.heard if heard.name == case]


def teardown_module():
    """Takes them down."""
    for lan in LANS.values():
        lan.demolish()


def build(case):
    """A LAN, where the routers of a bare one can have no filter."""
    lan = Lan(case.name)
    lan.build(
        f"net.ipv6.conf.all.force_mld_version={case.mld}",
        f"net.ipv4.conf.all.force_igmp_version={case.igmp}",
    )
    for router in (lan.r1, lan.r2):
        if not case.filtered:
            router.must_run("nft add table inet vrrp")
    return lan


def ask_for_groups():
    """The host of each LAN is the querier, for a minute."""
    wires = {case: Wire(lan.h1, INTERFACE) for case, lan in LANS.items()}
    for _ in range(SECONDS // QUERY_SEC):
        for case, wire in wires.items():
            wire.sock.send(mld_query(wire.mac, "fe80::9", case.mld, QUERY_WITHIN_MS))
            wire.sock.send(igmp_query(wire.mac, HOST["v4"], case.igmp, QUERY_WITHIN_MS))
        time.sleep(QUERY_SEC)


def say_what_the_kernel_would_not(lan):
    """
    A virtual MAC has no link-local address of its own and asks no routers, and seldom
    was the last to report a group: what the filter has against the like is seen only
    when a program says it.
    """
    node = lan.r1
    own = link_local(node)
    ifname = node.family("v6", VRID["v6"])["interface"]
    target = socket.inet_pton(socket.AF_INET6, own)
    messages = (
        (struct.pack("!BBHI", MLD_DONE, 0, 0, 0) + target, "ff02::2"),
        (struct.pack("!BBHI", ROUTER_SOLICITATION, 0, 0, 0), "ff02::2"),
        (struct.pack("!BBHI", ND_ADVERTISEMENT, 0, 0, 1 << 29) + target, "ff02::1"),
    )
    with socket_in(
        node, socket.AF_INET6, socket.SOCK_RAW, socket.IPPROTO_ICMPV6
    ) as sock:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_BINDTODEVICE, ifname.encode())
        sock.setsockopt(socket.IPPROTO_IPV6, IPV6_FREEBIND, 1)
        sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_MULTICAST_HOPS, 255)
        for message, group in messages:
            try:
                sock.sendto(message, (group, 0, 0, 0))
            except PermissionError:
                pass  # so says the filter


def link_local(node):
    """The router's own link-local address."""
    for address in node.addresses(INTERFACE):
        if address.startswith("fe80:"):
            return address.split("/")[0]
    raise AssertionError(f"{node.name} has no link-local address")


def said_by(case, macs):
    """Which kinds the frames from some MACs were that a virtual MAC must not say."""
    own = link_local(LANS[case].r1)
    said = {forbidden(frame, own) for frame in HEARD[case] if frame.mac_from in macs}
    return said - {None}


def forbidden(frame, own):
    """The kind of a frame that a virtual MAC must not send; else None."""
    if isinstance(frame, Report):
        return frame.kind
    if not isinstance(frame, Neighbor):
        return None
    if frame.kind == ROUTER_SOLICITATION:
        return "router solicitation"
    is_own = frame.kind == ND_ADVERTISEMENT and frame.target == own
    return "advertisement of its own" if is_own else None


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_routers_report_their_groups_from_their_own_mac(case):
    """So the queries are understood, in the version asked for."""
    for name in OWN:
        mac = LANS[case].nodes[name].link(INTERFACE)["address"]
        said = said_by(case, {mac})
        assert "IGMP" in said and MLD_REPORT[case.mld] in said, said


@pytest.mark.parametrize("case", CASES[:2], ids=lambda case: case.name)
def test_virtual_mac_reports_nothing(case):
    """Neither the Active's, nor the Backup's, nor as it first goes up, nor at a hand-over."""
    assert said_by(case, set(VMAC.values())) == set()


@pytest.mark.parametrize("case", CASES[2:], ids=lambda case: case.name)
def test_virtual_mac_without_the_filter_reports_all(case):
    """All that must not be heard is heard, so the test above is not deaf."""
    others = {
        REPORTS[MLD_DONE],
        "IGMP",
        "router solicitation",
        "advertisement of its own",
    }
    assert said_by(case, set(VMAC.values())) == {MLD_REPORT[case.mld], *others}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_vips_are_announced_all_the_same(case):
    """The filter lets through what says where a VIP is."""
    told = {
        (lladdr(frame), frame.target)
        for frame in HEARD[case]
        if isinstance(frame, Neighbor) and frame.mac_from == VMAC["v6"]
    }
    assert {(VMAC["v6"], VIP["v6"]), (VMAC["v6"], LOCAL_VIP)} <= told


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_counters_tell_what_the_filter_dropped(case):
    """And whether there is one."""
    shown = LANS[case].r1.show_json("vrrpd", "show vrrp statistics json")
    shown = shown["virtualMacFilter"]
    assert shown["available"] == case.filtered
    dropped = {key: count > 0 for key, count in shown.items() if "Dropped" in key}
    assert len(dropped) == 4 and set(dropped.values()) == {case.filtered}, shown
    groups = LANS[case].r1.groups()
    assert groups[VRID["v4"]]["v4"]["virtualMacFilter"].keys() == shown.keys()


@pytest.mark.parametrize("case", CASES[2:], ids=lambda case: case.name)
def test_foreign_table_of_our_name_is_left_alone(case):
    """And that there is no filter is in the log."""
    node = LANS[case].r1
    assert node.must_run("nft list ruleset").strip() == FOREIGN
    wait_logged(node, "filter on virtual MACs: cannot add")


@pytest.mark.parametrize("case", CASES[2:], ids=lambda case: case.name)
def test_filter_comes_when_the_foreign_table_goes(case):
    """As soon as it does."""
    node = LANS[case].r1
    node.must_run("nft delete table inet vrrp")
    wait_for(
        "the virtual MACs are filtered",
        lambda: differs(
            node.family("v6", VRID["v6"])["virtualMacFilter"]["available"], True
        ),
    )
    assert 'comment "frr-crossvip vrrpd"' in node.must_run("nft list ruleset")


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_table_goes_with_the_daemon(case):
    """Nothing of it is left."""
    node = LANS[case].r1
    assert "table inet vrrp" in node.must_run("nft list ruleset")
    node.stop("vrrpd")
    wait_for(
        "no table is left",
        lambda: differs(node.must_run("nft list ruleset"), ""),
    )
