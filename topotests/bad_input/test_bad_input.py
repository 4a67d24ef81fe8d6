# SPDX-License-Identifier: GPL-2.0-or-later
# needs: dummy modules ns veth vrf
# timeout: 300
"""
What is wrong is refused or counted, and changes nothing.

One router, r1, Active by itself for VRID 10 and 203.0.113.10. p1 is its only
peer, 192.0.2.2, and sends what no honest peer would; 192.0.2.66 is a stranger.
"""
import pytest

from helpers import packet, topology
from helpers.wait import differs, wait_for

NODES = {}
R1, PEER, STRANGER = "192.0.2.1", "192.0.2.2", "192.0.2.66"
VIP, OWNED = "203.0.113.10", "192.0.2.7"
INTERFACE = "interface r1-p1"


def build(tgen):
    """r1 between two hosts."""
    tgen.add_router("r1")
    tgen.add_host("p1", f"{PEER}/24", f"via {R1}")
    tgen.add_host("p2", "198.51.100.2/24", "via 198.51.100.1")
    topology.link(tgen, "r1", "p1")
    topology.link(tgen, "r1", "p2")


def setup_module(module):
    """One router for all tests of this file."""
    NODES.update(topology.start(build, module.__name__, {"r1": ("vrrpd",)}))
    NODES["p1"].must_run(f"ip address add {STRANGER}/24 dev p1-r1")
    NODES["r1"].must_run("ip link add green type vrf table 7; ip link add spare0 type dummy")


def teardown_module():
    """Takes it down."""
    topology.stop()


@pytest.fixture(name="r1", autouse=True)
def fixture_r1():
    """r1, Active for VRID 10."""
    NODES["r1"].wait_state("Active", ["v4"])
    return NODES["r1"]


# Commands

