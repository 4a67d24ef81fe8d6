# SPDX-License-Identifier: GPL-2.0-or-later
"""
Other people's VRRP routers on a LAN: keepalived and FRR's own vrrpd.

Both are told the same virtual routers and are asked the same questions, so that
a test need not know whom it has in front of it. kill() is the loss of the whole
machine: SIGKILL, and what the process would leave answering is taken away too.
"""
import os
import signal
from collections import namedtuple

from helpers.wait import differs, wait_for

VirtualRouter = namedtuple("VirtualRouter", "vrid version family interval_ms vips")

KEEPALIVED = """
global_defs {{
    # without it the name server is asked for our name
    router_id {name}
    vrrp_garp_master_delay 0
    dynamic_interfaces
}}
{instances}
"""
KEEPALIVED_INSTANCE = """
vrrp_instance vr{vrid} {{
    state BACKUP
    interface {interface}
    use_vmac vrrp.{vrid}
    version {version}
    virtual_router_id {vrid}
    priority {priority}
    advert_int {seconds}
    {preempt}
    virtual_ipaddress {{
        {vips}
    }}
}}
"""


class LanPeer:
    """What both have in common: a process, and files of their own."""

    def __init__(self, node, interface, routers):
        self.node, self.interface, self.routers = node, interface, routers

    def file(self, name):
        """The path of a file of this peer."""
        return os.path.join(self.node.gear.gearlogdir, name)

    def write(self, name, text):
        """Writes such a file."""
        with open(self.file(name), "w", encoding="ascii") as file:
            file.write(text)

    def pids(self):
        """The processes that live, from their pid files."""
        return [pid for pid in map(_living, self.pid_files()) if pid]

    def pid_files(self):
        """Where the process ids are."""
        raise NotImplementedError

    def running(self):
        """Has it been started and not ended?"""
        return bool(self.pids())

    def wait_running(self):
        """Waits until it has written down all its process ids."""
        expected = len(self.pid_files())
        wait_for(
            f"{self.node.name}: {expected} processes run",
            lambda: differs(len(self.pids()), expected),
        )

    def stop(self):
        """SIGTERM: it leaves with priority 0."""
        self._end(signal.SIGTERM)

    def kill(self):
        """The machine is lost."""
        self._end(signal.SIGKILL)
        self.silence()

    def silence(self):
        """Takes away what would go on answering for the VIPs."""
        raise NotImplementedError

    def _end(self, number):
        for pid in self.pids():
            os.kill(pid, number)
        wait_for(
            f"{self.node.name} has ended after signal {number}",
            lambda: self.pids() or None,
        )


def _living(path):
    try:
        with open(path, encoding="ascii") as file:
            pid = int(file.read())
        with open(f"/proc/{pid}/stat", encoding="ascii") as file:
            return None if ") Z " in file.read() else pid
    except (OSError, ValueError):
        return None


class LanKeepalived(LanPeer):
    """keepalived with use_vmac; it makes and removes its macvlans itself."""

    def pid_files(self):
        return [self.file("keepalived.pid"), self.file("vrrp.pid")]

    def start(self, priority, preempt=True):
        """Starts it anew with that priority for all virtual routers."""
        instances = (
            KEEPALIVED_INSTANCE.format(
                interface=self.interface,
                vrid=router.vrid,
                version=router.version,
                priority=priority,
                seconds=router.interval_ms / 1000,
                preempt="" if preempt else "nopreempt",
                vips="\n        ".join(router.vips),
            )
            for router in self.routers
        )
        text = KEEPALIVED.format(name=self.node.name, instances="".join(instances))
        self.write("keepalived.conf", text)
        self.node.must_run(
            f"keepalived -f {self.file('keepalived.conf')} --vrrp"
            f" -p {self.file('keepalived.pid')} -r {self.file('vrrp.pid')}"
            f" --log-detail --no-syslog --flush-log-file"
            f" -g {self.file('keepalived.log')}"
        )
        self.wait_running()

    def silence(self):
        for router in self.routers:
            self.node.must_run(f"ip link del vrrp.{router.vrid}")

    def is_active(self, router):
        """A check: it has all VIPs of a virtual router."""
        seen = self.node.addresses(f"vrrp.{router.vrid}")
        return None if set(router.vips) <= set(seen) else f"it has {sorted(seen)}"

    def is_not_active(self, router):
        """A check: it has none of them."""
        seen = set(self.node.addresses(f"vrrp.{router.vrid}"))
        return f"it has {sorted(seen)}" if set(router.vips) & seen else None


def make_macvlan(node, interface, router):
    """
    By hand, as FRR's manual wants it: in bridge mode, with the VIPs on it, and
    without an EUI-64 link-local.
    """
    name = f"vrrp.{router.vrid}"
    kind = 1 if router.family == "v4" else 2
    node.must_run(
        f"ip link add {name} link {interface}"
        f" address 00:00:5e:00:0{kind}:{router.vrid:02x} type macvlan mode bridge"
        f" && ip link set {name} addrgenmode random"
    )
    for vip in router.vips:
        nodad = " nodad" if ":" in vip else ""
        node.must_run(f"ip address add {vip} dev {name}{nodad}")
    node.must_run(f"ip link set {name} up")


class LanStock(LanPeer):
    """FRR's own vrrpd, and the macvlans that it wants."""

    def __init__(self, node, interface, routers):
        super().__init__(node, interface, routers)
        for router in routers:
            make_macvlan(node, interface, router)

    def pid_files(self):
        # where helpers.router looks for it too
        return [self.node.path("/run/frr/vrrpd.pid")]

    def configuration(self, priority, preempt):
        """The lines that make the virtual routers."""
        lines = [f"interface {self.interface}"]
        for router in self.routers:
            lines += [
                f" vrrp {router.vrid} version {router.version}",
                f" vrrp {router.vrid} priority {priority}",
                f" vrrp {router.vrid} advertisement-interval {router.interval_ms}",
            ]
            if not preempt:
                lines.append(f" no vrrp {router.vrid} preempt")
            command = {"v4": "ip", "v6": "ipv6"}[router.family]
            addresses = [vip.split("/")[0] for vip in router.vips]
            lines += [f" vrrp {router.vrid} {command} {a}" for a in addresses]
        return lines

    def start(self, priority, preempt=True):
        """Starts it anew with that priority for all virtual routers."""
        lines = self.configuration(priority, preempt)
        self.write("stock.conf", "\n".join(lines) + "\n")
        self.node.must_run(
            f"/usr/lib/frr/vrrpd.stock -d -f {self.file('stock.conf')}"
            f" --log file:{self.file('vrrpd.log')} --log-level debug"
            f" >{self.file('stock.out')} 2>&1"
        )
        self.wait_running()

    def silence(self):
        for router in self.routers:
            self.node.must_run(f"ip link set vrrp.{router.vrid} protodown on")

    def is_active(self, router):
        """A check: it says that it is."""
        return differs(self._status(router), "Master")

    def is_not_active(self, router):
        """A check: it is not there, or says that it is not."""
        return "it is Master" if self._status(router) == "Master" else None

    def _status(self, router):
        return self.node.family(router.family, router.vrid).get("status")


class LanStockAutoconfigured(LanStock):
    """The same, which finds the virtual routers by the macvlans of another."""

    def __init__(self, stock):
        LanPeer.__init__(self, stock.node, stock.interface, stock.routers)

    def configuration(self, priority, preempt):
        lines = [f"vrrp default priority {priority}", "vrrp autoconfigure"]
        return lines if preempt else ["no vrrp default preempt"] + lines
