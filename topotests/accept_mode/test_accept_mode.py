# SPDX-License-Identifier: GPL-2.0-or-later
# needs: ifb macvlan nft ns veth
# timeout: 300
"""
What a VIP hears with accept mode off (RFC 9568 section 6.4.3): nothing.

r1 is Active for VRID 10 (IPv4) and 20 (IPv6) on the LAN of the host h1, which has the VIPs as
gateway; far, the host behind r1, is reached through them. VRID 30 has its VIP on the VIP
interface.
"""
import re
import socket
import threading

import pytest

from helpers.listen import socket_in
from helpers.namespace import Namespace, link
from helpers.wait import differs, wait_for
from helpers.wire import Wire

R1, H1, FAR = Namespace("r1"), Namespace("h1"), Namespace("far")
MACHINES = (R1, H1, FAR)
VIPS = {"v4": ("192.0.2.10",), "v6": ("fe80::20", "2001:db8:1::20")}
VRID = {"v4": 10, "v6": 20}
VMAC = {"v4": "00:00:5e:00:01:0a", "v6": "00:00:5e:00:02:14"}
HOST = {"v4": "192.0.2.9", "v6": "2001:db8:1::9"}
BEHIND = {"v4": "198.51.100.2", "v6": "2001:db8:2::2"}
MANY = {"v4": "203.0.113.{}", "v6": "2001:db8:3::{}"}
ON_VIP_INTERFACE = "203.0.113.230"
FAMILIES = ("v4", "v6")
INTERFACE = "interface r1-h1"
CONFIGURATION = (
    INTERFACE,
    *(f"vrrp {vrid} advertisement-interval 300" for vrid in (10, 20, 30)),
    "vrrp 10 ip 192.0.2.10",
    "vrrp 20 ipv6 fe80::20",
    "vrrp 20 ipv6 2001:db8:1::20",
    "vrrp 30 placement vip-interface",
    f"vrrp 30 ip {ON_VIP_INTERFACE}",
)


def setup_module():
    """Cables, addresses, zebra."""
    for machine in MACHINES:
        machine.build()
    link("r1-h1", R1, "h1-r1", H1)
    link("r1-far", R1, "far-r1", FAR)
    R1.must_run(
        "sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1;"
        "ip address add 192.0.2.1/24 dev r1-h1;"
        "ip address add 2001:db8:1::1/64 dev r1-h1 nodad;"
        "ip address add 198.51.100.1/24 dev r1-far;"
        "ip address add 2001:db8:2::1/64 dev r1-far nodad;"
    )
    R1.add_vip0()
    H1.must_run(
        "ip address add 192.0.2.9/24 dev h1-r1;"
        "ip address add 2001:db8:1::9/64 dev h1-r1 nodad;"
        "ip route add default via 192.0.2.10;"
        "ip route add default via fe80::20 dev h1-r1"
    )
    FAR.must_run(
        "ip address add 198.51.100.2/24 dev far-r1;"
        "ip address add 2001:db8:2::2/64 dev far-r1 nodad;"
        "ip route add default via 198.51.100.1;"
        "ip route add default via 2001:db8:2::1"
    )
    R1.start("zebra")


def teardown_module():
    """Nothing is left."""
    for machine in MACHINES:
        machine.demolish()


@pytest.fixture(autouse=True)
def fixture_active():
    """r1 is Active for everything, with accept mode on; afterwards it does not run."""
    R1.launch("vrrpd")
    R1.configure(*CONFIGURATION)
    wait_active()
    yield
    if R1.alive("vrrpd"):
        R1.stop("vrrpd")


@pytest.fixture(name="wire", scope="module")
def fixture_wire():
    """h1's link."""
    return Wire(H1, "h1-r1")


def wait_active():
    """All three virtual routers."""
    for family, vrid in (("v4", 10), ("v6", 20), ("v4", 30)):
        R1.wait_state("Active", [family], vrid)
    for vip in (*VIPS["v4"], *VIPS["v6"], ON_VIP_INTERFACE):
        wait_for(f"{vip} is there", lambda v=vip: missing(v))


def missing(vip):
    """A check: the kernel has it."""
    return None if R1.must_run(f"ip address show to {vip}") else "it is not there"