REFUSED = {
    "track of its own VIP's route": (INTERFACE, f"vrrp 10 track route {VIP}/32", VIP),
    "track of the VIP interface": (INTERFACE, "vrrp 10 track interface vip0", "vip0"),
    "track of a prefix with bits of a host": (
        INTERFACE,
        "vrrp 10 track route 198.51.100.1/24",
        "198.51.100.1/24",
    ),
    "track of a multicast prefix": (INTERFACE, "vrrp 10 track route 224.0.0.0/4", "multicast"),
    "track of an IPv6 multicast prefix": (INTERFACE, "vrrp 10 track route ff02::/16", "multicast"),
    "track of link-local addresses": (INTERFACE, "vrrp 10 track route fe80::/64", "link-local"),
    "track of a protocol that is none": (
        INTERFACE,
        "vrrp 10 track route 198.51.100.0/24 protocol carp",
        "no such protocol",
    ),
    "check by ICMP with a port": (None, "vrrp check a icmp 192.0.2.9 80", "has no port"),
    "check by TCP without a port": (None, "vrrp check a tcp 192.0.2.9", "needs a port"),
    "check of a group address": (None, "vrrp check a icmp 224.0.0.18", "vrrp check a"),
    "check from the other family": (
        None,
        "vrrp check a icmp 192.0.2.9 source 2001:db8::1",
        "other address family",
    ),
    "command at no such path": (None, "vrrp check a command /none", "there is no such file"),
    "command that is a folder": (None, "vrrp check a command /tmp", "not a file that can be run"),
    "command at a relative path": (None, "vrrp check a command true", "begins with /"),
    "command with arguments that cannot be printed": (
        None,
        "vrrp check a command /bin/true arguments \x7f",
        "arguments are printable ASCII",
    ),
    "check of a relative path": (None, "vrrp check a http 192.0.2.9 80 nopath", "begins with /"),
    "check of a host that cannot be printed": (
        None,
        "vrrp check a http 192.0.2.9 80 / host \x7f",
        "a host is printable",
    ),
    "check of a name that has an empty label": (
        None,
        "vrrp check a dns 192.0.2.9 53 www..example.com",
        "1 to 63 characters between dots",
    ),
    "check of a name that has a label too long": (
        None,
        f"vrrp check a dns 192.0.2.9 53 {'x' * 64}.example.com",
        "1 to 63 characters between dots",
    ),
    "check of a name that is too long": (
        None,
        f"vrrp check a dns 192.0.2.9 53 {'x.' * 130}com",
        "253 in all",
    ),
    "check of a name that is none": (
        None,
        "vrrp check a dns 192.0.2.9 53 www/",
        "letters, digits and . _ -",
    ),
    "check of a status that is none": (
        None,
        "vrrp check a http 192.0.2.9 80 / status 600",
        "status is a list of 100 to 599",
    ),
    "check of statuses the wrong way round": (
        None,
        "vrrp check a http 192.0.2.9 80 / status 200,302-301",
        "status is a list of 100 to 599",
    ),
    "check by HTTP of a name in TLS": (
        None,
        "vrrp check a http 192.0.2.9 80 / sni www.example.com",
        "for https only",
    ),
    "check of a name in TLS that is none": (
        None,
        "vrrp check a https 192.0.2.9 80 / sni a/b",
        "letters, digits and . _ -",
    ),
    "check by authorities that are not there": (
        None,
        "vrrp check a https 192.0.2.9 80 / ca-file /none",
        "ca-file: there is no such file",
    ),
    "check by authorities at a relative path": (
        None,
        "vrrp check a https 192.0.2.9 80 / ca-file none",
        "begins with /",
    ),
    "check by authorities in a file that is secret": (
        None,
        "vrrp check a https 192.0.2.9 80 / ca-file /etc/shadow",
        "user cannot read this file",
    ),
    "check of an unknown type": (None, "vrrp check a dns 192.0.2.9 53 . type any", None),
    "check of DNS at port 0": (None, "vrrp check a dns 192.0.2.9 0 .", None),
    "check that sends half an octet": (
        None,
        "vrrp check a udp 192.0.2.9 53 payload 123",
        "payload has an odd number of digits",
    ),
    "check that sends what is no octet": (
        None,
        "vrrp check a udp 192.0.2.9 53 payload 0x12",
        "payload is of two hexadecimal digits",
    ),
    "check that sends any octet": (
        None,
        "vrrp check a udp 192.0.2.9 53 payload 12..",
        "payload is of two hexadecimal digits",
    ),
    "check that sends too much": (
        None,
        f"vrrp check a udp 192.0.2.9 53 payload {'00' * 513}",
        "payload is longer than 512 octets",
    ),
    "check that awaits half an octet": (
        None,
        "vrrp check a udp 192.0.2.9 53 reply 12.",
        "reply has an odd number of digits",
    ),
    "check that awaits what is no octet": (
        None,
        "vrrp check a udp 192.0.2.9 53 reply 1g",
        "reply is of two hexadecimal digits",
    ),
    "check of SMTP with a name that is too long": (
        None,
        f"vrrp check a smtp 192.0.2.9 25 helo {'x' * 256}",
        "255 characters at most",
    ),
    "check of a file, which is tracked without one": (None, "vrrp check a file /tmp/x", None),
    "check with a slash in its name": (None, "vrrp check a/b icmp 192.0.2.9", "letters, digits"),
    "track of a relative path": (INTERFACE, "vrrp 10 track file tmp/a", "begin with /"),
    "track of a path with a quote": (INTERFACE, "vrrp 10 track file /a'b", "quote"),
    "track of the root": (INTERFACE, "vrrp 10 track file /", "of no file"),
    "track of a path that cannot be printed": (
        INTERFACE,
        "vrrp 10 track file /a\x7f",
        "printable ASCII",
    ),
    "track of an interface that can have no such name": (
        INTERFACE,
        "vrrp 10 track interface a/b",
        "no slash",
    ),
    "track of an interface with a name that is too long": (
        INTERFACE,
        f"vrrp 10 track interface {'x' * 16}",
        "15 characters",
    ),
    "track of a check with a name that is too long": (
        INTERFACE,
        f"vrrp 10 track check {'x' * 64}",
        "63 characters",
    ),
    "track of a check with a slash in its name": (
        INTERFACE,
        "vrrp 10 track check a/b",
        "letters, digits",
    ),
    "track of a service with a slash in its name": (
        INTERFACE,
        "vrrp 10 track service a/b",
        "letters, digits",
    ),
    "track in a VRF that can have no such name": (
        INTERFACE,
        "vrrp 10 track route 198.51.100.0/24 vrf a/b",
        "name of a VRF",
    ),
    "track of the link of drains": (
        INTERFACE,
        "vrrp 10 track interface vip-drain",
        "there for virtual addresses",
    ),
    "check of a link-local address": (None, "vrrp check a icmp fe80::1", "not link-local"),
    "key chain that can have no such name": (
        INTERFACE,
        "vrrp 10 authentication key-chain a\x7f",
        "authentication key-chain: a name is printable",
    ),
    "BFD profile that cannot be printed": (
        INTERFACE,
        "vrrp 10 bfd profile a\x7f",
        "bfd profile: a name is printable",
    ),
    "sync group that cannot be printed": (
        INTERFACE,
        "vrrp 10 sync-group a\x7f",
        "sync-group: a name is printable",
    ),
    "metrics in a file that cannot be printed": (None, "vrrp metrics file /a\x7f.prom", "printable"),
    "metrics in a file of another kind": (None, "vrrp metrics file /tmp/a.txt", ".prom"),
    "events at a path that cannot be printed": (None, "vrrp events socket /a\x7f", "printable"),
    "events at a path that is too long": (
        None,
        f"vrrp events socket /{'x' * 107}",
        "107 characters",
    ),
    "synchronisation on what can be no interface": (
        None,
        "ipvs sync-daemon interface a/b",
        "no slash",
    ),
    "service with a slash in its name": (None, "ipvs service a/b tcp 192.0.2.9 80", "letters, digits"),
    "service with a name that is too long": (
        None,
        f"ipvs service {'x' * 64} tcp 192.0.2.9 80",
        "63 characters",
    ),
    "VRID 0": (INTERFACE, "vrrp 0", None),
    "VRID 256": (INTERFACE, "vrrp 256", None),
    "own address among the peers": (INTERFACE, f"vrrp 10 peer {R1}", R1),
    "source among the peers": (INTERFACE, f"vrrp 10 source {PEER}", PEER),
    "peer that is the VIP": (INTERFACE, f"vrrp 10 peer {VIP}", VIP),
    "multicast address as peer": (INTERFACE, "vrrp 10 peer 224.0.0.18", "224.0.0.18"),
    "broadcast address as peer": (INTERFACE, "vrrp 10 peer 192.0.2.255", "whole subnet"),
    "network as peer": (INTERFACE, "vrrp 10 peer 198.51.100.0", "whole subnet of r1-p2"),
    "VIP that is a real address here": (
        INTERFACE,
        "vrrp 10 ip 198.51.100.1",
        "198.51.100.1",
    ),
    "same VIP in two groups": (INTERFACE, f"vrrp 11 ip {VIP}", VIP),
    "BFD profile that can have no such name": (
        INTERFACE,
        f"vrrp 10 bfd profile {'x' * 64}",
        "63 characters",
    ),
    "description that is too long": (
        INTERFACE,
        f"vrrp 10 description {'x' * 81}",
        "80 characters",
    ),
    "description that cannot be printed": (INTERFACE, "vrrp 10 description a\x7fb", "ASCII"),
    "sync group with a name that is too long": (
        INTERFACE,
        f"vrrp 10 sync-group {'x' * 33}",
        "32 characters",
    ),
    "IPv6 in version 2": (INTERFACE, "vrrp 12 peer 2001:db8:1::2", "2001:db8:1::2"),
    "VIP interface of another kind": ("", "vrrp vip-interface r1-p2", "r1-p2"),
    "VIP interface that can have no such name": ("", "vrrp vip-interface a/b", "no slash"),
    "VIP interface of two VRFs": ("", "vrrp vip-interface vip0 vrf red", "VRF default"),
    "VIP interface that is somebody's in another VRF": (
        "",
        "vrrp vip-interface spare0 vrf green",
        "not in VRF green",
    ),
    "VIP interface of drains": ("", "vrrp vip-interface vip-drain7 vrf red", "in a drain"),
    "route table of two VRFs": ("", "vrrp route-table 112 vrf red", "VRF default"),
    "route table of the kernel, in a VRF": ("", "vrrp route-table 254 vrf red", "254"),
    "VRF that can have no such name": ("", "vrrp route-table 113 vrf a/b", "vrf a/b"),
    "lease of one second": ("", "vrrp address-lease 1", "address-lease 1"),
    "interval that is no multiple of 10 ms": (
        INTERFACE,
        "vrrp 10 advertisement-interval 105",
        "105",
    ),
}


