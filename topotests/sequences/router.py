# SPDX-License-Identifier: GPL-2.0-or-later
"""
One router of a pair: a network namespace with zebra and vrrpd, which are children of the test.

What is done to it is done at once and not waited for, since the next event may be due. Whatever is
typed goes over vrrpd's socket, by a thread of its own: some commands answer late, and a daemon
that stands still answers nobody.
"""
import os
import signal
import socket
import subprocess
import threading
import time
from contextlib import contextmanager

from helpers.namespace import BINARIES, OPTIONS, Namespace
from helpers.vty import Session, VtyError

VIP_LINK, DRAIN_LINK = "vip0", "vip-drain"
VIPS = {
    "v4": ("203.0.113.10", "203.0.113.11"),
    "v6": ("2001:db8:ffff::10",),
}
ADDRESS = {"v4": "192.0.2.{}", "v6": "2001:db8:1::{}"}
PRIORITY = {"r1": 200, "r2": 100}
# Not lines of the group: vrrpd reads its file itself (-f), as others have it from vtysh -b.
OWN_FILE, NO_GUARDIAN = "own file", "no guardian"
# Lines of the group in which pairs differ. All leases end before sequence.LONG_SEC has passed.
SHAPES = (
    ("advertisement-interval 100", "startup-hold 0"),
    ("advertisement-interval 200", "drain 600"),
    ("advertisement-interval 100", "announce standby metric 30 tag 6", "preempt settle 200"),
    ("advertisement-interval 500", "startup-hold 0", "drain 1000", OWN_FILE),
    ("advertisement-interval 100", "startup-hold 0", NO_GUARDIAN),
)
# the same each time, so that a new one is as the one before
VIP_LINK_MAC = "02:00:00:00:00:10"
ALIAS = "frr-crossvip vrrpd"
# until a daemon that stands still is given up by who types
TYPED_SEC = 5
NEWNET = os.CLONE_NEWNET


