# SPDX-License-Identifier: GPL-2.0-or-later
"""keepalived as the other router, in the namespace of a host."""
import os
import signal
from collections import namedtuple

from helpers.peer import Peer
from helpers.wait import differs, wait_for


# between advertisements: so long that a machine may stall for half a second
EVERY_SEC = 0.3


class Instance(namedtuple("Instance", "name vrid family source peer vip as_v2")):
    """as_v2: checksums over the message alone, as RFC 9568 has it; it then checks none."""

    @property
    def vips(self):
        """One."""
        return (self.vip,)


CONFIGURATION = """
global_defs {{
    # without it the name server is asked for our name
    router_id k1
    vrrp_version 3
    vrrp_garp_master_delay 0
    vrrp_check_unicast_src
    dynamic_interfaces
}}
{instances}
"""
INSTANCE = """
vrrp_instance {name} {{
    state BACKUP
    interface {interface}
    virtual_router_id {vrid}
    priority {priority}
    advert_int {interval}
    v3_checksum_as_v2 {as_v2}
    {preempt}
    unicast_src_ip {source}
    unicast_peer {{
        {peer}
    }}
    virtual_ipaddress {{
        {vip} dev vip0
    }}
}}
"""


class Keepalived(Peer):
    """One keepalived, with its VIPs on a dummy of its own."""

    def __init__(self, node, interface, instances):
        super().__init__(node, interface, instances)
        node.must_run("ip link add vip0 type dummy && ip link set vip0 up")

    def pid_files(self):
        return [self.file("keepalived.pid"), self.file("vrrp.pid")]

    def start(self, priority, preempt=True, interval=EVERY_SEC):
        """Starts it and returns when it runs. interval: in seconds."""
        self._configure(priority, preempt, interval)
        self.node.must_run(
            f"keepalived -f {self.file('keepalived.conf')} --vrrp"
            f" -p {self.file('keepalived.pid')} -r {self.file('vrrp.pid')}"
            f" --log-detail --no-syslog --flush-log-file --log-file={self.file('keepalived.log')}"
        )
        self.wait_running()

    def reload(self, priority, interval):
        """SIGHUP, with another interval in seconds; returns when it has taken that over."""
        self._configure(priority, interval=interval)
        before = self.log()
        os.kill(self.pids()[0], signal.SIGHUP)
        wait_for(
            "keepalived has reloaded, and listens",
            lambda: differs("sockpool" in self.log()[len(before) :], True),
        )

    def log(self):
        """The log of its VRRP process."""
        with open(self.file("keepalived_vrrp.log"), encoding="ascii") as file:
            return file.read()

    def silence(self):
        self.node.must_run("ip address flush dev vip0")

    def is_active(self, router):
        """A check: the VIP of an instance is on its dummy."""
        return self.node.has_address("vip0", router.vip)

    def is_not_active(self, router):
        """A check: it is not."""
        return self.node.has_not_address("vip0", router.vip)

    def _configure(self, priority, preempt=True, interval=EVERY_SEC):
        instances = (
            INSTANCE.format(
                interface=self.interface,
                priority=priority,
                interval=interval,
                preempt="" if preempt else "nopreempt",
                **instance._replace(as_v2=str(instance.as_v2).lower())._asdict(),
            )
            for instance in self.routers
        )
        self.write("keepalived.conf", CONFIGURATION.format(instances="".join(instances)))