def assert_refused(r1, *lines, named):
    """Exit status, message, and a running configuration that did not move."""
    before = r1.running_config()
    status, output = r1.vtysh("configure terminal", *lines)
    assert status != 0, f"'{lines[-1]}' was accepted: {output}"
    assert named is None or named in output, f"'{named}' is not named in: {output}"
    assert r1.running_config() == before


@pytest.mark.parametrize("case", REFUSED)
def test_refused_with_a_sentence_naming_the_object(r1, case):
    """For what is wrong in itself, and for what is wrong here."""
    where, line, named = REFUSED[case]
    prepare = ["vrrp 12 version 2"] if "vrrp 12" in line else []
    if prepare:
        r1.configure(INTERFACE, *prepare)
    node = [where] if where else []
    assert_refused(r1, *node, line, named=named)
    if prepare:
        r1.configure(INTERFACE, "no vrrp 12")


# Accepted from a file, since what is there at a boot may be another thing than what is there now.
LATER = (
    "own address among the peers",
    "VIP that is a real address here",
    "broadcast address as peer",
    "network as peer",
    "VIP interface of another kind",
    "VIP interface that is somebody's in another VRF",
    "command at no such path",
    "command that is a folder",
    "check by authorities that are not there",
    "check by authorities in a file that is secret",
)


def test_wrong_lines_in_a_file_cost_nothing_but_themselves(r1):
    """All of them in one file, which is one transaction; the last line is good."""
    before = r1.running_config()
    path = f"{r1.log_directory}/wrong.conf"
    with open(path, "w", encoding="ascii") as file:
        file.write(f"{INTERFACE}\n vrrp 12 version 2\nexit\n")
        for case, (where, line, _) in REFUSED.items():
            if case not in LATER:
                file.write(f"{where}\n {line}\nexit\n" if where else f"{line}\n")
        file.write(f"{INTERFACE}\n vrrp 14 priority 77\nexit\n")
    status, output = r1.run(f"vtysh -f {path}")
    assert status != 0
    said = [words for case, (_, _, words) in REFUSED.items() if words and case not in LATER]
    assert not [words for words in said if words not in output], output
    added = [line for line in r1.running_config() if line not in before]
    r1.configure(INTERFACE, "no vrrp 12", "no vrrp 14")
    assert added == [" vrrp 12 version 2", " vrrp 14", " vrrp 14 priority 77"]
    assert r1.running_config() == before


@pytest.mark.parametrize(
    "lines",
    (
        ("priority 255", "track interface lo decrement 5"),
        ("track interface lo decrement 5", "priority 255"),
    ),
)
def test_owner_with_a_decrement_is_refused(r1, lines):
    """Whichever of the two lines comes last: 255 is never lowered."""
    first, second = lines
    r1.configure(INTERFACE, "vrrp 14", f"vrrp 14 {first}")
    assert_refused(r1, INTERFACE, f"vrrp 14 {second}", named="never lowered")
    r1.configure(INTERFACE, "no vrrp 14")


@pytest.mark.parametrize("sync", ("sync-group fw", "sync-families"))
@pytest.mark.parametrize("owner_is_first", (True, False))
def test_owner_in_a_sync_group_is_refused(r1, sync, owner_is_first):
    """Whichever of the two lines comes last: an owner is Active whatever the others are."""
    lines = ("priority 255", sync) if owner_is_first else (sync, "priority 255")
    r1.configure(INTERFACE, f"vrrp 14 {lines[0]}")
    assert_refused(r1, INTERFACE, f"vrrp 14 {lines[1]}", named="sync group")
    r1.configure(INTERFACE, "no vrrp 14")


