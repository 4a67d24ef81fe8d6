# SPDX-License-Identifier: GPL-2.0-or-later
# needs: ifb macvlan ns veth
# timeout: 600
"""
What a host can lack, have too much of, or change while vrrpd runs, and what is said of it.

r1 and r2 are joined by two cables, lan0 and lan1, and have a VIP interface made by
hand. Group 10 is on lan0 in unicast, r1's has the higher priority.
"""
import json
from contextlib import ExitStack

import pytest

from helpers.descriptors import open_files
from helpers.namespace import BINARIES, Namespace, link
from helpers.router import Machine
from helpers.vty import Session
from helpers.wait import differs, wait_for, wait_logged

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
        node.must_run("sysctl -qw net.ipv6.conf.default.accept_dad=0")
        node.add_vip0()
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


def vrrp_lines(node):
    """The lines of the running configuration that are about VRRP."""
    return [line for line in node.running_config() if "vrrp" in line]


def said(words, sentences):
    """A check: one of the sentences has all of these words."""
    for sentence in sentences:
        if all(word in sentence for word in words):
            return None
    return f"{sentences}"


# Missing parts of the host


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
    wait_for("it is held", lambda: differs(R1.family("v4").get("hold"), "interface-down"))
    family = R1.family("v4", 10)
    assert said(["no interface eth9"], family["holdDetails"]) is None, family


# Capabilities


def test_container_without_cap_sys_admin_is_enough(begin):
    """It is for VRFs that are network namespaces alone."""
    begin(R1, *group(R1), by="setpriv --bounding-set -sys_admin")
    begin(R2, *group(R2))
    R1.wait_state("Active")
    R2.wait_state("Backup")
    wait_for("the VIP is there", lambda: R1.has_address("vip0", f"{VIP}/32"))


def test_vrf_that_is_a_namespace_is_asked_for_without_cap_sys_admin():
    """It cannot be entered: the group is held, and says why."""
    router, red = Namespace("ns1"), Namespace("red")
    for machine in (router, red):
        machine.build()
    try:
        link("eth0", router, "eth1", red)
        router.launch("zebra", f"{BINARIES}/zebra --vrfwnetns")
        router.launch("vrrpd", f"setpriv --bounding-set -sys_admin {BINARIES}/vrrpd")
        lines = ("vrrp 10 peer 192.0.2.9", "vrrp 10 ip 203.0.113.10")
        router.configure("interface eth1 vrf red", *lines)
        wait_for(
            "it says why",
            lambda: said(["VRF red", "CAP_SYS_ADMIN"], router.family("v4")["holdDetails"]),
        )
        assert router.state("v4") == "Initialize"
    finally:
        for machine in (router, red):
            machine.demolish()


# Conflicts of two groups

