# SPDX-License-Identifier: GPL-2.0-or-later
# needs: dummy macvlan modules ns veth
# timeout: 600
"""
From which address an Active router's own connections come: never from a VIP, unless
that is asked for.

r1 has VIPs of both families on a dummy (group 10, unicast from its loopback) and on
virtual MACs (VRID 20 and 30, on the LAN lan0). Two uplinks lead to services of h1:
up0 has addresses, up1 has none but what the kernel makes of its MAC. What h1 sees
of a TCP connection is the witness.
"""
import socket
from collections import namedtuple

import pytest

from helpers.listen import socket_in
from helpers.namespace import Namespace, link
from helpers.wait import differs, wait_for, wait_logged

R1, H1 = Namespace("r1"), Namespace("h1")
FAMILIES = {"v4": socket.AF_INET, "v6": socket.AF_INET6}
Place = namedtuple("Place", "link net own host")

# own: r1's source when it leaves by that link; host: an address of h1 beyond it
LOOPBACK = {"v4": "198.51.100.241", "v6": "2001:db8:a::1"}
LAN = Place(
    "lan0", 1, *({"v4": f"192.0.2.{n}", "v6": f"2001:db8:1::{n}"} for n in (1, 9))
)
NUMBERED = Place(
    "up0",
    2,
    {"v4": "198.51.100.1", "v6": "2001:db8:2::1"},
    {"v4": "198.51.100.129", "v6": "2001:db8:8::1"},
)
UNNUMBERED = Place(
    "up1", 3, LOOPBACK, {"v4": "198.51.100.130", "v6": "2001:db8:ffff::99"}
)
PLACES = (LAN, NUMBERED, UNNUMBERED)
VIPS = {
    "dummy": {"v4": "203.0.113.10", "v6": "2001:db8:ffff::10"},
    "vmac": {"v4": "192.0.2.10", "v6": "2001:db8:1::10"},
}
# Behind up0; a route-map asks for the dummy's VIP as source there.
BY_ROUTE = {"v4": "198.51.100.193", "v6": "2001:db8:7::1"}
GATEWAY = {"v4": "198.51.100.9", "v6": "2001:db8:2::9"}
HOST_LENGTH = {"v4": 32, "v6": 128}
PORT = 80
CONF = f"""
interface lo
 vrrp 10
 vrrp 10 advertisement-interval 100
 vrrp 10 startup-hold 0
 vrrp 10 peer 198.51.100.242
 vrrp 10 source {LOOPBACK['v4']}
 vrrp 10 ip {VIPS['dummy']['v4']}
 vrrp 10 peer 2001:db8:a::2
 vrrp 10 source {LOOPBACK['v6']}
 vrrp 10 ipv6 {VIPS['dummy']['v6']}
exit
interface lan0
 vrrp 20
 vrrp 20 advertisement-interval 100
 vrrp 20 ip {VIPS['vmac']['v4']}
 vrrp 30
 vrrp 30 advertisement-interval 100
 vrrp 30 ipv6 fe80::10
 vrrp 30 ipv6 {VIPS['vmac']['v6']}
exit
ip prefix-list FROM-VIP seq 5 permit {BY_ROUTE['v4']}/32
ipv6 prefix-list FROM-VIP seq 5 permit {BY_ROUTE['v6']}/128
route-map SOURCE permit 10
 match ip address prefix-list FROM-VIP
 set src {VIPS['dummy']['v4']}
exit
route-map SOURCE permit 20
exit
route-map SOURCE-IPV6 permit 10
 match ipv6 address prefix-list FROM-VIP
 set src {VIPS['dummy']['v6']}
exit
route-map SOURCE-IPV6 permit 20
exit
ip protocol static route-map SOURCE
ipv6 protocol static route-map SOURCE-IPV6
ip route {BY_ROUTE['v4']}/32 {GATEWAY['v4']}
ip route {NUMBERED.host['v4']}/32 {GATEWAY['v4']}
ipv6 route {BY_ROUTE['v6']}/128 {GATEWAY['v6']}
ipv6 route {NUMBERED.host['v6']}/128 {GATEWAY['v6']}
"""


def setup_module():
    """Cables, addresses and routes; r1 is Active everywhere."""
    for node in (R1, H1):
        node.build()
        node.must_run("sysctl -qw net.ipv6.conf.default.accept_dad=0")
    for place in PLACES:
        link(place.link, R1, f"far-{place.link}", H1)
    address(R1, "lo", LOOPBACK, HOST_LENGTH)
    for place in (LAN, NUMBERED):
        address(R1, place.link, place.own, {"v4": 25, "v6": 64})
    address(H1, "far-lan0", LAN.host, {"v4": 25, "v6": 64})
    address(H1, "far-up0", GATEWAY, {"v4": 25, "v6": 64})
    for host in (NUMBERED.host, UNNUMBERED.host, BY_ROUTE):
        address(H1, "lo", host, HOST_LENGTH)
    for node, ifname, end in ((R1, "up1", "fe80::1"), (H1, "far-up1", "fe80::9")):
        node.must_run(f"ip address add {end}/64 dev {ifname}")
    R1.must_run(f"ip route add {UNNUMBERED.host['v4']} dev up1")
    H1.must_run(f"ip route add {LOOPBACK['v4']} dev far-up1")
    # nobody answers on a link for what is on his loopback interface
    R1.must_run(f"ip -6 route add {UNNUMBERED.host['v6']} via fe80::9 dev up1")
    H1.must_run(f"ip -6 route add {LOOPBACK['v6']} via fe80::1 dev far-up1")
    for family, vip in VIPS["dummy"].items():
        H1.must_run(f"ip route add {vip} via {NUMBERED.own[family]}")
    R1.write_conf(CONF)
    R1.boot()


