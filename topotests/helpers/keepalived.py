# SPDX-License-Identifier: GPL-2.0-or-later
"""keepalived as the other router, in the namespace of a host."""
import os
import signal
from collections import namedtuple

from helpers.wait import differs, wait_for

# as_v2: checksums over the message alone, as RFC 9568 has it; it then checks none
Instance = namedtuple("Instance", "name vrid family source peer vip as_v2")

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


class Keepalived:
    """One keepalived, configured anew at each start."""

    def __init__(self, node, interface, instances):
        self.node, self.interface, self.instances = node, interface, instances
        self.directory = node.gear.gearlogdir
        node.must_run("ip link add vip0 type dummy && ip link set vip0 up")

    def start(self, priority, preempt=True):
        """Starts it and returns when it runs."""
        self._configure(priority, preempt=preempt)
        self.node.must_run(
            f"keepalived -f {self._file('keepalived.conf')} --vrrp"
            f" -p {self._file('keepalived.pid')} -r {self._file('vrrp.pid')}"
            f" --log-detail --no-syslog --flush-log-file --log-file={self._file('keepalived.log')}"
        )
        wait_for("keepalived runs", lambda: None if self._pid() else "no vrrp.pid")

    def reload(self, priority, interval):
        """SIGHUP, with another interval in seconds; returns when it has taken that over."""
        self._configure(priority, interval=interval)
        before = self.log()
        os.kill(self._pid("keepalived.pid"), signal.SIGHUP)
        wait_for(
            "keepalived has reloaded, and listens",
            lambda: differs("sockpool" in self.log()[len(before) :], True),
        )

    def log(self):
        """What its VRRP process has logged."""
        with open(self._file("keepalived_vrrp.log"), encoding="ascii") as file:
            return file.read()

    def stop(self):
        """SIGTERM: priority 0 leaves, addresses go."""
        self._end(signal.SIGTERM)

    def kill(self):
        """SIGKILL, and since nobody else does, its addresses are taken away."""
        self._end(signal.SIGKILL)
        self.node.must_run("ip address flush dev vip0")

    def running(self):
        """Has it been started and not ended?"""
        return self._pid() is not None

    def has_vip(self, instance):
        """A check: the VIP of an instance is on its dummy."""
        return self.node.has_address("vip0", instance.vip)

    def has_not_vip(self, instance):
        """A check: it is not."""
        return self.node.has_not_address("vip0", instance.vip)

    def _end(self, number):
        for name in ("keepalived.pid", "vrrp.pid"):
            pid = self._pid(name)
            if pid:
                os.kill(pid, number)
        wait_for(
            "keepalived has ended",
            lambda: "it runs" if self._pid() or self._pid("keepalived.pid") else None,
        )

    def _pid(self, name="vrrp.pid"):
        """The process of a pid file if it lives."""
        try:
            with open(self._file(name), encoding="ascii") as file:
                pid = int(file.read())
            with open(f"/proc/{pid}/stat", encoding="ascii") as file:
                return None if ") Z " in file.read() else pid
        except (OSError, ValueError):
            return None

    def _file(self, name):
        return os.path.join(self.directory, name)

    def _configure(self, priority, preempt=True, interval=0.1):
        instances = (
            INSTANCE.format(
                interface=self.interface,
                priority=priority,
                interval=interval,
                preempt="" if preempt else "nopreempt",
                **instance._replace(as_v2=str(instance.as_v2).lower())._asdict(),
            )
            for instance in self.instances
        )
        with open(self._file("keepalived.conf"), "w", encoding="ascii") as file:
            file.write(CONFIGURATION.format(instances="".join(instances)))