PATH = ("vrrp 20 source 192.0.2.1", "vrrp 20 peer 192.0.2.9")
EXCLUSIVE = {
    "source that is a VIP of the group": (
        ("interface lan1", "vrrp 20 ip 203.0.113.20"),
        ("interface lan1", "vrrp 20 source 203.0.113.20"),
        ("203.0.113.20", "vrrp lan1 20"),
    ),
    "source that is a VIP of another group": (
        ("interface lan1", "vrrp 20 ipv6 2001:db8:ffff::20"),
        ("interface lan0", "vrrp 21 source 2001:db8:ffff::20"),
        ("2001:db8:ffff::20", "vrrp lan1 20"),
    ),
    "VIP that is the source of another group": (
        ("interface lan1", "vrrp 20 source 203.0.113.20"),
        ("interface lan0", "vrrp 21 ip 203.0.113.20"),
        ("203.0.113.20", "vrrp lan1 20"),
    ),
    "VIP that is the source of two groups, the last of which has gone": (
        (
            "interface lan1",
            "vrrp 20 source 203.0.113.20",
            "vrrp 22 source 203.0.113.20",
            "no vrrp 22",
        ),
        ("interface lan0", "vrrp 21 ip 203.0.113.20"),
        ("203.0.113.20", "vrrp lan1 20"),
    ),
    "owner's VIP and source, that is an owner no more": (
        (
            "interface lan1",
            "vrrp 20 priority 255",
            "vrrp 20 ip 203.0.113.20",
            "vrrp 20 source 203.0.113.20",
        ),
        ("interface lan1", "vrrp 20 priority 100"),
        ("203.0.113.20", "vrrp lan1 20"),
    ),
    "VIP that is a peer of another group": (
        ("interface lan1", "vrrp 20 peer 203.0.113.20"),
        ("interface lan0", "vrrp 21 ip 203.0.113.20"),
        ("203.0.113.20", "vrrp lan1 20"),
    ),
    "VIP that is a peer of two groups, the last of which has gone": (
        (
            "interface lan1",
            "vrrp 20 peer 203.0.113.20",
            "vrrp 22 peer 203.0.113.20",
            "no vrrp 22",
        ),
        ("interface lan0", "vrrp 21 ip 203.0.113.20"),
        ("203.0.113.20", "vrrp lan1 20"),
    ),
    "peer that is a VIP of another group": (
        ("interface lan1", "vrrp 20 ipv6 2001:db8:ffff::20"),
        ("interface lan0", "vrrp 21 peer 2001:db8:ffff::20"),
        ("2001:db8:ffff::20", "vrrp lan1 20"),
    ),
    "source that is a peer of two groups, one of which has another now": (
        (
            "interface lan1",
            "vrrp 20 peer 203.0.113.20",
            "vrrp 22 peer 203.0.113.20",
            "vrrp 22 peer 203.0.113.22",
            "no vrrp 22 peer 203.0.113.20",
        ),
        ("interface lan0", "vrrp 21 source 203.0.113.20"),
        ("203.0.113.20", "vrrp lan1 20"),
    ),
    "peer that is the source of two groups, the last of which has gone": (
        (
            "interface lan1",
            "vrrp 20 source 203.0.113.20",
            "vrrp 22 source 203.0.113.20",
            "no vrrp 22",
        ),
        ("interface lan0", "vrrp 21 peer 203.0.113.20"),
        ("203.0.113.20", "vrrp lan1 20"),
    ),
    "peer that is the source of another group": (
        ("interface lan1", "vrrp 20 source 203.0.113.20"),
        ("interface lan0", "vrrp 21 peer 203.0.113.20"),
        ("203.0.113.20", "vrrp lan1 20"),
    ),
    "source that is a peer of another group": (
        ("interface lan1", "vrrp 20 peer 203.0.113.20"),
        ("interface lan0", "vrrp 21 source 203.0.113.20"),
        ("203.0.113.20", "vrrp lan1 20"),
    ),
    "source of the same VRID and peer": (
        ("interface lan0", *PATH, "interface lan1", PATH[1]),
        ("interface lan1", PATH[0]),
        ("vrrp lan0 20", "192.0.2.1", "192.0.2.9"),
    ),
    "peer of the same VRID and source": (
        ("interface lan0", *PATH, "interface lan1", PATH[0]),
        ("interface lan1", PATH[1]),
        ("vrrp lan0 20", "192.0.2.1", "192.0.2.9"),
    ),
}


@pytest.mark.parametrize("case", EXCLUSIVE)
def test_two_groups_that_exclude_each_other_are_refused(begin, case):
    """In either order, alone and by a file, and nothing has changed."""
    before, refused, named = EXCLUSIVE[case]
    begin(R1, *before)
    config = vrrp_lines(R1)
    status, output = R1.vtysh("configure terminal", *refused)
    assert status != 0 and all(name in output for name in named), output
    assert vrrp_lines(R1) == config


def test_what_excluded_another_group_is_free_when_it_has_gone(begin):
    """Also what was asked for and refused."""
    begin(R1, "interface lan1", "vrrp 20 source 203.0.113.20")
    vip = ("interface lan0", "vrrp 21 ip 203.0.113.20")
    assert R1.vtysh("configure terminal", *vip)[0] != 0
    R1.configure("interface lan1", "no vrrp 20 source")
    R1.configure(*vip)
    assert R1.vtysh("configure terminal", "interface lan1", "vrrp 20 source 203.0.113.20")[0]
    R1.configure("interface lan0", "no vrrp 21")
    R1.configure("interface lan1", "vrrp 20 source 203.0.113.20")


def test_owner_may_send_from_his_own_address(begin):
    """RFC 9568: it is an address of his interface, and the VIP."""
    begin(
        R1,
        INTERFACE,
        "vrrp 20 priority 255",
        f"vrrp 20 source {OWN[R1]}",
        f"vrrp 20 peer {OWN[R2]}",
        f"vrrp 20 ip {OWN[R1]}",
    )
    R1.wait_state("Active", ["v4"], 20)


def test_group_that_hears_the_same_as_another_is_held(begin):
    """When no line says so, for the source is the interface's; until the other has gone."""
    begin(R2, *group(R2))
    begin(R1, *group(R1))
    R1.wait_state("Active")
    R1.configure(
        "interface lan1",
        f"vrrp 10 source {OWN[R1]}",
        f"vrrp 10 peer {OWN[R2]}",
        "vrrp 10 ip 203.0.113.77",
    )


    def shown():
        return R1.show_json("vrrpd", "show vrrp interface lan1 json")[0]["v4"]

    wait_for("it is held", lambda: differs(shown().get("hold"), "duplicate"))
    held = shown()
    assert held["state"] == "Initialize", held
    assert said(["vrrp lan0 10 IPv4"], held["holdDetails"]) is None, held
    R1.configure(INTERFACE, "no vrrp 10")
    R1.wait_state("Backup", ["v4"])


