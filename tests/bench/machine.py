# SPDX-License-Identifier: GPL-2.0-or-later
"""The measured machine, and its load."""

import os
import pathlib
import subprocess
import time

import sites


def load():
    """The load averages."""
    return [round(average, 2) for average in os.getloadavg()]


def _cpu():
    """The name of the processor."""
    for line in pathlib.Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.partition(": ")[2]
    return "unknown"


def _keepalived():
    """The version of keepalived."""
    said = subprocess.run(["keepalived", "--version"], capture_output=True, text=True)
    return (said.stderr + said.stdout).split(" (")[0].strip()


def describe():
    """The facts that a reader needs for a comparison."""
    return {
        "cpu": _cpu(),
        "cpus": os.cpu_count(),
        "kernel": os.uname().release,
        "vip_device": sites.vip_device(),
        "keepalived": _keepalived(),
        "utc": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        "load_before": load(),
    }
