# SPDX-License-Identifier: GPL-2.0-or-later
"""Both daemons' surroundings, for all tests here."""
import pytest

from compare import BOTH


@pytest.fixture(scope="session", autouse=True)
def fixture_surroundings():
    """Both namespaces, each with a zebra; nothing is left."""
    for daemon in BOTH:
        daemon.build()
    yield
    for daemon in BOTH:
        daemon.demolish()


@pytest.fixture(autouse=True)
def fixture_clean():
    """Each test starts the daemons as it wants them."""
    yield
    for daemon in BOTH:
        daemon.end()