def test_line_of_a_file_that_excludes_another_is_refused_alone(begin):
    """All others of the file are there."""
    begin(R1)
    lines = (
        *group(R1),
        "interface lan1",
        "vrrp 20 source 203.0.113.20",
        "vrrp 21 ip 203.0.113.20",
        "vrrp 21 priority 77",
    )
    R1.write_conf(*lines)
    _, output = R1.run("vtysh -N r1 -d vrrpd -b")
    R1.write_conf()
    assert "vrrp lan1 21: virtual address 203.0.113.20 is the source" in output, output
    config = vrrp_lines(R1)
    assert " vrrp 21 priority 77" in config and f" vrrp 10 ip {VIP}" in config, config
    assert " vrrp 21 ip 203.0.113.20" not in config, config


# Reports of a router's own mistakes

SECOND = {"v4": "192.0.2.12", "v6": "2001:db8:1::12"}
THEIRS = {"v4": OWN[R1], "v6": OWN6[R1]}
OURS = {"v4": OWN[R2], "v6": OWN6[R2]}
FAMILIES = ("v4", "v6")


@pytest.fixture(name="second")
def fixture_second():
    """r2 has a second address of each family."""
    addresses = f"{SECOND['v4']}/24", f"{SECOND['v6']}/64"
    for address in addresses:
        R2.must_run(f"ip address add {address} dev lan0")
    yield
    for address in addresses:
        R2.must_run(f"ip address delete {address} dev lan0")


def wait_warned(node, words, families=FAMILIES):
    """A warning of each family has the words that are made for it."""
    for family in families:
        wait_for(
            f"{family} is warned",
            lambda f=family: said(words(f), node.family(f)["warnings"]),
        )


def counted(node, key):
    """That counter of VRID 10, by family, and of strays."""
    told = node.show_json("vrrpd", "show vrrp statistics json")
    ours = [r for r in told["routers"] if r["vrid"] == 10]
    return {r["family"]: r["statistics"][key] for r in ours}, [
        strays[key] for strays in told["strays"].values()
    ]


def test_router_with_a_wrong_source_says_so_itself(begin, second):
    """Its peer sends to the address that it should have; and when it ends, nothing leaks."""
    begin(R1, *group(R1))
    sources = [f"vrrp 10 source {address}" for address in SECOND.values()]
    begin(R2, INTERFACE, *sources, *group(R2))
    wait_warned(
        R2,
        lambda f: (
            f"packet from {THEIRS[f]} discarded",
            f"sends to {OURS[f]}, and this group sends from {SECOND[f]}",
        ),
    )
    ours, strays = counted(R2, "peerSourceErrors")
    assert all(ours.values()), ours
    assert set(counted(R2, "vridErrors")[1]) == {0}
    wait_for("it is logged", lambda: logged_by(R2, f"this peer sends to {OURS['v6']}"))


def test_stop_after_strays_of_no_group_leaves_no_memory(begin):
    """Their reports belong to no virtual router that would free them."""
    begin(R1, *group(R1))
    begin(R2, INTERFACE, "vrrp 77 ip 203.0.113.77", "debug memstats-at-exit")
    wait_for(
        "r2 gets strays",
        lambda: None if any(counted(R2, "vridErrors")[1]) else "no",
    )
    pid = R2.pid("vrrpd")
    R2.stop("vrrpd")
    try:
        assert "VRRP" not in R2.run(f"cat /tmp/frr-memstats-vrrpd-{pid}-*")[1]
    finally:
        R2.launch("vrrpd")


def test_missing_peer_line_is_named_in_both_families(begin):
    """By the router that lacks it, which is on its LAN then."""
    begin(R1, *group(R1))
    begin(R2, INTERFACE, f"vrrp 10 ip {VIP}", f"vrrp 10 ipv6 {VIP6}")
    wait_warned(
        R2,
        lambda f: (
            "it is unicast, and here it is multicast",
            f'"vrrp 10 peer {THEIRS[f]}" is missing',
        ),
    )
    assert all(counted(R2, "modeMismatchErrors")[0].values())
    assert set(counted(R2, "vridErrors")[1]) == {0}


def test_peer_missing_in_one_family_is_told_with_the_reason(begin):
    """In show vrrp, and when the other router's advertisements come."""
    begin(R1, *group(R1))
    begin(
        R2,
        INTERFACE,
        f"vrrp 10 peer {OWN[R1]}",
        f"vrrp 10 ip {VIP}",
        f"vrrp 10 ipv6 {VIP6}",
        "interface lan1",
        "vrrp 20 ipv6 fe80::20",
    )
    wait_warned(R2, lambda f: ("a group with an IPv4 peer is unicast",), ["v6"])
    assert R2.family("v6")["holdDetails"] == ["no IPv6 peer is configured"]
    wait_for(
        "it is logged",
        lambda: logged_by(
            R2, "discarded: vrrp lan0 10 IPv6 takes no part in the election: no-peers"
        ),
    )