def accept_mode(vrid, prefix):
    """[no] vrrp N accept-mode, done when this returns unless it goes back to its default."""
    R1.configure(INTERFACE, f"{prefix}vrrp {vrid} accept-mode")
    # asked once more, it answers when all that belongs to the change is done
    assert R1.groups()


def answers(address, count=1):
    """How many of h1's pings are answered."""
    zone = "%h1-r1" if address.startswith("fe80:") else ""
    _, told = H1.run(f"ping -c {count} -i 0.1 -W 1 {address}{zone}")
    return int(re.search(r"(\d+) received", told).group(1))


def refused():
    """The counter of packets that were not accepted."""
    told = R1.show_json("vrrpd", "show vrrp statistics json")
    assert told["acceptModeFilter"]["available"], told["acceptModeFilter"]
    return told["acceptModeFilter"]["packetsRefused"]


def tables():
    """The tables of nftables."""
    return R1.must_run("nft list tables")


@pytest.mark.parametrize("family", FAMILIES)
def test_a_vip_answers_with_accept_mode(family):
    """The default; and nothing is refused."""
    for vip in VIPS[family]:
        assert answers(vip) == 1, f"{vip} does not answer"
    assert refused() == 0


@pytest.mark.parametrize("family", FAMILIES)
def test_without_accept_mode_a_vip_is_resolved_and_hears_nothing(wire, family):
    """ARP and neighbour discovery find it, to a broadcast and to a probe."""
    accept_mode(VRID[family], "no ")
    for vip in VIPS[family]:
        before = refused()
        H1.must_run("ip neigh flush dev h1-r1")
        assert answers(vip) == 0, f"{vip} answers, with accept mode off"
        assert refused() == before + 1
        assert wire.who_has([vip], HOST) == {vip: [VMAC[family]]}
        assert_probe_is_answered(vip, VMAC[family])
    accept_mode(VRID[family], "")
    for vip in VIPS[family]:
        wait_for(
            f"{vip} answers, with accept mode on again",
            lambda v=vip: differs(answers(v), 1),
        )


def assert_probe_is_answered(vip, mac):
    """A host that knows where the VIP is asks there again, by unicast."""
    H1.must_run(f"ip neigh replace {vip} lladdr {mac} nud probe dev h1-r1")
    wait_for(
        f"{vip} answers a unicast probe",
        lambda: neighbour_is_not(vip, "REACHABLE"),
        timeout=20,
    )


def neighbour_is_not(vip, state):
    """A check: what h1 thinks of a neighbour."""
    told = H1.must_run(f"ip neigh show {vip} dev h1-r1")
    return None if state in told else told


@pytest.mark.parametrize("family", FAMILIES)
def test_without_accept_mode_the_virtual_router_forwards(wire, family):
    """A VIP that hears nothing is a gateway all the same."""
    accept_mode(VRID[family], "no ")
    H1.must_run("ip neigh flush dev h1-r1")
    wire.drain()
    assert answers(BEHIND[family], count=3) == 3
    gateway = VIPS[family][0]
    assert VMAC[family] in H1.must_run(f"ip neigh show {gateway} dev h1-r1")


@pytest.mark.parametrize("family", FAMILIES)
def test_a_refused_vip_hears_nothing_for_an_instant(family):
    """While the router leaves and returns, and while its last VIP of many is put back."""
    vrid, vips = VRID[family], [MANY[family].format(i) for i in range(1, 201)]
    command, vip = {"v4": "ip", "v6": "ipv6"}[family], vips[-1]
    R1.configure(INTERFACE, *(f"vrrp {vrid} {command} {vip}" for vip in vips))
    with Knocking(vip) as knocking:
        wait_for("the witness hears", lambda: None if knocking.heard() else "nothing")
        R1.configure(INTERFACE, f"vrrp {vrid} shutdown", f"no vrrp {vrid} accept-mode")
        R1.wait_state("Initialize", [family], vrid)
        before = knocking.heard()
        for _ in range(5):
            R1.configure(INTERFACE, f"no vrrp {vrid} shutdown")
            R1.wait_state("Active", [family], vrid)
            ifname = R1.family(family, vrid)["interface"]
            R1.must_run(f"ip address del {vip} dev {ifname}")
            wait_for(f"{vip} is put back", lambda: missing(vip))
            R1.configure(INTERFACE, f"vrrp {vrid} shutdown")
            R1.wait_state("Initialize", [family], vrid)
        heard = knocking.heard() - before
    assert heard == 0, f"{heard} of {knocking.sent} packets were accepted"


