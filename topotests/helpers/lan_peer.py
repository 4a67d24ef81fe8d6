# SPDX-License-Identifier: GPL-2.0-or-later
"""
Other people's VRRP routers on a LAN: keepalived and FRR's own vrrpd.

Both are told the same virtual routers and are asked the same questions, so that
a test need not know which implementation it uses. kill() is the loss of the whole
machine: SIGKILL, and what the process would leave answering is taken away too.
"""
from collections import namedtuple

from helpers.peer import Peer
from helpers.wait import differs

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


class LanKeepalived(Peer):
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


class LanStock(Peer):
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
        Peer.__init__(self, stock.node, stock.interface, stock.routers)

    def configuration(self, priority, preempt):
        lines = [f"vrrp default priority {priority}", "vrrp autoconfigure"]
        return lines if preempt else ["no vrrp default preempt"] + lines