@pytest.mark.parametrize(
    "line",
    ("priority 255", "sync-group fw", "sync-families", "announce when healthy", "preempt settle 5"),
)
@pytest.mark.parametrize("witness_is_first", (True, False))
def test_what_a_witness_excludes_is_refused(r1, line, witness_is_first):
    """Whichever of the two lines comes last: two routers could have the VIPs."""
    lines = ("witness 192.0.2.99", line) if witness_is_first else (line, "witness 192.0.2.99")
    r1.configure(INTERFACE, f"vrrp 14 {lines[0]}")
    assert_refused(r1, INTERFACE, f"vrrp 14 {lines[1]}", named="witness")
    r1.configure(INTERFACE, "no vrrp 14")


@pytest.mark.parametrize(
    "address,named",
    (
        ("224.0.0.18", "multicast"),
        ("127.0.0.1", "loopback"),
        ("fe80::1", "link-local"),
        ("192.0.2.98", "peer"),
        ("203.0.113.98", "virtual address"),
        (f"192.0.2.99 name {'n' * 33}", "32 characters"),
    ),
)
def test_witness_that_cannot_be_one_is_refused(r1, address, named):
    """By what it is instead."""
    r1.configure(INTERFACE, "vrrp 14 peer 192.0.2.98", "vrrp 14 ip 203.0.113.98")
    assert_refused(r1, INTERFACE, f"vrrp 14 witness {address}", named=named)
    r1.configure(INTERFACE, "no vrrp 14")


def test_more_voters_than_can_be_counted_are_refused(r1):
    """Whether a witness or a peer is the last; those of the other family are counted apart."""
    peers = [f"vrrp 14 peer 192.0.2.{100 + i}" for i in range(16)]
    r1.configure(INTERFACE, *peers)
    assert_refused(r1, INTERFACE, "vrrp 14 witness 192.0.2.99", named="too many")
    r1.configure(INTERFACE, f"no {peers[0]}", "vrrp 14 witness 2001:db8:9::1 192.0.2.99")
    assert_refused(r1, INTERFACE, peers[0], named="too many")
    assert_refused(r1, INTERFACE, "vrrp 14 witness 192.0.2.99 192.0.2.98", named="too many")
    r1.configure(INTERFACE, "no vrrp 14")


def test_vip_whose_route_is_tracked_is_refused(r1):
    """Whichever of the two lines comes last: nobody could ever become Active for it."""
    r1.configure(INTERFACE, "vrrp 10 track route 203.0.113.99/32 decrement 1")
    try:
        assert_refused(r1, INTERFACE, "vrrp 10 ip 203.0.113.99", named="track route")
    finally:
        r1.configure(INTERFACE, "no vrrp 10 track route 203.0.113.99/32")
    r1.configure(INTERFACE, "vrrp 10 ip 203.0.113.99")
    r1.configure(INTERFACE, "no vrrp 10 ip 203.0.113.99")


def test_vip_whose_route_a_file_tracks_is_refused_alone(r1):
    """The other lines of the file count, though all of them are one transaction."""
    vip = "203.0.113.97"
    path = f"{r1.log_directory}/tracked.conf"
    with open(path, "w", encoding="ascii") as file:
        file.write(f"{INTERFACE}\n vrrp 14 track route {vip}/32\n vrrp 14 ip {vip}\n")
        file.write(" vrrp 14 priority 77\nexit\n")
    try:
        status, output = r1.run(f"vtysh -f {path}")
        assert status != 0 and f"virtual address {vip}: a group tracks its route" in output, output
        lines = [line for line in r1.running_config() if line.startswith(" vrrp 14")]
        assert lines == [" vrrp 14", " vrrp 14 priority 77", f" vrrp 14 track route {vip}/32"]
    finally:
        r1.configure(INTERFACE, "no vrrp 14")


def test_no_line_for_an_object_that_cannot_be_does_nothing(r1):
    """As one for an object that is not there."""
    before = r1.running_config()
    for what in ("file /", "file relative", f"interface {'x' * 16}", "check a/b"):
        r1.configure(INTERFACE, f"no vrrp 10 track {what}")
    assert r1.running_config() == before


@pytest.mark.parametrize(
    "line", ("announce when healthy", "announce standby metric 100", "preempt settle 500")
)
def test_placement_that_a_file_has_beside_what_is_off_the_lan_is_refused_alone(r1, line):
    """The file is one transaction, and loses that line only."""
    path = f"{r1.log_directory}/placement.conf"
    with open(path, "w", encoding="ascii") as file:
        file.write(f"{INTERFACE}\n vrrp 14 peer 192.0.2.2\n vrrp 14 {line}\n")
        file.write(" vrrp 14 placement vmac\n vrrp 14 priority 77\nexit\n")
    try:
        status, output = r1.run(f"vtysh -f {path}")
        assert status != 0 and "off the LAN" in output, output
        lines = [typed for typed in r1.running_config() if typed.startswith(" vrrp 14")]
        assert " vrrp 14 priority 77" in lines and " vrrp 14 placement vmac" not in lines
    finally:
        r1.configure(INTERFACE, "no vrrp 14")


