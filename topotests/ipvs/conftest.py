# SPDX-License-Identifier: GPL-2.0-or-later
"""One fabric for all tests of this directory; each finds it without services."""
import pytest

from fabric import Fabric


@pytest.fixture(name="built", scope="session")
def fixture_built():
    """Builds it and takes it down."""
    fabric = Fabric()
    fabric.build()
    yield fabric
    fabric.demolish()


@pytest.fixture(name="net")
def fixture_net(built):
    """r1 Active, r2 Backup, every web server healthy, nothing configured of IPVS."""
    built.forget()
    return built
