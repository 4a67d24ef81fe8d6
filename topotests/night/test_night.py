# SPDX-License-Identifier: GPL-2.0-or-later
# needs: ifb nft ns veth
# timeout: 900
"""
What doc/user/night.md quotes is what the program says.

Each row of its tables begins with a sentence and the command that prints it. The fault that the
row is about is made on a running router, the command is typed until it says so, and the fault is
taken away again, after which all is well.

    r1 eth0 --- eth0 p1, which has the peer's address, and sends what it should not
"""
import os
import re
import signal

import pytest

from helpers import packet
from helpers.namespace import Namespace, link
from helpers.recipe import ROOT
from helpers.wait import differs, stays, wait_for

R1, P1 = Namespace("r1"), Namespace("p1")
OURS, PEER, GATEWAY, STRANGER = "192.0.2.1", "198.51.100.1", "192.0.2.62", "192.0.2.61"
WAY = f"198.51.100.0/26 via {GATEWAY}"
VIP, VIP2, LAN_VIP = "203.0.113.10", "203.0.113.11", "192.0.2.60"
INTERFACE = "interface eth0"
ROW = re.compile(r"^\| `([^`]+)` \| `([^`]+)` \|", re.MULTILINE)


def rows():
    """[(what it says, the command)] of the document."""
    with open(os.path.join(ROOT, "doc/user/night.md"), encoding="utf-8") as file:
        return ROW.findall(file.read())


def setup_module():
    """A cable, mgmtd, zebra and vrrpd."""
    for machine in (R1, P1):
        machine.build()
    link("eth0", R1, "eth0", P1)
    R1.must_run(f"ip address add {OURS}/26 dev eth0; ip route add {WAY}")
    R1.add_vip0()
    P1.must_run(
        f"ip address add {GATEWAY}/26 dev eth0; ip address add {STRANGER}/26 dev eth0;"
        f"ip address add {PEER}/32 dev lo"
    )
    R1.start("mgmtd", "zebra")
    R1.configure_all(f"ip router-id {OURS}")
    R1.start("vrrpd")
    group("priority 200", "advertisement-interval 100", f"peer {PEER}", f"ip {VIP}")


def teardown_module():
    """Nothing is left."""
    for machine in (R1, P1):
        machine.demolish()


def group(*lines):
    """Types lines of the group; those that begin with "no" as well."""
    words = (re.sub(r"^(no )?", r"\1vrrp 10 ", line) for line in lines)
    R1.configure(INTERFACE, *words)


def hear(priority=50, vips=(VIP,), source=PEER, vrid=10, ttl=255, **wrong):
    """p1 advertises as many times as a router that stays Active."""
    octets = packet.advert(source, OURS, vrid, priority, vips, **wrong)
    for _ in range(5):
        packet.send(P1, source, OURS, octets, ttl)


def on_r1(command):
    """A fault that a shell command makes."""
    return lambda: R1.run(command)


def typed(*lines):
    """A fault, or its cure, that is configured in the group."""
    return lambda: group(*lines)


def far_away():
    """p1 is, and r1 wants it to be near."""
    group("ttl-security hops 1")
    hear(ttl=64)


def without_peer():
    """A group of the LAN, of which p1 says that it is unicast."""
    R1.configure(INTERFACE, "vrrp 20 placement interface", f"vrrp 20 ip {LAN_VIP}")
    hear(vips=(LAN_VIP,), vrid=20)


def no_echo():
    """p1 answers none, and r1 enters the election anew."""
    P1.must_run("sysctl -qw net.ipv4.icmp_echo_ignore_all=1")
    enter_anew()


def denied():
    """zebra takes no route of a table, and is asked anew."""
    R1.configure_all("route-map DENY deny 10")
    R1.configure_all("ip protocol table route-map DENY")
    enter_anew()


def permitted():
    """The reverse."""
    R1.configure_all("no ip protocol table route-map DENY")
    R1.configure_all("no route-map DENY")
    enter_anew()


def enter_anew():
    """r1 leaves the election and enters it."""
    group("shutdown", "no shutdown")


def nothing():
    """The cure for packets: what they tell of is over by itself, perhaps before it is seen."""