class Router(Namespace):
    """r1 or r2 of the pair of that number."""

    def __init__(self, role, number, shape):
        super().__init__(f"{role}-{number}")
        self.role, self.shape = role, shape
        self.children, self.typing = {}, []
        # daemons that have been ended, and those that have perhaps been told to end
        self.is_ending, self.may_end = set(), set()
        self.makes_vip_link = self._device = None

    # What it is made of

    def host(self):
        """The number of its addresses."""
        return int(self.role[1])

    def setup(self, device):
        """Links' addresses, and the files of vrrpd. device: a kind of VIP interface that exists."""
        self._device = device
        self.makes_vip_link = device == "dummy" and self.shape % 2 == 1
        for family, address in ADDRESS.items():
            length = "/24" if family == "v4" else "/64 nodad"
            self.must_run(f"ip address add {address.format(self.host())}{length} dev eth0")
        # zebra's router ID is not to be a VIP
        self.must_run(f"ip address add 198.51.100.{self.host()}/32 dev lo")
        self.must_run("sysctl -qw net.ipv6.conf.all.keep_addr_on_down=1")
        self.must_run("sysctl -qw net.ipv6.conf.eth0.keep_addr_on_down=1")
        if not self.makes_vip_link:
            self.on_vip_make()
        self.write_conf(*self.conf())

    def group_lines(self):
        """Those of the group, without "vrrp 10"."""
        yield f"priority {PRIORITY[self.role]}"
        for family, word in (("v4", "ip"), ("v6", "ipv6")):
            yield f"peer {ADDRESS[family].format(3 - self.host())}"
            yield from (f"{word} {vip}" for vip in VIPS[family])
        yield from (line for line in SHAPES[self.shape] if line not in (OWN_FILE, NO_GUARDIAN))

    def conf(self):
        """What vrrpd starts with."""
        yield "log timestamp precision 3"
        yield "vrrp address-lease 3"
        if NO_GUARDIAN in SHAPES[self.shape]:
            yield "no vrrp guardian"
        yield "interface eth0"
        yield from (f" vrrp 10 {line}" for line in self.group_lines())
        yield "exit"

    @property
    def is_guarded(self):
        """Has its vrrpd a guardian?"""
        return NO_GUARDIAN not in SHAPES[self.shape]

    @property
    def has_own_file(self):
        """Does its vrrpd read the file itself?"""
        return OWN_FILE in SHAPES[self.shape]

    @property
    def stands_by(self):
        """Does it announce as Backup?"""
        return any(line.startswith("announce standby") for line in SHAPES[self.shape])

    @contextmanager
    def inside(self):
        """This thread, and what it starts, is in the namespace."""
        outside = os.open("/proc/thread-self/ns/net", os.O_RDONLY)
        here = os.open(self.net(), os.O_RDONLY)
        try:
            os.setns(here, NEWNET)
            yield
        finally:
            os.setns(outside, NEWNET)
            os.close(here)
            os.close(outside)

    def do(self, *commands):
        """Runs commands of ip there, as few processes as that takes; some may fail."""
        with self.inside():
            for command in commands:
                subprocess.run(
                    ["ip", *command.split()],
                    check=False,
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.DEVNULL,
                    stderr=subprocess.DEVNULL,
                )

    def ask_ip(self, command):
        """What ip prints."""
        with self.inside():
            done = subprocess.run(
                ["ip", *command.split()], check=False, capture_output=True, text=True
            )
        return done.stdout

    def has_link(self, name):
        """Is there such a link?"""
        with self.inside():
            try:
                return bool(socket.if_nametoindex(name))
            except OSError:
                return False

    # Processes

    def runs(self, daemon):
        """Has it not ended?"""
        child = self.children.get(daemon)
        return child is not None and child.poll() is None

    def crashed(self):
        """A sentence about a daemon that ended though nobody ended it; None: there is none."""
        for daemon, child in self.children.items():
            if child.poll() is not None and daemon not in self.is_ending | self.may_end:
                return f"{self.name}: {daemon} ended by itself, status {child.returncode}"
        return None

    def start_child(self, daemon):
        """Starts it, unless it runs."""
        if self.runs(daemon):
            return
        command = [f"{BINARIES}/{daemon}", "-N", self.name, *OPTIONS.get(daemon, "").split()]
        command += ["--log", f"file:{self.log_directory}/{daemon}.log"]
        if daemon == "vrrpd" and self.has_own_file:
            command += ["-f", f"/etc/frr/{self.name}/frr.conf"]
        with self.inside(), open(f"{self.log_directory}/{daemon}.out", "ab") as out:
            self.children[daemon] = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=out, stderr=out
            )
        self.is_ending.discard(daemon)
        self.may_end.discard(daemon)
        if daemon == "vrrpd" and not self.has_own_file:
            self._later(self._send_file, self.children[daemon])

    def _send_file(self, child):
        """As vtysh -b does, when the daemon answers."""
        lines = ("XFRR_start_configuration", *self.conf(), "XFRR_end_configuration")
        while child.poll() is None:
            try:
                self.type_now("configure terminal", *lines)
                return
            except (VtyError, OSError):
                time.sleep(0.02)

    def send(self, daemon, number):
        """A signal to a daemon that runs."""
        if self.runs(daemon):
            if number in (signal.SIGTERM, signal.SIGKILL):
                self.is_ending.add(daemon)
            self.children[daemon].send_signal(number)

    def processes(self):
        """{pid: name} of all processes of the namespace, but not of zombies."""
        found, here = {}, os.stat(self.net()).st_ino
        for pid in filter(str.isdigit, os.listdir("/proc")):
            try:
                if os.stat(f"/proc/{pid}/ns/net").st_ino != here:
                    continue
                with open(f"/proc/{pid}/stat", encoding="utf-8") as file:
                    name, _, rest = file.read().partition("(")[2].rpartition(")")
            except OSError:
                continue
            if rest.split()[0] != "Z":
                found[int(pid)] = name
        return found

    @staticmethod
    def signal_pid(pid, number):
        """A signal to a process that may have ended."""
        try:
            os.kill(pid, number)
        except ProcessLookupError:
            pass

    def guardians(self):
        """Their pids."""
        return [pid for pid, name in self.processes().items() if name == "vrrp-guardian"]

    # Typing

    def type_later(self, *lines):
        """Types lines, and does not wait; what is refused is not told."""
        self._later(self._type_quietly, *lines)

    def _later(self, function, *arguments):
        thread = threading.Thread(target=function, args=arguments, daemon=True)
        thread.start()
        self.typing.append(thread)

    def _type_quietly(self, *lines):
        try:
            self.type_now(*lines)
        except (VtyError, OSError):
            pass

    def type_now(self, *lines):
        """Types lines."""
        with Session(self.path("/run/frr/vrrpd.vty"), TYPED_SEC) as session:
            for line in lines:
                session.ask(line)

    def configure_later(self, *lines):
        """Types lines of the interface."""
        self.type_later("configure terminal", "interface eth0", *lines)

    # Events

    def happen(self, name):
        """What that event is."""
        getattr(self, f"on_{name.replace('-', '_')}")()

    def on_stop(self):
        """SIGTERM."""
        self.send("vrrpd", signal.SIGTERM)

    def on_kill(self):
        """SIGKILL."""
        self.send("vrrpd", signal.SIGKILL)

    def on_guardian(self):
        """SIGKILL to each guardian there is."""
        for pid in self.guardians():
            self.signal_pid(pid, signal.SIGKILL)

    def on_both(self):
        """vrrpd cannot start another one in between."""
        self.send("vrrpd", signal.SIGSTOP)
        self.on_guardian()
        self.on_kill()

    def on_freeze(self):
        """SIGSTOP."""
        self.send("vrrpd", signal.SIGSTOP)

    def on_thaw(self):
        """SIGCONT."""
        self.send("vrrpd", signal.SIGCONT)

    def on_zebra(self):
        """SIGKILL."""
        self.send("zebra", signal.SIGKILL)

    def on_zebra_start(self):
        """As watchfrr does."""
        self.start_child("zebra")

    def on_start(self):
        """As watchfrr does."""
        self.start_child("vrrpd")

    def on_restart(self):
        """Whoever runs it in the foreground has to start it again."""
        if self.runs("vrrpd"):
            self.may_end.add("vrrpd")
            self.type_later("vrrp restart")

    def on_shutdown(self):
        """Of the group."""
        self.configure_later("vrrp 10 shutdown")

    def on_no_shutdown(self):
        """Of the group."""
        self.configure_later("no vrrp 10 shutdown")

    def on_remove(self):
        """The group."""
        self.configure_later("no vrrp 10")

    def on_add(self):
        """All of the group."""
        self.configure_later(*(f"vrrp 10 {line}" for line in self.group_lines()))

    def on_lower(self):
        """Below the other one's."""
        self.configure_later("vrrp 10 priority 50")

    def on_raise(self):
        """Above the other one's."""
        self.configure_later("vrrp 10 priority 250")

    def on_switchover(self):
        """Refused where it is Backup."""
        self.type_later("vrrp switchover")

    def on_drain(self):
        """Of the host."""
        self.type_later("vrrp drain")

    def on_no_drain(self):
        """Of the host."""
        self.type_later("no vrrp drain")

    def on_no_preempt(self):
        """Of the group."""
        self.configure_later("no vrrp 10 preempt")

    def on_preempt(self):
        """Of the group."""
        self.configure_later("vrrp 10 preempt")

    def on_startup_hold(self):
        """It holds when the group enters the election again."""
        self.configure_later("vrrp 10 startup-hold 60")

    def on_vip_down(self):
        """The VIP interface."""
        self.do(f"link set {VIP_LINK} down")

    def on_vip_up(self):
        """The VIP interface."""
        self.do(f"link set {VIP_LINK} up")

    def on_vip_delete(self):
        """By somebody else."""
        self.do(f"link delete {VIP_LINK}")

    def on_vip_make(self):
        """By who made it the first time."""
        if not self.makes_vip_link and not self.has_link(VIP_LINK):
            made = f"link add {VIP_LINK} address {VIP_LINK_MAC} type {self._device}"
            self.do(made, f"link set {VIP_LINK} up")

    def on_drain_link_delete(self):
        """By somebody else."""
        self.do(f"link delete {DRAIN_LINK}")

    def lend_drain_link(self):
        """
        Where the kernel has no dummy devices, vrrpd cannot make the one of its drains: an ifb takes
        its place, by the alias that vrrpd's own have. While it runs, since it removes it at its end.
        """
        if self._device == "dummy" or not self.runs("vrrpd") or self.is_ending & {"vrrpd"}:
            return
        if not self.has_link(DRAIN_LINK):
            self.do(f"link add {DRAIN_LINK} type {self._device}")
            with self.inside():
                subprocess.run(
                    ["ip", "link", "set", DRAIN_LINK, "alias", ALIAS, "up"], check=False
                )

    def take_back_drain_link(self):
        """vrrpd removes one that it has used."""
        if self._device != "dummy":
            self.on_drain_link_delete()

    # Rest

    def undo(self):
        """What was done to processes and links; True when all daemons run."""
        for child in self.children.values():
            if child.poll() is None:
                child.send_signal(signal.SIGCONT)
        self.on_vip_make()
        self.on_vip_up()
        for daemon in ("zebra", "vrrpd"):
            if daemon in self.is_ending and self.runs(daemon):
                return False
            self.start_child(daemon)
        return True

    def undo_typed(self):
        """What was typed; a check."""
        lines = [f"vrrp 10 {line}" for line in self.group_lines()]
        if not any("startup-hold" in line for line in lines):
            lines.append("no vrrp 10 startup-hold")
        if not any("preempt" in line for line in lines):
            lines.append("vrrp 10 preempt")
        try:
            self.type_now("no vrrp drain")
            self._type_quietly("clear vrrp switchover")
            self.type_now("configure terminal", "interface eth0", *lines, "no vrrp 10 shutdown")
        except (VtyError, OSError) as error:
            return f"{self.name}: {error}"
        return None

    def wait_typed(self):
        """Whatever was typed has been answered, or given up."""
        for thread in self.typing:
            thread.join()
        self.typing.clear()

    def describe_short(self):
        """What it has, and the ends of its logs."""
        told = [f"processes: {self.processes()}"]
        for daemon, command in (
            ("vrrpd", "show vrrp"),
            ("zebra", "show ip route table 112"),
            ("zebra", "show ipv6 route table 112"),
        ):
            if self.runs(daemon):
                told.append(self._describe_command(daemon, command))
        told += [self.ask_ip("-br address"), self.ask_ip("route show table 112")]
        told += [self.ask_ip("-6 route show table 112"), self._log_tail("vrrpd.log", 80)]
        return "\n".join([*told, self._log_tail("zebra.log", 20)])