def logged_by(node, sentence):
    """A check: it is in the log."""
    return None if node.has_logged(sentence) else node.log()[-1000:]


def typed(node, *lines):
    """The output of accepted lines on lan0."""
    status, output = node.vtysh("configure terminal", INTERFACE, *lines)
    assert status == 0, output
    return output


@pytest.mark.parametrize("absent", ("192.0.2.99", "2001:db8:1::99"))
def test_source_that_the_host_lacks_is_warned_of_when_typed(begin, absent):
    """It may come, or was mistyped; a file's line is held with its reason."""
    begin(R1, *group(R1))
    warning = f"% Warning: vrrp lan0 10: no interface has the source address {absent}"
    own = OWN6[R1] if ":" in absent else OWN[R1]
    family = "v6" if ":" in absent else "v4"
    assert "Warning" not in typed(R1, f"vrrp 10 source {own}")
    assert warning in typed(R1, f"vrrp 10 source {absent}")
    wait_for(
        "it is held",
        lambda: differs(R1.family(family).get("hold"), "no-source-address"),
    )
    from_file(R1, "vrrp 10 shutdown", f"vrrp 10 source {absent}")


def from_file(node, *lines):
    """They are accepted, and nothing is said."""
    path = f"{node.log_directory}/more.conf"
    with open(path, "w", encoding="ascii") as file:
        file.write("\n".join((INTERFACE, *lines)) + "\n")
    output = node.must_run(f"vtysh -N {node.name} -d vrrpd -f {path}")
    assert "%" not in output, output


def test_last_peer_of_a_family_taken_back_is_warned_of_when_typed(begin):
    """The other family has one still."""
    begin(R1, *group(R1))
    R1.configure(INTERFACE, "vrrp 10 peer 2001:db8:1::3")
    assert "Warning" not in typed(R1, "no vrrp 10 peer 2001:db8:1::3")
    warning = "% Warning: vrrp lan0 10: that was its last IPv6 peer"
    assert warning in typed(R1, f"no vrrp 10 peer {OWN6[R2]}")
    assert "Warning" not in typed(R1, f"no vrrp 10 peer {OWN6[R2]}")


@pytest.mark.parametrize("last", ("vrrp 20 priority 255", f"vrrp 20 ip {VIP}"))
def test_owner_of_what_the_host_lacks_is_warned_of(begin, last):
    """When typed, and in show vrrp; not the owner of what it has."""
    words = f"no interface has {VIP} of its own"
    lines = [f"vrrp 20 peer {OWN[R2]}", "vrrp 20 priority 255", f"vrrp 20 ip {VIP}"]
    lines.remove(last)
    begin(R1)
    assert "Warning" not in typed(R1, *lines)
    assert "% Warning: vrrp lan0 20: priority 255" in typed(R1, last)
    assert said([words], R1.family("v4", 20)["warnings"]) is None
    R1.configure(INTERFACE, f"vrrp 20 ip {OWN[R1]}", f"no vrrp 20 ip {VIP}")
    assert "Warning" not in typed(R1, "vrrp 20 priority 255")
    assert R1.family("v4", 20)["warnings"] == []


def test_new_source_is_warned_of_once_peers_could_have_answered(begin, second):
    """Not before: its silence says nothing yet."""
    words = "no peer has been heard since"
    begin(R2, *group(R2, interval=1000))
    R2.wait_state("Active", timeout=60)
    R2.configure(INTERFACE, f"vrrp 10 source {SECOND['v4']}")
    assert said([words], R2.family("v4")["warnings"]) is not None
    wait_for("r2 is warned", lambda: said([words], R2.family("v4")["warnings"]))


# The VIP interface


def test_renamed_vip_interface_loses_its_addresses_to_the_one_of_that_name(begin):
    """The name is what is configured; the log says what has happened."""
    begin(R1, *group(R1))
    R1.wait_state("Active")
    R1.must_run("ip link set vip0 name was0")
    try:
        wait_for("the true cause is logged", lambda: logged("vip0 was renamed to was0"))
        wait_for("the VIP has gone", lambda: R1.has_not_address("was0", f"{VIP}/32"))
        R1.add_vip0()
        R1.wait_state("Active")
        wait_for("the VIP is back", lambda: R1.has_address("vip0", f"{VIP}/32"))
        wait_for("and that of IPv6", lambda: R1.has_address("vip0", f"{VIP6}/128"))
        assert not R1.has_logged("vip0 was deleted")
    finally:
        R1.must_run("ip link delete was0")