MARKER = "203.0.113.128/26"
TWO_LINES = {
    "track of the own marker": (
        (INTERFACE, f"vrrp 14 announce marker {MARKER}"),
        (INTERFACE, f"vrrp 14 track route {MARKER}"),
        ("the group's own marker", "remove 'track route' first"),
    ),
    "track of what becomes the VIP interface": (
        ("vrrp vip-interface vip7",),
        (INTERFACE, "vrrp 14 track interface vip7"),
        ("this is the VIP interface", "a group tracks it"),
    ),
}


@pytest.mark.parametrize("order", (0, 1))
@pytest.mark.parametrize("case", TWO_LINES)
def test_lines_that_exclude_one_another(r1, case, order):
    """Whichever of the two comes last is refused."""
    *lines, named = TWO_LINES[case]
    first, last = lines if order == 0 else lines[::-1]
    r1.configure(INTERFACE, "vrrp 14")
    r1.configure(*first)
    try:
        assert_refused(r1, *last, named=named[order])
    finally:
        r1.configure("no vrrp vip-interface", INTERFACE, "no vrrp 14")


def test_vip_interface_that_is_the_default_again_is_refused_while_tracked(r1):
    """It is a change as any other."""
    r1.configure("vrrp vip-interface vip7", INTERFACE, "vrrp 14 track interface vip0")
    assert_refused(r1, "no vrrp vip-interface", named="vip-interface vip0: a group tracks it")
    r1.configure(INTERFACE, "no vrrp 14", "no vrrp vip-interface")


@pytest.mark.parametrize(
    "line",
    ("drain 5", "preempt settle 5", "announce standby metric 5", "announce when healthy"),
)
def test_what_is_not_for_a_lan_is_warned_of_before_a_peer_is_there(r1, line):
    """Without a peer the group is on a LAN, but a peer may be typed next."""
    words = f"{line.rstrip(' 5').removesuffix(' metric')} has no effect until the group has a peer"
    try:
        assert words in r1.configure(INTERFACE, f"vrrp 14 {line}")
        assert words not in r1.configure(INTERFACE, f"vrrp 15 peer {PEER}", f"vrrp 15 {line}")
    finally:
        r1.configure(INTERFACE, "no vrrp 14", "no vrrp 15")


def test_check_from_a_vip_is_accepted_with_a_warning(r1):
    """It works, but only where the group is Active."""
    words = f"its source {VIP} is a virtual address of vrrp r1-p1 10"
    try:
        assert words in r1.configure(f"vrrp check own icmp {PEER} source {VIP}")
        assert words not in r1.configure(f"vrrp check own icmp {PEER} source {R1}")
    finally:
        r1.configure("no vrrp check own")


def test_marker_that_is_a_subnet_of_this_host_is_accepted_with_a_warning(r1):
    """Nothing is wrong with it, but it says nothing of who is Active."""
    output = r1.configure(INTERFACE, "vrrp 14 announce marker 198.51.100.0/24")
    r1.configure(INTERFACE, "no vrrp 14")
    assert "marker 198.51.100.0/24 is a subnet of this host, on r1-p2" in output


def test_marker_that_is_never_announced_is_accepted_with_a_warning(r1):
    """Its group has no virtual address of that family, but it may be typed next."""
    words = "is not announced until the group has an IPv6 virtual address"
    line = "vrrp 14 announce marker 2001:db8:ff::/64"
    try:
        assert words in r1.configure(INTERFACE, "vrrp 14 ip 203.0.113.95", line)
        assert words not in r1.configure(INTERFACE, "vrrp 14 ipv6 2001:db8:fe::1", line)
    finally:
        r1.configure(INTERFACE, "no vrrp 14")


@pytest.mark.parametrize(
    "line",
    ("drain 5", "preempt settle 5", "announce standby metric 5", "announce when healthy"),
)
@pytest.mark.parametrize("lan_is_first", (True, False))
def test_what_is_not_for_a_lan_is_refused(r1, line, lan_is_first):
    """Whichever of the two lines comes last: two routers would have the VIP."""
    lines = ("placement vmac", line) if lan_is_first else (line, "placement vmac")
    r1.configure(INTERFACE, f"vrrp 14 {lines[0]}")
    assert_refused(r1, INTERFACE, f"vrrp 14 {lines[1]}", named="off the LAN")
    r1.configure(INTERFACE, "no vrrp 14")


STANDBY = ("announce metric 20", "announce standby metric 20")


@pytest.mark.parametrize("lines", (STANDBY, STANDBY[::-1]))
def test_standby_route_that_is_not_worse_is_refused(r1, lines):
    """Whichever of the two lines comes last."""
    r1.configure(INTERFACE, f"vrrp 14 {lines[0]}")
    assert_refused(r1, INTERFACE, f"vrrp 14 {lines[1]}", named="above that of the Active router")
    r1.configure(INTERFACE, "no vrrp 14")


@pytest.mark.parametrize(
    "marker, named",
    (
        ("198.51.100.129/25", "do you mean 198.51.100.128/25"),
        ("2001:db8:ff::1/64", "do you mean 2001:db8:ff::/64"),
        ("0.0.0.0/0", "the default route itself"),
        ("::/0", "the default route itself"),
        ("224.0.0.0/8", "multicast"),
        ("240.0.0.0/8", "reserved range"),
        ("ff02::/16", "multicast"),
        ("169.254.7.0/24", "link-local"),
        ("fe80::/64", "link-local"),
        ("127.0.0.0/8", "loopback"),
        ("203.0.113.97/32", "is a virtual address of vrrp r1-p1 14"),
        ("203.0.113.98/32", "is that of vrrp r1-p1 15 already"),
    ),
)
def test_marker_that_cannot_be_one_is_refused(r1, marker, named):
    """Nobody could announce it, or it is taken; the command line says why."""
    r1.configure(INTERFACE, "vrrp 14 ip 203.0.113.97", "vrrp 15 announce marker 203.0.113.98/32")
    try:
        assert_refused(r1, INTERFACE, f"vrrp 14 announce marker {marker}", named=named)
    finally:
        r1.configure(INTERFACE, "no vrrp 14", "no vrrp 15")


