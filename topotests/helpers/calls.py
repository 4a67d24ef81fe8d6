# SPDX-License-Identifier: GPL-2.0-or-later
"""How often a daemon makes a system call, by strace: a count says what a clock cannot."""
import subprocess

from helpers.wait import wait_for


class Calls:
    """Counts some system calls of a daemon while its with-block runs."""

    def __init__(self, machine, daemon, *names):
        self.pid = machine.pid(daemon)
        self.path = f"{machine.log_directory}/{daemon}.calls"
        self.names = names
        self.counts = {}
        self._strace = None

    def __enter__(self):
        command = ["strace", "-f", "-c", "-o", self.path, "-p", str(self.pid)]
        command += ["-e", f"trace={','.join(self.names)}"]
        self._strace = subprocess.Popen(
            command, stderr=subprocess.PIPE, text=True, start_new_session=True
        )
        wait_for("strace follows the daemon", self._is_traced)
        return self

    def __exit__(self, *_):
        self._strace.terminate()
        self._strace.wait()
        with open(self.path, encoding="ascii") as file:
            rows = [line.split() for line in file]
        self.counts = {row[-1]: int(row[3]) for row in rows if row and row[-1] in self.names}

    def _is_traced(self):
        with open(f"/proc/{self.pid}/status", encoding="ascii") as file:
            tracer = next(line for line in file if line.startswith("TracerPid:"))
        return None if tracer.split()[1] != "0" else tracer.strip()

    def of(self, name):
        """How many of that one."""
        return self.counts.get(name, 0)
