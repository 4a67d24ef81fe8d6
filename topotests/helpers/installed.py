# SPDX-License-Identifier: GPL-2.0-or-later
"""
A router as somebody has it who installed the package: FRR's own init script starts and
watches the daemons that /etc/frr/daemons names, and gives them /etc/frr/frr.conf.

It is a network namespace, and has FRR's directories to itself. A reboot ends all
processes and forgets all that the kernel knew.
"""
import os
import shlex
import signal
from concurrent.futures import ThreadPoolExecutor

from helpers.namespace import Namespace
from helpers.router import MACHINES, Machine

INIT = "/usr/lib/frr/frrinit.sh"
# where Debian's package has it: the file as it is installed
DAEMONS = "/etc/frr/daemons"
OWN = ("/etc/frr", "/run/frr", "/var/lib/frr", "/var/log/frr")
# where all that is of level error goes from the first moment, and where all does
ERRORS, LOG = "/var/log/frr/errors.log", "/var/log/frr/frr.log"
LOGGING = f"frr_global_options='--log file:{ERRORS} --log-level err'\n"
FULL_LOG = f"log file {LOG} informational\nlog record-priority\n"


class Installed(Namespace):
    """One such router."""

    def __init__(self, name):
        super().__init__(name)
        self.root = f"/tmp/machines/{name}"
        self.log_directory = f"{self.root}/var/log/frr"

    def path(self, path):
        """FRR's directories are its own."""
        return self.root + path if path.startswith(OWN) else path

    def run(self, command):
        """In its network namespace, and with its directories in their places."""
        mounts = "".join(f"mount --bind {self.root}{path} {path} && " for path in OWN)
        return super().run(f"{mounts} exec sh -c {shlex.quote(command)}")

    def vtysh(self, *commands):
        """Speaks to all daemons."""
        return Machine.vtysh(self, *commands)

    def build(self):
        """Makes the namespace, and empty directories."""
        Machine().must_run(f"ip netns add {self.name}")
        for path in OWN:
            os.makedirs(self.root + path, exist_ok=True)
            Machine().must_run(f"mkdir -p {path}; chown frr:frr {self.root}{path}")
        MACHINES.append(self)
        self.must_run("ip link set lo up; sysctl -qw net.ipv4.ip_forward=1")
        self.must_run("sysctl -qw net.ipv6.conf.all.forwarding=1")

    def demolish(self):
        """Ends its daemons and removes it."""
        self.cut_power()
        Machine().must_run(f"ip netns delete {self.name}")
        MACHINES.remove(self)

    def install(self, configuration, *commands):
        """An /etc/frr as the package leaves it, these commands, and this frr.conf."""
        self.must_run("rm -rf /etc/frr/* /var/log/frr/*")
        Machine().must_run(f"cp {DAEMONS} {self.path(DAEMONS)}")
        for command in commands:
            self.must_run(command)
        with open(self.path(DAEMONS), "a", encoding="ascii") as file:
            file.write(LOGGING)
        with open(self.path("/etc/frr/frr.conf"), "w", encoding="ascii") as file:
            file.write(f"{FULL_LOG}{configuration}")
        with open(self.path("/etc/frr/vtysh.conf"), "w", encoding="ascii") as file:
            file.write("service integrated-vtysh-config\n")
        self.must_run("chown -R frr:frr /etc/frr")

    def links(self):
        """Its interfaces but lo."""
        status, output = self.run("ls /sys/class/net")
        return [name for name in output.split() if name != "lo"] if status == 0 else []

    def power_on(self):
        """Cables carry, and the init script runs; returns what it says."""
        self.must_run(f"rm -f {ERRORS}")
        for name in self.cables():
            self.must_run(f"ip link set {name} up")
        # what the daemons keep open must not be our pipe
        return self.must_run(f"{INIT} start >/tmp/{self.name}.init 2>&1; cat /tmp/{self.name}.init")

    def shut_down(self):
        """As systemd does it: FRR is stopped, then the network."""
        self.must_run(f"{INIT} stop >/tmp/{self.name}.init 2>&1")
        self._forget(self._darkness())

    def cut_power(self):
        """All at once, without a word."""
        darkness = self._darkness()  # before: what lasts is seen as two that have a VIP
        self._kill_guardian()
        self._kill_all()
        self._forget(darkness)

    def cables(self):
        """Interfaces with another end: what a reboot leaves."""
        return [name for name in self.links() if name.startswith(("eth", "r", "h"))]

    def _kill_guardian(self):
        """Before vrrpd, which stands still so that it does not start another."""
        if self.alive("vrrpd"):
            self.signal("vrrpd", signal.SIGSTOP)
        for pid in Machine().must_run(f"ip netns pids {self.name}").split():
            if Machine().run(f"grep -qx vrrp-guardian /proc/{pid}/comm")[0] == 0:
                os.kill(int(pid), signal.SIGKILL)

    def _kill_all(self):
        directory = self.path("/run/frr")
        names = sorted(name for name in os.listdir(directory) if name.endswith(".pid"))
        # watchfrr first, so that nobody starts what was ended
        for name in sorted(names, key=lambda name: name != "watchfrr.pid"):
            with open(os.path.join(directory, name), encoding="ascii") as file:
                pid = int(file.read())
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                pass

    def _darkness(self):
        cables = self.cables()
        gone = [f"ip link delete {name}" for name in self.links() if name not in cables]
        return "; ".join(gone + [f"ip link set {name} down" for name in cables])

    def _forget(self, darkness):
        super().run(darkness)
        self.must_run(
            "rm -rf /run/frr/*; ip address flush scope global;"
            "ip route flush table all proto 112 2>/dev/null; true"
        )

    def errors(self):
        """The lines of level error that its daemons have logged since it was switched on."""
        try:
            with open(self.path(ERRORS), encoding="utf-8", errors="replace") as file:
                return file.read().splitlines()
        except FileNotFoundError:
            return []


def at_once(*calls):
    """Runs functions that only wait for others, at the same time; fails if one does."""
    with ThreadPoolExecutor(len(calls)) as pool:
        return [future.result() for future in [pool.submit(call) for call in calls]]
