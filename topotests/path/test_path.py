# SPDX-License-Identifier: GPL-2.0-or-later
# needs: ifb nft ns veth
# timeout: 300
"""
A way between two routers that takes less than their links, and says nothing of it.

core stands between r1 and r2. To r2 it takes no more than 1280 octets over IPv6 and
1000 over IPv4, and what it has to say by ICMP about longer packets is lost. r1 is Active
for as many VIPs as an advertisement has room for.
"""
import pytest

from helpers.namespace import Namespace, link
from helpers.wait import differs, stays, wait_for

R1, R2, CORE = (Namespace(name) for name in ("r1", "r2", "core"))
OWN = {R1: ("192.0.2.1", "2001:db8:1::1"), R2: ("198.51.100.1", "2001:db8:2::1")}
VIPS = [f"203.0.113.{n}" for n in range(1, 256)]
VIPS6 = [f"2001:db8:3::{n:x}" for n in range(1, 256)]
# a busy machine may let a router stand still for three of these
INTERVAL_SEC = 1
WHOLE = 77
TOO_LONG = (
    "table inet lost { chain out { type filter hook output priority 0;"
    " icmp type destination-unreachable drop; icmpv6 type packet-too-big drop; }; }"
)


def configuration(machine, peer, priority):
    """Of one of the two routers."""
    yield "interface eth0"
    yield f" vrrp 10 priority {priority}"
    yield f" vrrp 10 advertisement-interval {INTERVAL_SEC * 1000:.0f}"
    yield from (f" vrrp 10 peer {address}" for address in OWN[peer])
    yield from (f" vrrp 10 ip {vip}" for vip in VIPS)
    yield from (f" vrrp 10 ipv6 {vip}" for vip in VIPS6)
    yield "exit"


def setup_module():
    """Two routers and the way between them."""
    for machine in (CORE, R1, R2):
        machine.build()
    CORE.must_run("sysctl -q net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1")
    CORE.must_run(f"nft '{TOO_LONG}'")
    for machine, (own, own6) in OWN.items():
        link("eth0", machine, machine.name, CORE)
        gateway, gateway6 = own[:-1] + "254", own6[:-1] + "ff"
        CORE.must_run(
            f"ip address add {gateway}/24 dev {machine.name};"
            f"ip address add {gateway6}/64 dev {machine.name} nodad"
        )
        machine.must_run(
            f"ip address add {own}/24 dev eth0; ip address add {own6}/64 dev eth0 nodad;"
            f"ip route add default via {gateway}; ip -6 route add default via {gateway6};"
        )
        machine.add_vip0()
    own, own6 = OWN[R2]
    CORE.must_run(
        f"ip route add {own}/32 dev r2 mtu lock 1000; ip link set r2 mtu 1280;"
        f"ip -6 route add {own6}/128 dev r2"
    )
    for machine, peer, priority in ((R1, R2, 200), (R2, R1, 100)):
        machine.write_conf(*configuration(machine, peer, priority))
        machine.start("zebra", "vrrpd")


def teardown_module():
    """Nothing is left."""
    for machine in (R1, R2, CORE):
        machine.demolish()


@pytest.mark.parametrize("family", ("v4", "v6"))
def test_advertisements_pass_a_way_that_takes_less_than_the_links(family):
    """One router is Active, and the other hears it."""
    R1.wait_state("Active", [family])
    R2.wait_state("Backup", [family])
    heard = R2.family(family)["stats"]["adverRx"]
    stays(
        "r2 stays Backup",
        lambda: differs(R2.state(family), "Backup"),
        8 * INTERVAL_SEC,
    )
    assert R2.family(family)["stats"]["adverRx"] > heard


def warnings():
    """Those of r1's IPv6 about fragments."""
    told = R1.family("v6").get("warnings", [])
    return [warning for warning in told if "fragments" in warning]


def test_an_advertisement_that_travels_in_fragments_is_warned_of():
    """With its size; 77 VIPs still go in one piece."""
    size = 48 + 16 * len(VIPS6)
    wait_for("it is warned of", lambda: None if warnings() else "no")
    [warning] = warnings()
    assert f"{size} octets" in warning
    rest = [f"no vrrp 10 ipv6 {vip}" for vip in VIPS6[WHOLE:]]
    R1.configure("interface eth0", *rest[1:])
    assert warnings()
    R1.configure("interface eth0", rest[0])
    wait_for("it goes in one piece", lambda: warnings() or None)
    R1.configure("interface eth0", *(line.removeprefix("no ") for line in rest))
    wait_for("it is warned of again", lambda: None if warnings() else "no")


def failures():
    """The failed reassemblies of r2's kernel, from show vrrp statistics."""
    told = R2.show_json("vrrpd", "show vrrp statistics json")
    return told["reassemblyFailures"]["ipv6"]


def test_what_the_kernel_cannot_put_together_is_shown():
    """It has no memory for fragments: r2 hears nothing more, and the reason can be seen."""
    before = failures()
    R2.must_run(
        "sysctl -q net.ipv6.ip6frag_low_thresh=0; sysctl -q net.ipv6.ip6frag_high_thresh=1"
    )
    R2.wait_state("Active", ["v6"])
    wait_for("failures are shown", lambda: None if failures() > before else "none")
    assert "reassembly failures" in R2.show("vrrpd", "show vrrp statistics")
