# SPDX-License-Identifier: GPL-2.0-or-later
"""
A router or host as our tests see it.

Configuration goes in by vtysh, as an operator's would. What is only read goes
over the daemons' vty sockets, since that starts no process.
"""
import json
import os
import shlex
import signal
import subprocess

from helpers.descriptors import open_files
from helpers.vty import VtyError, vty_command
from helpers.wait import TIMEOUT_SEC, differs, wait_for


# Those that speak when a test has failed.
MACHINES = []
LOGS = ("vrrpd.log", "zebra.log", "frr.log", "keepalived_vrrp.log")
FAMILIES = ("v4", "v6")
LOCKED = "could not lock running DS"
DESCRIBING = (
    ("vrrpd", "show running-config"),
    ("vrrpd", "show vrrp json"),
    ("vrrpd", "show vrrp vip json"),
    ("zebra", "show ip route"),
    ("zebra", "show ipv6 route"),
    ("bgpd", "show bgp summary"),
    ("bgpd", "show bgp all"),
    ("ospfd", "show ip ospf neighbor"),
)


class Machine:
    """Something that runs FRR: a router of a topology, or the lab itself."""

    name = "lab"
    log_directory = "/tmp"

    # Files and processes

    def path(self, path):
        """The path under which this test sees a file of the machine."""
        return path

    def net(self):
        """Its network namespace, as a file."""
        return "/proc/self/ns/net"

    def run(self, command):
        """Runs a shell command there; returns (exit status, stdout + stderr)."""
        done = subprocess.run(
            command,
            shell=True,
            check=False,
            text=True,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        return done.returncode, done.stdout

    def must_run(self, command):
        """Runs a shell command that has to succeed; returns what it printed."""
        status, output = self.run(command)
        assert status == 0, f"{self.name}: '{command}' failed ({status}): {output}"
        return output

    def pid(self, daemon):
        """The process id of a daemon from its pid file; None when there is none."""
        try:
            with open(self.path(f"/run/frr/{daemon}.pid"), encoding="ascii") as file:
                return int(file.read())
        except (OSError, ValueError):
            return None

    def alive(self, daemon):
        """Does the daemon's process exist, and is it more than a zombie?"""
        try:
            with open(f"/proc/{self.pid(daemon)}/stat", encoding="ascii") as file:
                return file.read().rsplit(")", 1)[1].split()[0] != "Z"
        except OSError:
            return False

    def signal(self, daemon, number):
        """Sends a signal to a daemon."""
        os.kill(self.pid(daemon), number)

    def kill(self, daemon):
        """SIGKILL."""
        self._end(daemon, signal.SIGKILL)

    def stop(self, daemon):
        """SIGTERM."""
        self._end(daemon, signal.SIGTERM)

    def start(self, *daemons):
        """Starts daemons with what frr.conf has for them."""
        raise NotImplementedError

    def revive(self, daemon):
        """Makes sure that a daemon runs, whatever an earlier test did to it."""
        if self.alive(daemon):
            self.signal(daemon, signal.SIGCONT)
        else:
            self.start(daemon)

    def _end(self, daemon, number):
        self.signal(daemon, number)
        wait_for(
            f"{self.name}: {daemon} ends after signal {number}",
            lambda: "alive" if self.alive(daemon) else None,
        )

    def raw_sockets(self, daemon):
        """The raw sockets a daemon has open, by inode."""
        pid, raw = self.pid(daemon), set()
        for table in ("raw", "raw6"):
            with open(f"/proc/{pid}/net/{table}", encoding="ascii") as file:
                raw |= {f"socket:[{line.split()[9]}]" for line in file.readlines()[1:]}
        return raw.intersection(open_files(pid).values())

    # Commands

    def vtysh(self, *commands):
        """Runs commands in one vtysh; returns (exit status, output)."""
        return self.run("vtysh " + " ".join(f"-c {shlex.quote(c)}" for c in commands))

    def configure(self, *lines):
        """Types configuration lines, all of which have to be accepted."""
        return self._typed(lambda: self.vtysh("configure terminal", *lines), lines)

    def _typed(self, vtysh, lines):
        """The output of a vtysh, when mgmtd has nothing locked, as it has while a daemon starts."""
        seen = []

        def locked():
            seen[:] = vtysh()
            return seen[1] if seen[0] and LOCKED in seen[1] else None

        wait_for(f"{self.name} takes {lines}", locked)
        assert seen[0] == 0, f"{self.name}: {lines} was refused: {seen[1]}"
        return seen[1]

    def show(self, daemon, command):
        """The output of a show command of a daemon."""
        return vty_command(self.path(f"/run/frr/{daemon}.vty"), command)

    def show_json(self, daemon, command):
        """The same for a command that ends in json; {} when it cannot be had."""
        try:
            return json.loads(self.show(daemon, command))
        except (VtyError, ValueError):
            return {}

    def running_config(self, daemon="vrrpd"):
        """The daemon's running configuration without its changing header."""
        return [
            line
            for line in self.show(daemon, "show running-config").splitlines()
            if line.strip() and line != "Building configuration..."
        ]

    def log(self, daemon="vrrpd"):
        """The log of a daemon."""
        path = os.path.join(self.log_directory, f"{daemon}.log")
        with open(path, encoding="utf-8", errors="replace") as file:
            return file.read()

    # Kernel state

    def addresses(self, ifname):
        """The addresses of a link: {"ADDRESS/LENGTH": its object of ip -j}."""
        status, output = self.run(f"ip -j address show dev {ifname}")
        if status != 0:
            return {}
        found = [info for link in json.loads(output) for info in link["addr_info"]]
        return {f"{info['local']}/{info['prefixlen']}": info for info in found}

    def has_address(self, ifname, address):
        """A check: the link has that ADDRESS/LENGTH."""
        seen = self.addresses(ifname)
        return None if address in seen else f"{ifname} has {sorted(seen)}"

    def has_not_address(self, ifname, address):
        """A check: the link has not that ADDRESS/LENGTH."""
        seen = self.addresses(ifname)
        return f"{ifname} has {sorted(seen)}" if address in seen else None

    def link(self, ifname):
        """The object of ip -j -d link for an interface; None when there is none."""
        status, output = self.run(f"ip -j -d link show dev {ifname}")
        return json.loads(output)[0] if status == 0 else None

    # VRRP

    def groups(self):
        """show vrrp json as {vrid: group}."""
        groups = self.show_json("vrrpd", "show vrrp json")
        return {group["vrid"]: group for group in groups}

    def family(self, family, vrid=10):
        """The v4 or v6 part of a group; {} when there is none."""
        return self.groups().get(vrid, {}).get(family, {})

    def state(self, family="v4", vrid=10):
        """Initialize, Backup or Active; None when nobody answers."""
        return self.family(family, vrid).get("state")

    def transitions(self, vrid=10):
        """Changes of state so far, of both families."""
        group = self.groups().get(vrid, {})
        return [group.get(f, {}).get("stats", {}).get("transitions") for f in FAMILIES]

    def wait_state(self, expected, families=("v4", "v6"), vrid=10, timeout=TIMEOUT_SEC):
        """Waits until the families are in that state."""
        for family in families:
            wait_for(
                f"{self.name}: VRID {vrid} {family} is {expected}",
                lambda f=family: differs(self.state(f, vrid), expected),
                timeout,
            )

    def describe(self):
        """The state of this router, for a failed test."""
        parts = [f"=== {self.name}"]
        for daemon, command in DESCRIBING:
            if self.alive(daemon):
                parts.append(self._describe_command(daemon, command))
        parts.append(self.run("ip -br address; ip route; ip -6 route")[1])
        parts += [self._log_tail(name) for name in LOGS]
        return "\n".join(part for part in parts if part)

    def _describe_command(self, daemon, command):
        try:
            return f"--- {command}\n{self.show(daemon, command)}"
        except VtyError as error:
            return f"--- {command}\n{error}"

    def _log_tail(self, name, lines=40):
        path = os.path.join(self.log_directory, name)
        try:
            with open(path, encoding="utf-8", errors="replace") as file:
                return f"--- {name}\n" + "".join(file.readlines()[-lines:])
        except OSError:
            return ""


class Router(Machine):
    """One gear of a topology, wrapped."""

    def __init__(self, gear):
        self.gear = gear
        self.name = gear.name
        self.log_directory = gear.gearlogdir

    def path(self, path):
        """The router's mounts are its own."""
        return f"/proc/{self.gear.net.pid}/root{path}"

    def net(self):
        """And so is its network."""
        return f"/proc/{self.gear.net.pid}/ns/net"

    def run(self, command):
        """In the router's namespaces."""
        status, out, err = self.gear.net.cmd_status(command, warn=False)
        return status, out + err

    def start(self, *daemons):
        """Starts daemons and gives each its part of frr.conf, as watchfrr does."""
        self.gear.net.startRouterDaemons(list(daemons))
        for daemon in daemons:
            self.must_run(f"vtysh -b -d {daemon}")


def describe_all():
    """The state of every machine of a failed test, or of the lab."""
    return "\n".join(machine.describe() for machine in MACHINES or [Machine()])