def test_vip_that_is_a_marker_is_refused(r1):
    """The other way round."""
    r1.configure(INTERFACE, "vrrp 14 announce marker 203.0.113.96/32")
    try:
        assert_refused(r1, INTERFACE, "vrrp 15 ip 203.0.113.96", named="is the marker of vrrp")
        assert_refused(r1, INTERFACE, "vrrp 14 ip 203.0.113.96", named="is the marker of vrrp")
    finally:
        r1.configure(INTERFACE, "no vrrp 14", "no vrrp 15")


def test_ipv6_marker_of_version_2_is_refused(r1):
    """Whichever of the two lines comes last."""
    lines = ("vrrp 14 version 2", "vrrp 14 announce marker 2001:db8:ff::/64")
    for first, last in (lines, lines[::-1]):
        r1.configure(INTERFACE, first)
        assert_refused(r1, INTERFACE, last, named="IPv6")
        r1.configure(INTERFACE, "no vrrp 14")


HEALTHY = ("announce when healthy", "announce standby metric 20")


@pytest.mark.parametrize("lines", (HEALTHY, HEALTHY[::-1]))
def test_standby_route_of_a_router_that_serves_as_backup_is_refused(r1, lines):
    """Whichever of the two lines comes last."""
    r1.configure(INTERFACE, f"vrrp 14 {lines[0]}")
    assert_refused(r1, INTERFACE, f"vrrp 14 {lines[1]}", named="exclude one another")
    r1.configure(INTERFACE, "no vrrp 14")


def test_no_preempt_takes_settle_with_it(r1):
    """No line could show it without preemption."""
    r1.configure(INTERFACE, "vrrp 14 preempt settle 5")
    r1.configure(INTERFACE, "no vrrp 14 preempt")
    assert not [line for line in r1.running_config() if "settle" in line]
    r1.configure(INTERFACE, "no vrrp 14")


# Load balancing, beside these lines.
SERVICES = (
    "ipvs service web tcp 203.0.113.99 80",
    "ipvs service web server 192.0.2.11 80",
    "ipvs service dns udp 203.0.113.99 53",
    "ipvs service marked fwmark 7",
    "ipvs service marked scheduler sh",
    "ipvs service marked server 192.0.2.11 0",
)
MIXED = "ipvs service web server 2001:db8:1::11 80 forwarding tunnel"
WEB = "ipvs service web:"
REFUSED_SERVICES = {
    "unknown scheduler": ("ipvs service web scheduler best", None),
    "unknown protocol": ("ipvs service web icmp 203.0.113.99 80", None),
    "service port 0": ("ipvs service new tcp 203.0.113.98 0", None),
    "line for a service that is not there": (
        "ipvs service new scheduler rr",
        "ipvs service new:",
    ),
    "name with a quote": ("ipvs service we'b tcp 203.0.113.98 80", "we'b"),
    "name too long": (
        f"ipvs service {'n' * 64} tcp 203.0.113.98 80",
        "63 characters",
    ),
    "socket of another service": (
        "ipvs service new tcp 203.0.113.99 80",
        "ipvs service web",
    ),
    "mark of another service": ("ipvs service new fwmark 7", "ipvs service marked"),
    "multicast service": ("ipvs service new udp 224.0.0.18 53", "224.0.0.18"),
    "loopback service": ("ipvs service new tcp 127.0.0.1 80", "127.0.0.1"),
    "unspecified service": ("ipvs service new tcp :: 80", "unspecified"),
    "link-local service": ("ipvs service new tcp fe80::1 80", "fe80::1"),
    "flags of another scheduler": (
        "ipvs service web scheduler rr fallback",
        f"{WEB} scheduler rr",
    ),
    "one-packet with TCP": ("ipvs service web one-packet", f"{WEB} one-packet"),
    "other family without a tunnel": (
        "ipvs service web server 2001:db8:1::11 80",
        f"{WEB} server 2001:db8:1::11 80",
    ),
    "direct routing to another port": (
        "ipvs service web server 192.0.2.12 8080",
        f"{WEB} server 192.0.2.12 8080",
    ),
    "tunnel to another port": (
        "ipvs service web server 192.0.2.12 8080 forwarding tunnel",
        f"{WEB} server 192.0.2.12 8080",
    ),
    "service port that a direct server has not": (
        "ipvs service web tcp 203.0.113.99 81",
        f"{WEB} server 192.0.2.11 80",
    ),
    "GUE without a port": (
        "ipvs service web server 192.0.2.12 80 forwarding tunnel encapsulation gue",
        None,
    ),
    "encapsulation without a tunnel": (
        "ipvs service web server 192.0.2.12 80 encapsulation gre",
        f"{WEB} server 192.0.2.12 80",
    ),
    "lower threshold above the upper": (
        "ipvs service web server 192.0.2.12 80 upper-threshold 5 lower-threshold 6",
        f"{WEB} server 192.0.2.12 80: lower-threshold",
    ),
    "lower threshold alone": (
        "ipvs service web server 192.0.2.12 80 lower-threshold 6",
        f"{WEB} server 192.0.2.12 80: lower-threshold",
    ),
    "multicast server": (
        "ipvs service web server 224.0.0.18 80",
        f"{WEB} server 224.0.0.18 80",
    ),
    "sorry server that is a server": (
        "ipvs service web sorry-server 192.0.2.11 80",
        f"{WEB} sorry-server 192.0.2.11 80",
    ),
    "sorry server of the other family": (
        "ipvs service web sorry-server 2001:db8:1::11 80",
        f"{WEB} sorry-server 2001:db8:1::11 80",
    ),
    "path that does not begin with /": ("ipvs service web check http x", WEB),
    "port of ICMP": ("ipvs service web check icmp port 80", None),
    "DNS check of a server without a port": (
        "ipvs service marked server 192.0.2.11 0 check dns .",
        "ipvs service marked: server 192.0.2.11 0: check dns",
    ),
    "DNS check of no name": ("ipvs service web check dns a..b", f"{WEB} check dns"),
    "slow start with a scheduler that does not weigh": (
        "ipvs service marked slow-start 10",
        "ipvs service marked: slow-start",
    ),
    "status out of range": ("ipvs service web check http / status 99", f"{WEB} check http: status"),
    "authorities that are not there": (
        "ipvs service web check https / ca-file /none",
        f"{WEB} check https: ca-file",
    ),
    "payload of half an octet": ("ipvs service web check udp payload 1", f"{WEB} check udp"),
    "reply of no octet": ("ipvs service web check udp reply zz", f"{WEB} check udp"),
    "port 0 of a check": ("ipvs service web check udp port 0", None),
    "SMTP check that tells a name that is too long": (
        f"ipvs service web check smtp helo {'x' * 256}",
        f"{WEB} check smtp",
    ),
    "command that is not there": (
        "ipvs service web check command /none",
        f"{WEB} check command: there is no such file",
    ),
    "command at a relative path": ("ipvs service web check command true", f"{WEB} check command"),
    "command with arguments that cannot be printed": (
        "ipvs service web check command /bin/true arguments \x7f",
        f"{WEB} check command: arguments",
    ),
    "file at a relative path": ("ipvs service web check file x", f"{WEB} check file"),
    "file that is the root": ("ipvs service web check file /", f"{WEB} check file"),
    "port of a file": ("ipvs service web check file /tmp/x port 80", None),
    "TCP check of a server without a port": (
        "ipvs service marked server 192.0.2.11 0 check tcp",
        "ipvs service marked: server 192.0.2.11 0",
    ),
    "check of a server that is not there": (
        "ipvs service web server 192.0.2.12 80 check tcp",
        f"{WEB} it has no server 192.0.2.12 80",
    ),
}