def logged(sentence):
    """A check: it is in r1's log."""
    return None if R1.has_logged(sentence) else R1.log()[-1000:]


def ipv6_of_vip0(on):
    """Switches IPv6 on r1's VIP interface."""
    R1.must_run(f"sysctl -qw net.ipv6.conf.vip0.disable_ipv6={0 if on else 1}")


@pytest.mark.parametrize("when", ("before", "while Active"))
def test_vip_interface_without_ipv6_holds_ipv6_alone(begin, when):
    """It says so, and goes on when IPv6 is there again."""
    if when == "before":
        ipv6_of_vip0(False)
    begin(R1, *group(R1))
    R1.wait_state("Active", ["v4"])
    if when != "before":
        R1.wait_state("Active", ["v6"])
        ipv6_of_vip0(False)
    try:
        R1.wait_state("Initialize", ["v6"])
        wait_for(
            "it is held",
            lambda: differs(R1.family("v6").get("hold"), "vip-interface-unavailable"),
        )
        family = R1.family("v6")
        assert said(["vip0.disable_ipv6"], family["holdDetails"]) is None, family
    finally:
        ipv6_of_vip0(True)
    R1.wait_state("Active", ["v6"])
    wait_for("the VIP is there", lambda: R1.has_address("vip0", f"{VIP6}/128"))


# The details of holds


def wait_held(hold, sentence, family="v4"):
    """It is held, and JSON and words say why."""

    def shown():
        told = R1.family(family)
        return told.get("hold"), told.get("holdDetails")

    wait_for(f"held: {sentence}", lambda: differs(shown(), (hold, [sentence])))
    assert sentence in " ".join(R1.show("vrrpd", "show vrrp 10").split())


@pytest.mark.parametrize(
    "instead, reason",
    (
        ("lan1", "is a veth interface, neither dummy nor ifb: not used"),
        ("vip0", "is down"),
    ),
)
def test_vip_interface_that_is_not_fit_is_told(begin, instead, reason):
    """It is of a kind that carries no VIPs, or the operator has set it down."""
    R1.must_run("ip link set vip0 down")
    if instead != "vip0":
        R1.must_run(f"ip link set vip0 name was0; ip link set {instead} name vip0")
    try:
        begin(R1, *group(R1))
        wait_held("vip-interface-unavailable", f"VIP interface vip0 {reason}")
    finally:
        if instead != "vip0":
            R1.must_run(
                f"ip link set vip0 name {instead}; ip link set was0 name vip0;"
                f"ip link set {instead} up"
            )
        R1.must_run("ip link set vip0 up")
    R1.wait_state("Active")
    assert R1.family("v4")["holdDetails"] == []


def test_vip_interface_of_a_small_mtu_is_told(begin):
    """The kernel has no IPv6 on it then."""
    R1.must_run("ip link set vip0 mtu 1000")
    try:
        begin(R1, *group(R1))
        wait_held(
            "vip-interface-unavailable",
            "vip0 takes no IPv6 address: its MTU is below 1280, or this kernel has no IPv6",
            "v6",
        )
    finally:
        R1.must_run("ip link set vip0 mtu 1500")
    R1.wait_state("Active")


def test_vip_interface_that_cannot_be_made_is_told(begin):
    """The kernel has no dummies, or takes none of a name that is one of its sysctls."""
    _, told = R1.run("ip link add name all type dummy")
    errors = {"Unknown device type": "Operation not supported"}
    reason = told.strip().removeprefix("RTNETLINK answers: ").removeprefix("Error: ")
    begin(R1, *group(R1), "exit", "vrrp vip-interface all")
    wait_held(
        "vip-interface-unavailable",
        "VIP interface all cannot be made: "
        + errors.get(reason.rstrip("."), reason.rstrip(".")),
    )
    R1.configure("no vrrp vip-interface")
    R1.wait_state("Active")


def limit_descriptors(node, soft):
    """From now on, of a vrrpd that runs; only its user may."""
    as_frr = "setpriv --reuid=frr --regid=frr --clear-groups"
    Machine().must_run(
        f"{as_frr} prlimit --pid {node.pid('vrrpd')} --nofile={soft}:1024"
    )


def holes(node):
    """The numbers of descriptors that are free, below the highest that is not."""
    taken = set(open_files(node.pid("vrrpd")))
    return set(range(max(taken))) - taken


def descriptors(node):
    """How many are open."""
    return len(open_files(node.pid("vrrpd")))


