# SPDX-License-Identifier: GPL-2.0-or-later
# needs: bridge macvlan ns veth vlan
# timeout: 600
"""
netlab's gateway tests (02-vrrp, 03-vrrp-vlan, 03-vrrp-ipv6), with FRR's own vrrpd on one
router and ours on the other, both ways round.

r1 and r2 are the gateway of three networks, in both families: "red" and "blue" are links,
"green" is a VLAN. On each is a host with the VIP as gateway. Macvlans are made by hand
on both routers, by the lines that netlab's template for FRR has.
"""
import pytest

from helpers.lan_peer import VirtualRouter, make_macvlan
from helpers.namespace import BINARIES, Namespace, link
from helpers.wait import differs, stays, wait_for
from helpers.wire import Wire

HIGH, LOW, LOWEST = 200, 100, 50
FAMILIES = ("v4", "v6")
NETS = {"red": ("eth1", 1), "blue": ("eth2", 2), "green": ("eth3.3", 3)}
TRUNK = "eth3"
STOCK = (f"{BINARIES}/vrrpd.stock", "/usr/bin/vtysh.stock")
OURS = (f"{BINARIES}/vrrpd", "/usr/bin/vtysh")
COMBINATIONS = {"ours-stock": (OURS, STOCK), "stock-ours": (STOCK, OURS)}


def address(net, host):
    """(IPv4, IPv6) of a host on a network."""
    number = NETS[net][1]
    return {
        "v4": f"198.51.100.{64 * (number - 1) + host}",
        "v6": f"2001:db8:{number}::{host}",
    }


def vip(net):
    """Its gateway."""
    return address(net, 60)


def vmac(net):
    """The virtual MAC addresses."""
    return {
        family: f"00:00:5e:00:0{kind}:{vrid(net, family):02x}"
        for kind, family in ((1, "v4"), (2, "v6"))
    }


def vrid(net, family):
    """As VRIDs are free per family, each has its own here."""
    return NETS[net][1] + (100 if family == "v6" else 0)


def linklocal(net):
    """The link-local VIP."""
    return f"fe80::{NETS[net][1]}:60"


