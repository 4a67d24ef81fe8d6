# SPDX-License-Identifier: GPL-2.0-or-later
"""
Probes of addresses, each millisecond, by ping from several nodes at once; and which of them
were not answered.
"""
import re
import signal
import subprocess

from helpers.wait import wait_for

SEQUENCE = re.compile(r"icmp_seq=(\d+) .*time=")
INTERVAL_SEC = 0.001
# So many are answered before the event, and after it.
SETTLED = 200
WRAP = 1 << 16


class Probes:
    """
    Probes while its with-block runs; lost() says afterwards how many answers are missing.

    The first and the last answer bound what is counted.
    """

    def __init__(self, nodes, addresses):
        self._pairs = [(node, address) for node in nodes for address in addresses]
        self._running = {}

    def __enter__(self):
        for node, address in self._pairs:
            self._running[node.name, address] = self._start(node, address)
        self._wait_for_more()
        return self

    def __exit__(self, failed, *_):
        try:
            if not failed:
                self._wait_for_more()
        finally:
            for process, _ in self._running.values():
                process.send_signal(signal.SIGINT)
            for process, _ in self._running.values():
                process.wait()

    @staticmethod
    def _start(node, address):
        path = f"{node.log_directory}/probes-{address.replace(':', '-')}"
        with open(path, "w", encoding="ascii") as file:
            command = ["ping", "-D", "-i", str(INTERVAL_SEC), address]
            enter = ["nsenter", f"--net={node.net()}", "--"]
            process = subprocess.Popen(enter + command, stdout=file, text=True)
        return process, path

    def _wait_for_more(self):
        wanted = {key: self._last(key) + SETTLED for key in self._running}
        for key, number in wanted.items():
            wait_for(
                f"{key} has more answers",
                lambda k=key, n=number: None if self._last(k) >= n else self._last(k),
            )

    def _answered(self, key):
        """Numbers of all probes that were answered, which do not wrap."""
        turns, before = 0, 0
        with open(self._running[key][1], encoding="ascii") as file:
            for found in filter(None, map(SEQUENCE.search, file)):
                number = int(found[1])
                turns += number < before - WRAP // 2
                before = number
                yield number + turns * WRAP

    def _last(self, key):
        return max(self._answered(key), default=0)

    def lost(self):
        """{(node, address): (lost, sent)}."""
        result = {}
        for key in self._running:
            numbers = set(self._answered(key))
            sent = max(numbers) - min(numbers) + 1
            result[key] = sent - len(numbers), sent
        return result
