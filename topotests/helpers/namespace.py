# SPDX-License-Identifier: GPL-2.0-or-later
"""
Routers and hosts that are network namespaces and no more.

For tests on a kernel that FRR's framework will not start on: the host's, which
has nftables. Links, addresses and daemons are made here; what is asked of a
machine is what helpers.router asks of one of a topology.
"""
import os
import shlex

from helpers.router import MACHINES, Machine
from helpers.vty import VtyError
from helpers.wait import wait_for

VTYSH = "/usr/bin/vtysh"
BINARIES = "/usr/lib/frr"
# Beside vrrpd, in the order in which they are started.
DAEMONS = ("mgmtd", "zebra", "staticd")
# As Debian's /etc/frr/daemons starts them: zebra ends when its netlink buffer is full.
OPTIONS = {"zebra": "-s 90000000"}


class Namespace(Machine):
    """A network namespace, and a pathspace (-N) of FRR's of the same name."""

    def __init__(self, name, vtysh=VTYSH):
        self.name, self.shell = name, vtysh
        self.log_directory = f"/tmp/{name}"

    def path(self, path):
        """FRR's files are in the pathspace."""
        return path.replace("/run/frr/", f"/run/frr/{self.name}/")

    def net(self):
        """The network namespace, as a file."""
        return f"/run/netns/{self.name}"

    def run(self, command):
        """In the namespace."""
        return super().run(f"ip netns exec {self.name} sh -c {shlex.quote(command)}")

    def vtysh(self, *commands):
        """Speaks to vrrpd alone; mgmtd need not run."""
        said = " ".join(f"-c {shlex.quote(c)}" for c in commands)
        return self.run(f"{self.shell} -N {self.name} -d vrrpd {said}")

    def configure_all(self, *lines):
        """Types lines to all daemons."""
        said = " ".join(f"-c {shlex.quote(line)}" for line in lines)
        command = f"{self.shell} -N {self.name} -c 'configure terminal' {said}"
        self._typed(lambda: self.run(command), lines)

    def build(self):
        """Makes the namespace, with nothing but a loopback interface."""
        directories = f"{self.log_directory} /etc/frr/{self.name} /run/frr/{self.name}"
        Machine().must_run(
            f"ip netns add {self.name}; mkdir -p {directories}; chown frr:frr {directories}"
        )
        self.must_run("ip link set lo up")
        self.write_conf("")
        with open(f"/etc/frr/{self.name}/vtysh.conf", "w", encoding="ascii") as file:
            file.write("service integrated-vtysh-config\n")
        MACHINES.append(self)

    def add_vip0(self):
        """Makes the VIP interface by hand: an ifb, since the host's kernel has no dummy."""
        self.must_run("ip link add vip0 type ifb; ip link set vip0 up")

    def demolish(self):
        """Ends its daemons and removes it."""
        for daemon in ("vrrpd", *DAEMONS):
            if self.alive(daemon):
                self.kill(daemon)
        Machine().must_run(f"ip netns delete {self.name}")
        MACHINES.remove(self)

    def write_conf(self, *lines):
        """Writes frr.conf, which the next daemon to start reads."""
        with open(f"/etc/frr/{self.name}/frr.conf", "w", encoding="ascii") as file:
            file.write("\n".join(lines) + "\n")

    def start(self, *daemons):
        """Starts daemons and gives each its part of frr.conf, as watchfrr does."""
        for daemon in daemons:
            self.launch(daemon)
            self.must_run(f"{self.shell} -N {self.name} -b -d {daemon}")

    def boot(self):
        """Starts all DAEMONS and vrrpd, and gives them frr.conf at once."""
        for daemon in (*DAEMONS, "vrrpd"):
            self.launch(daemon)
        self.must_run(f"{self.shell} -N {self.name} -b")

    def has_logged(self, sentence):
        """Is it in the log of its vrrpd?"""
        path = os.path.join(self.log_directory, "vrrpd.log")
        with open(path, encoding="utf-8") as file:
            return sentence in file.read()

    def launch(self, daemon, binary=None):
        """Starts a daemon without configuration; returns when it answers."""
        log = os.path.join(self.log_directory, f"{daemon}.log")
        self.must_run(
            f"{binary or f'{BINARIES}/{daemon}'} {OPTIONS.get(daemon, '')}"
            f" -d -N {self.name} --log file:{log}"
            " >/dev/null 2>&1 </dev/null"
        )
        wait_for(f"{self.name}: {daemon} answers", lambda: self._answers(daemon))

    def _answers(self, daemon):
        try:
            self.show(daemon, "show version")
        except VtyError as error:
            return str(error)
        return None if self.alive(daemon) else "no process"


def link(name1, machine1, name2, machine2, options=""):
    """A cable: an interface of one machine and one of another; both are up."""
    Machine().must_run(
        f"ip link add {name1} netns {machine1.name} type veth"
        f" peer name {name2} {options} netns {machine2.name}"
    )
    machine1.must_run(f"ip link set {name1} up")
    machine2.must_run(f"ip link set {name2} up")
