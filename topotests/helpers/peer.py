# SPDX-License-Identifier: GPL-2.0-or-later
"""Another implementation of VRRP on a machine of a topology: what all have in common."""
import contextlib
import os
import signal

from helpers.wait import differs, wait_for


class Peer:
    """
    Processes, and files of its own. Beside what is here, each has start(priority, preempt),
    which starts it anew, and the checks is_active(router) and is_not_active(router).
    """

    def __init__(self, node, interface, routers):
        self.node, self.interface, self.routers = node, interface, routers

    def file(self, name):
        """The path of a file of this peer."""
        return os.path.join(self.node.gear.gearlogdir, name)

    def write(self, name, text):
        """Writes such a file."""
        with open(self.file(name), "w", encoding="ascii") as file:
            file.write(text)

    def pids(self):
        """The processes that live, from their pid files."""
        return [pid for pid in map(_living, self.pid_files()) if pid]

    def pid_files(self):
        """Where the process ids are."""
        raise NotImplementedError

    def running(self):
        """Has it been started and not ended?"""
        return bool(self.pids())

    def wait_running(self):
        """Waits until it has written down all its process ids."""
        expected = len(self.pid_files())
        wait_for(
            f"{self.node.name}: {expected} processes run",
            lambda: differs(len(self.pids()), expected),
        )

    def stop(self):
        """SIGTERM: it leaves with priority 0."""
        self._end(signal.SIGTERM)

    def kill(self):
        """The machine is lost."""
        self._end(signal.SIGKILL)
        self.silence()

    def silence(self):
        """Takes away what would go on answering for the VIPs."""
        raise NotImplementedError

    def _end(self, number):
        for pid in self.pids():
            with contextlib.suppress(ProcessLookupError):  # its parent ended it
                os.kill(pid, number)
        wait_for(
            f"{self.node.name} has ended after signal {number}",
            lambda: self.pids() or None,
        )


def _living(path):
    try:
        with open(path, encoding="ascii") as file:
            pid = int(file.read())
        with open(f"/proc/{pid}/stat", encoding="ascii") as file:
            return None if ") Z " in file.read() else pid
    except (OSError, ValueError):
        return None
