# SPDX-License-Identifier: GPL-2.0-or-later
# needs: ifb macvlan ns veth
# timeout: 600
"""
What a host can lack, have too much of, or change while vrrpd runs, and what is said of it.

r1 and r2 are joined by two cables, lan0 and lan1, and have a VIP interface made by
hand. Group 10 is on lan0 in unicast, r1's has the higher priority.
"""
import json

import pytest

from helpers.namespace import BINARIES, Namespace, link
from helpers.wait import wait_for

R1, R2 = Namespace("r1"), Namespace("r2")
OWN = {R1: "192.0.2.1", R2: "192.0.2.2"}
OWN6 = {R1: "2001:db8:1::1", R2: "2001:db8:1::2"}
VIP, VIP6 = "203.0.113.10", "2001:db8:ffff::10"
PRIORITY = {R1: 200, R2: 100}
INTERFACE = "interface lan0"


def other(node):
    """The other router."""
    return R2 if node is R1 else R1


def group(node, interval=100):
    """The lines of group 10."""
    return (
        INTERFACE,
        f"vrrp 10 priority {PRIORITY[node]}",
        f"vrrp 10 advertisement-interval {interval}",
        f"vrrp 10 peer {OWN[other(node)]}",
        f"vrrp 10 ip {VIP}",
        f"vrrp 10 peer {OWN6[other(node)]}",
        f"vrrp 10 ipv6 {VIP6}",
    )


def setup_module():
    """Cables, addresses, zebra."""
    for node in (R1, R2):
        node.build()
        node.must_run(
            "sysctl -qw net.ipv6.conf.default.accept_dad=0;"
            "ip link add vip0 type ifb; ip link set vip0 up"
        )
    for number in (0, 1):
        link(f"lan{number}", R1, f"lan{number}", R2)
    for node in (R1, R2):
        node.must_run(
            f"ip address add {OWN[node]}/24 dev lan0;"
            f"ip address add {OWN6[node]}/64 dev lan0"
        )
        node.start("zebra")


def teardown_module():
    """Nothing is left."""
    for node in (R1, R2):
        node.demolish()


@pytest.fixture(name="begin")
def fixture_begin():
    """Starts vrrpd on a router with some lines; all end with the test."""
    started = []

    def begin(node, *lines, by="", launch=()):
        node.launch("vrrpd", f"{by} {BINARIES}/vrrpd {' '.join(launch)}".strip())
        started.append(node)
        if lines:
            node.configure(*lines)

    yield begin
    for node in started:
        node.stop("vrrpd")


def begin_pair(begin, interval=100):
    """Group 10 on both; r1 is Active."""
    for node in (R1, R2):
        begin(node, *group(node, interval))
    R1.wait_state("Active")
    R2.wait_state("Backup")


def said(words, sentences):
    """A check: one of the sentences has all of these words."""
    for sentence in sentences:
        if all(word in sentence for word in words):
            return None
    return f"{sentences}"


# What is asked for, and not there


@pytest.mark.parametrize(
    "choice, named",
    (
        ("77", "vrrp 77"),
        ("interface eth9", "vrrp eth9"),
        ("interface lan0 77", "vrrp lan0 77"),
        ("interface lan1 10", "vrrp lan1 10"),
    ),
)
@pytest.mark.parametrize("what", ("", " summary"))
def test_group_that_is_not_there_is_said(begin, choice, named, what):
    """By a sentence; in JSON the list is empty."""
    begin(R1, *group(R1))
    _, output = R1.vtysh(f"show vrrp {choice}{what}")
    assert f"{named}: no such group" in output, output
    assert json.loads(R1.show("vrrpd", f"show vrrp {choice}{what} json")) == []


def test_group_on_an_interface_that_is_not_there_is_accepted_and_said(begin):
    """It may come; until it does, show vrrp says what the group waits for."""
    begin(R1)
    _, output = R1.vtysh("configure terminal", "interface eth9", "vrrp 10 ip 192.0.2.9")
    assert "there is no interface eth9" in output, output
    _, output = R1.vtysh("configure terminal", "interface lan1", "vrrp 11 ip 192.0.2.8")
    assert "Warning" not in output, output
    family = R1.family("v4", 10)
    assert family["hold"] == "interface-down"
    assert said(["no interface eth9"], family["holdDetails"]) is None, family


# Capabilities


def test_container_without_cap_sys_admin_is_enough(begin):
    """It is for VRFs that are network namespaces alone."""
    begin(R1, *group(R1), by="setpriv --bounding-set -sys_admin")
    begin(R2, *group(R2))
    R1.wait_state("Active")
    R2.wait_state("Backup")
    wait_for("the VIP is there", lambda: R1.has_address("vip0", f"{VIP}/32"))
