# SPDX-License-Identifier: GPL-2.0-or-later
"""The FRR routers: their daemons, as processes of ours.

What runs is what is installed in /usr/lib/frr, each router's daemons in that
router's namespace with a path space (-N) of their own, so that

    vtysh -N r1

is r1's vtysh. The configuration is the file <router>.conf beside this one, put
where an operator would have it, /etc/frr/<router>/frr.conf, and read the way
the frr service does, by `vtysh -b`.
"""

import os
import pathlib
import shutil
import subprocess
import time

import topology

PROTOCOLS = {
    "r1": ("bfdd", "ospfd", "ospf6d", "bgpd"),
    "r2": ("bfdd", "ospfd", "ospf6d", "bgpd"),
    "fabric": ("ospfd", "ospf6d"),
    "far": ("bgpd",),
}
BIN = pathlib.Path("/usr/lib/frr")
ETC = pathlib.Path("/etc/frr")
RUN = pathlib.Path("/run/frr")
LOG = pathlib.Path("/run/demo-logs")  # in memory, where writing takes no time
HERE = pathlib.Path(__file__).parent
PATIENCE = 20.0
SO_ACCEPTCON = 0x10000


class Failure(Exception):
    """Something that was expected did not happen; says what, in a sentence."""


def _listens(node, path):
    """Whether a daemon of node listens on that UNIX socket.

    The kernel's list is read instead of connecting: a zebra that is starting
    loses its connected routes when a client comes and goes without a word.
    """
    with topology.inside(node), open("/proc/net/unix") as sockets:
        for line in sockets:
            fields = line.split()
            if fields[-1] == str(path) and int(fields[3], 16) & SO_ACCEPTCON:
                return True
    return False


def _usual_priority():
    """A child does not inherit that this program gives way to all others."""
    if os.sched_getscheduler(0) != os.SCHED_OTHER:
        os.sched_setscheduler(0, os.SCHED_OTHER, os.sched_param(0))


class Router:
    """One router and its daemons."""

    def __init__(self, name):
        self.name = name
        self.processes = {}
        self.vtysh = None
        for parent in (ETC, RUN, LOG):
            directory = parent / name
            directory.mkdir(parents=True, exist_ok=True)
            shutil.chown(directory, "frr", "frr")
        shutil.copy(HERE / f"{name}.conf", ETC / name / "frr.conf")
        (ETC / name / "vtysh.conf").write_text("service integrated-vtysh-config\n")

    def start(self, daemon):
        """Starts a daemon; returns the instant just before it."""
        command = [BIN / daemon, "-N", self.name, "-P", "0"]
        command += ["--log", f"file:{LOG / self.name / daemon}.log"]
        with topology.inside(self.name):
            output = open(LOG / self.name / f"{daemon}.out", "ab")
            then = time.monotonic()
            self.processes[daemon] = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                preexec_fn=_usual_priority,
            )
            output.close()
        return then

    def wait_for(self, daemon, what="{}.vty"):
        """Returns when the daemon answers on a socket of its own."""
        path = RUN / self.name / what.format(daemon)
        limit = time.monotonic() + PATIENCE
        while not _listens(self.name, path):
            if self.processes[daemon].poll() is not None:
                raise Failure(
                    f"{self.name}: {daemon} ended at once;{self.words(daemon)}"
                )
            if time.monotonic() > limit:
                raise Failure(f"{self.name}: {daemon} does not answer on {path}.")
            time.sleep(0.005)

    def give_precedence(self, daemon):
        """Lets a daemon run as soon as it wakes up.

        Sixteen daemons of four routers share one processor here, and each change
        of a route wakes them all. Routers in two sites do not wait for each
        other's OSPF, so what is measured must not either.
        """
        pid = self.processes[daemon].pid
        try:
            os.sched_setscheduler(pid, os.SCHED_RR, os.sched_param(1))
        except OSError:
            pass  # a container may forbid it; the demo says how busy it was

    def words(self, daemon):
        """The last thing a daemon said."""
        said = []
        for end in ("out", "log"):
            path = LOG / self.name / f"{daemon}.{end}"
            said += path.read_text().splitlines() if path.exists() else []
        return " its last words: " + said[-1] if said else " it said nothing."

    def configure(self, daemon=None):
        """Has vtysh give the daemons, or one, their part of frr.conf."""
        command = ["vtysh", "-N", self.name, "-b"]
        if daemon:
            command += ["-d", daemon]
        done = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            preexec_fn=_usual_priority,
        )
        if done.returncode:
            said = (done.stdout + done.stderr).strip().splitlines() or ["nothing"]
            reasons = [line for line in said if "%" in line] or said
            raise Failure(f"{self.name}: vtysh -b refused frr.conf: {reasons[0]}")

    def type(self, *commands):
        """Begins to type commands in vtysh; returns the instant just before it."""
        then = time.monotonic()
        words = [word for command in commands for word in ("-c", command)]
        self.vtysh = subprocess.Popen(
            ["vtysh", "-N", self.name, *words],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            preexec_fn=_usual_priority,
        )
        return then

    def typed(self):
        """Returns what vtysh printed, when it has done what was typed last."""
        said, _ = self.vtysh.communicate(timeout=PATIENCE)
        if self.vtysh.returncode:
            raise Failure(f"{self.name}: vtysh refused: {said.strip()}")
        return said

    def links(self, state):
        """Sets the router's cables up or down, all at once; returns the instant before."""
        with topology.inside(self.name):
            then = time.monotonic()
            topology.run_ip(f"link set to-{peer} {state}" for peer in ("fabric", "far"))
        return then

    def signal(self, daemon, number):
        """Sends a signal; returns the instant just before it."""
        then = time.monotonic()
        self.processes[daemon].send_signal(number)
        return then

    def reap(self, daemon, seconds=PATIENCE):
        """Returns when a daemon that was told to end has done so."""
        try:
            self.processes.pop(daemon).wait(seconds)
        except subprocess.TimeoutExpired as late:
            raise Failure(f"{self.name}: {daemon} does not end.") from late

    def check(self):
        """A daemon that ended by itself is a Failure."""
        for daemon, process in self.processes.items():
            if process.poll() is not None:
                raise Failure(
                    f"{self.name}: {daemon} ended by itself"
                    f" (status {process.returncode});{self.words(daemon)}"
                )

    def stop(self):
        """Ends all daemons, at once."""
        for process in self.processes.values():
            process.kill()
        for process in self.processes.values():
            process.wait()


def start_all(routers):
    """Fills routers with all of them, each with its daemons but vrrpd, configured.

    The order is that of the frr service, and each waits for the one it needs:
    a daemon that does not find zebra tries again in ten seconds only.
    """
    for name in PROTOCOLS:
        routers[name] = Router(name)
        routers[name].start("mgmtd")
    for router in routers.values():
        router.wait_for("mgmtd", "mgmtd_be.sock")
        router.start("zebra")
    for router in routers.values():
        router.wait_for("zebra", "zserv.api")
        for daemon in PROTOCOLS[router.name]:
            router.start(daemon)
    for router in routers.values():
        for daemon in router.processes:
            router.wait_for(daemon)
        router.configure()