class Knocking(threading.Thread):
    """
    In a with-block: r1 itself sends to an address as fast as it can, which is every
    few microseconds, and a table of nftables counts what gets past the first chain.
    """

    def __init__(self, address):
        super().__init__(daemon=True)
        self.address, self.sent = address, 0
        self._quit = threading.Event()
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        self._sock = socket_in(R1, family, socket.SOCK_DGRAM)

    def __enter__(self):
        kind = "ip6" if ":" in self.address else "ip"
        rule = f"{kind} daddr {self.address} udp dport 9 counter"
        R1.must_run(
            "nft add table inet witness && nft add chain inet witness input"
            " '{ type filter hook input priority 10; }' &&"
            f" nft add rule inet witness input {rule}"
        )
        self.start()
        return self

    def __exit__(self, *_):
        self._quit.set()
        self.join()
        self._sock.close()
        R1.must_run("nft delete table inet witness")

    def run(self):
        while not self._quit.is_set():
            self.sent += 1
            try:
                self._sock.sendto(b"knock", (self.address, 9))
            except OSError:
                pass  # nobody has the address just now, or ICMP said so

    def heard(self):
        """Packets so far."""
        told = R1.must_run("nft list table inet witness")
        return int(re.search(r"packets (\d+)", told).group(1))


@pytest.mark.parametrize("family", FAMILIES)
def test_the_owner_answers_whatever_accept_mode_says(family):
    """And becomes one, and is one no more, while it is Active."""
    vip, vrid = VIPS[family][-1], VRID[family]
    accept_mode(vrid, "no ")
    R1.configure(INTERFACE, f"vrrp {vrid} priority 255")
    wait_for("the owner answers", lambda: differs(answers(vip), 1))
    R1.configure(INTERFACE, f"vrrp {vrid} priority 254")
    wait_for(
        "priority 254, which is no owner, does not answer",
        lambda: differs(answers(vip), 0),
    )


def test_a_vip_on_the_vip_interface_always_answers():
    """It is there to be reached; on the interface itself it obeys."""
    accept_mode(30, "no ")
    assert answers(ON_VIP_INTERFACE) == 1
    R1.configure(INTERFACE, "vrrp 30 placement interface")
    wait_for(
        "it is on r1-h1", lambda: R1.has_address("r1-h1", f"{ON_VIP_INTERFACE}/32")
    )
    assert answers(ON_VIP_INTERFACE) == 0
    R1.configure(INTERFACE, "vrrp 30 placement vip-interface")
    wait_for("it is on vip0", lambda: R1.has_address("vip0", f"{ON_VIP_INTERFACE}/32"))
    wait_for("it answers again", lambda: differs(answers(ON_VIP_INTERFACE), 1))


def test_show_vrrp_vip_tells_what_is_accepted():
    """By VIP."""
    accept_mode(20, "no ")
    told = {
        vip["address"]: vip["accepted"]
        for vip in R1.show_json("vrrpd", "show vrrp vip json")
    }
    assert told == {
        "192.0.2.10": True,
        "fe80::20": False,
        "2001:db8:1::20": False,
        ON_VIP_INTERFACE: True,
    }


def test_what_someone_flushes_is_put_back():
    """The firewall's own reload must not open what is refused."""
    accept_mode(10, "no ")
    R1.must_run("nft flush ruleset")
    wait_for("the table is back", lambda: differs("inet vrrp" in tables(), True))
    assert answers("192.0.2.10") == 0


def test_a_killed_daemons_vips_stay_refused():
    """Until the next one says otherwise; its own end leaves nothing behind."""
    accept_mode(10, "no ")
    R1.configure("no vrrp guardian")
    R1.kill("vrrpd")
    assert answers("192.0.2.10") == 0, "what a killed vrrpd refused is accepted"
    R1.launch("vrrpd")
    R1.configure(*CONFIGURATION)
    wait_active()
    wait_for("the VIP answers again", lambda: differs(answers("192.0.2.10"), 1))
    R1.stop("vrrpd")
    assert tables() == ""