@pytest.fixture(name="services", scope="module")
def fixture_services():
    """r1 with some services."""
    r1 = NODES["r1"]
    r1.configure(*SERVICES)
    yield r1
    r1.configure(*(f"no {line}" for line in SERVICES))


@pytest.mark.parametrize("case", REFUSED_SERVICES)
def test_service_refused_with_a_sentence_naming_the_object(services, case):
    """Values that the kernel would refuse with the same errno for all, or accept and ignore."""
    line, named = REFUSED_SERVICES[case]
    assert_refused(services, line, named=named)


def test_both_families_and_connection_synchronisation_exclude_each_other(services):
    """The kernel cannot tell other routers of connections to the other family."""
    services.configure(MIXED)
    assert_refused(services, "ipvs sync-daemon interface r1-p1", named="2001:db8:1::11")
    services.configure(f"no {MIXED}", "ipvs sync-daemon interface r1-p1")
    assert_refused(services, MIXED, named=f"{WEB} server 2001:db8:1::11 80")
    services.configure("no ipvs sync-daemon")


def test_direct_routing_to_no_link_of_ours_is_accepted_with_a_warning(services):
    """Routes may change; until they do, show ipvs says it too."""
    line = "ipvs service web server 192.0.2.200 80"
    far = "ipvs service web server 203.0.113.200 80"
    status, output = services.vtysh("configure terminal", line)
    assert (status, "Warning" in output) == (0, False), output
    status, output = services.vtysh("configure terminal", far)
    assert status == 0 and f"{WEB} server 203.0.113.200 80" in output, output
    web = services.show_json("vrrpd", "show ipvs web json")["services"][0]
    assert [warning for warning in web["warnings"] if "203.0.113.200" in warning]
    services.configure(f"no {far}", f"no {line}")


def test_bfd_without_a_peer_is_accepted_with_a_warning(r1):
    """On a LAN there is nobody to have a session with; off it, a peer may be typed next."""
    words = "bfd has no effect on a group without a peer"
    try:
        output = r1.configure(
            INTERFACE, "vrrp 15 placement interface", "vrrp 15 ip 192.0.2.8", "vrrp 15 bfd"
        )
        assert words in output
        wait_for(
            "show vrrp warns as well",
            lambda: differs(r1.family("v4", 15).get("warnings"), [words]),
        )
        assert words not in r1.configure(INTERFACE, "vrrp 16 bfd profile a strict")
    finally:
        r1.configure(INTERFACE, "no vrrp 15", "no vrrp 16")