def test_socket_that_cannot_be_had_is_told(begin):
    """No descriptor is left when the group could enter the election."""
    begin(R1, *group(R1))
    R1.wait_state("Active")
    R1.must_run("ip link set lan0 down")
    wait_for("it waits", lambda: differs(R1.family("v4").get("hold"), "interface-down"))
    with ExitStack() as sessions:
        session = sessions.enter_context(Session(R1.path("/run/frr/vrrpd.vty")))
        while holes(R1):
            sessions.enter_context(Session(R1.path("/run/frr/vrrpd.vty")))
        limit_descriptors(R1, descriptors(R1))
        try:
            R1.must_run("ip link set lan0 up")

            def shown():
                (told,) = json.loads(session.ask("show vrrp 10 json"))
                return told["v4"].get("hold"), told["v4"].get("holdDetails")

            wait_for(
                "it says so",
                lambda: differs(
                    shown(),
                    (
                        "socket-unavailable",
                        ["cannot receive: Too many open files"],
                    ),
                ),
            )
            assert "cannot receive: Too many" in session.ask("show vrrp 10")
        finally:
            limit_descriptors(R1, 1024)
    R1.wait_state("Active", ["v4"])


def test_source_that_is_being_checked_for_duplicates_is_told(begin):
    """It is on the interface, and cannot be used as source yet."""
    R1.must_run(
        f"sysctl -qw net.ipv6.conf.lan0.accept_dad=1 net.ipv6.conf.lan0.dad_transmits=60;"
        f"ip address del {OWN6[R1]}/64 dev lan0; ip address add {OWN6[R1]}/64 dev lan0"
    )
    try:
        begin(R1, *group(R1))
        wait_held(
            "no-source-address",
            f"{OWN6[R1]} cannot be used as source: duplicate address detection"
            " has not ended, or another host has it",
            "v6",
        )
    finally:
        R1.must_run(
            "sysctl -qw net.ipv6.conf.lan0.accept_dad=0 net.ipv6.conf.lan0.dad_transmits=1;"
            f"ip address del {OWN6[R1]}/64 dev lan0; ip address add {OWN6[R1]}/64 dev lan0"
        )
    R1.wait_state("Active", ["v6"])


def test_vmac_of_ours_has_ipv6_where_links_have_none_by_default(begin):
    """net.ipv6.conf.default.disable_ipv6, of a hardened host."""
    R1.must_run("sysctl -qw net.ipv6.conf.default.disable_ipv6=1")
    try:
        begin(
            R1,
            INTERFACE,
            "vrrp 30 advertisement-interval 100",
            "vrrp 30 ipv6 fe80::30",
            "vrrp 30 ipv6 2001:db8:1::30",
        )
        R1.wait_state("Active", ["v6"], 30)
        (vip,) = [
            vip
            for vip in R1.show_json("vrrpd", "show vrrp vip json")
            if vip["address"] == "2001:db8:1::30"
        ]
        wait_for(
            "the VIP is there",
            lambda: R1.has_address(vip["link"], "2001:db8:1::30/128"),
        )
    finally:
        R1.must_run("sysctl -qw net.ipv6.conf.default.disable_ipv6=0")


# Routes to VIPs


def vip_of(node, address):
    """A VIP from show vrrp vip json."""
    vips = node.show_json("vrrpd", "show vrrp vip json")
    return next((vip for vip in vips if vip["address"] == address), {})


def announced(node, address, expected):
    """A check: zebra has selected the route to a VIP, or not."""
    return differs(vip_of(node, address).get("announced"), expected)


def not_announced(node, family):
    """The warnings that say so."""
    return [w for w in node.family(family)["warnings"] if "not announced" in w]


@pytest.mark.parametrize(
    "family, vip, length", (("v4", VIP, 32), ("v6", VIP6, 128)), ids=("IPv4", "IPv6")
)
def test_route_of_somebody_else_in_our_table_is_named(begin, family, vip, length):
    """The VIP is not announced then; the route is left alone, and its end noticed."""
    R1.must_run(f"ip route add {vip}/{length} dev lan1 table 112")
    try:
        begin(R1, *group(R1))
        R1.wait_state("Active")
        wait_for(
            "a warning names it",
            lambda: said([vip, "boot", "lan1"], not_announced(R1, family)),
        )
        assert announced(R1, vip, False) is None
        wait_for(
            "the log does",
            lambda: logged("somebody else's (of protocol boot, by lan1)"),
        )
        assert not R1.has_logged("a killed zebra had left")
        routes = R1.must_run(f"ip -{family[1]} route show table 112 {vip}")
        assert "dev lan1" in routes, routes
    finally:
        R1.must_run(f"ip route delete {vip}/{length} dev lan1 table 112")
    wait_for("the VIP is announced", lambda: announced(R1, vip, True))
    assert not_announced(R1, family) == []


