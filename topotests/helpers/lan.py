# SPDX-License-Identifier: GPL-2.0-or-later
"""
A LAN of namespaces: two routers that share a virtual router of each family, with VIPs in the
LAN's own subnet, and a host.
"""
from helpers.namespace import Namespace, link

HOST = {"v4": "192.0.2.9", "v6": "2001:db8:1::9"}
OWN = {
    "r1": {"v4": "192.0.2.1", "v6": "2001:db8:1::1"},
    "r2": {"v4": "192.0.2.2", "v6": "2001:db8:1::2"},
}
PREFIX = {"v4": 24, "v6": 64}
VIP = {"v4": "192.0.2.10", "v6": "2001:db8:1::20"}
LOCAL_VIP = "fe80::20"
VRID = {"v4": 10, "v6": 20}
VMAC = {"v4": "00:00:5e:00:01:0a", "v6": "00:00:5e:00:02:14"}
PRIORITY = {"r1": 150, "r2": 100}
LOWER = 50
# so long that a machine may stall for half a second, and nobody moves
INTERVAL_MSEC = 300
FAMILIES = ("v4", "v6")
INTERFACE = "eth0"


def conf(priority):
    """frr.conf of a router."""
    return (
        f"interface {INTERFACE}",
        *(
            line
            for vrid in VRID.values()
            for line in (
                f" vrrp {vrid}",
                f" vrrp {vrid} priority {priority}",
                f" vrrp {vrid} advertisement-interval {INTERVAL_MSEC}",
            )
        ),
        f" vrrp 10 ip {VIP['v4']}",
        f" vrrp 20 ipv6 {LOCAL_VIP}",
        f" vrrp 20 ipv6 {VIP['v6']}",
        "exit",
    )


class Lan:
    """One such LAN; its machines are called NAME-switch, NAME-r1, NAME-r2, NAME-h1."""

    def __init__(self, name):
        names = ("switch", "r1", "r2", "h1")
        self.nodes = {node: Namespace(f"{name}-{node}") for node in names}
        self.switch, self.r1, self.r2, self.h1 = self.nodes.values()

    def build(self, *sysctls):
        """Makes it, with those settings of each machine, and zebra on the routers."""
        for node in self.nodes.values():
            node.build()
            for sysctl in ("net.ipv6.conf.default.accept_dad=0",) + sysctls:
                node.must_run(f"sysctl -qw {sysctl}")
        self.switch.must_run("ip link add br0 type bridge mcast_snooping 0")
        self.switch.must_run("ip link set br0 up")
        for name, addresses in {**OWN, "h1": HOST}.items():
            self._join(name, addresses)
        for name in OWN:
            self.nodes[name].write_conf(*conf(PRIORITY[name]))
            self.nodes[name].start("zebra")

    def _join(self, name, addresses):
        node = self.nodes[name]
        link(name, self.switch, INTERFACE, node)
        self.switch.must_run(f"ip link set {name} master br0")
        # routers believe no router's advertisements, though nothing is forwarded here
        node.must_run(f"sysctl -qw net.ipv6.conf.{INTERFACE}.accept_ra=0")
        for family, address in addresses.items():
            node.must_run(f"ip address add {address}/{PREFIX[family]} dev {INTERFACE}")

    def demolish(self):
        """Takes it down."""
        for node in self.nodes.values():
            node.demolish()

    def wait_states(self, **expected):
        """Waits for both families: wait_states(r1="Active", r2="Backup")."""
        for name, state in expected.items():
            for family in FAMILIES:
                self.wait_state(name, family, state)

    def wait_state(self, name, family, state):
        """Waits for one."""
        self.nodes[name].wait_state(state, [family], VRID[family])

    def give_way(self, family):
        """r1 hands over to r2."""
        self._set_priority(family, LOWER)
        self.wait_state("r2", family, "Active")
        self.wait_state("r1", family, "Backup")

    def take_over(self, family):
        """r1 takes over from r2."""
        self._set_priority(family, PRIORITY["r1"])
        self.wait_state("r1", family, "Active")
        self.wait_state("r2", family, "Backup")

    def _set_priority(self, family, priority):
        self.r1.configure(
            f"interface {INTERFACE}", f"vrrp {VRID[family]} priority {priority}"
        )