def test_vip_inside_a_connected_subnet_is_accepted_with_a_warning(r1):
    """It works, but hosts of that subnet look for it on their link."""
    status, output = r1.vtysh(
        "configure terminal",
        INTERFACE,
        "vrrp 13 peer 192.0.2.2",
        "vrrp 13 ip 198.51.100.50",
    )
    assert status == 0, output
    assert "198.51.100.50" in output and "r1-p2" in output, f"no warning: {output}"
    assert any("vrrp 13 ip 198.51.100.50" in line for line in r1.running_config())
    r1.configure(INTERFACE, "no vrrp 13")


def test_owners_address_on_the_interface_too_is_accepted_with_a_warning(r1):
    """It works, but hosts hear of two MAC addresses."""
    status, output = r1.vtysh(
        "configure terminal", INTERFACE, "vrrp 14 priority 255", f"vrrp 14 ip {OWNED}"
    )
    try:
        assert status == 0, output
        assert OWNED in output and "r1-p1" in output, f"no warning: {output}"
        assert any(OWNED in warning for warning in r1.family("v4", 14)["warnings"])
    finally:
        r1.configure(INTERFACE, "no vrrp 14")


# Packets


def good(source=PEER, **wrong):
    """An advertisement of VRID 10 with a lower priority than r1's."""
    return packet.advert(source, R1, wrong.pop("vrid", 10), 50, [VIP], **wrong)


BAD_PACKETS = {
    "versionErrors": (PEER, lambda: good(version=4)),
    "invalidTypePktsRcvd": (PEER, lambda: good(kind=2)),
    "packetLengthErrors": (PEER, lambda: good()[:7]),
    "checksumErrors": (PEER, lambda: good(checksum=0x1234)),
    "vridErrors": (PEER, lambda: good(vrid=99)),
    "peerSourceErrors": (STRANGER, lambda: good(source=STRANGER)),
    "addressCountErrors": (PEER, lambda: packet.advert(PEER, R1, 10, 50, [])),
    "intervalErrors": (PEER, lambda: good(interval_cs=0)),
}
LENGTHS = {
    "count beyond the packet": lambda: good(count=3),
    "packet beyond the count": lambda: good() + b"\0" * 8,
    "oversized": lambda: good() + b"\0" * 1400,
    "one octet": lambda: b"\x31",
}


def total(statistics, key):
    """The sum of all counters of that name, wherever they are in the JSON."""
    if isinstance(statistics, dict):
        return sum(
            value if name == key else total(value, key)
            for name, value in statistics.items()
            if isinstance(value, (dict, list)) or name == key
        )
    if isinstance(statistics, list):
        return sum(total(item, key) for item in statistics)
    return 0


def counter(r1, key):
    """One verdict's count over all of r1."""
    return total(r1.show_json("vrrpd", "show vrrp statistics json"), key)


def assert_counted(r1, key, source, payload):
    """The packet is counted once under its verdict, and r1 stays as it was."""
    before, state = counter(r1, key), (r1.state(), r1.transitions())
    packet.send(NODES["p1"], source, R1, payload)
    wait_for(
        f"{key} goes from {before} to {before + 1}",
        lambda: differs(counter(r1, key), before + 1),
        timeout=20,
    )
    assert (r1.state(), r1.transitions()) == state


@pytest.mark.parametrize("key", BAD_PACKETS)
def test_bad_packet_is_counted_by_verdict(r1, key):
    """Each verdict has its own counter."""
    source, payload = BAD_PACKETS[key]
    assert_counted(r1, key, source, payload())


@pytest.mark.parametrize("what", LENGTHS)
def test_packet_whose_length_does_not_fit_is_counted(r1, what):
    """Truncated and oversized packets of any kind."""
    assert_counted(r1, "packetLengthErrors", PEER, LENGTHS[what]())


def test_packet_from_further_away_than_ttl_security_allows_is_counted(r1):
    """ttl-security hops 1 accepts 255 alone."""
    r1.configure(INTERFACE, "vrrp 10 ttl-security hops 1")
    before = counter(r1, "ipTtlErrors")
    packet.send(NODES["p1"], PEER, R1, good(), ttl=253)
    wait_for(
        f"ipTtlErrors goes from {before} to {before + 1}",
        lambda: differs(counter(r1, "ipTtlErrors"), before + 1),
    )
    said = "its TTL is 253, and ttl-security hops 1 accepts 255 and more"
    wait_for(f"'{said}' is logged", lambda: None if said in r1.log() else r1.log())
    r1.configure(INTERFACE, "no vrrp 10 ttl-security")


def test_strangers_priority_255_does_not_demote_the_active(r1):
    """keepalived's known weakness: the source check is opt-in there."""
    payload = packet.advert(STRANGER, R1, 10, 255, [VIP])
    assert_counted(r1, "peerSourceErrors", STRANGER, payload)


def test_good_packet_is_counted_as_received(r1):
    """So that the counts above mean something: the right packet is accepted."""
    before = r1.family("v4")["stats"]["adverRx"]
    packet.send(NODES["p1"], PEER, R1, good())
    wait_for(
        "adverRx grows by one",
        lambda: differs(r1.family("v4")["stats"]["adverRx"], before + 1),
    )


def test_clear_vrrp_statistics_sets_all_counters_to_zero(r1):
    """And the next packet counts from there."""
    packet.send(NODES["p1"], PEER, R1, good(checksum=0x1234))
    wait_for(
        "checksumErrors is counted",
        lambda: differs(bool(counter(r1, "checksumErrors")), True),
    )
    r1.must_run("vtysh -c 'clear vrrp statistics'")
    assert counter(r1, "checksumErrors") == 0