def test_route_that_a_route_map_denies_is_not_called_announced(begin):
    """zebra has it and does not select it."""
    deny = ("route-map DENY deny 10", "ip protocol table route-map DENY")
    begin(R1, *group(R1))
    wait_for("the VIP is announced", lambda: announced(R1, VIP, True))
    R1.launch("mgmtd")
    R1.configure_all(deny[0])
    R1.configure_all(deny[1])
    try:
        R1.configure(INTERFACE, "vrrp 10 shutdown", "no vrrp 10 shutdown")
        R1.wait_state("Active")
        wait_for(
            "a warning says so",
            lambda: said([VIP, "ip protocol"], not_announced(R1, "v4")),
        )
        assert announced(R1, VIP, False) is None
        wait_for("IPv6 is announced", lambda: announced(R1, VIP6, True))
    finally:
        R1.configure_all(f"no {deny[1]}")
        R1.configure_all("no route-map DENY")
        R1.kill("mgmtd")
    R1.configure(INTERFACE, "vrrp 10 shutdown", "no vrrp 10 shutdown")
    wait_for("the VIP is announced", lambda: announced(R1, VIP, True))


# The source address


def test_source_that_is_back_at_once_costs_nothing(begin):
    """systemd-networkd, when it starts, takes the address away and gives it back."""
    begin_pair(begin, interval=1000)
    before = R1.transitions(), R2.transitions()
    R1.must_run(
        f"ip address del {OWN[R1]}/24 dev lan0; sleep 0.6; ip address add {OWN[R1]}/24 dev lan0"
    )
    received = R2.family("v4")["stats"]["adverRx"]
    wait_for(
        "r2 hears r1 again",
        lambda: None if R2.family("v4")["stats"]["adverRx"] > received + 2 else "not",
    )
    assert (R1.transitions(), R2.transitions()) == before


def test_router_whose_source_stays_away_leaves_before_others_take_over(begin):
    """r2 is Active when r1 is so no more."""
    begin_pair(begin)
    R1.must_run(f"ip address del {OWN[R1]}/24 dev lan0")
    try:
        R1.wait_state("Initialize", ["v4"])
        R2.wait_state("Active", ["v4"])
        assert R1.family("v4")["hold"] == "no-source-address"
        wait_for("the VIP has gone", lambda: R1.has_not_address("vip0", f"{VIP}/32"))
    finally:
        R1.must_run(f"ip address add {OWN[R1]}/24 dev lan0")
    R1.wait_state("Active")


def test_new_source_is_logged_and_warned_of_until_a_peer_answers(begin):
    """The peers' lists have the old one: nobody hears r1, and both are Active."""
    new = "192.0.2.111"
    begin_pair(begin)
    R1.must_run(
        f"ip address add {new}/24 dev lan0; ip address del {OWN[R1]}/24 dev lan0;"
        f"ip address replace {new}/24 dev lan0"
    )
    try:
        wait_for(
            "a warning says so",
            lambda: said([new, OWN[R1], "no peer"], R1.family("v4")["warnings"]),
        )
        wait_logged(R1, f"sends from {new} now, no more from {OWN[R1]}")
        R2.wait_state("Active", ["v4"])
        R2.configure(INTERFACE, f"vrrp 10 peer {new}", f"no vrrp 10 peer {OWN[R1]}")
        R2.configure(INTERFACE, "vrrp 10 priority 220")
        R1.wait_state("Backup", ["v4"])
        assert said(["no peer"], R1.family("v4")["warnings"]), "it is still there"
    finally:
        R1.must_run(
            f"ip address del {new}/24 dev lan0; ip address replace {OWN[R1]}/24 dev lan0"
        )


# Reverse path filtering

FAR = {R1: "198.51.100.1", R2: "198.51.100.2"}


def test_peer_that_the_reverse_path_filter_silences_is_named(begin):
    """Each sends by one cable and hears by the other, and discards what comes: both are Active."""
    for node, by in ((R1, OWN[R2]), (R2, "192.0.2.129")):
        node.must_run(
            "sysctl -qw net.ipv4.conf.all.rp_filter=1 net.ipv4.conf.all.arp_announce=2;"
            f"ip address add {FAR[node]}/32 dev lo;"
            f"ip address add 192.0.2.{129 if node is R1 else 130}/26 dev lan1;"
            f"ip route add {FAR[other(node)]} via {by}"
        )
    try:
        for node in (R1, R2):
            begin(
                node,
                INTERFACE,
                f"vrrp 40 priority {PRIORITY[node]}",
                "vrrp 40 advertisement-interval 100",
                f"vrrp 40 source {FAR[node]}",
                f"vrrp 40 peer {FAR[other(node)]}",
                "vrrp 40 ip 203.0.113.40",
            )
        for node in (R1, R2):
            node.wait_state("Active", ["v4"], 40)
        words = [FAR[R2], "reverse path filtering", "rp_filter is 1 on", "lan0, lan1"]
        wait_for(
            "a warning names it", lambda: said(words, R1.family("v4", 40)["warnings"])
        )
        wait_logged(R1, "discards packets by reverse path filtering")
        for node in (R1, R2):
            node.must_run("sysctl -qw net.ipv4.conf.all.rp_filter=2")
        R2.wait_state("Backup", ["v4"], 40)
        wait_for(
            "the warning has gone",
            lambda: R1.family("v4", 40)["warnings"] or None,
        )
    finally:
        for node in (R1, R2):
            node.must_run(
                "sysctl -qw net.ipv4.conf.all.rp_filter=0;"
                f"ip address del {FAR[node]}/32 dev lo; ip address flush dev lan1 scope global"
            )
            node.run(f"ip route delete {FAR[other(node)]}")


