# SPDX-License-Identifier: GPL-2.0-or-later
"""The same two directors by vrrpd, in two ways, and by keepalived: started, ended and upgraded."""

import os
import signal
import subprocess

from fabric import DIRECTORS, LAN, UPLINKS, VIP
from helpers.wait import wait_for

PORT = 7
LEARN_SEC = 15
OTHER = {"r1": "r2", "r2": "r1"}
SERVERS = {family: (LAN["s1"][v6], UPLINKS["s2"][v6]) for v6, family in enumerate(VIP)}


def service(family, *words):
    """A service of two servers behind tunnels, that says what it gets."""
    name = f"talk{family[1]}"
    yield f"ipvs service {name} tcp {VIP[family]} {PORT}"
    for line in words:
        yield f"ipvs service {name} {line}"
    for server in SERVERS[family]:
        yield f"ipvs service {name} server {server} {PORT} forwarding tunnel"


class Ours:
    """vrrpd. Its connections survive by themselves, or are told of by the kernel's synchronisation."""

    LEAVES_ADDRESSES = False

    def __init__(self, net, name, words, more=()):
        self.net, self.name = net, name
        self.lines = [line for family in VIP for line in service(family, *words)] + list(more)

    def begin(self):
        """r1 is the director."""
        self.net.keep(self.lines)
        self.net.configure(self.lines)
        self.net.r1.wait_state("Active")
        self.net.wait_vip_at("r1")

    def start(self, router):
        """With what it had."""
        self.net.machines[router].start("vrrpd")

    def end(self, router, number):
        """By a signal."""
        machine = self.net.machines[router]
        (machine.kill if number == signal.SIGKILL else machine.stop)("vrrpd")

    def upgrade(self, router):
        """As the package does it; watchfrr, without which nobody may end it so, would be slower."""
        machine = self.net.machines[router]
        machine.must_run(
            f"/usr/lib/frr/watchfrr -d -N {router} -r '/bin/false %s' zebra vrrpd >/dev/null 2>&1"
        )
        wait_for(f"watchfrr of {router} has seen vrrpd", lambda: _unseen(machine))
        status, said = machine.vtysh("vrrp restart")
        assert status == 0, said
        wait_for(f"{router} has ended", lambda: "alive" if machine.alive("vrrpd") else None)
        self.start(router)
        machine.kill("watchfrr")

    def close(self):
        """The fabric takes it away."""


def _unseen(machine):
    """A check: watchfrr says that vrrpd is up."""
    said = machine.run(f"vtysh -N {machine.name} -d watchfrr -c 'show watchfrr'")[1]
    lines = [line.split() for line in said.splitlines()]
    return None if any("vrrpd" in words and "Up" in words for words in lines) else said


GLOBAL = """global_defs {{
 router_id {router}
 vrrp_version 3
 lvs_sync_daemon eth1 v4 id 1
}}
vrrp_sync_group both {{
 group {{
  v4
  v6
 }}
}}
"""
INSTANCE = """vrrp_instance {family} {{
 state BACKUP
 interface eth0
 virtual_router_id 10
 priority {priority}
 advert_int 0.5
{more} unicast_src_ip {own}
 unicast_peer {{
  {peer}
 }}
 virtual_ipaddress {{
  {vip} dev vip0
 }}
}}
"""
SERVICE = """virtual_server {vip} {port} {{
 lb_algo wlc
 lb_kind TUN
 protocol TCP
{servers}}}
"""
SERVER = """ real_server {server} {port} {{
  weight 1
 }}
"""
# the recipe's lines that take the VIPs from vrrpd's table, and what announces keepalived's addresses
ANNOUNCED = (
    ("redistribute table-direct 112", "redistribute connected"),
    (
        " match tag 112\nexit\n",
        " match ip address prefix-len 32\nexit\n"
        "route-map TO-FABRIC permit 20\n match ipv6 address prefix-len 128\nexit\n",
    ),
)
PRIORITY = {"r1": 200, "r2": 100}
PID_FILES = ("pid", "vrrp_pid", "checkers_pid", "bfd_pid")


class Keepalived:
    """keepalived with its synchronisation, and FRR that announces its addresses."""

    LEAVES_ADDRESSES = True

    def __init__(self, net, name, delay_sec=0):
        self.net, self.name, self.delay_sec = net, name, delay_sec
        self.processes = {}

    def begin(self):
        """vrrpd ends, r1 is the director."""
        for router in DIRECTORS:
            machine = self.net.machines[router]
            machine.stop("vrrpd")
            machine.must_run("ip link add vip0 type dummy; ip link set vip0 up")
            conf = self.net.files[router]
            for one, other in ANNOUNCED:
                conf = conf.replace(one, other)
            machine.write_conf(conf)
            machine.stop("bgpd")
            machine.start("bgpd")
            self._write(router)
        for router in DIRECTORS:
            self.start(router)
        self.net.wait_vip_at("r1")

    def _file(self, router, name):
        return f"{self.net.machines[router].log_directory}/keepalived.{name}"

    def _write(self, router):
        text = GLOBAL.format(router=router)
        delay = f" preempt_delay {self.delay_sec}\n" if self.delay_sec else ""
        for v6, (family, vip) in enumerate(VIP.items()):
            text += INSTANCE.format(
                family=family,
                priority=PRIORITY[router],
                more=delay if router == "r1" else "",
                own=UPLINKS[router][v6],
                peer=UPLINKS[OTHER[router]][v6],
                vip=f"{vip}/{128 if v6 else 32}",
            )
            servers = "".join(SERVER.format(server=s, port=PORT) for s in SERVERS[family])
            text += SERVICE.format(vip=vip, port=PORT, servers=servers)
        with open(self._file(router, "conf"), "w", encoding="ascii") as file:
            file.write(text)

    def start(self, router):
        """It reads its configuration by itself."""
        command = f"ip netns exec {router} keepalived --dont-fork -f {self._file(router, 'conf')}"
        command += "".join(f" --{name}={self._file(router, name)}" for name in PID_FILES)
        with open(self._file(router, "log"), "ab") as log:
            self.processes[router] = subprocess.Popen(
                [*command.split(), "--log-console"],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def end(self, router, number):
        """By a signal; its children as well if it cannot tell them."""
        ended = self.processes.pop(router)
        if number == signal.SIGKILL:
            os.killpg(ended.pid, number)
        else:
            ended.send_signal(number)
        ended.wait()

    def upgrade(self, router):
        """As the package does it."""
        self.end(router, signal.SIGTERM)
        self.start(router)

    def close(self):
        """Ends it; the fabric takes the rest away."""
        for router in list(self.processes):
            self.end(router, signal.SIGTERM)


LEARN = f"ipvs sync-daemon interface eth1 settle {LEARN_SEC}"
# by its name, what makes each of those that are compared, for a fabric
ALL = {
    "survive": lambda net: Ours(net, "survive", ("survive",)),
    "synchronised": lambda net: Ours(
        net, "synchronised", ("scheduler wlc", "always"), (LEARN,)
    ),
    "keepalived": lambda net: Keepalived(net, "keepalived"),
    "keepalived, preempt_delay": lambda net: Keepalived(
        net, f"keepalived, preempt_delay {LEARN_SEC}", LEARN_SEC
    ),
}
