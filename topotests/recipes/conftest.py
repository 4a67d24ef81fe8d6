# SPDX-License-Identifier: GPL-2.0-or-later
"""
--reboots N: how often each router is rebooted in each example; 1.

Protocols' timers are what takes time here, so several processes share the tests: each has
a core and routers of its own.
"""
import os

import pytest

PROCESSES = 2


def pytest_addoption(parser):
    """Once, unless a long run is wanted."""
    parser.addoption("--reboots", type=int, default=1)


@pytest.hookimpl(tryfirst=True)
def pytest_cmdline_main(config):
    """As -n does, unless that is given."""
    if config.option.numprocesses is None and "PYTEST_XDIST_WORKER" not in os.environ:
        config.option.numprocesses = PROCESSES
