# SPDX-License-Identifier: GPL-2.0-or-later
"""The control beside what is timed: the program sleeper, which arms timers and does nothing."""

import contextlib
import pathlib
import subprocess

import process

PROGRAM = pathlib.Path("/build/tests/bench/sleeper")


@contextlib.contextmanager
def beside(period_ms, late_ms):
    """Sleeps so long, again and again, and adds by how much it was late to the list."""
    with subprocess.Popen(
        [PROGRAM, str(period_ms * 1000)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        preexec_fn=process.usual_priority,
    ) as control:
        try:
            yield
        finally:
            said, _ = control.communicate()
            late_ms += [int(line) / 1000 for line in said.splitlines()]