# what it says: (the fault, its cure)
FAULTS = {
    "vrrp eth0 10 IPv4: two-active": (hear, nothing),
    f"{PEER} stays Active beside us: it does not seem to hear us": (hear, nothing),
    "there is no way to any peer": (
        on_r1(f"ip route delete {WAY}"),
        on_r1(f"ip route add {WAY}"),
    ),
    "its checksum is wrong": (lambda: hear(checksum=0x1234), nothing),
    f"its source is not a configured peer, which is {PEER}": (
        lambda: hear(source=STRANGER),
        nothing,
    ),
    f"{PEER} sends VRID 11, and this is 10": (lambda: hear(vrid=11), nothing),
    f'it is unicast, and here it is multicast: "vrrp 20 peer {PEER}" is missing': (
        without_peer,
        lambda: R1.configure(INTERFACE, "no vrrp 20"),
    ),
    "its TTL is 64, and ttl-security hops 1 accepts 255 and more": (
        far_away,
        typed("no ttl-security"),
    ),
    "vrrp eth0 10 IPv4: held by interface-down": (
        lambda: P1.must_run("ip link set eth0 down"),
        lambda: P1.must_run("ip link set eth0 up"),
    ),
    "eth0 has no carrier": (
        lambda: P1.must_run("ip link set eth0 down"),
        lambda: P1.must_run("ip link set eth0 up"),
    ),
    "no interface has the source address 192.0.2.5": (
        typed("source 192.0.2.5"),
        typed("no source"),
    ),
    "VIP interface vip0 is down": (
        on_r1("ip link set vip0 down"),
        on_r1("ip link set vip0 up"),
    ),
    "ICMP echoes without an answer": (
        no_echo,
        lambda: P1.must_run("sysctl -qw net.ipv4.icmp_echo_ignore_all=0"),
    ),
    "interface eth1 is down": (typed("track interface eth1"), typed("no track interface eth1")),
    f"the route to {VIP}/32 is not announced: zebra does not take it into table 112": (
        denied,
        permitted,
    ),
    f"{VIP} is zebra's router ID": (
        lambda: R1.configure_all("no ip router-id"),
        lambda: R1.configure_all(f"ip router-id {OURS}"),
    ),
    "its advertisement interval is 1000 ms, and here it is 100 ms": (
        lambda: hear(interval_cs=100),
        nothing,
    ),
    f"{VIP2} is not configured here": (lambda: hear(vips=(VIP, VIP2)), nothing),
    "and nobody took over: stays Active": (
        lambda: R1.vtysh("vrrp switchover"),
        lambda: R1.vtysh("clear vrrp switchover"),
    ),
    "bfdd does not run, so no BFD session works": (typed("bfd"), typed("no bfd")),
    "metrics file /nowhere/vrrp.prom: No such file or directory": (
        lambda: R1.configure("vrrp metrics file /nowhere/vrrp.prom"),
        lambda: R1.configure("no vrrp metrics file"),
    ),
    "vrrpd does not answer": (
        lambda: R1.signal("vrrpd", signal.SIGSTOP),
        lambda: R1.signal("vrrpd", signal.SIGCONT),
    ),
    f"Backup -> Active (no-response): {PEER} silent for": (lambda: hear(250), nothing),
    f"Active -> Backup (priority): {PEER} has priority 250, ours is 200": (
        lambda: hear(250),
        nothing,
    ),
}


def says(command):
    """What the command prints."""
    if command == "vrrpd-health":
        return R1.run(f"vrrpd-health -N {R1.name}")[1]
    return R1.vtysh(command)[1]


def is_well():
    """A check: Active, and no word of complaint."""
    told = R1.family("v4")
    seen = (told.get("state"), told.get("warnings"), says("show vrrp health").strip())
    return differs(seen, ("Active", [], "well"))


def test_each_fault_has_its_row():
    """And no row is without its fault."""
    assert {text for text, _ in rows()} == set(FAULTS)


@pytest.mark.parametrize("text, command", rows(), ids=lambda word: word)
def test_the_program_says_so(text, command):
    """While there is this fault, and not before and after."""
    wait_for("all is well", is_well)
    make, cure = FAULTS[text]
    is_past = command == "show vrrp history"
    before = says(command).count(text)
    assert is_past or before == 0

    def said():
        if cure is nothing and not is_past:
            make()
        told = says(command)
        return None if told.count(text) > before else told

    try:
        make()
        wait_for(f"'{command}' says '{text}'", said)
    finally:
        cure()
    wait_for("all is well again", is_well)


def test_group_that_is_held_is_not_missed():
    """Its number is not that of a group that hears nothing."""
    wait_for("all is well", is_well)
    R1.configure(INTERFACE, f"vrrp 11 peer {PEER}", f"vrrp 11 ip {VIP2}", "vrrp 11 shutdown")

    def is_unsaid():
        hear(vrid=11)
        return differs(f"{PEER} sends VRID 11" in says("show vrrp"), False)

    try:
        stays("no group misses the number of another", is_unsaid, 2)
        assert R1.has_logged("vrrp eth0 11 IPv4 takes no part in the election: shutdown")
    finally:
        R1.configure(INTERFACE, "no vrrp 11")