def address(node, ifname, addresses, lengths):
    """Gives a link its addresses."""
    for family, value in addresses.items():
        node.must_run(f"ip address add {value}/{lengths[family]} dev {ifname}")


def teardown_module():
    """Nothing is left."""
    for node in (R1, H1):
        node.demolish()


@pytest.fixture(autouse=True)
def fixture_active():
    """r1 has all VIPs."""
    R1.wait_state("Active", FAMILIES, 10)
    R1.wait_state("Active", ["v4"], 20)
    R1.wait_state("Active", ["v6"], 30)


def source_of_a_connection(to, bound=None):
    """The address that h1 sees when r1 connects to one of its own."""
    family = FAMILIES["v6" if ":" in to else "v4"]
    with socket_in(H1, family, socket.SOCK_STREAM) as server:
        server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        server.bind((to, PORT))
        server.listen()
        server.settimeout(10)
        with socket_in(R1, family, socket.SOCK_STREAM) as client:
            client.settimeout(10)
            if bound:
                client.bind((bound, 0))
            client.connect((to, PORT))
            accepted, peer = server.accept()
            accepted.close()
            return peer[0]


def source_by_route(to):
    """The source that the kernel would choose, by ip(8)."""
    words = R1.must_run(f"ip route get {to}").split()
    return words[words.index("src") + 1]


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.link)
def test_router_speaks_from_its_own_address(place, family):
    """On a LAN that VIPs are in, by a numbered uplink, and by an unnumbered one."""
    to, own = place.host[family], place.own[family]
    wait_for(
        f"the source for {to} is {own}",
        lambda: unreachable(to) or differs(source_by_route(to), own),
    )
    assert source_of_a_connection(to) == own


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("placement", VIPS)
def test_program_that_binds_to_the_vip_speaks_from_it(placement, family):
    """From the one on the dummy by an uplink, from that on a virtual MAC on its LAN."""
    to = {"dummy": NUMBERED, "vmac": LAN}[placement].host[family]
    vip = VIPS[placement][family]
    assert source_of_a_connection(to, bound=vip) == vip


@pytest.mark.parametrize("family", FAMILIES)
def test_route_map_sets_the_vip_as_source(family):
    """For those routes alone that it names."""
    vip, to = VIPS["dummy"][family], BY_ROUTE[family]
    wait_for(f"the route to {to} is there", lambda: unreachable(to))
    assert source_by_route(to) == vip
    assert source_of_a_connection(to) == vip
    other = NUMBERED.host[family]
    assert source_of_a_connection(other) == NUMBERED.own[family]


def unreachable(to):
    """A check: there is a way."""
    status, output = R1.run(f"ip route get {to}")
    return output if status else None


def test_routes_whose_source_has_gone_are_as_the_recipe_says():
    """IPv4: zebra may not try again until it is given anew. IPv6: it stays, alas."""
    to, vip = BY_ROUTE["v4"], VIPS["dummy"]["v4"]
    wait_for(f"the route to {to} is there", lambda: unreachable(to))
    R1.configure("interface lo", "vrrp 10 shutdown")
    R1.wait_state("Initialize", FAMILIES, 10)
    wait_for(f"{to} is unreachable", lambda: None if unreachable(to) else "reachable")
    assert source_by_route(BY_ROUTE["v6"]) == VIPS["dummy"]["v6"]
    R1.configure("interface lo", "no vrrp 10 shutdown")
    R1.wait_state("Active", ["v4"], 10)
    route = f"ip route {to}/32 {GATEWAY['v4']}"
    for line in (f"no {route}", route):
        R1.configure_all(line)
    wait_for(
        f"the source for {to} is the VIP again",
        lambda: unreachable(to) or differs(source_by_route(to), vip),
    )


def vip_link_has_all():
    """Waits for the dummy's VIPs."""
    for family, vip in VIPS["dummy"].items():
        wait_for(
            f"{vip} is there",
            lambda v=f"{vip}/{HOST_LENGTH[family]}": R1.has_address("vip0", v),
        )


def test_vip_interface_of_ours_has_ipv6_whatever_the_default_is():
    """net.ipv6.conf.default.disable_ipv6 is for links that nobody looks after."""
    R1.must_run("sysctl -qw net.ipv6.conf.default.disable_ipv6=1")
    try:
        R1.must_run("ip link delete vip0")
        vip_link_has_all()
    finally:
        R1.must_run("sysctl -qw net.ipv6.conf.default.disable_ipv6=0")


def test_vip_interface_of_ours_that_was_renamed_is_made_anew():
    """VIPs are on one of the configured name again; no other is left."""
    before = R1.link("vip0")["ifindex"]
    R1.must_run("ip link set vip0 name was0")
    wait_for("there is a new one", lambda: None if R1.link("vip0") else "none")
    assert R1.link("vip0")["ifindex"] != before
    vip_link_has_all()
    wait_for("the renamed one has gone", lambda: R1.link("was0"))
    wait_logged(R1, "vip0 was renamed to was0")
