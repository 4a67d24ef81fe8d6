# SPDX-License-Identifier: GPL-2.0-or-later
"""
What system calls a daemon makes, by strace: how often, since a count says what a clock
cannot; and when it tries again those that are made to fail.
"""
import re
import subprocess

from helpers.descriptors import open_files
from helpers.wait import wait_for


class _Strace:
    """Follows a daemon while its with-block runs."""

    def __init__(self, machine, daemon, *options):
        self.pid = machine.pid(daemon)
        self.path = f"{machine.log_directory}/{daemon}.calls"
        self._command = ["strace", "-f", "-o", self.path, "-p", str(self.pid), *options]
        self._strace = None

    def __enter__(self):
        self._strace = subprocess.Popen(
            self._command, stderr=subprocess.PIPE, text=True, start_new_session=True
        )
        wait_for("strace follows the daemon", self._is_traced)
        return self

    def __exit__(self, *_):
        self._strace.terminate()
        self._strace.wait()

    def _is_traced(self):
        with open(f"/proc/{self.pid}/status", encoding="ascii") as file:
            tracer = next(line for line in file if line.startswith("TracerPid:"))
        return None if tracer.split()[1] != "0" else tracer.strip()


class Calls(_Strace):
    """Counts some system calls of a daemon while its with-block runs."""

    def __init__(self, machine, daemon, *names):
        super().__init__(machine, daemon, "-c", "-e", f"trace={','.join(names)}")
        self.names = names
        self.counts = {}

    def __exit__(self, *_):
        super().__exit__()
        with open(self.path, encoding="ascii") as file:
            rows = [line.split() for line in file]
        self.counts = {row[-1]: int(row[3]) for row in rows if row and row[-1] in self.names}

    def of(self, name):
        """How many of that one."""
        return self.counts.get(name, 0)


class Refusals(_Strace):
    """Some system calls on some descriptors of a daemon fail while its with-block runs."""

    def __init__(self, machine, daemon, descriptors, *names):
        calls, numbers = ",".join(names), ",".join(map(str, descriptors))
        super().__init__(machine, daemon, "-ttt", f"--trace-fds={numbers}")
        self._command += ["-e", f"trace={calls}", "-e", f"inject={calls}:error=ENOMEM"]

    def pauses(self, name, word=""):
        """The seconds between one try of that call and the next, so far; of those with a word."""
        with open(self.path, encoding="ascii") as file:
            found = re.findall(rf"([0-9.]+) {name}\(.*{word}.*INJECTED", file.read())
        times = [float(when) for when in found]
        return [after - before for before, after in zip(times, times[1:])]


def listening_netlink(machine, daemon, protocol):
    """The descriptors, one or none, by which a daemon hears events of that netlink protocol."""
    pid, inodes = machine.pid(daemon), set()
    with open(f"/proc/{pid}/net/netlink", encoding="ascii") as file:
        for row in [line.split() for line in file][1:]:
            if int(row[1]) == protocol and int(row[3], 16):
                inodes.add(f"socket:[{row[9]}]")
    return [number for number, what in open_files(pid).items() if what in inodes]


def free_descriptors(machine, daemon, below):
    """The numbers below that one that a daemon's next descriptors will have."""
    return set(range(below)) - set(open_files(machine.pid(daemon)))