class Fabric:
    """The machines of one combination."""

    def __init__(self, name, binaries):
        self.name, self.binaries = name, binaries
        self.switch = Namespace(f"{name}-sw")
        self.routers = [
            Namespace(f"{name}-r{number}", binary[1])
            for number, binary in enumerate(binaries, 1)
        ]
        self.hosts = {net: Namespace(f"{name}-{net}") for net in NETS}

    def nodes(self):
        """All of them."""
        return [self.switch, *self.routers, *self.hosts.values()]

    def build(self):
        """Links, addresses, macvlans; then the daemons."""
        for node in self.nodes():
            node.build()
            node.must_run("sysctl -qw net.ipv6.conf.default.accept_dad=0")
        for net in NETS:
            self.switch.must_run(
                f"ip link add {net} type bridge mcast_snooping 0; ip link set {net} up"
            )
            self._join_host(net)
            for number, router in enumerate(self.routers, 1):
                self._join_router(net, number, router)
        for router, binary, priority in zip(self.routers, self.binaries, (HIGH, LOW)):
            # without, the host of a stock Backup answers for a VIP by its interface
            router.must_run(
                "sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1"
                " net.ipv4.conf.all.arp_ignore=1 net.ipv4.conf.all.arp_announce=2"
            )
            router.launch("zebra")
            router.launch("vrrpd", binary[0])
            router.write_conf(*self.configuration(priority))
            router.must_run(f"{binary[1]} -N {router.name} -b -d vrrpd")

    def _join_host(self, net):
        host = self.hosts[net]
        link(f"{net}-h", self.switch, "eth0", host)
        self.switch.must_run(f"ip link set {net}-h master {net}")
        own = address(net, 9)
        host.must_run(
            f"ip address add {own['v4']}/26 dev eth0;"
            f"ip address add {own['v6']}/64 dev eth0;"
            f"ip route add default via {vip(net)['v4']};"
            f"ip route add default via {vip(net)['v6']}"
        )

    def _join_router(self, net, number, router):
        ifname = NETS[net][0]
        port = f"{net}-r{number}"
        physical = TRUNK if net == "green" else ifname
        link(port, self.switch, physical, router)
        if net == "green":
            router.must_run(f"ip link add link {TRUNK} name {ifname} type vlan id 3")
            router.must_run(f"ip link set {ifname} up")
            self.switch.must_run(f"ip link add link {port} name {port}.3 type vlan id 3")
            self.switch.must_run(f"ip link set {port}.3 master {net} up")
        else:
            self.switch.must_run(f"ip link set {port} master {net}")
        own = address(net, number)
        router.must_run(f"ip address add {own['v4']}/26 dev {ifname}")
        router.must_run(f"ip address add {own['v6']}/64 dev {ifname}")
        for family, length in (("v4", 26), ("v6", 64)):
            vips = [f"{vip(net)[family]}/{length}"]
            vips += [f"{linklocal(net)}/64"] if family == "v6" else []
            make_macvlan(
                router, ifname, VirtualRouter(vrid(net, family), 3, family, 200, vips)
            )

    @staticmethod
    def configuration(priority):
        """frr.conf of a router."""
        for net, (ifname, _) in NETS.items():
            yield f"interface {ifname}"
            for family in FAMILIES:
                number = vrid(net, family)
                yield f" vrrp {number} priority {priority}"
                yield f" vrrp {number} advertisement-interval 200"
            yield f" vrrp {vrid(net, 'v4')} ip {vip(net)['v4']}"
            yield f" vrrp {vrid(net, 'v6')} ipv6 {linklocal(net)}"
            yield f" vrrp {vrid(net, 'v6')} ipv6 {vip(net)['v6']}"
            yield "exit"

    def demolish(self):
        """Daemons first: zebra may not outlive a link that stock advertises on."""
        for router in self.routers:
            for daemon in ("vrrpd", "zebra"):
                router.kill(daemon)
        for node in self.nodes():
            node.demolish()

    def masters(self, net, family):
        """The numbers of the routers that say they are."""
        number = vrid(net, family)
        return [
            index
            for index, router in enumerate(self.routers, 1)
            if router.family(family, number).get("status") == "Master"
        ]

    def wait_master(self, number):
        """That one alone, everywhere."""
        for net in NETS:
            for family in FAMILIES:
                wait_for(
                    f"{self.name}: r{number} alone is Active on {net} {family}",
                    lambda n=net, f=family: differs(self.masters(n, f), [number]),
                )

    def set_priority(self, priority):
        """Of r1, everywhere."""
        lines = []
        for net, (ifname, _) in NETS.items():
            lines.append(f"interface {ifname}")
            lines += [f"vrrp {vrid(net, f)} priority {priority}" for f in FAMILIES]
        self.routers[0].configure(*lines)

    def set_ports(self, state):
        """Of r1, on the switch."""
        for net in NETS:
            self.switch.must_run(f"ip link set {net}-r1 {state}")

    def pings(self, source, net):
        """A check: the host of a network reaches another's, in both families."""
        for family in FAMILIES:
            command = f"ping -c 1 -W 1 {address(net, 9)[family]}"
            status, output = self.hosts[source].run(command)
            if status != 0:
                return output
        return None

    def must_forward(self):
        """Every host reaches every other, and sends to the virtual MAC."""
        for source in NETS:
            for net in NETS:
                if net != source:
                    wait_for(
                        f"{self.name}: {source} reaches {net}",
                        lambda s=source, n=net: self.pings(s, n),
                    )
            for family in FAMILIES:
                seen = self.hosts[source].must_run(f"ip neigh show {vip(source)[family]}")
                assert vmac(source)[family] in seen, seen


@pytest.fixture(name="fabric", scope="module", params=COMBINATIONS)
def fixture_fabric(request):
    """One combination, built and taken down."""
    fabric = Fabric(request.param, COMBINATIONS[request.param])
    fabric.build()
    yield fabric
    fabric.demolish()


def test_higher_priority_is_active_and_forwards(fabric):
    """The other is Backup."""
    fabric.wait_master(1)
    fabric.must_forward()


def test_backup_answers_for_nothing(fabric):
    """Each VIP has one answer, from the virtual MAC."""
    fabric.wait_master(1)
    for net, host in fabric.hosts.items():
        expected = {vip(net)[family]: [vmac(net)[family]] for family in FAMILIES}
        Wire(host, "eth0").wait_answers(expected, address(net, 9))


def test_priority_moves_it_there_and_back(fabric):
    """Down below the other's, and up again."""
    for priority, number in ((LOWEST, 2), (HIGH, 1)):
        fabric.set_priority(priority)
        fabric.wait_master(number)
        fabric.must_forward()


def test_links_of_the_active_go_down_and_come_back(fabric):
    """The other takes over, and gives back."""
    for state, number in (("down", 2), ("up", 1)):
        fabric.set_ports(state)
        if state == "up":
            fabric.wait_master(number)
            stays(
                "it stays so",
                lambda: differs(fabric.masters("red", "v4"), [1]),
                seconds=1,
            )
        fabric.must_forward()
