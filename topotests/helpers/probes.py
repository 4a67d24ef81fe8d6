# SPDX-License-Identifier: GPL-2.0-or-later
"""
Probes of addresses, each millisecond, by ping from several nodes at once; which of them were
not answered, and which left late, as on a machine that has too much to do.
"""
import re
import signal
import subprocess
from collections import namedtuple

from helpers.wait import wait_for

ANSWER = re.compile(r"^\[([\d.]+)\] .*icmp_seq=(\d+) .*time=([\d.]+)")
INTERVAL_SEC = 0.001
# so much later than it should have left is late: routing has some 80 ms to spare in a drain
LATE_SEC = 0.05
# So many are answered before the event, and after it.
SETTLED = 200
WRAP = 1 << 16

# of one node and address; latest_msec: how late the latest of them left
Result = namedtuple("Result", "lost sent late latest_msec")


class Probes:
    """
    Probes while its with-block runs; results() says afterwards how many answers are missing.

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
        """(number, when it left) of each probe that was answered; numbers do not wrap."""
        turns, before = 0, 0
        with open(self._running[key][1], encoding="ascii") as file:
            for found in filter(None, map(ANSWER.match, file)):
                number = int(found[2])
                turns += number < before - WRAP // 2
                before = number
                yield number + turns * WRAP, float(found[1]) - float(found[3]) / 1000

    def _last(self, key):
        return max((number for number, _ in self._answered(key)), default=0)

    def results(self):
        """{(node, address): Result}."""
        return {key: _result(sorted(self._answered(key))) for key in self._running}

    def lost(self):
        """{(node, address): (lost, sent)}."""
        return {key: (result.lost, result.sent) for key, result in self.results().items()}


def _result(answered):
    """The gap to the last one that was answered is longer than what there was to send in it."""
    pairs = list(zip(answered, answered[1:]))
    late = [then - before - (n - m) * INTERVAL_SEC for (m, before), (n, then) in pairs]
    sent = answered[-1][0] - answered[0][0] + 1
    return Result(
        lost=sent - len(answered),
        sent=sent,
        late=sum(sec > LATE_SEC for sec in late),
        latest_msec=1000 * max(late),
    )
