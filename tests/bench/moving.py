# SPDX-License-Identifier: GPL-2.0-or-later
"""Both implementations on the network of fabric.py: started, ended, and told to move their VIPs."""

import signal
import subprocess

import anycast
import fabric
import foreign
import process
import routers
import topology
from keepalived import GLOBAL, RUN, launch

PRIORITY = {"r1": 200, "r2": 100}
LOWERED = 50
OTHER = {"r1": "r2", "r2": "r1"}
OWN = {
    ("r1", "ipv4"): "10.1.1.1",
    ("r2", "ipv4"): "10.1.2.1",
    ("r1", "ipv6"): "2001:db8:1::1",
    ("r2", "ipv6"): "2001:db8:2::1",
}
COMMAND = {"ipv4": "ip", "ipv6": "ipv6"}
LENGTH = {"ipv4": 32, "ipv6": 128}
PATIENCE_SEC = 60
SETTLE_MS = 6000
# by the number of VIPs; ospfd takes seconds for a crowd (doc/user/moves.md)
LEASE_SEC = {1: 3}
DRAIN_MS = {1000: 10000}
BFD = """bfd
 profile fast
  transmit-interval 50
  receive-interval 50
 exit
exit
!
"""


class Ours:
    """vrrpd, with zebra's route for BGP and the address for OSPF."""

    NAME = "ours"
    MAKES_DEVICE = True
    PROTOCOLS = tuple(fabric.THIRD)
    ADDRESSES_MOVE = True

    def __init__(self, groups, moves):
        self.groups, self.running = groups, {}
        self.vrids = sorted({vrid for vrid, _, _ in groups})
        for router in topology.ROUTERS:
            vrrp = "".join(self._lines(router, moves))
            more = BFD if moves.bfd else ""
            conf = fabric.frr_conf(
                router, moves.protocols, vrrp, lease=LEASE_SEC.get(moves.vips)
            )
            fabric.write_conf(router, more + conf)

    def _lines(self, router, moves):
        for vrid in self.vrids:
            yield f" vrrp {vrid}\n vrrp {vrid} priority {PRIORITY[router]}\n"
            yield f" vrrp {vrid} advertisement-interval {moves.interval_ms}\n"
            if moves.vips in DRAIN_MS:
                yield f" vrrp {vrid} drain {DRAIN_MS[moves.vips]}\n"
            if moves.settle and router == "r1":
                yield f" vrrp {vrid} preempt settle {SETTLE_MS}\n"
                for route in topology.CLIENTS_SUBNETS:
                    yield f" vrrp {vrid} track route {route}\n"
            if moves.bfd:
                yield f" vrrp {vrid} bfd profile fast\n"
        for vrid, family, vips in self.groups:
            yield f" vrrp {vrid} peer {OWN[OTHER[router], family]}\n"
            for vip in vips:
                yield f" vrrp {vrid} {COMMAND[family]} {vip}\n"

    def start(self, router):
        """Starts it, and gives it its configuration."""
        self.running[router].start("vrrpd")
        self.running[router].wait_for("vrrpd")
        self.running[router].configure("vrrpd")

    def boot(self, router):
        """After FRR's other daemons: their configuration comes with its own."""
        self.running[router].start("vrrpd")
        self.running[router].wait_for("vrrpd")
        self.running[router].configure()

    def end(self, router, number):
        """Ends it by a signal."""
        self.running[router].signal("vrrpd", number)
        self.running[router].reap("vrrpd", PATIENCE_SEC)

    def forget(self, router):
        """It went with its host."""

    def say(self, router, *lines):
        """Commands, as an operator types them."""
        command = ["vtysh", "-N", router, "-d", "vrrpd"]
        for line in lines:
            command += ["-c", line]
        subprocess.run(
            command,
            check=True,
            stdout=subprocess.DEVNULL,
            preexec_fn=process.usual_priority,
        )

    def type_to_all(self, router, line):
        """A line for each group, where {} is "vrrp" and its VRID."""
        path = fabric.CONFIGURATIONS / f"{router}.typed"
        lines = "".join(f" {line.format(f'vrrp {vrid}')}\n" for vrid in self.vrids)
        path.write_text(f"interface to-fabric\n{lines}")
        subprocess.run(
            ["vtysh", "-N", router, "-d", "vrrpd", "-f", path],
            check=True,
            stdout=subprocess.DEVNULL,
            preexec_fn=process.usual_priority,
        )

    def lower(self, router):
        """It gives way to the other one."""
        self.type_to_all(router, f"{{}} priority {LOWERED}")

    def raise_again(self, router):
        """It preempts."""
        self.type_to_all(router, f"{{}} priority {PRIORITY[router]}")

    def restart(self, router):
        """As an upgrade of the package does."""
        self.say(router, "vrrp restart")
        self.running[router].reap("vrrpd")
        self.start(router)

    def close(self):
        """fabric.built() ends all of FRR."""


class Keepalived(foreign.Foreign):
    """keepalived, and FRR that announces the addresses which it adds."""

    NAME = "keepalived"
    MAKES_DEVICE = False
    PROTOCOLS = tuple(fabric.THIRD)
    ADDRESSES_MOVE = True

    def __init__(self, groups, moves):
        self.groups, self.interval_ms = groups, moves.interval_ms
        super().__init__()
        RUN.mkdir(exist_ok=True)
        for router in topology.ROUTERS:
            conf = fabric.frr_conf(router, moves.protocols, connected=True)
            fabric.write_conf(router, conf)
            self._write(router, PRIORITY[router])

    def _write(self, router, priority):
        text = "".join(self._instance(router, priority, *group) for group in self.groups)
        (RUN / f"{router}.conf").write_text(GLOBAL + text)

    def _instance(self, router, priority, vrid, family, vips):
        addresses = "".join(f"  {vip}/{LENGTH[family]} dev vip0\n" for vip in vips)
        return (
            f"vrrp_instance g{vrid}_{family} {{\n state BACKUP\n interface to-fabric\n"
            f" virtual_router_id {vrid}\n priority {priority}\n"
            f" advert_int {self.interval_ms / 1000}\n"
            f" unicast_src_ip {OWN[router, family]}\n"
            f" unicast_peer {{\n  {OWN[OTHER[router], family]}\n }}\n"
            f" virtual_ipaddress {{\n{addresses} }}\n}}\n"
        )

    def start(self, router):
        """Starts it; it reads its configuration by itself."""
        self.processes[router] = launch(router, RUN / f"{router}.conf")

    def boot(self, router):
        """After FRR."""
        self.running[router].configure()
        self.start(router)

    def _reload(self, router, priority):
        self._write(router, priority)
        self.processes[router].send_signal(signal.SIGHUP)

    def lower(self, router):
        """It gives way to the other one."""
        self._reload(router, LOWERED)

    def raise_again(self, router):
        """It preempts."""
        self._reload(router, PRIORITY[router])


IMPLEMENTATIONS = (Ours, Keepalived, anycast.ExaBGP)