# System calls that fail

FAILING = {
    "timerfd_settime": "ENOMEM:when=10..12",
    "recvmmsg": "ENOMEM:when=10..12",
    "sendmmsg": "ENOBUFS:when=10..12",
    "recvmsg": "ENOMEM:when=25..27",
    "sendmsg": "ENOBUFS:when=7..8",
}


@pytest.mark.parametrize("call", FAILING)
def test_system_call_that_fails_a_few_times_stops_nothing(begin, call):
    """Timers fire, advertisements leave and arrive, and what the kernel tells is heard."""
    strace = (
        f"strace -D -f --seccomp-bpf -qq -o /tmp/r1/strace-{call} -e trace={call}"
        f" -e inject={call}:error={FAILING[call]}"
    )
    begin(R2, *group(R2))
    begin(R1, *group(R1), by=strace)
    injected = f"grep -c INJECTED /tmp/r1/strace-{call}"
    for _ in range(8):
        R1.run("ip address add 192.0.2.99/32 dev lan1; ip address del 192.0.2.99/32 dev lan1")
    wait_for(f"{call} has failed", lambda: None if R1.run(injected)[0] == 0 else "not yet")
    R1.wait_state("Active")
    R2.wait_state("Backup")
    received = R2.family("v4")["stats"]["adverRx"]
    wait_for(
        "r2 hears r1",
        lambda: None if R2.family("v4")["stats"]["adverRx"] > received + 10 else "not",
    )
    R1.must_run(f"ip address del {VIP}/32 dev vip0")
    wait_for("the VIP is put back", lambda: R1.has_address("vip0", f"{VIP}/32"))


# Next hops

GATEWAY = {"v4": "192.0.2.254", "v6": "2001:db8:1::254"}
WORD = {"v4": "ip", "v6": "ipv6"}
# zebra counts its own from 1, and takes the place of whoever has the next number
NEXT_HOP = 3000000


@pytest.mark.parametrize("family", GATEWAY)
@pytest.mark.parametrize("route", ("default", "recursive"))
def test_next_hop_is_refused_as_vip_when_typed_and_held_from_a_file(begin, family, route):
    """On the VIP interface it would cut r1 off; the line of a file is not lost."""
    gateway, line = GATEWAY[family], f"vrrp 10 {WORD[family]} {GATEWAY[family]}"
    to = "default" if route == "default" else {"v4": "198.51.100.0/24", "v6": "2001:db8:9::/48"}[family]
    protocol = "boot" if route == "default" else "bgp"
    if route == "default":
        add = f"ip -{family[1]} route add {to} via {gateway} dev lan0"
    else:  # as zebra has them, but for its mark: it minds its own
        add = (
            f"ip -{family[1]} nexthop add id {NEXT_HOP} via {gateway} dev lan0;"
            f"ip -{family[1]} route add {to} nhid {NEXT_HOP} protocol {protocol}"
        )
    R1.must_run(add)
    try:
        begin(R1, *group(R1))
        R1.wait_state("Active")
        status, output = R1.vtysh("configure terminal", INTERFACE, line)
        assert status != 0 and f"{gateway} is the next hop" in output, output
        R1.configure(INTERFACE, "no vrrp 10")
        R1.write_conf(*group(R1), line)
        R1.must_run("vtysh -N r1 -d vrrpd -b")
        R1.write_conf()
        wait_for(
            "it is held", lambda: differs(R1.family(family).get("hold"), "address-is-next-hop")
        )
        held = R1.family(family)
        assert held["state"] == "Initialize", held
        assert said([gateway, "next hop"], held["holdDetails"]) is None, held
        assert f" {line}" in vrrp_lines(R1)
    finally:
        R1.run(f"ip -{family[1]} route delete {to} via {gateway}; ip nexthop delete id {NEXT_HOP}")
        R1.run(f"ip -{family[1]} route delete {to}")
    R1.wait_state("Active")
