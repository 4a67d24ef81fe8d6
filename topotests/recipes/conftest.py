# SPDX-License-Identifier: GPL-2.0-or-later
"""--reboots N: how often each router is rebooted in each example; 1."""


def pytest_addoption(parser):
    """Once, unless a long run is wanted."""
    parser.addoption("--reboots", type=int, default=1)
