# SPDX-License-Identifier: GPL-2.0-or-later
"""Streams of probes from nodes to addresses: the program stream, one for a node and family."""

import json
import os
import pathlib
import subprocess

import topology

PROGRAM = pathlib.Path("/build/tests/bench/stream")


def _go_first():
    """What is late here would be taken for a loss."""
    try:
        os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(1))
    except PermissionError:
        pass


class Streams:
    """A context: {(node, family): addresses}, each address probed once a period."""

    def __init__(self, targets, period_ms):
        self._targets = targets
        self._period_ms = period_ms
        self._running = {}

    def __enter__(self):
        for (node, family), addresses in self._targets.items():
            with topology.inside(node):
                self._running[node, family] = subprocess.Popen(
                    [PROGRAM, str(self._period_ms)],
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    text=True,
                    preexec_fn=_go_first,
                )
            self._say((node, family), "\n".join(addresses) + "\n\n")
        return self

    def __exit__(self, *_):
        for process in self._running.values():
            process.kill()
            process.communicate()

    def _say(self, key, words):
        self._running[key].stdin.write(words)
        self._running[key].stdin.flush()

    def begin(self):
        """A new record."""
        for key in self._running:
            self._say(key, "begin\n")

    def end(self):
        """{(node, family): what stream.c says of the record}, a second later."""
        for key in self._running:
            self._say(key, "end\n")
        return {
            key: json.loads(process.stdout.readline())
            for key, process in self._running.items()
        }
